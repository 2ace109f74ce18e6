"""What is in the outbox goes out over real SMTP, once, and a fault only delays it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from tests import databases
from tests.story import Story, a_case, cast
from tests.workflow.outbox.conftest import Post
from workflow import clock
from workflow.deadlines.calendar import calendar
from workflow.models import Organisation, Outbox
from workflow.outbox import delivering, turn
from workflow.outbox.faults import UnreachableError
from workflow.outbox.given_up import give_up
from workflow.outbox.mail import message_id
from workflow.outbox.tasks import deliver_due
from workflow.outbox.transports import transport


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A notification sent by the application; from here on the database knows only the worker."""
    told = a_case(cast(), aware="2026-11-19").notified("2026-11-20")
    with databases.as_worker(committing_db):
        yield told


def test_the_worker_reads_no_narrative(story: Story) -> None:
    for what in ("1 FROM workflow_answers", "reason FROM workflow_event"):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as c:
            c.execute(f"SELECT {what}")


def test_each_recipient_of_a_notification_is_told_once(story: Story, post: Post) -> None:
    deliver_due()
    assert Outbox.objects.filter(sent_at__isnull=True).count() == 0
    label = story.case.label
    assert {message["Subject"] for message in post.messages} == {f"Notification received: {label}"}
    assert len(post.messages) == 5
    deliver_due()
    assert len(post.messages) == 5


def test_a_message_names_the_reference_and_a_link_and_no_person_of_the_case(
    story: Story, post: Post
) -> None:
    deliver_due()
    plain, html = (
        str(part.get_payload()) for part in post.messages[0].walk() if not part.is_multipart()
    )
    assert f"/cases/{story.case.address}/" in plain
    assert f"/cases/{story.case.address}/" in html
    assert post.messages[0]["Auto-Submitted"] == "auto-generated"
    assert "&#x27;" not in plain


def test_a_mail_server_that_refuses_delays_and_the_same_message_goes_out_later(
    story: Story, post: Post
) -> None:
    row = Outbox.objects.order_by("pk").first()
    assert row is not None
    post.answer = "451 Try again later"
    deliver_due()
    row.refresh_from_db()
    assert (row.sent_at, row.attempts, row.lease_until) == (None, 1, None)
    assert row.next_attempt_at > clock.now()
    post.answer = "250 OK"
    Outbox.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    deliver_due()
    row.refresh_from_db()
    assert row.sent_at is not None


def test_what_cannot_be_sent_ten_times_is_set_aside_and_never_dropped(
    story: Story, post: Post
) -> None:
    post.answer = "550 No"
    Outbox.objects.update(attempts=delivering.MOST_ATTEMPTS - 1)
    deliver_due()
    assert Outbox.objects.filter(dead_at__isnull=False, sent_at__isnull=True).count() == 5


@pytest.mark.parametrize("answer", ["451 Try again later", "421 Closing"])
def test_a_server_that_takes_nothing_for_a_long_weekend_costs_nobody_a_message(
    story: Story, post: Post, answer: str
) -> None:
    post.answer = answer
    Outbox.objects.update(attempts=delivering.MOST_ATTEMPTS + 20)
    deliver_due()
    assert not Outbox.objects.filter(dead_at__isnull=False).exists()
    assert {row.lease_until for row in Outbox.objects.all()} == {None}
    post.answer = "250 OK"
    Outbox.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    deliver_due()
    assert not Outbox.objects.filter(sent_at__isnull=True).exists()


def test_a_server_that_takes_a_message_on_no_day_has_it_set_aside_in_the_end(
    story: Story, post: Post
) -> None:
    post.answer = "451 Try again later"
    Outbox.objects.update(attempts=delivering.MOST_ATTEMPTS + 20)
    with time_machine.travel(clock.now() + delivering.PATIENCE, tick=False):
        deliver_due()
    assert Outbox.objects.filter(dead_at__isnull=False, sent_at__isnull=True).count() == 5


def test_a_row_that_another_sender_holds_is_left_alone(story: Story) -> None:
    _, [held] = delivering.claim(at=clock.now(), most=1)
    _, others = delivering.claim(at=clock.now())
    assert len(others) == 4
    assert held.pk not in {row.pk for row in others}
    assert delivering.claim(at=clock.now())[1] == []
    _, later = delivering.claim(at=clock.now() + delivering.LEASE + timedelta(seconds=1))
    assert len(later) == 5


