"""What a reminder says: the act, the date and the reference; never a person, a place or a story."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from tests import databases
from tests.story import Story, a_case, cast, day, moment
from tests.workflow.reminders.telling import at, delivered, messages, swept
from workflow import clock
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.ladders import LADDERS
from workflow.models import Case, Deadline
from workflow.reminders.letters import BESIDES, OF_A_RUNG, WORDS, letter_about, words_for


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    with clock.told(moment("2026-11-20")):
        yield a_case(cast(), aware="2026-11-20")


def test_what_is_due_today_says_so_in_its_subject(story: Story, committing_db: str) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-27")
        assert delivered("2026-11-27") == 2
    assert {one.subject for one in mail.outbox} == {
        f"Due today, 27 November: send the notification, {story.case.label}"
    }
    text = mail.outbox[0].body
    assert "It is due on Friday 27 November 2026. Due today by 11:59pm." in text
    assert f"/cases/{story.case.address}/" in text
    assert str(mail.outbox[0].extra_headers["Auto-Submitted"]) == "auto-generated"


def test_what_goes_out_later_than_planned_tells_the_date_as_it_then_stands(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-27")
        delivered("2026-11-30")
    assert {one.subject for one in mail.outbox} == {
        f"Overdue: notification {story.case.label} was due Friday 27 November"
    }


def test_a_digest_counts_and_lists_what_is_owed(story: Story, committing_db: str) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert delivered("2026-11-23") == 2
    assert mail.outbox[0].subject == "Your dates: 1 due within 5 working days"
    said = f"{story.case.label}: send the notification by Friday 27 November 2026"
    assert f"- {said} (due in 4 working days)" in mail.outbox[0].body


def test_the_partners_are_asked_for_their_view_and_whoever_sends_it_for_the_rapid_review(
    story: Story, committing_db: str
) -> None:
    story.notified("2026-11-23")
    with databases.as_worker(committing_db):
        # Due on 14 December: two working days before, the partners; one day before, who sends it.
        for on in ("2026-12-10", "2026-12-11"):
            swept(on)
            delivered(on)
    label = Case.objects.get(pk=story.case.pk).label
    by = "the rapid review by Monday 14 December 2026"
    told = {
        one.to[0].partition("@")[0]: one.body for one in mail.outbox if "Your dates" in one.subject
    }
    assert f"- {label}: give your view of {by} (due in 2 working days)" in told["polly"]
    assert f"- {label}: send {by}" not in told["polly"]
    assert f"- {label}: send {by} (due in 1 working day)" in told["ada"]
    assert "view of" not in told["ada"]


@pytest.mark.parametrize(
    ("rungs", "act"),
    [
        ((), "Send the rapid review"),
        (("1-days-left",), "Send the rapid review"),
        (("sign-offs",), "Give your view of the rapid review"),
        (("sign-offs", "1-days-left"), "Send the rapid review"),
    ],
)
def test_who_is_asked_for_both_is_asked_for_the_whole(rungs: tuple[str, ...], act: str) -> None:
    assert words_for(Deadline(duty="rapid-review"), rungs).act == act


def test_the_words_of_rungs_are_of_rungs_that_are_there() -> None:
    assert OF_A_RUNG.keys() | BESIDES.keys() <= {
        rung.key for rungs in LADDERS.values() for rung in rungs
    }


def test_a_duty_discharged_before_the_message_leaves_cancels_it(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-27")
    with at("2026-11-27", "08:00"):
        story.notified("2026-11-27", clock="08:00")
    with databases.as_worker(committing_db):
        delivered("2026-11-27")
        assert {row.cancelled_at for row in messages("reminder")} == {moment("2026-11-27", "08:01")}
    assert not [one for one in mail.outbox if "Due today" in one.subject]


def test_a_moved_date_cancels_what_was_made_for_the_old_one(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-27")
    with at("2026-11-27", "08:00"):
        story.facts("2026-11-27", aware_on=clock.today())
    with databases.as_worker(committing_db):
        assert delivered("2026-11-27") == 0


def test_every_duty_with_a_ladder_has_its_words() -> None:
    assert set(WORDS) == {slug for slug, rungs in LADDERS.items() if rungs}


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(WORDS))
@pytest.mark.parametrize("due_in", [30, 0, -30])
def test_no_subject_is_longer_than_78_characters(slug: str, due_in: int) -> None:
    on = day("2026-09-30")
    deadline = Deadline(
        case=Case(notified_on=on),
        duty=slug,
        due_on=on + timedelta(days=due_in),
        receipt=duties.NOTIFY_THE_PANEL.receipt(on, COMMITTED).as_json(),
    )
    subject = letter_about(deadline, on, COMMITTED).subject
    assert len(subject) <= 78, subject


def test_the_worker_writes_letters_without_reading_any_narrative(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db), connection.cursor() as cursor:
        swept("2026-11-27")
        cursor.execute("SELECT count(*) FROM workflow_reminder")
        assert cursor.fetchone()[0] > 0
        assert delivered("2026-11-27") == 2
