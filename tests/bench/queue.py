"""P3: a page of a work list among 1,000,000 cases, against the same page among 10,000.

For an authority's lead and for the Panel's secretariat, on every part of their list, the first
page, one from the middle and the last. Times are of one page of each part, added up. The lead's
own authority is as large in both crowds; the secretariat sees all of either. The peer is the first
page of an administration site on the same table.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

from tests.bench import crowd, stage
from tests.bench.admin import administration
from tests.bench.lines import Line, in_turns, line, milliseconds
from tests.bench.pages import QUERIES_GOAL, Seen, open_page
from workflow import clock
from workflow.access import context
from workflow.models import (
    Case,
    Deadline,
    Grant,
    NotificationProcess,
    Person,
    PracticeReview,
    RapidReview,
)
from workflow.queues import Cursor, Segment
from workflow.queues.keyset import SIZES
from workflow.queues.segments import OVERDUE
from workflow.queues.worklist import WorkList

FEW, MANY = 10_000, 1_000_000
RATIO_GOAL, ADMIN_GOAL = 1.15, 15
TURNS, PEER_TURNS = 61, 5
READERS = {"lead": "Ada", "secretariat": "Sol"}
# What the lists and the board read; a million of everything else would only take time.
READ = (Case, Deadline, Grant, NotificationProcess, PracticeReview, RapidReview)
NOT_READ = [model for model in crowd.tables() if model not in READ]

Where = Callable[[Segment], Cursor | None]


def first(segment: Segment) -> Cursor | None:
    """Where a list begins."""
    return None


def last(segment: Segment) -> Cursor:
    """The position from which one looks back at the last page."""
    if segment is OVERDUE:
        # It ends before today: whoever turns its pages stands nowhere beyond.
        return Cursor(clock.today(), "", back=True)
    return Cursor(date.max if segment.is_open else date.min, "", back=True)


def middle(segment: Segment) -> Cursor:
    """The position of the row in the middle of all cases of the part's order."""
    column = "next_due_on" if segment.is_open else "opened_on"
    with context.serving(context.HEALTH):
        rows = Case.objects.filter(next_due_on__isnull=not segment.is_open).order_by(column, "pk")
        found = rows[rows.count() // 2]
    return Cursor(getattr(found, column), found.token)


PAGES: dict[str, Where] = {"first": first, "middle": middle, "last": last}


def timed(place: stage.Stage, name: str, where: Where) -> list[Callable[[], float]]:
    """For each part of this person's list a path that reads one page of it, and how long it took.

    Each part is a path of its own, so that what else the machine does falls on all of them alike.
    """
    place.use()
    work = WorkList(Person.objects.get(name=name), on=clock.today())
    return [page_of(place, work, segment, where(segment)) for segment in work.segments]


def page_of(
    place: stage.Stage, work: WorkList, segment: Segment, cursor: Cursor | None
) -> Callable[[], float]:
    """The path of one page; it is full, or it would compare with nothing."""
    with context.acting(work.person, on=work.on):
        assert len(work.page(segment, cursor=cursor).rows) == SIZES[0], segment.slug

    def once() -> float:
        place.use()
        with context.acting(work.person, on=work.on):
            return milliseconds(lambda: work.page(segment, cursor=cursor))

    return once


def measured(few: stage.Stage, many: stage.Stage, reader: str) -> Line:
    """The line of one reader."""
    name = READERS[reader]
    paths = [timed(few, name, first), *(timed(many, name, where) for where in PAGES.values())]
    parts = len(paths[0])
    medians = in_turns([path for group in paths for path in group], turns=TURNS)
    among_few, *times = (sum(medians[at : at + parts]) for at in range(0, len(medians), parts))
    pages = dict(zip(PAGES, times, strict=True))
    many.use()
    peers = administration(many, Case, Person.objects.get(name=name), named=("authority",))
    against, unguarded = in_turns(peers, turns=PEER_TURNS)
    many.use()
    seen: Seen = open_page(name)
    times_admin = against * parts / pages["first"]
    ratio, apart = pages["first"] / among_few, max(times) / min(times)
    return line(
        f"P3-queue-{reader}",
        ours=pages["first"],
        limit=among_few,
        peer=against * parts,
        unit=f"ms/page of each part, {MANY:,} cases against {FEW:,}",
        goal={
            "ratio_to_limit": RATIO_GOAL,
            "apart": RATIO_GOAL,
            "times_admin": ADMIN_GOAL,
            "queries": QUERIES_GOAL,
        },
        times_admin=round(times_admin, 1),
        times_admin_unguarded=round(unguarded * parts / pages["first"], 1),
        apart=round(apart, 3),
        pages={page: round(time, 2) for page, time in pages.items()},
        queries=seen.queries,
        queries_around=seen.around,
        ok=ratio <= RATIO_GOAL
        and apart <= RATIO_GOAL
        and times_admin >= ADMIN_GOAL
        and seen.within,
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
