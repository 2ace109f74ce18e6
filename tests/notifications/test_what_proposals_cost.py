"""However many proposals there are to take words out, a page that tells of them asks no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.notifications.answers import sent, sign_in
from tests.notifications.documents.conftest import attach
from tests.notifications.redacted import NAME, answered, proposed
from tests.notifications.test_taking_words_out_of_what_was_written import told, written_down
from tests.reviews.telling import Told
from tests.story import Cast
from workflow import clock
from workflow.models import Case
from workflow.retention.copies import FreeText, free_texts
from workflow.retention.taken_out import taken_out

__all__ = ["told"]


@pytest.fixture
def case(draft: Case, everyone: Cast) -> Case:
    """Five documents of which each is called by somebody's name."""
    found = sent(draft, everyone.ada)
    for number in range(5):
        minutes = f"Minutes {number}."
        attach(found, everyone.ben, minutes.encode(), name="1.txt", about=f"{minutes} {NAME}")
    return found


def documents(case: Case) -> list[FreeText]:
    found = free_texts(case, on=clock.today(), of=["document"])
    return [one for one in found if one.place.field == "about"]


def asked(does: Callable[[], Any]) -> int:
    """How many queries it takes, once it was done before."""
    does()
    with CaptureQueriesContext(connection) as found:
        does()
    return len(found)


def reads(client: Client, name: str, case: Case) -> Callable[[], Any]:
    address = reverse(name, args=[case.token])
    return lambda: str(client.get(address).content.decode())


@pytest.mark.parametrize("name", ["redact", "timeline", "chronology"])
def test_a_page_that_tells_of_five_asks_as_often_as_of_one(
    case: Case, everyone: Cast, name: str
) -> None:
    # Bea made none of them and may answer none: of each it is asked whether she might have.
    page = reads(sign_in(everyone.bea), name, case)
    first, *others = documents(case)
    proposed(case, everyone, place=first.place)
    of_one = asked(page)
    for one in others:
        proposed(case, everyone, place=one.place)
    assert asked(page) == of_one
    assert page().count("Document ") >= 5


def test_what_was_taken_out_of_five_is_named_as_cheaply_as_of_one(
    case: Case, everyone: Cast
) -> None:
    first, *others = documents(case)
    answered(case, proposed(case, everyone, place=first.place), everyone)
    of_one = asked(lambda: taken_out(case, "document"))
    for one in others:
        answered(case, proposed(case, everyone, place=one.place), everyone)
    assert asked(lambda: taken_out(case, "document")) == of_one
    names = {one.where for one in taken_out(case, "document")}
    assert names == {f"Document {number}" for number in range(1, 6)}


def test_whether_a_partner_may_say_no_is_looked_up_once(told: Told) -> None:
    where = written_down(told)
    page = reads(sign_in(told.cast.polly), "case", told.case)
    proposed(told.case, told.cast, "bea", where)
    of_one = asked(page)
    comment = next(
        one.place
        for one in free_texts(told.case, on=clock.today(), of=["sign-off"])
        if (one.place.item, one.place.field) == (where.item, "comment")
    )
    proposed(told.case, told.cast, "bea", comment, words=["letter"])
    assert asked(page) == of_one