@pytest.mark.parametrize("answer", ["250 OK", "451 Try again later", "421 Closing"])
def test_a_sender_whose_lease_was_taken_over_neither_marks_nor_puts_back(
    story: Story, post: Post, answer: str
) -> None:
    token, rows = delivering.claim(at=clock.now())
    later = clock.now() + delivering.LEASE + timedelta(seconds=1)
    other, taken = delivering.claim(at=later)
    assert other != token
    assert len(taken) == len(rows) == 5
    before = list(Outbox.objects.order_by("pk").values())
    post.answer = answer
    with transport() as line, suppress(UnreachableError):
        delivering.Sender(line, token, calendar()).send(rows)
    assert list(Outbox.objects.order_by("pk").values()) == before
    post.answer = "250 OK"
    with transport() as line:
        assert delivering.Sender(line, other, calendar()).send(taken) == 5
    assert Outbox.objects.filter(sent_at__isnull=False).count() == 5


def test_a_row_that_ends_its_senders_is_taken_alone_and_then_set_aside(story: Story) -> None:
    first, *others = Outbox.objects.order_by("next_attempt_at", "pk")
    now = clock.now()
    for _ in range(turn.SUSPECT_CLAIMS):
        _, rows = delivering.claim(at=now)
        assert len(rows) == 5
        now += delivering.LEASE + timedelta(seconds=1)
    # Whoever is among the five may be what ended the senders: now each is taken alone.
    _, rows = delivering.claim(at=now)
    assert [row.pk for row in rows] == [first.pk]
    Outbox.objects.filter(pk__in=[row.pk for row in others]).update(sent_at=now)
    Outbox.objects.filter(pk=first.pk).update(claims=delivering.MOST_CLAIMS, lease_until=None)
    _, rows = delivering.claim(at=now)
    first.refresh_from_db()
    assert first.dead_at == now
    assert first.attempts == 0
    assert [row.kind for row in rows] == ["dead_letter"]


def test_a_suspect_row_between_others_is_passed_over_by_nobody(story: Story, post: Post) -> None:
    middle = Outbox.objects.order_by("next_attempt_at", "pk")[2]
    Outbox.objects.filter(pk=middle.pk).update(claims=turn.SUSPECT_CLAIMS)
    deliver_due()
    assert not Outbox.objects.filter(sent_at__isnull=True).exists()
    assert len(post.messages) == 5


def test_a_turn_ends_and_what_is_left_waits_as_it_did(story: Story, post: Post) -> None:
    post.seconds = 0.3
    assert 1 <= delivering.deliver(seconds=0.5) < 5
    left = Outbox.objects.filter(sent_at__isnull=True)
    assert 0 < left.count() == 5 - len(post.messages)
    assert set(left.values_list("attempts", "claims", "lease_until", "fault")) == {(0, 0, None, "")}
    assert delivering.deliver() == left.count() or not left.exists()
    assert len(post.messages) == 5


def test_each_death_of_a_message_is_told_once(story: Story) -> None:
    row, now = Outbox.objects.order_by("pk")[0], clock.now()

    def told() -> int:
        return Outbox.objects.filter(kind="dead_letter").count()

    operators = Organisation.objects.of_kind("operator").count()
    give_up(row, at=now)
    give_up(row, at=now + timedelta(seconds=1))
    assert told() == operators > 0
    # A person has it tried again, and it dies again.
    Outbox.objects.filter(pk=row.pk).update(dead_at=None, attempts=0)
    give_up(row, at=now + timedelta(hours=1))
    assert told() == 2 * operators


def test_the_same_message_carries_the_same_id_at_each_attempt(story: Story) -> None:
    rows = list(Outbox.objects.all())
    assert len({message_id(row) for row in rows}) == len(rows)
    assert message_id(rows[0]) == message_id(Outbox.objects.get(pk=rows[0].pk))


def test_a_new_password_is_set_by_a_link_that_rests_in_no_table(
    committing_db: str, post: Post, client: Client
) -> None:
    everyone = cast()
    client.post(reverse("account_reset_password"), {"email": everyone.ada.email.upper()})
    row = Outbox.objects.get(person=everyone.ada)
    assert "http" not in f"{row.payload}{row.dedupe}{row.kind}"
    with databases.as_worker(committing_db):
        deliver_due()
    (message,) = post.messages
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    (link,) = re.findall(r"http://localhost:8000(/\S+)", text.decode())
    page = client.get(link, follow=True)
    new = {"password1": "another-invented-passphrase", "password2": "another-invented-passphrase"}
    client.post(page.request["PATH_INFO"], new)
    everyone.ada.refresh_from_db()
    assert everyone.ada.check_password("another-invented-passphrase")


def test_an_address_that_nobody_has_is_written_to_by_nobody(
    committing_db: str, client: Client
) -> None:
    cast()
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@nowhere.example"})
    assert answer.status_code == 302
    assert not Outbox.objects.filter(person__isnull=False).exists()
