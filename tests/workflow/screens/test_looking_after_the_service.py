"""The administrators' status page: in words what is wrong, what waits, and what a person does."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from tests import databases, sight
from tests.story import Story, a_case, cast
from tests.templates.markup import Markup
from workflow import clock, opaque, services
from workflow.health.models import DeadLetterAct
from workflow.health.reading import kept
from workflow.models import Case, Heartbeat, Outbox, PlannedRung
from workflow.outbox.delivering import deliver


@pytest.fixture(autouse=True)
def today() -> None:
    """These pages tell the present: the beat is counted from it."""


@pytest.fixture
def story(committing_db: str) -> Story:
    return a_case(cast(), aware=clock.today().isoformat()).notified(clock.today().isoformat())


@pytest.fixture
def sam(story: Story) -> Client:
    client = Client()
    client.force_login(story.cast.sam)
    return client


def beat(name: str) -> None:
    with databases.as_worker(name):
        Heartbeat.objects.update_or_create(name=Heartbeat.SWEEP, defaults={"at": clock.now()})


def text(client: Client, path: str = "/status/") -> str:
    kept.forget()
    answer = client.get(path)
    assert answer.status_code == 200
    return Markup(answer.content.decode()).one("main").text


def given_up(story: Story, name: str) -> Outbox:
    row = Outbox.objects.filter(organisation__isnull=False).earliest("pk")
    with databases.as_worker(name):
        Outbox.objects.update(sent_at=clock.now())
        Outbox.objects.filter(pk=row.pk).update(
            sent_at=None, dead_at=clock.now(), attempts=10, fault="SMTPRecipientsRefused"
        )
    return row


def test_a_whole_service_says_so(sam: Client, committing_db: str) -> None:
    beat(committing_db)
    said = text(sam)
    assert "Every part of the service does its work." in said
    assert "Bank holidays are known up to Sunday 31 December 2028" in said
    assert "Not working" not in said


def test_what_is_wrong_and_what_to_do_stand_in_words(
    sam: Client, story: Story, committing_db: str, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    last = clock.now() - timedelta(hours=3)
    with databases.as_worker(committing_db):
        first = Outbox.objects.earliest("pk")
        Outbox.objects.filter(pk=first.pk).update(sent_at=last)
        Outbox.objects.exclude(pk=first.pk).update(created_at=last)
    waits = Outbox.objects.filter(sent_at=None).count()
    said = text(sam)
    assert f"The mail server has not taken anything since {clock.london_date(last).day}" in said
    assert f"{waits} messages wait." in said
    assert "Nothing is lost and nothing needs doing here." in said
    assert "The scheduler has never run" in said
    assert "The broker (Redis) does not answer" in said
    assert "Start the beat, or let cron run manage.py sweep." in said


def test_a_message_given_up_is_tried_again_by_a_person_and_kept_with_who_it_was(
    sam: Client, story: Story, committing_db: str
) -> None:
    row = given_up(story, committing_db)
    said = text(sam)
    assert "Given up after 10 attempts: the mail server refused the address." in said
    answer = sam.post(reverse("message-again", args=[row.pk]), follow=True)
    assert "The message will be tried again within a minute." in answer.content.decode()
    row.refresh_from_db()
    assert (row.dead_at, row.attempts, row.fault) == (None, 0, "")
    act = DeadLetterAct.objects.get()
    assert (act.message, act.by, act.what, act.attempts) == (row, story.cast.sam, "again", 10)
    with databases.as_worker(committing_db):
        assert deliver() == 1
    why = text(sam, reverse("why-message", args=[row.pk]))
    assert "Tried again by Sam" in why
    assert "after 10 attempts" in why


def test_a_message_dealt_with_otherwise_is_closed_and_waits_for_nobody(
    sam: Client, story: Story, committing_db: str
) -> None:
    row = given_up(story, committing_db)
    sam.post(reverse("message-close", args=[row.pk]))
    assert "No message was given up." in text(sam)
    row.refresh_from_db()
    assert row.dead_at is not None
    second = sam.post(reverse("message-again", args=[row.pk]), follow=True)
    assert "Somebody has dealt with this message already." in second.content.decode()
    assert DeadLetterAct.objects.count() == 1


def test_the_application_changes_of_a_message_only_what_trying_again_changes(
    story: Story,
) -> None:
    for column in ("kind = 'x'", "sent_at = now()", "person_id = NULL", "payload = '{}'"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE workflow_outbox SET {column}")


def a_step_that_found_nobody(story: Story, database: str) -> None:
    """The sweep recorded a step of the rapid review's ladder, and there was nobody to tell."""
    deadline = story.case.deadlines.get(duty="rapid-review")
    with databases.as_worker(database):
        PlannedRung.objects.create(
            deadline=deadline, authority=deadline.authority, revision=deadline.revision,
            rung="3-days-left", planned_at=clock.now(), swept_at=clock.now(), nobody=True,
        )  # fmt: skip


