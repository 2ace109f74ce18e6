"""Of a restricted case only whoever is named to it is reminded and told."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from tests import databases, sight
from tests.story import Story, a_case, cast, day, moment, person
from tests.workflow.reminders.telling import at, delivered, messages, reminders, swept, told
from workflow import clock, services
from workflow.deadlines.calendar import calendar
from workflow.health.missing import missing
from workflow.models import Case, Outbox, Reminder, ReminderChoice
from workflow.outbox.delivering import Sender, claim
from workflow.outbox.transports import transport


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A draft whose five days began on Friday 20 November 2026, and one more notifier."""
    with clock.told(moment("2026-11-20")):
        found = a_case(cast(), aware="2026-11-20")
        people = found.cast.people
        people["nell"] = person("Nell", found.cast.northmoor, "la_notifier", "la_approver")
        yield found


def act(
    story: Story, name: str, on: str, *people: str, hour: str = "07:00", case: Case | None = None
) -> None:
    """A restriction, who is named, or its end, on a day."""
    how: dict[str, Any] = {"by": story.cast.ben, "on": day(on), "at": moment(on, hour)}
    how["reason"] = "A relative works there."
    if people:
        how["people"] = [story.cast.people[one].pk for one in people]
    with clock.told(moment(on, hour)), sight.of(story.cast.ben, on=day(on)):
        found = Case.objects.get(pk=case.pk) if case else Case.objects.get()
        getattr(services, name)(found, **how)


def test_a_reminder_goes_to_named_people_alone(story: Story, committing_db: str) -> None:
    act(story, "restrict", "2026-11-20", "ada", "ben")
    with databases.as_worker(committing_db):
        swept("2026-12-05")
    assert {person for _, person, _ in reminders()} == {"Ada", "Ben"}
    assert told("due-today") == told("escalated") == {"Ada", "Ben"}


def test_before_and_after_it_others_are_reminded_too(story: Story, committing_db: str) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-23")
    assert told("day-1") == {"Ada", "Ben", "Nell"}
    act(story, "restrict", "2026-11-24", "ada", "ben")
    act(story, "lift", "2026-11-26")
    with databases.as_worker(committing_db):
        swept("2026-11-27")
    assert "Nell" in told("due-today")


