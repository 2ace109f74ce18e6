"""P3: a page of a work list among 100,000 cases, against the same page among 10,000.

For an authority's lead and for the Panel's secretariat, on every part of their list, the first
page, one from the middle and the last. Times are of one page of each part, added up. The lead's
own authority is as large in both crowds; the secretariat sees all of either.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

from tests.bench import stage
from tests.bench.lines import Line, in_turns, line, milliseconds
from tests.bench.pages import QUERIES_GOAL, Seen, open_page
from workflow import clock
from workflow.models import Case, Event, Outbox, Person
from workflow.queues import Cursor, Segment
from workflow.queues.keyset import SIZES
from workflow.queues.worklist import WorkList

FEW, MANY = 10_000, 100_000
RATIO_GOAL = 1.15
TURNS = 61
READERS = {"lead": "Ada", "secretariat": "Sol"}
NOT_READ = (Event, Outbox)

Where = Callable[[Segment], Cursor | None]


def first(segment: Segment) -> Cursor | None:
    """Where a list begins."""
    return None


def last(segment: Segment) -> Cursor:
    """The position from which one looks back at the last page."""
    return Cursor(date.max if segment.is_open else date.min, "", back=True)


def middle(segment: Segment) -> Cursor:
    """The position of the row in the middle of all cases of the part's order."""
    column = "next_due_on" if segment.is_open else "opened_on"
    rows = Case.objects.filter(next_due_on__isnull=not segment.is_open).order_by(column, "pk")
    found = rows[rows.count() // 2]
    return Cursor(getattr(found, column), found.token)


PAGES: dict[str, Where] = {"first": first, "middle": middle, "last": last}


def timed(name: str, where: Where) -> Callable[[], float]:
    """A path that reads one page of each part of this person's list, and how long it took."""
    on = clock.today()
    work = WorkList(Person.objects.get(name=name), on=on)
    asked = [(segment, where(segment)) for segment in work.segments]

    def once() -> float:
        return milliseconds(lambda: [work.page(part, cursor=cursor) for part, cursor in asked])

    full = [len(work.page(part, cursor=cursor).rows) == SIZES[0] for part, cursor in asked]
    assert all(full), "a page that is not full compares with nothing"
    return once


def on_stage(where: stage.Stage, path: Callable[[], float]) -> Callable[[], float]:
    """The path, always run in its own database."""

    def once() -> float:
        where.use()
        return path()

    return once


def measured(few: stage.Stage, many: stage.Stage, reader: str) -> Line:
    """The line of one reader."""
    name = READERS[reader]
    few.use()
    paths = [on_stage(few, timed(name, first))]
    many.use()
    paths += [on_stage(many, timed(name, where)) for where in PAGES.values()]
    among_few, *times = in_turns(paths, turns=TURNS)
    pages = dict(zip(PAGES, times, strict=True))
    many.use()
    seen: Seen = open_page(name)
    ratio, apart = pages["first"] / among_few, max(times) / min(times)
    return line(
        f"P3-queue-{reader}",
        ours=pages["first"],
        limit=among_few,
        unit=f"ms/page of each part, {MANY:,} cases against {FEW:,}",
        goal={"ratio_to_limit": RATIO_GOAL, "apart": RATIO_GOAL, "queries": QUERIES_GOAL},
        apart=round(apart, 3),
        pages={page: round(time, 2) for page, time in pages.items()},
        queries=seen.queries,
        queries_around=seen.around,
        ok=ratio <= RATIO_GOAL and apart <= RATIO_GOAL and seen.within,
    )


def run() -> Iterator[Line]:
    """One line for each reader."""
    with ExitStack() as open_now:
        prepared = open_now.enter_context(stage.prepared())
        few, many = (
            open_now.enter_context(stage.stage(cases, on=prepared, leaving=NOT_READ))
            for cases in (FEW, MANY)
        )
        for reader in READERS:
            yield measured(few, many, reader)
