"""What the database itself shows and takes, whatever a query asks: the second lock."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests import sight
from tests.docs.access import rules
from tests.story import Cast, Story, a_case, cast, day, moment
from workflow import services
from workflow.access import context
from workflow.access.purposes import PURPOSES, tables_of_purposes
from workflow.access.rows import tables_of_cases
from workflow.models import Answers, Capacity, Case, Deadline, Event, Grant, Outbox

TODAY = day("2026-12-10")
REFUSED = "row-level security"
# Messages about an account are of no case; none is written here.
TABLES = sorted(tables_of_cases())


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


def told() -> Story:
    """A case of Northmoor's that has come as far as the partners' decision."""
    story = a_case(cast(), aware="2026-10-01").notified("2026-10-05")
    return story.reviewed("2026-10-20", "yes").answered("2026-11-02")


@pytest.fixture
def story(db: None) -> Story:
    return told()


def counted() -> dict[str, int]:
    """How many rows each table of cases shows now."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def shown() -> set[str]:
    """The tables that show any row now."""
    return {table for table, rows in counted().items() if rows}


def test_the_rule_is_on_every_table_of_cases_or_of_the_service_alone_and_on_no_other() -> None:
    alone = {rule.table for rule in rules() if not rule.key}
    assert alone == tables_of_purposes() - tables_of_cases()
    assert {rule.table for rule in rules()} == tables_of_cases() | alone


def test_a_transaction_that_says_nothing_sees_no_row_of_any_case(story: Story) -> None:
    assert len(shown()) > 12, "open eyes see what there is to be hidden"
    with sight.shut():
        assert shown() == set()


def test_whoever_sees_the_case_sees_every_row_of_it_and_another_authority_none(
    story: Story,
) -> None:
    all_rows = counted()
    for name in ("ada", "ben", "ira", "sol", "dele", "sam"):
        with sight.of(story.cast.people[name], on=TODAY):
            # Who else sees the case is asked on one of its pages.
            assert counted() == {**all_rows, "workflow_grant": 1}, name
            Case.objects.taken_in_hand().get()
            assert counted() == all_rows, name
    for name in ("cara", "otto"):
        with sight.of(story.cast.people[name], on=TODAY):
            assert shown() == set(), name


def test_of_two_cases_each_authority_sees_its_own_rows(story: Story) -> None:
    hers = a_case(story.cast, aware="2026-12-01", by="cara").notified("2026-12-02", by="cara")
    with sight.of(story.cast.cara, on=TODAY):
        assert list(Case.objects.all()) == [hers.case]
        assert set(Event.objects.values_list("case", flat=True)) == {hers.case.pk}
    with sight.of(story.cast.ada, on=TODAY):
        assert list(Case.objects.all()) == [story.case]
    with sight.of(story.cast.sol, on=TODAY):
        assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [
        ("2026-12-10", None, True),
        ("2026-12-11", None, False),
        ("2026-12-01", "2026-12-10", True),
        ("2026-12-01", "2026-12-09", False),
    ],
)
def test_a_grant_shows_rows_from_its_first_day_to_its_last(
    story: Story, since: str, until: str | None, *, sees: bool
) -> None:
    Grant.objects.create(
        case=story.case,
        person=story.cast.cara,
        capacity=Capacity.REVIEWER,
        since=day(since),
        until=day(until) if until else None,
    )
    with sight.of(story.cast.cara, on=TODAY):
        assert Case.objects.exists() is sees


def test_a_withdrawn_grant_shows_nothing(story: Story) -> None:
    Grant.objects.filter(case=story.case).update(withdrawn_at=moment(TODAY))
    with sight.of(story.cast.ada, on=TODAY):
        assert shown() == set()


def test_nobody_changes_or_removes_a_row_of_a_case_out_of_sight(story: Story) -> None:
    with sight.of(story.cast.cara, on=TODAY):
        assert Case.objects.update(children_count=9) == 0
        assert Deadline.objects.update(due_on=date(2030, 1, 1)) == 0
        assert Grant.objects.update(until=TODAY) == 0
        assert Deadline.objects.all().delete()[0] == 0
    with sight.of(story.cast.ada, on=TODAY):
        assert Case.objects.update(children_count=9) == 1


def test_nobody_writes_into_a_case_out_of_sight(story: Story) -> None:
    people, case = story.cast, story.case
    for name, is_taken in (("cara", False), ("ada", True)):
        message = Outbox(
            dedupe=f"test:{name}",
            kind="submit",
            case=case,
            authority=people.northmoor,
            organisation=people.northmoor,
            created_at=moment(TODAY),
            next_attempt_at=moment(TODAY),
        )
        with sight.of(people.people[name], on=TODAY):
            if is_taken:
                message.save()
                continue
            with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
                message.save()


def test_sight_is_given_only_by_an_act_on_a_case_at_hand(story: Story) -> None:
    given = Grant(
        case=story.case,
        authority=story.cast.northmoor,
        organisation=story.cast.southfen,
        capacity=Capacity.OTHER_AREA,
        since=TODAY,
    )
    with sight.of(story.cast.ada, on=TODAY):
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            given.save()
        services.lock_case(story.case.token, by=story.cast.ada, on=TODAY)
        given.save()


