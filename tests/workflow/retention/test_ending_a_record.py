"""A record ends by two people, on its day, under no hold; its certificate stays."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import IncidentChild, Notification
from tests import sight
from tests.story import Story, a_case, day, moment, person
from tests.workflow.retention.telling import (
    BEFORE,
    DUE,
    WORDS,
    closed,
    ended,
    held,
    lifted,
    step,
)
from workflow import services
from workflow.law import retention
from workflow.machine.refusals import CannotAdvance, NotFound, RecordDestroyed
from workflow.models import Answers, Case, DisposalStep, Event, Redaction
from workflow.retention import disposing, redacting
from workflow.retention.certificate import certificate_of
from workflow.retention.standing import NOBODY_HOLDS, due, standing_of
from workflow.sealed import keys
from workflow.sealed.errors import KeyDestroyedError
from workflow.sealed.sweeping import settle_keys

DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2120, 12, 31))


@pytest.fixture
def story(db: None) -> Story:
    return closed()


def refused(story: Story, act: str, by: str, on: str = DUE) -> list[str]:
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        step(story, act, by, on)
    return refusal.value.reasons


def test_no_record_ends_while_it_is_proposed_to_take_words_out_of_it(story: Story) -> None:
    """Nobody could answer it then, and whoever was told of it would hear no more."""
    asked = Redaction(
        case=story.case, authority=story.cast.northmoor, document="notification", rule="other",
        section="description", page="description", field="description", reason=WORDS, words=["Zq"],
        by=story.cast.ada, role="la_notifier", organisation=story.cast.northmoor,
        on=day("2026-11-03"), at=moment("2026-11-03"), not_before=day("2026-11-05"),
    )  # fmt: skip
    asked.save(force_insert=True)
    assert refused(story, "propose", "adam") == [disposing.WORDS_WAIT]
    ben, on = story.cast.ben, day("2026-11-04")
    with sight.of(ben, on=on):
        redacting.decline(story.again(), asked.pk, by=ben, on=on, at=moment(on))
    assert ended(story).kind == DisposalStep.Kind.CONFIRMED


@pytest.mark.parametrize(
    ("at_the_panel", "against"), [("sol", [NOBODY_HOLDS]), ("petra", []), ("dele", [NOBODY_HOLDS])]
)
def test_a_restricted_record_ends_only_while_somebody_named_at_the_panel_may_place_a_hold(
    story: Story, at_the_panel: str, against: list[str]
) -> None:
    nell, ben = person("Nell", story.cast.northmoor, "la_approver"), story.cast.ben
    story.cast.people["nell"] = nell
    named = [ben.pk, nell.pk, story.cast.ada.pk, story.cast.people[at_the_panel].pk]
    last = "2026-11-02"
    how: dict[str, Any] = {"by": ben, "on": day(last), "at": moment(last), "reason": "Staff."}
    with sight.of(ben, on=day(last)):
        services.restrict(story.again(), named, **how)
    if against:
        assert refused(story, "propose", "nell") == against
        return
    step(story, "propose", "nell")
    story.cast.petra.memberships.update(until=day(BEFORE))
    assert refused(story, "confirm", "ben") == [NOBODY_HOLDS]
    story.cast.petra.memberships.update(until=None)
    assert step(story, "confirm", "ben").kind == DisposalStep.Kind.CONFIRMED


def raw(story: Story, kind: str, by: str, *, on: str = DUE, **more: Any) -> DisposalStep:
    """A step as a program that forgets every rule would write it."""
    said: dict[str, Any] = {
        "case": story.case, "authority": story.cast.northmoor, "kind": kind,
        "by": story.cast.people[by], "role": "la_approver", "organisation": story.cast.northmoor,
        "retention_class": "others", "years": 35, "last_act_on": day("2026-11-02"),
        "due_on": day(DUE), "on": day(on), "at": moment(on), **more,
    }  # fmt: skip
    with transaction.atomic():
        return DisposalStep.objects.create(**said)


@given(st.sampled_from(retention.ALL), DAYS, DAYS)
def test_a_record_is_due_on_a_day_exactly_when_its_last_act_is_old_enough(
    kept: retention.RetentionClass, last: dt.date, on: dt.date
) -> None:
    assert (kept.ends(last) <= on) == (last <= kept.begun_by(on))


def test_where_it_is_not_known_whether_a_child_was_looked_after_the_longer_period_holds() -> None:
    long, short = retention.LOOKED_AFTER, retention.OTHERS
    assert retention.class_of(looked_after=None, care_leaver=None) == long
    assert retention.class_of(looked_after=False, care_leaver=True) == long
    assert retention.class_of(looked_after=False, care_leaver=None) == short
    assert all(one.cites for one in retention.ALL)


def test_two_people_end_a_record_and_the_certificate_says_who(
    story: Story, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ended(story)
    assert story.case.disposed_on == day(DUE)
    with pytest.raises(KeyDestroyedError):
        keys.get(story.case.key_id)
    with pytest.raises(KeyDestroyedError):
        _ = Answers.objects.select_related("case").get(case=story.case).answers
    stands = standing_of(story.case)
    found = certificate_of(story.case, stands)
    assert found is not None
    assert (found.proposed.by, found.confirmed.by) == (story.cast.adam, story.cast.ben)
    assert found.confirmed.retention_class == "others"
    assert found.key_is_gone
    assert found.reference == story.case.reference


def test_nothing_in_clear_about_a_child_stays_and_the_neighbours_rows_do(story: Story) -> None:
    neighbour = closed(story.cast)
    for one in (story, neighbour):
        sent = Notification.objects.create(
            case=one.case, sent_on=day("2026-10-05"), sent_at=moment("2026-10-05"),
            sent_by=one.cast.ada, nature="serious_harm", abuse="suspected", place="in_area",
            aware_on=day("2026-10-01"), children=1,
        )  # fmt: skip
        IncidentChild.objects.create(
            notification=sent, case=one.case, ordinal=1, identified=True, died=False, harmed=True,
            age_band="6_to_10", sex="female",
        )  # fmt: skip
    tables: tuple[Any, ...] = (Notification, IncidentChild)
    histories = [apps.get_model("notifications", f"{model.__name__}Event") for model in tables]
    for history in histories:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            history.objects.filter(case=story.case).delete()
    ended(story)
    for model in (*tables, *histories):
        left = set(model._default_manager.values_list("case", flat=True))
        assert left == {neighbour.case.pk}, model
    # What stays of the neighbour's history still can't be taken away.
    for history in histories:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            history.objects.filter(case=neighbour.case).delete()


def test_one_person_alone_ends_nothing(story: Story) -> None:
    assert refused(story, "confirm", "ben") == [disposing.NO_PROPOSAL]
    step(story, "propose", "ben")
    assert refused(story, "confirm", "ben") == [disposing.NOT_YOURSELF]
    assert refused(story, "propose", "adam") == [disposing.PROPOSED]
    with pytest.raises(IntegrityError, match="two people"):
        raw(story, "confirmed", "ben")
    keys.get(story.case.key_id)


def test_a_proposal_is_declined_or_taken_back_and_may_be_made_again(story: Story) -> None:
    step(story, "propose", "adam")
    step(story, "decline", "ben")
    assert refused(story, "confirm", "ben") == [disposing.NO_PROPOSAL]
    step(story, "propose", "adam")
    step(story, "decline", "adam")
    ended(story)
    assert Event.objects.filter(act__endswith="_disposal").count() == 6


def test_nothing_ends_before_its_day(story: Story) -> None:
    assert refused(story, "propose", "adam", BEFORE) == [disposing.not_due(day(DUE))]
    for wrong in (
        {"on": BEFORE},
        {"due_on": day(BEFORE), "on": BEFORE},
        {"last_act_on": day("2026-11-01"), "due_on": day(BEFORE), "on": BEFORE},
        {"years": 36},
        {"years": 0, "due_on": day("2026-11-02"), "on": "2026-11-02"},
    ):
        with pytest.raises(IntegrityError, match="not due yet"):
            raw(story, "proposed", "adam", **wrong)
    looked_after = closed(story.cast, looked_after=True)
    assert refused(looked_after, "propose", "adam", DUE) == [disposing.not_due(day("2101-11-02"))]


def test_nothing_ends_while_a_date_is_open(story: Story) -> None:
    running = a_case(story.cast, aware="2026-11-02")
    assert disposing.RUNNING in refused(running, "propose", "adam", "2062-01-04")
    with pytest.raises(IntegrityError, match="not due yet"):
        raw(running, "proposed", "adam", on="2062-01-04")


def test_nothing_ends_under_a_hold_whoever_asks(story: Story) -> None:
    step(story, "propose", "adam")
    hold = held(story, by="petra", on=DUE)
    assert refused(story, "confirm", "ben") == [disposing.HELD]
    with pytest.raises(IntegrityError, match="legal hold"):
        raw(story, "confirmed", "ben")
    lifted(story, hold, by="petra", on=DUE)
    keys.store().let_go(story.case.key_id, hold.mark)
    step(story, "confirm", "ben")
    with pytest.raises(IntegrityError, match="was destroyed"), transaction.atomic():
        type(hold).objects.create(
            case=story.case, authority=story.cast.northmoor, by=story.cast.ben, role="la_approver",
            organisation=story.cast.northmoor, on=day(DUE), at=moment(DUE), reason="Too late.",
        )  # fmt: skip


@pytest.mark.parametrize("by", ["ada", "bea", "sol", "petra", "sam", "ira"])
def test_no_other_role_proposes(story: Story, by: str) -> None:
    assert refused(story, "propose", by)


def test_nobody_ends_what_is_not_theirs_and_nothing_is_done_on_an_ended_case(story: Story) -> None:
    with pytest.raises(NotFound), transaction.atomic():
        step(story, "propose", "cara")
    ended(story)
    for act, by in (("propose", "adam"), ("confirm", "ben")):
        with pytest.raises(RecordDestroyed), transaction.atomic():
            step(story, act, by)
    with pytest.raises(RecordDestroyed), transaction.atomic():
        held(story, on=DUE)


@pytest.mark.parametrize("value", ["NULL", "'2020-01-01'"])
def test_no_case_is_said_to_be_ended_or_not_by_writing_a_column(story: Story, value: str) -> None:
    if value == "NULL":
        ended(story)
    with (
        pytest.raises(IntegrityError, match="by a record of it alone"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE workflow_case SET disposed_on = {value}")


def test_what_is_cut_off_before_the_key_went_is_made_good_by_the_sweep(story: Story) -> None:
    # Nothing that waits for the commit runs here: as if the process had died after it.
    ended(story)
    keys.get(story.case.key_id)
    found = certificate_of(story.case, standing_of(story.case))
    assert found is not None
    assert not found.key_is_gone
    assert settle_keys(dry_run=True).ended == [str(story.case.key_id)]
    assert settle_keys().ended == [str(story.case.key_id)]
    with pytest.raises(KeyDestroyedError):
        keys.get(story.case.key_id)
    assert settle_keys().ended == []


def test_what_is_due_is_listed_for_whom_it_concerns_and_costs_nothing_for_what_is_not(
    story: Story, django_assert_num_queries: Any
) -> None:
    adam = story.cast.adam
    later = closed(story.cast, looked_after=True)
    # Nobody closed this one, and one that is held is not there to be ended.
    a_case(story.cast, aware="2027-01-04")
    assert due(adam, on=day(BEFORE)) == []
    assert due(adam, on=day(DUE)) == [story.case]
    assert due(adam, on=day("2102-01-02")) == [story.case, later.case]
    assert due(story.cast.cara, on=day(DUE)) == due(story.cast.sam, on=day(DUE)) == []
    hold = held(story)
    assert due(adam, on=day(DUE)) == []
    lifted(story, hold)
    keys.store().let_go(story.case.key_id, hold.mark)
    ended(story)
    assert due(adam, on=day(DUE)) == []
    # By the index on what was opened long ago and still stands, so that the rest is not read.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = Case.objects.filter(
        disposed_on__isnull=True, opened_on__lte=retention.SHORTEST.begun_by(day(DUE))
    ).order_by("opened_on", "pk").explain()  # fmt: skip
    assert "case_still_kept" in plan or "case_newest" in plan
    assert "Index Cond: (opened_on" in plan
