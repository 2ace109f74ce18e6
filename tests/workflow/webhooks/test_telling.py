"""Each act on a case of the authority's is told to its webhook once, signed, and no more."""

import hashlib
import hmac
import json
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from pytest_django import Settings

from tests import databases, sight
from tests.story import Cast, Story, a_case, cast, day, moment
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.receiver import Receiver
from workflow.models import Case, Event, Outbox
from workflow.outbox.delivering import MOST_ATTEMPTS, PATIENCE, deliver
from workflow.webhooks import managing
from workflow.webhooks.delivering import call_all
from workflow.webhooks.managing import Registered

Worker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    """In a database of its own: the worker, which calls, is another role than who acts."""
    return cast()


@pytest.fixture
def story(everyone: Cast, hook: Registered) -> Story:
    return a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)


@pytest.fixture
def worker(committing_db: str) -> Worker:
    return lambda: databases.as_worker(committing_db)


@pytest.fixture
def call(worker: Worker) -> Callable[[], int]:
    """A turn of the worker's: how many were told."""

    def called() -> int:
        with worker():
            return call_all()

    return called


def waiting() -> int:
    return Outbox.objects.filter(
        webhook__isnull=False, sent_at=None, dead_at=None, cancelled_at=None
    ).count()


def row() -> Outbox:
    return Outbox.objects.filter(webhook__isnull=False).earliest("pk")


def test_each_act_waits_once_in_the_transaction_of_the_act(story: Story, hook: Registered) -> None:
    rows = Outbox.objects.filter(webhook=hook.webhook)
    acts = list(Event.objects.filter(case=story.case).order_by("sequence"))
    assert [one.kind for one in rows.order_by("pk")] == [one.act for one in acts]
    before = rows.count()
    with transaction.atomic():
        story.act(story.again().notification, "acknowledge", "sol", TODAY)
        assert rows.count() == before + 1
        transaction.set_rollback(True)
    assert rows.count() == before


def test_another_authoritys_webhook_is_told_nothing(everyone: Cast, hook: Registered) -> None:
    a_case(everyone, aware="2026-11-19", opened=TODAY, by="cara")
    assert not waiting()