def test_a_case_out_of_sight_is_never_at_hand(story: Story) -> None:
    with sight.of(story.cast.cara, on=TODAY):
        with pytest.raises(services.NotFound):
            services.lock_case(story.case.token, by=story.cast.cara, on=TODAY)
        assert list(Case.objects.filter(pk=story.case.pk).taken_in_hand()) == []
        assert shown() == set()


def test_what_was_kept_for_one_person_is_shown_to_nobody_else(story: Story) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT qual FROM pg_policies WHERE tablename = 'workflow_keptpage'"
                       " AND policyname = 'sight'")  # fmt: skip
        assert "person_id = " in cursor.fetchone()[0]


@pytest.mark.parametrize("purpose", [context.KEYS, context.HEALTH, context.DATES])
def test_a_purpose_of_the_service_reads_its_own_tables_and_changes_nothing(
    story: Story, purpose: str
) -> None:
    everything = shown()
    with sight.shut(), context.serving(purpose):
        assert shown() == everything & PURPOSES[purpose].tables
        assert Case.objects.update(children_count=9) == 0
    assert not {"workflow_answers", "workflow_event"} & PURPOSES[purpose].tables


def test_an_unknown_purpose_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="not among the purposes"), context.serving("curiosity"):
        pass


def test_a_person_is_put_back_after_the_service_looked_for_itself(story: Story) -> None:
    with sight.of(story.cast.cara, on=TODAY):
        with context.serving(context.KEYS):
            assert Case.objects.exists()
        assert not Case.objects.exists()
        with context.acting(story.cast.ada, on=TODAY):
            assert Case.objects.exists()
        assert not Case.objects.exists()


def test_nothing_can_be_said_outside_a_transaction(committing_db: str) -> None:
    with pytest.raises(RuntimeError, match="Outside a transaction"):
        context.enter(cast().ada, on=TODAY)


def test_nothing_of_one_person_is_left_on_a_connection_for_the_next(committing_db: str) -> None:
    story = told()
    ada, cara, nobody = Client(), Client(), Client()
    ada.force_login(story.cast.ada)
    cara.force_login(story.cast.cara)
    page = reverse("case", args=[story.case.token])
    process = backend()
    for client, status in ((ada, 200), (cara, 404), (nobody, 302), (ada, 200), (cara, 404)):
        assert client.get(page).status_code == status
        with sight.shut():
            assert shown() == set()
    assert ada.get(reverse("case", args=["AAAAAAAAAAAA"])).status_code == 404
    with sight.shut():
        assert shown() == set(), "an answer that was rolled back leaves nothing either"
    assert backend() == process, "one connection has served them all"


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_an_act_is_written_to_its_end_by_somebody_whose_sight_it_ends(story: Story) -> None:
    people, case = story.cast, story.case
    asked: dict[str, Any] = {
        "by": people.ada,
        "on": TODAY,
        "at": moment(TODAY),
        "reason": "It happened there.",
    }
    with sight.of(people.ada, on=TODAY):
        services.propose_transfer(case, people.southfen, **asked)
    with sight.of(people.sol, on=TODAY):
        services.answer_for_the_secretariat(case, agrees=True, **{**asked, "by": people.sol})
    with sight.of(people.cara, on=TODAY):
        assert Case.objects.exists(), "whoever is asked sees the case"
        services.decline_transfer(case, **{**asked, "by": people.cara})
    with sight.of(people.cara, on=TODAY):
        assert shown() == set()


def test_a_case_passes_to_another_authority_with_every_row(story: Story) -> None:
    people, case = story.cast, story.case
    asked: dict[str, Any] = {
        "by": people.ada,
        "on": TODAY,
        "at": moment(TODAY),
        "reason": "It happened there.",
    }
    with sight.of(people.ada, on=TODAY):
        services.propose_transfer(case, people.southfen, **asked)
    with sight.of(people.sol, on=TODAY):
        services.answer_for_the_secretariat(case, agrees=True, **{**asked, "by": people.sol})
    with sight.of(people.cara, on=TODAY):
        services.accept_transfer(
            case, aware_on=None, giver_reads_until=None,
            by=people.cara, on=TODAY, at=moment(TODAY),
        )  # fmt: skip
    for name, sees in (("cara", True), ("ada", False), ("ira", False), ("sol", True)):
        with sight.of(people.people[name], on=TODAY):
            assert Case.objects.exists() is sees, name
    assert not Deadline.objects.filter(case=case).exclude(authority=people.southfen).exists()


def test_a_case_is_opened_under_shut_eyes(everyone: Cast) -> None:
    with sight.of(everyone.ada, on=TODAY):
        case = services.open_case(
            authority=everyone.northmoor, by=everyone.ada, on=TODAY, at=moment(TODAY)
        )
    with sight.of(everyone.cara, on=TODAY):
        assert shown() == set()
    with sight.of(everyone.ada, on=TODAY):
        assert list(Case.objects.all()) == [case]
        assert not Answers.objects.exists()


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()
