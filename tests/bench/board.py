"""P3: the breach board among 1,000,000 cases, against the same among 10,000.

The list first, in the crowd as it is: half of all open dates are missed, and the numbers in its
tabs are counted up to a thousand. Then the four figures and their breakdowns. What they cost
follows what was due in the period, so both crowds become a history: as many cases due in this
reporting year in either, the others met in the 40 years before. What twenty times as many in the
year cost is told beside, without a goal.

The peer is the first page of an administration site on the same table, read by the same person.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from psycopg import sql

from tests import databases
from tests.bench import crowd, stage
from tests.bench.admin import administration
from tests.bench.lines import Line, in_turns, line, milliseconds
from tests.bench.pages import QUERIES_GOAL, Seen, opened
from tests.bench.queue import ADMIN_GOAL, FEW, MANY, NOT_READ, PEER_TURNS, RATIO_GOAL
from workflow import clock
from workflow.access import context
from workflow.board.asked import Asked
from workflow.board.figures import figures, now
from workflow.board.listing import BreachList
from workflow.deadlines.calendar import calendar
from workflow.models import Deadline, Person
from workflow.queues import Cursor
from workflow.queues.keyset import SIZES

TURNS = 31
IN_THE_YEAR = 500
READERS = {"approver": "Ben", "operator": "Sam"}
PAGES = {
    "/late/list/?standing=open": Asked(standing="open"),
    "/late/list/?standing=met-late": Asked(standing="met-late"),
}
Path = Callable[[], float]


def listed(place: stage.Stage, name: str, asked: Asked, cursor: Cursor | None = None) -> Path:
    """The path of one page of the list and the numbers in its tabs; the page is full."""
    place.use()
    person = Person.objects.get(name=name)
    found = BreachList(person, clock.today(), asked)
    with context.acting(person, on=clock.today()):
        assert len(found.page(cursor=cursor).rows) == SIZES[0]

    def read() -> None:
        found.page(cursor=cursor)
        found.counts()

    return timed(place, person, read)


def board(place: stage.Stage, name: str) -> Path:
    """The path of the figures of now and of this reporting year, for one kind of lateness."""
    place.use()
    person, asked, on = Person.objects.get(name=name), Asked(), clock.today()
    period, days = asked.shown_period(on=on), calendar()
    with context.acting(person, on=on):
        assert figures(person, asked, period, on=on, calendar=days).total.decided

    def read() -> None:
        figures(person, asked, period, on=on, calendar=days)
        now(person, asked, period, on=on, calendar=days)

    return timed(place, person, read)


def peers(place: stage.Stage, name: str) -> list[Path]:
    """The paths of the first page of an administration site: to this reader, and to the owner."""
    place.use()
    reader = Person.objects.get(name=name)
    return administration(place, Deadline, reader, named=("case", "authority"))


def timed(place: stage.Stage, person: Person, read: Callable[[], None]) -> Path:
    """A path on which a person reads in this database, and says how long it took."""

    def once() -> float:
        place.use()
        with context.acting(person, on=clock.today()):
            return milliseconds(read)

    return once


def list_line(few: stage.Stage, many: stage.Stage, reader: str) -> Line:
    """The list of one reader: both standings, the first page and one from the middle."""
    name = READERS[reader]
    middle = Cursor(clock.today(), "", back=True)
    paths = [listed(place, name, asked) for place in (few, many) for asked in PAGES.values()]
    paths.append(listed(many, name, PAGES["/late/list/?standing=met-late"], middle))
    *first, further = in_turns(paths, turns=TURNS)
    against = in_turns(peers(many, name), turns=PEER_TURNS)
    among_few, among_many = sum(first[:2]), sum(first[2:])
    many.use()
    seen = opened(Person.objects.get(name=name), list(PAGES))
    return told(
        f"P3-board-list-{reader}",
        among_many,
        among_few,
        [each * len(PAGES) for each in against],
        seen,
        unit=f"ms/page of each standing with its numbers, {many.cases:,} against {few.cases:,}",
        middle=round(further, 2),
    )


def board_line(few: stage.Stage, many: stage.Stage, reader: str, *, grown: float) -> Line:
    """The figures of one reader."""
    name = READERS[reader]
    among_few, among_many = in_turns([board(few, name), board(many, name)], turns=TURNS)
    against = in_turns(peers(many, name), turns=PEER_TURNS)
    many.use()
    return told(
        f"P3-board-{reader}",
        among_many,
        among_few,
        against,
        opened(Person.objects.get(name=name), ["/late/"]),
        unit=f"ms/figures, {IN_THE_YEAR} cases of this year among {many.cases:,} and {few.cases:,}",
        of_all_in_the_year=round(grown, 1),
    )


def told(
    bench: str,
    ours: float,
    limit: float,
    against: list[float],
    seen: Seen,
    *,
    unit: str,
    **more: float,
) -> Line:
    """A line with the goals of P3; `against` are the peer's times, guarded and unguarded."""
    guarded, unguarded = against
    return line(
        bench,
        ours=ours,
        limit=limit,
        peer=guarded,
        unit=unit,
        goal={
            "ratio_to_limit": RATIO_GOAL,
            "times_admin": ADMIN_GOAL,
            "queries": QUERIES_GOAL,
        },
        times_admin=round(guarded / ours, 1),
        times_admin_unguarded=round(unguarded / ours, 1),
        queries=seen.queries,
        queries_around=seen.around,
        ok=ours / limit <= RATIO_GOAL and guarded / ours >= ADMIN_GOAL and seen.within,
        **more,
    )


