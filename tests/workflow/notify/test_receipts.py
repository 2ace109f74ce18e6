"""What became of a message is asked for, kept with its row, and acted on."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.story import Story
from tests.workflow.notify.fake import Fake
from tests.workflow.notify.rounds import ask_at_once, deliver_later, fresh, the_one
from workflow import clock
from workflow.models import Outbox
from workflow.outbox import delivering
from workflow.outbox.delivering import deliver
from workflow.outbox.receipts import ask_for_receipts

A_YEAR = timedelta(days=365)


def test_what_was_delivered_is_known_and_asked_about_no_more(story: Story, post: Fake) -> None:
    row = the_one(to=2)
    deliver()
    post.becomes("sending", of=post.addresses()[0])
    post.becomes("delivered", of=post.addresses()[1])
    assert ask_for_receipts() == 1
    assert fresh(row).delivered_at is None
    post.becomes("delivered")
    assert ask_at_once() == 1
    row = fresh(row)
    assert (row.delivered_at is not None, row.bounced_at) == (True, None)
    assert ask_at_once() == 0


def test_a_row_is_asked_about_less_often_the_older_it_is(story: Story, post: Fake) -> None:
    row = the_one()
    deliver()
    asked = []
    for hours in (0, 4, 48):
        now = clock.now()
        Outbox.objects.filter(pk=row.pk).update(
            next_attempt_at=now - timedelta(seconds=1), sent_at=now - timedelta(hours=hours)
        )
        assert ask_for_receipts() == 1
        assert ask_for_receipts() == 0
        asked.append(round((fresh(row).next_attempt_at - now).total_seconds() / 60))
    assert asked == [1, 120, 360]
    Outbox.objects.filter(pk=row.pk).update(
        next_attempt_at=clock.now() - A_YEAR, sent_at=clock.now() - timedelta(days=8)
    )
    assert ask_for_receipts() == 0


def test_what_came_back_is_marked_and_the_operators_are_told_once(story: Story, post: Fake) -> None:
    row = the_one(to=2)
    deliver()
    post.becomes("delivered")
    post.becomes("permanent-failure", of=post.addresses()[0])
    assert ask_for_receipts() == 1
    row = fresh(row)
    assert row.delivered_at is not None
    assert row.bounced_at is not None
    told = Outbox.objects.get(kind="bounced")
    assert told.dedupe.startswith(f"bounced:{row.pk}:o")
    assert deliver() == 1
    assert post.taken[-1]["personalisation"]["subject"] == "A message came back"
    post.becomes("permanent-failure")
    ask_for_receipts()
    assert fresh(told).bounced_at is not None
    assert Outbox.objects.filter(kind="bounced").count() == 1


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("temporary-failure", "NotifyTemporaryFailure"),
        ("technical-failure", "NotifyTechnicalFailure"),
    ],
)
def test_a_failure_for_now_is_sent_again_to_that_address_alone(
    story: Story, post: Fake, status: str, word: str
) -> None:
    row = the_one(to=2)
    deliver()
    full = post.addresses()[0]
    post.becomes("delivered")
    post.becomes(status, of=full)
    ask_for_receipts()
    row = fresh(row)
    assert (row.sent_at, row.fault, row.delivered_at) == (None, word, None)
    assert row.next_attempt_at > clock.now() + timedelta(minutes=50)
    assert deliver_later() == 1
    assert post.addresses()[2:] == [full]
    post.taken[-1]["status"] = "delivered"
    ask_at_once()
    assert fresh(row).delivered_at is not None


def test_a_failure_for_now_at_the_last_attempt_is_given_up(story: Story, post: Fake) -> None:
    row = the_one()
    deliver()
    Outbox.objects.filter(pk=row.pk).update(attempts=delivering.MOST_ATTEMPTS)
    post.becomes("temporary-failure")
    ask_for_receipts()
    row = fresh(row)
    assert (row.sent_at, row.dead_at is not None) == (None, True)
    assert Outbox.objects.filter(kind="dead_letter").exists()


@pytest.mark.parametrize("fault", ["rate", "away", "drop", "page", "list", "garbled"])
def test_receipts_that_cannot_be_asked_for_change_nothing(
    story: Story, post: Fake, fault: str
) -> None:
    deliver()
    post.becomes("delivered")
    post.reading = fault
    assert ask_at_once() == 0
    assert not Outbox.objects.exclude(delivered_at=None).exists()


def test_with_a_mail_server_nobody_is_asked(story: Story, post: Fake, settings: Settings) -> None:
    deliver()
    settings.MAIL_TRANSPORT = "smtp"
    before = len(post.requests)
    assert ask_for_receipts() == 0
    assert len(post.requests) == before
