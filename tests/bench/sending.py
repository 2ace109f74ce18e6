"""P2: sending a notification of two children among 50,000 cases, against 1,000.

It was filled in page by page before; what is measured is the request that sends it.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from tests.bench import stage
from tests.bench.counting import AROUND_AT_MOST, Statements, statements
from tests.bench.lines import Line, line
from workflow.models import Person

FEW, MANY = 1_000, 50_000
QUERIES_GOAL = 12
TURNS = 11


@dataclass(frozen=True)
class Sent:
    """What one sending took."""

    milliseconds: float
    statements: Statements


def send(token: str, *, by: Client) -> Sent:
    """The notification is sent; AssertionError when it was refused."""
    address = reverse("notifications:send", kwargs={"token": token})
    with statements() as found:
        began = time.perf_counter()
        answer = by.post(address, {"then": "send"})
        took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 302, f"{address} answers {answer.status_code}"
    return Sent(took, found)


def sendings(stages: list[stage.Stage], drafts: list[str]) -> list[list[Sent]]:
    """What each draft's sending took on each stage, in turns; the first of each is a warm-up."""
    clients = []
    for place in stages:
        place.use()
        clients.append(Client())
        clients[-1].force_login(Person.objects.get(name="Ada"))
    found: list[list[Sent]] = [[] for _ in stages]
    for token in drafts:
        for place, client, sent in zip(stages, clients, found, strict=True):
            place.use()
            sent.append(send(token, by=client))
    return [sent[1:] for sent in found]


def run() -> Iterator[Line]:
    """One line: statements and time, and whether either grows with the tables."""
    with ExitStack() as open_now:
        ready = open_now.enter_context(stage.prepared(drafts=TURNS + 1))
        stages = [open_now.enter_context(stage.stage(cases, on=ready)) for cases in (FEW, MANY)]
        among_few, among_many = sendings(stages, ready.drafts)
    both = [*among_few, *among_many]
    queries = {len(sent.statements.counted) for sent in both}
    around = max(len(sent.statements.around) for sent in both)
    few, many = (
        statistics.median(sent.milliseconds for sent in part) for part in (among_few, among_many)
    )
    yield line(
        "P2-send",
        ours=many,
        limit=few,
        unit=f"ms/notification, {MANY:,} cases against {FEW:,}",
        goal={"queries": QUERIES_GOAL, "queries_around": AROUND_AT_MOST},
        queries=max(queries),
        queries_constant=len(queries) == 1,
        queries_around=around,
        ok=max(queries) <= QUERIES_GOAL and len(queries) == 1 and around <= AROUND_AT_MOST,
    )
