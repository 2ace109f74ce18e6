"""An answer in parts is read for whom it shows before it leaves, and never lies in memory whole."""

import gc
import tracemalloc
import warnings
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from tests.story import Cast, a_case, cast
from workflow.audit.parts import FEW, InAFile
from workflow.models import Look
from workflow.views.access import seen_by

LINES, WIDTH = 200_000, 100
MOST = 4 * 1024 * 1024


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


def test_a_long_file_is_looked_through_and_sent_in_parts(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-11-20")
    last = f"{story.case.label}\n".encode()

    def lines() -> Iterator[bytes]:
        for number in range(LINES):
            yield b"%0*d\n" % (WIDTH - 1, number)
        yield last

    def view() -> HttpResponseBase:
        return StreamingHttpResponse(lines(), content_type="text/csv")

    request = RequestFactory().get("/late/missed-dates.csv")
    request.resolver_match = None
    tracemalloc.start()
    with transaction.atomic():
        answer = seen_by(everyone.ada, request, view)
    size, end = 0, b""
    assert isinstance(answer, StreamingHttpResponse)
    for part in answer:
        size, end = size + len(part), part
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answer.close()
    assert size == LINES * WIDTH + len(last)
    assert end.endswith(last)
    assert peak < MOST < size
    assert Look.objects.get().case == story.case


def test_parts_that_fail_half_way_leave_no_file_open() -> None:
    def parts() -> Iterator[bytes]:
        yield b"x" * (2 * FEW)
        raise RuntimeError("the database went away")

    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(RuntimeError):
            InAFile(parts())
        gc.collect()
    assert not left