def test_a_reminder_that_waits_is_withheld_from_whoever_is_not_named(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-27")
    act(story, "restrict", "2026-11-27", "ada", "ben", hour="08:00")
    mail.outbox.clear()
    with databases.as_worker(committing_db):
        delivered("2026-11-27", "08:05")
    to = {address for one in mail.outbox for address in one.to}
    assert story.cast.ada.email in to
    assert story.cast.people["nell"].email not in to
    withheld = Reminder.objects.filter(rung="due-today", withheld="restricted")
    assert {row.person.name for row in withheld.select_related("person")} == {"Nell"}
    assert not Outbox.objects.filter(dead_at__isnull=False).exists()


@pytest.mark.parametrize("first", [("restrict", "ada", "ben", "nell"), None], ids=["off", "new"])
def test_what_a_sender_holds_already_is_asked_again_before_it_goes(
    story: Story, committing_db: str, first: tuple[str, ...] | None
) -> None:
    with clock.told(moment("2026-11-26", "08:00")):
        sent = a_case(story.cast, aware="2026-11-20").notified("2026-11-26")
    if first:
        act(story, first[0], "2026-11-26", *first[1:], hour="09:00", case=story.case)
    with databases.as_worker(committing_db):
        swept("2026-11-27")
        with at("2026-11-27", "08:01"):
            token, rows = claim(at=clock.now())
    assert {row.case_id for row in rows} >= {sent.case.pk}
    act(story, "name_people" if first else "restrict", "2026-11-27", "ada", "ben", hour="08:02",
        case=story.case)  # fmt: skip
    act(story, "restrict", "2026-11-27", "ada", "ben", "petra", hour="08:02", case=sent.case)
    mail.outbox.clear()
    with databases.as_worker(committing_db), at("2026-11-27", "08:03"), transport() as post:
        Sender(post, token, calendar(), asked_at=-math.inf).send(rows)
    told_of: dict[str, set[str]] = {sent.again().label: set(), story.again().label: set()}
    for one in mail.outbox:
        for label in told_of:
            told_of[label] |= set(one.to) if label in one.body else set()
    people = story.cast.people
    named = {people[name].email for name in ("ada", "ben")}
    assert told_of[story.case.label] == named
    # Of what was sent the receivers are told, where they are named.
    assert told_of[sent.case.label] <= named | {people["petra"].email}
    assert not Outbox.objects.filter(dead_at__isnull=False).exists()
    assert Outbox.objects.filter(case=sent.case, cancelled_at__isnull=False).exists()


def test_what_is_for_nobody_who_is_named_any_more_is_cancelled_and_is_no_dead_letter(
    story: Story, committing_db: str
) -> None:
    act(story, "restrict", "2026-11-20", "ada", "ben", "nell")
    with databases.as_worker(committing_db), at("2026-11-20", "08:00"):
        token, rows = claim(at=clock.now())
    nell = story.cast.people["nell"]
    assert ("given_access", nell.pk) in {(row.kind, row.person_id) for row in rows}
    act(story, "name_people", "2026-11-20", "ada", "ben", hour="08:01")
    mail.outbox.clear()
    with databases.as_worker(committing_db), at("2026-11-20", "08:02"), transport() as post:
        Sender(post, token, calendar()).send(rows)
    assert nell.email not in {address for one in mail.outbox for address in one.to}
    row = Outbox.objects.get(kind="given_access", person=nell)
    assert (row.dead_at, row.sent_at) == (None, None)
    assert row.cancelled_at is not None


def test_a_digest_names_no_case_that_was_restricted_since(story: Story, committing_db: str) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-23")
    waiting = {row.person.name for row in messages("digest") if row.person}
    assert waiting == {"Ada", "Ben", "Nell"}
    act(story, "restrict", "2026-11-23", "ada", "ben", hour="08:02")
    mail.outbox.clear()
    with databases.as_worker(committing_db):
        delivered("2026-11-23", "08:05")
    reference = story.again().label
    told_of_it = {address for one in mail.outbox if reference in one.body for address in one.to}
    assert told_of_it == {story.cast.ada.email, story.cast.ben.email}


def test_what_an_organisation_is_told_goes_to_its_named_people_and_to_no_shared_address(
    story: Story, committing_db: str
) -> None:
    cast_ = story.cast
    cast_.panel.contact_email = "post@panel.example"
    cast_.panel.save()
    act(story, "restrict", "2026-11-23", "ada", "ben")
    with clock.told(moment("2026-11-24")):
        story.notified("2026-11-24")
    assert {row.organisation.name for row in messages("submit") if row.organisation} > {"Ofsted"}
    mail.outbox.clear()
    with databases.as_worker(committing_db):
        delivered("2026-11-24", "11:00")
    received = [one for one in mail.outbox if one.subject.startswith("Notification received")]
    to = sorted(address for one in received for address in one.to)
    assert to == sorted(cast_.people[one].email for one in ("petra", "sol", "dele", "olu"))
    assert "restricted" not in "".join(f"{one.subject} {one.body}" for one in mail.outbox).lower()
    assert not Outbox.objects.filter(dead_at__isnull=False).exists()
    cancelled = Outbox.objects.filter(cancelled_at__isnull=False, kind="submit")
    partners = {row.organisation.name for row in cancelled if row.organisation}
    assert partners == {"Northmoor Integrated Care Board", "Northmoor Police"}


def test_nobody_is_missed_who_was_not_to_be_told(story: Story, committing_db: str) -> None:
    act(story, "restrict", "2026-11-20", "ada", "ben")
    ReminderChoice.objects.create(person=story.cast.ada, wants="none", chosen_at=clock.now())
    with databases.as_worker(committing_db):
        swept("2026-12-05")
    assert list(missing(at=moment("2026-12-05", "09:00"))) == []
    act(story, "lift", "2026-12-05")
    assert list(missing(at=moment("2026-12-05", "09:00"))) == []


def test_whoever_is_named_is_missed_where_they_were_not_told(
    story: Story, committing_db: str
) -> None:
    act(story, "restrict", "2026-11-20", "ada", "ben")
    with databases.as_worker(committing_db):
        swept("2026-12-05")
    with databases.as_owner(committing_db) as server:
        # Everybody was known before: the history is written by the clock.
        server.execute("ALTER TABLE workflow_membershipevent DISABLE TRIGGER USER")
        server.execute("UPDATE workflow_membershipevent SET pgh_created_at = '2018-07-01'")
    assert list(missing(at=moment("2026-12-05", "09:00"))) == []
    with databases.as_owner(committing_db) as server:
        server.execute(
            "DELETE FROM workflow_reminder WHERE rung = 'overdue' AND person_id = %s",
            [story.cast.ada.pk],
        )
    lost = list(missing(at=moment("2026-12-05", "09:00")))
    assert {(one.rung, one.people) for one in lost} == {("overdue", (story.cast.ada.pk,))}
