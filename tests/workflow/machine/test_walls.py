"""What the database refuses, whoever asks and whatever a session has set."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed

from tests.story import Story, a_case, cast, day, moment
from workflow.machine.diagram import MACHINES
from workflow.machine.walls import edges_of
from workflow.models import Event, NotificationProcess, PracticeReview, RapidReview

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return a_case(cast(), aware="2026-11-19").notified("2026-11-20").reviewed("2026-12-01")


@contextmanager
def refused(*, match: str) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        yield


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def rows(story: Story) -> dict[type[Any], Any]:
    return {
        NotificationProcess: story.case.notification,
        RapidReview: story.rapid_review,
        PracticeReview: story.practice_review,
    }


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.MACHINE)
def test_no_illegal_edge_passes_even_from_raw_sql(story: Story, machine: type[Any]) -> None:
    row, table = rows(story)[machine], machine._meta.db_table
    states = [str(state) for state, _ in machine._meta.get_field("state").choices]
    legal, tried = set(edges_of(machine)), 0
    for target in states:
        if target == row.state or (row.state, target) in legal:
            continue
        with refused(match="does not lead to"):
            run(f"UPDATE {table} SET state = %s WHERE id = %s", target, row.pk)
        tried += 1
    assert tried > 5


def test_no_session_setting_turns_the_edges_off(story: Story) -> None:
    process = story.case.notification
    with refused(match="does not lead to"):
        run("SELECT set_config('pgtrigger.ignore', '{%%}', true)")
        run("SET LOCAL pgtrigger.ignore = '{pgtrigger_legal_edges_a,legal_edges}'")
        run("UPDATE workflow_notificationprocess SET state = 'referred' WHERE id = %s", process.pk)
    with refused(match="permission denied"):
        run("SET LOCAL session_replication_role = 'replica'")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname ~ 'legal_|keep_' "
            "AND tgenabled <> 'A'"
        )
        assert cursor.fetchall() == []


def test_a_machine_starts_only_where_it_begins(story: Story) -> None:
    with refused(match="does not start at"):
        RapidReview.objects.create(
            case=story.case,
            authority=story.case.authority,
            number=7,
            state="response_issued",
            entered_on=day("2026-12-01"),
        )


def test_queryset_update_and_assignment_are_no_way_round(story: Story) -> None:
    review = story.rapid_review
    with refused(match="does not lead to"):
        RapidReview.objects.filter(pk=review.pk).update(state="opened")
    with pytest.raises(AttributeError):
        review.state = "opened"
    with pytest.raises(TransitionNotAllowed):
        review.hold_meeting(None)


def records() -> list[type[Any]]:
    return [
        model
        for model in apps.get_models()
        if any(t.name == "keep_rows" for t in getattr(model._meta, "triggers", []))
    ]


def test_the_trail_and_every_row_history_are_records() -> None:
    tables = {model._meta.db_table for model in records()}
    assert {"workflow_event", "workflow_caseevent", "workflow_deadlineevent"} <= tables
    histories = {
        model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_trackers")
    }
    assert histories <= tables


# What they hold in clear about children goes with the record; until then a trigger keeps each row.
END_WITH_THE_RECORD = {"IncidentChildEvent", "NotificationEvent"}


def test_the_application_and_the_worker_hold_no_right_to_change_a_record() -> None:
    with connection.cursor() as cursor:
        for model in records():
            for role in ("app", "worker"):
                name = _role(role)
                cursor.execute(
                    "SELECT array_agg(right_) FILTER (WHERE has_table_privilege(%s, %s, right_)) "
                    "FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) right_",
                    [name, model._meta.db_table],
                )
                ends = model.__name__ in END_WITH_THE_RECORD and role == "app"
                assert cursor.fetchone() == (["DELETE"] if ends else None,), (model, role)


def _role(which: str) -> str:
    return str(settings.DATABASE_ROLE_NAMES[which])


def test_a_changed_row_leaves_its_history_even_by_raw_sql(story: Story) -> None:
    history = apps.get_model("workflow", "CaseEvent").objects.filter(pgh_obj=story.case)
    before = history.count()
    run("UPDATE workflow_case SET children_count = 3 WHERE id = %s", story.case.pk)
    assert history.count() == before + 1


def test_events_of_one_case_never_share_a_number(story: Story) -> None:
    with refused(match="event_once_in_sequence"):
        Event.objects.create(
            case=story.case,
            authority=story.case.authority,
            sequence=1,
            act="open",
            capacity="system",
            on=day("2026-12-01"),
            at=moment("2026-12-01"),
            recorded_at=moment("2026-12-01"),
        )