HISTORY = (
    "ALTER TABLE workflow_deadline DISABLE TRIGGER USER",
    # In time, two of three; the others five days late.
    """
    UPDATE workflow_deadline SET
        start_on = start_on - (2 + mod(id, 40)) * interval '1 year',
        due_on = due_on - (2 + mod(id, 40)) * interval '1 year',
        met_on = CASE WHEN cancelled_on IS NULL THEN
            (due_on - (2 + mod(id, 40)) * interval '1 year')::date + (mod(id, 3) / 2 * 5)::int END,
        met_at = CASE WHEN cancelled_on IS NULL THEN
            due_on - (2 + mod(id, 40)) * interval '1 year' END
    WHERE case_id > (SELECT id FROM workflow_case ORDER BY id OFFSET %s LIMIT 1)
    """,
    "ALTER TABLE workflow_deadline ENABLE TRIGGER USER",
    "VACUUM FULL workflow_deadline",
)


def make_history(place: stage.Stage) -> None:
    """All but so many cases of this year were due in the 40 years before, and were met."""
    place.connection.close()
    name = place.connection.settings_dict["NAME"]
    with databases.connected({**databases.owner(), "NAME": name}) as server:
        with crowd.without_indexes(server, ["workflow_deadline"]):
            for statement in HISTORY:
                server.execute(sql.SQL(statement), [IN_THE_YEAR] if "%s" in statement else None)
        server.execute("VACUUM ANALYZE workflow_deadline")


def run() -> Iterator[Line]:
    """A line of the list, then of the figures, for each reader."""
    with ExitStack() as open_now:
        prepared = open_now.enter_context(stage.prepared())
        few, many = (
            open_now.enter_context(stage.stage(cases, on=prepared, leaving=NOT_READ))
            for cases in (FEW, MANY)
        )
        for reader in READERS:
            yield list_line(few, many, reader)
        # Every case of the smaller crowd is due within the year: twenty times as many.
        whole = in_turns([board(few, name) for name in READERS.values()], turns=PEER_TURNS)
        grown = dict(zip(READERS, whole, strict=True))
        for place in (few, many):
            make_history(place)
        for reader in READERS:
            yield board_line(few, many, reader, grown=grown[reader])
