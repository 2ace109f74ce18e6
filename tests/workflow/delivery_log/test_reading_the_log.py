"""The delivery log: what was planned, sent, withheld and given up, to whom by role, and why."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import databases
from tests.story import Cast, Story, a_case, cast, moment
from tests.templates.markup import Markup
from tests.workflow.reminders.telling import delivered, swept
from workflow import clock, opaque
from workflow.delivery_log.words import step
from workflow.law.duties import NOTIFY_THE_PANEL, RAPID_REVIEW
from workflow.law.ladders import LADDERS
from workflow.models import Membership, Outbox, Reminder

Read = Callable[..., str]
KNOWN = "2026-10-05"


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


@pytest.fixture
def story(everyone: Cast, committing_db: str) -> Story:
    """A case past its date by a day: digests, due-today and overdue have gone out."""
    with clock.told(moment(KNOWN)):
        told = a_case(everyone, aware=KNOWN)
    with databases.as_worker(committing_db):
        for on in ("2026-10-06", "2026-10-08", "2026-10-12", "2026-10-13"):
            swept(on)
            delivered(on)
    return told


@pytest.fixture
def read(everyone: Cast) -> Read:
    def page(name: str, path: str, code: int = 200) -> str:
        client = Client()
        client.force_login(everyone.people[name])
        answer = client.get(path)
        assert answer.status_code == code, path
        return Markup(answer.content.decode()).one("main").text

    return page


def test_an_administrator_sees_who_was_told_by_role_and_what_became_of_it(
    story: Story, read: Read
) -> None:
    said = read("sam", "/messages/")
    assert story.case.label in said
    assert "Notifier, Northmoor" in said
    assert "Notifier and Approver, Northmoor" in said
    assert "The day after the date" in said
    assert "In the digest of the day." in said
    for personal in ("Ada", "Ben", "@"):
        assert personal not in said


def test_an_approver_sees_the_own_authoritys_and_names_of_the_own_people(
    story: Story, read: Read
) -> None:
    said = read("ben", "/messages/")
    assert "Ada (Notifier, Northmoor)" in said
    assert "@" not in said
    assert "There is nothing yet." in read("cara", "/messages/")
    assert "There is nothing yet." in read("cara", "/messages/?part=others")
    assert "There is nothing yet." in read("cara", "/messages/?part=planned")


@pytest.mark.parametrize("name", ["ada", "sol", "ira", "dele", "olu", "bea"])
def test_nobody_else_has_the_log(name: str, everyone: Cast) -> None:
    client = Client()
    client.force_login(everyone.people[name])
    whys = [reverse(why, args=[1]) for why in ("why-reminder", "why-message")]
    for path in ("/messages/", *whys):
        assert client.get(path).status_code == 403


def test_what_is_planned_stands_with_its_day_and_whom_it_is_meant_for(
    story: Story, read: Read
) -> None:
    said = read("sam", "/messages/?part=planned&duty=notify-1")
    assert "15 October 2026 at 8:00am" in said
    assert "Those whose work it is, their approvers and named seniors and the Panel’s" in said
    story.notified("2026-10-14", late_reason="other")
    assert story.case.label not in read("sam", "/messages/?part=planned&duty=notify-1")


def test_of_which_step_nobody_was_told_and_why(
    story: Story, everyone: Cast, committing_db: str, read: Read
) -> None:
    path = "/messages/?part=to-nobody"
    assert "There is nothing yet." in read("sam", path)
    story.notified("2026-10-14", late_reason="other")
    with clock.told(moment("2026-10-05", "11:00")):
        moved = a_case(everyone, aware="2026-10-05")
        without_people = a_case(everyone, aware="2026-10-05", by="cara")
    with databases.as_worker(committing_db):
        swept("2026-10-05", "12:00")
    with clock.told(moment("2026-10-05", "13:00")):
        moved.facts("2026-10-05", aware_on=moment("2026-10-02").date())
    Membership.objects.filter(organisation=without_people.cast.southfen).update(
        until=moment("2026-10-01").date()
    )
    # The operator's administrators are the last reserve: here they come later.
    Membership.objects.filter(person=everyone.sam).update(since=moment("2026-10-20").date())
    with databases.as_worker(committing_db):
        swept("2026-10-16")

    def said_of(one: Story, name: str = "sam") -> str:
        return read(name, f"{path}&reference={one.again().label.replace(' ', '+')}")

    done = said_of(story, "ben")
    assert "What was asked for had been done, on Wednesday 14 October 2026." in done
    assert "3 working days after the date" in done
    assert "The date had moved: this step was for the date before." in said_of(moved)
    nobody = "Nobody who could have been told was able to see the case."
    assert nobody in said_of(without_people)
    assert "Nothing matches" in said_of(without_people, "ben")
    assert nobody in read("sam", f"{path}&area=9902")
    assert nobody not in read("sam", f"{path}&area=9901")


def test_a_step_of_a_duty_that_had_ended_is_listed_under_that_duty_alone(
    everyone: Cast, committing_db: str, read: Read
) -> None:
    with clock.told(moment("2026-10-05", "11:00")):
        ended = a_case(everyone, aware="2026-10-05")
    with databases.as_worker(committing_db):
        swept("2026-10-05", "12:00")
    with clock.told(moment("2026-10-05", "13:00")):
        ended.facts("2026-10-05", outcome="died", abuse="neither", care_leaver=True, under_18=False)
    with databases.as_worker(committing_db):
        swept("2026-10-06")
    path = f"/messages/?part=to-nobody&reference={ended.case.label.replace(' ', '+')}"
    said = "The duty had ended, on Monday 5 October 2026."
    assert said in read("sam", path)
    assert said in read("sam", f"{path}&duty={NOTIFY_THE_PANEL.address}")
    assert "Nothing matches" in read("sam", f"{path}&duty={RAPID_REVIEW.address}")


def test_the_filters_stand_in_the_address(story: Story, read: Read) -> None:
    other = f"/messages/?reference={story.case.label.replace(' ', '+')}"
    assert "The day after the date" in read("sam", other)
    assert "Nothing matches" in read("sam", "/messages/?reference=SIN-0000-0000-0000")
    assert "Nothing matches" in read("sam", "/messages/?reference=rubbish")
    assert "Nothing matches" in read("sam", "/messages/?area=9902")
    assert "The day after the date" in read("sam", "/messages/?area=9901&state=sent")
    assert "Nothing matches" in read("sam", "/messages/?state=bounced")
    assert "Nothing matches" in read("sam", "/messages/?state=given-up")
    withheld = read("sam", "/messages/?state=not-sent")
    assert "Told with the reminder to notify the Panel" in withheld


def test_a_reminder_says_why_it_was_sent(story: Story, read: Read) -> None:
    row = Reminder.objects.get(rung="overdue", person=story.cast.ada, withheld="")
    said = read("sam", reverse("why-reminder", args=[row.pk]))
    assert "Why was this sent?" in said
    assert "the day after the date." in said
    assert "Monday 12 October 2026" in said
    assert "Notifier, Northmoor" in said
    assert "Those whose work it is" in said
    assert "13 October 2026 at 8:00am" in said
    assert "1 attempt" in said
    assert row.message_id is not None
    named = opaque.hide("message", row.message_id)
    assert f"carries {named} in its head" in said
    assert reverse("why-message", args=[row.message_id]).split("/")[-2] == named
    carried = {one.extra_headers["X-Message-Id"] for one in mail.outbox}
    assert named in carried
    assert not [one for one in carried if one.isdigit()], "a key that counts"
    assert read("cara", reverse("why-reminder", args=[row.pk]), 404)


def test_the_role_is_the_one_held_at_that_time(story: Story, read: Read) -> None:
    row = Reminder.objects.get(rung="overdue", person=story.cast.ada, withheld="")
    held = story.cast.ada.memberships.get()
    held.until = moment("2026-10-20").date()
    held.save()
    assert "Notifier, Northmoor" in read("sam", reverse("why-reminder", args=[row.pk]))


def test_what_was_done_before_its_message_left_says_so(
    everyone: Cast, committing_db: str, read: Read
) -> None:
    with clock.told(moment(KNOWN)):
        told = a_case(everyone, aware=KNOWN)
    with databases.as_worker(committing_db):
        swept("2026-10-12")
    with clock.told(moment("2026-10-12", "08:00")):
        told.notified("2026-10-12", clock="08:00")
    with databases.as_worker(committing_db):
        delivered("2026-10-12")
    assert "What it spoke of was done, or its date had moved." in read("sam", "/messages/")
    row = Reminder.objects.filter(rung="due-today", withheld="").first()
    assert row is not None
    said = read("sam", reverse("why-reminder", args=[row.pk]))
    assert "What was asked for was done on Monday 12 October 2026." in said
    others = read("sam", "/messages/?part=others")
    assert "A notification was sent." in others
    assert "Secretariat, Child Safeguarding Practice Review Panel" in others


def test_messages_about_accounts_are_for_administrators_alone(everyone: Cast, read: Read) -> None:
    Outbox.objects.create(
        dedupe="x", kind="account/email/password_reset_key", person=everyone.ada,
        created_at=clock.now(), next_attempt_at=clock.now(),
    )  # fmt: skip
    assert "About an account." in read("sam", "/messages/?part=others")
    assert "About an account." not in read("ben", "/messages/?part=others")


@pytest.mark.parametrize("part", ["others", "planned", "reminders"])
def test_a_long_log_goes_on_from_its_last_row_and_back(
    part: str, everyone: Cast, committing_db: str
) -> None:
    with clock.told(moment(KNOWN)):
        stories = [a_case(everyone, aware=KNOWN) for _ in range(9)]
    if part == "others":
        for one in stories:
            one.notified("2026-10-06")
    with databases.as_worker(committing_db):
        swept("2026-10-06")
    client = Client()
    client.force_login(everyone.sam)
    seen: list[list[str]] = []
    address = f"/messages/?part={part}"
    while address:
        html = client.get(address).content.decode()
        seen.append(
            re.findall(r'<tr class="govuk-table__row" role="row">(.*?)</tr>', html, re.DOTALL)[1:]
        )
        ahead = Markup(html).all("a", rel="next")
        address = f"/messages/{ahead[0].attrs['href'].partition('/messages/')[2]}" if ahead else ""
    rows = [row for page in seen for row in page]
    expected = {
        "others": Outbox.objects.exclude(kind__in=["reminder", "digest"]).count(),
        "planned": len(rows),
        "reminders": Reminder.objects.count(),
    }
    assert len(seen) > 1
    assert len(rows) == expected[part]
    back = Markup(html).all("a", rel="prev")
    assert back
    assert client.get(back[0].attrs["href"]).status_code == 200


def test_an_address_that_is_no_position_begins_the_list(story: Story, everyone: Cast) -> None:
    client = Client()
    client.force_login(everyone.sam)
    for part in ("planned", "reminders", "to-nobody", "others"):
        for position in (
            "after=x",
            "before=2026-01-01",
            "after=99999999999999999999999",
            "after=_",
        ):
            answer = client.get(f"/messages/?part={part}&{position}")
            assert answer.status_code in {200, 302}


def test_every_step_of_every_ladder_has_its_words() -> None:
    said = {step(slug, rung.key) for slug, rungs in LADDERS.items() for rung in rungs}
    assert {
        "1 working day after the clock started",
        "3 working days before the date",
        "On the date itself",
        "The day after the date",
        "3 working days after the date",
        "5 months after the clock started",
        "When the date was set",
    } <= said
    assert step("rapid-review", "overdue-weeks:2") == (
        "Every 5 working days after the date, for the 2nd time"
    )
    assert step("local-review", "overdue-months:11").endswith("for the 11th time")
    assert "earlier version" in step("rapid-review", "gone")


def test_a_page_of_the_log_takes_a_handful_of_statements(story: Story, everyone: Cast) -> None:
    client = Client()
    client.force_login(everyone.sam)
    client.get("/messages/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/messages/")
    assert len(asked) <= 14, [one["sql"][:100] for one in asked.captured_queries]