def test_it_is_told_of_which_case_and_when_with_a_signature_over_all_of_it(
    story: Story, hook: Registered, receiver: Receiver, call: Callable[[], int]
) -> None:
    many = waiting()
    assert call() == many == len(receiver.requests)
    assert not waiting()
    last = receiver.requests[-1]
    said = {"reference": story.again().reference, "at": moment(TODAY).isoformat()}
    assert json.loads(last.body) == said
    assert last.line == "POST /told?of=cases HTTP/1.1"
    named = (last.headers["Webhook-Id"], last.headers["Webhook-Timestamp"])
    signed = f"{'.'.join(named)}.".encode() + last.body
    made = hmac.new(hook.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert last.headers["Webhook-Signature"] == f"v1={made}"
    assert len({one.headers["Webhook-Id"] for one in receiver.requests}) == many
    assert call() == 0


def test_what_only_informs_is_no_answer(
    story: Story, receiver: Receiver, call: Callable[[], int]
) -> None:
    receiver.fault, many = "informs", waiting()
    assert call() == many > 0


def test_neither_an_act_nor_the_order_of_acts_tells_what_harm_was_done(
    story: Story, receiver: Receiver, worker: Worker
) -> None:
    many = waiting()
    with worker():
        call_all()
    acts = {one.kind for one in Outbox.objects.filter(webhook__isnull=False)}
    assert len(acts) > 2
    said = [json.loads(one.body) for one in receiver.requests]
    assert {tuple(sorted(one)) for one in said} == {("at", "reference")}
    assert len(said) == many
    assert not [act for act in acts for one in receiver.requests if act.encode() in one.body]


def test_mail_and_webhooks_have_turns_of_their_own(
    story: Story, receiver: Receiver, worker: Worker
) -> None:
    mails = Outbox.objects.filter(webhook=None, sent_at=None).count()
    with worker():
        assert deliver() == mails > 0
    assert waiting()
    assert not receiver.connections


def test_whoever_sweeps_by_cron_calls_too(story: Story, receiver: Receiver, worker: Worker) -> None:
    many = waiting()
    with worker():
        call_command("sweep", no_deliver=True, verbosity=0)
        assert not receiver.requests
        call_command("sweep", verbosity=0)
    assert len(receiver.requests) == many


def test_nobody_but_the_worker_calls(story: Story, receiver: Receiver) -> None:
    many = waiting()
    with pytest.raises(ProgrammingError, match="permission denied"):
        call_all()
    assert not receiver.connections
    assert waiting() == many


def test_after_a_change_of_secret_both_sign(
    everyone: Cast,
    story: Story,
    hook: Registered,
    receiver: Receiver,
    call: Callable[[], int],
) -> None:
    how = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    managing.change_secret(hook.webhook, **how)  # type: ignore[arg-type]
    call()
    assert receiver.requests[0].headers["Webhook-Signature"].count("v1=") == 2


@pytest.mark.parametrize(
    ("fault", "named", "lasting"),
    [
        ("500", "WebhookServerError", True),
        ("hang", "WebhookTimeout", True),
        ("mute", "WebhookTimeout", True),
        ("slow", "WebhookTimeout", True),
        ("wrong name", "WebhookCertificate", True),
        ("garbage", "WebhookBrokenAnswer", True),
        ("endless", "WebhookBrokenAnswer", True),
        ("nothing", "WebhookBrokenAnswer", True),
        ("429", "WebhookBusy", True),
        ("redirect", "WebhookRedirect", False),
        ("400", "WebhookRefused", False),
        ("informs, then 400", "WebhookRefused", False),
    ],
)
def test_what_was_not_taken_is_told_again_later_and_given_up_in_the_end(
    story: Story, receiver: Receiver, today: time_machine.Traveller, worker: Worker, fault: str,
    named: str, lasting: bool,
) -> None:  # fmt: skip
    receiver.fault, many = fault, waiting()
    with worker():
        assert call_all() == 0
        first = row()
        assert (first.attempts, first.fault, first.sent_at) == (1, named, None)
        # Whoever is away is called once in a turn; who refuses, for each; and neither leads us on.
        assert receiver.connections == (1 if lasting else many)
        receiver.fault = ""
        today.shift(timedelta(minutes=2))
        assert call_all() > 0
        assert row().sent_at is not None
        last = Outbox.objects.filter(webhook__isnull=False).latest("pk")
        tried = Outbox.objects.filter(pk=last.pk)
        tried.update(sent_at=None, attempts=MOST_ATTEMPTS - 1, next_attempt_at=moment(TODAY))
        receiver.fault = fault
        call_all()
        assert (tried.get().dead_at is None) is lasting
        today.shift(PATIENCE)
        call_all()
        assert tried.get().dead_at is not None


def test_the_administrators_are_told_once_a_day_that_nothing_is_taken(
    everyone: Cast, story: Story, receiver: Receiver, worker: Worker
) -> None:
    receiver.fault, many = "400", waiting()
    with worker():
        Outbox.objects.filter(webhook__isnull=False).update(attempts=MOST_ATTEMPTS - 1)
        call_all()
        call_all()
    assert Outbox.objects.filter(webhook__isnull=False, dead_at__isnull=False).count() == many > 1
    (told,) = Outbox.objects.filter(kind="webhook_not_taken")
    assert told.person == everyone.adam
    assert not Outbox.objects.filter(kind="dead_letter").exists()


def test_an_ended_webhook_is_told_nothing_more(
    everyone: Cast,
    story: Story,
    hook: Registered,
    receiver: Receiver,
    call: Callable[[], int],
    worker: Worker,
) -> None:
    how = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    managing.end(hook.webhook, **how)  # type: ignore[arg-type]
    before = Outbox.objects.filter(webhook__isnull=False).count()
    assert not waiting()
    story.act(story.again().notification, "acknowledge", "sol", TODAY)
    assert Outbox.objects.filter(webhook__isnull=False).count() == before
    # As an act would leave them that was under way when the webhook was ended.
    with worker():
        Outbox.objects.filter(webhook__isnull=False).update(cancelled_at=None)
    assert waiting() > 1
    call()
    assert not receiver.connections
    assert not waiting()


def test_of_a_case_that_went_to_another_authority_nothing_is_told(
    everyone: Cast, story: Story, receiver: Receiver, call: Callable[[], int], worker: Worker
) -> None:
    with sight.of(everyone.ben, on=day(TODAY)):
        Case.objects.filter(pk=story.case.pk).update(authority=everyone.southfen)
    assert waiting()
    call()
    assert not receiver.requests
    assert not waiting()


def test_a_draft_is_named_by_what_stands_in_its_addresses(
    everyone: Cast, hook: Registered, receiver: Receiver, call: Callable[[], int]
) -> None:
    case = a_case(everyone, aware="2026-11-19", opened=TODAY).case
    assert call() == len(receiver.requests) > 0
    assert {json.loads(one.body)["reference"] for one in receiver.requests} == {case.address}


def test_what_its_name_or_certificate_cannot_be_is_one_more_fault(
    story: Story, receiver: Receiver, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*rest: object, **how: object) -> None:
        # As for a label of a name that no name can have.
        raise UnicodeError

    with worker():
        # The database is connected to by then.
        assert waiting()
        monkeypatch.setattr(socket, "getaddrinfo", asked)
        assert call_all() == 0
        assert (row().fault, row().attempts) == ("WebhookNoAnswer", 1)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    story: Story, receiver: Receiver, call: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert call() == 0
    assert row().fault == "WebhookCertificate"
    assert not receiver.requests


def test_an_address_inside_is_not_called_whoever_registered_it(
    story: Story, receiver: Receiver, settings: Settings, call: Callable[[], int]
) -> None:
    settings.PRIVATE_WEBHOOKS = frozenset()
    assert call() == 0
    assert row().fault == "WebhookNotAllowed"
    assert not receiver.connections