def test_a_reminder_that_found_nobody_is_listed_with_its_step(
    sam: Client, story: Story, committing_db: str
) -> None:
    a_step_that_found_nobody(story, committing_db)
    said = text(sam)
    assert "1 reminder found nobody to tell." in said
    assert "3 working days before the date" in said


def restricted_now(story: Story) -> str:
    named = [story.cast.people[one].pk for one in ("ada", "ben", "petra")]
    ben, on = story.cast.ben, clock.today()
    with sight.of(ben, on=on):
        case = Case.objects.get(pk=story.case.pk)
        services.restrict(case, named, by=ben, on=on, at=clock.now(), reason="A relative.")
    return story.again().label


@pytest.mark.parametrize(("way", "what"), [("again", "again"), ("close", "closed")])
def test_a_message_of_a_restricted_case_is_dealt_with_by_reference_alone(
    sam: Client, story: Story, committing_db: str, way: str, what: str
) -> None:
    row, label = given_up(story, committing_db), restricted_now(story)
    page = Markup(sam.get("/status/").content.decode())
    said = page.one("main").text
    assert label in said
    assert "Given up after 10 attempts: the mail server refused the address." in said
    assert row.organisation is not None
    assert row.organisation.name not in said
    links = [one.attrs.get("href", "") for one in page.all("a")]
    hidden = opaque.hide("message", row.pk)
    assert not [one for one in links if story.case.address in one or hidden in one]
    answer = sam.post(reverse(f"message-{way}", args=[row.pk]))
    assert answer.headers["Location"] == f"/status/?done={what}"
    act = DeadLetterAct.objects.get()
    assert (act.message, act.by, act.what) == (row, story.cast.sam, what)
    row.refresh_from_db()
    assert (row.dead_at is None) == (way == "again")
    assert label not in text(sam)
    assert sam.get(f"/cases/{story.case.address}/").status_code == 404


def test_a_step_of_a_restricted_case_that_found_nobody_is_listed_without_a_way_to_it(
    sam: Client, story: Story, committing_db: str
) -> None:
    a_step_that_found_nobody(story, committing_db)
    label = restricted_now(story)
    kept.forget()
    page = Markup(sam.get("/status/").content.decode())
    assert label in page.one("main").text
    assert "3 working days before the date" in page.one("main").text
    links = [one.attrs.get("href", "") for one in page.all("a")]
    assert not [one for one in links if story.case.address in one]


@pytest.mark.parametrize("name", ["ada", "ben", "sol", "petra", "dele"])
def test_nobody_else_has_the_page_or_its_buttons(name: str, story: Story) -> None:
    client = Client()
    client.force_login(story.cast.people[name])
    assert client.get("/status/").status_code == 403
    assert client.post(reverse("message-again", args=[1])).status_code == 403


def test_administrators_alone_read_on_every_page_that_something_fails(
    sam: Client, story: Story
) -> None:
    ada = Client()
    ada.force_login(story.cast.ada)
    kept.forget()
    assert "See what waits" not in sam.get("/home/").content.decode()
    kept.newest()
    assert "The scheduler has never run" in sam.get("/home/").content.decode()
    assert "The scheduler has never run" not in ada.get("/home/").content.decode()
    assert "See what waits" not in sam.get("/status/").content.decode()


def test_the_banner_costs_no_statement(sam: Client) -> None:
    sam.get("/home/")
    with CaptureQueriesContext(connection) as before:
        sam.get("/home/")
    kept.newest()
    with CaptureQueriesContext(connection) as after:
        sam.get("/home/")
    assert len(after) == len(before)
