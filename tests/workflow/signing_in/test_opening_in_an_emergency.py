"""One case, a reason, an hour, aloud; and somebody else says afterwards whether it was right."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.story import PASSWORD, Cast, Story, a_case, day, moment, person
from tests.templates.markup import Markup
from tests.workflow.signing_in.conftest import SignIn
from workflow import services
from workflow.access.policy import Rights
from workflow.machine import emergencies
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import Case, Emergency, Event, Grant, Membership, Organisation, Outbox
from workflow.outbox.mail import compose

REASON = "The duty doctor rang: the other authority does not answer tonight."


@pytest.fixture
def story(everyone: Cast) -> Story:
    """Northmoor's case, of which Cara of Southfen sees nothing."""
    operator = Organisation.objects.get(key="operator")
    everyone.people["pia"] = person("Pia", operator, "privacy_officer")
    return a_case(everyone, aware="2026-12-01").notified("2026-12-04")


def opens(client: Client, reference: str, reason: str = REASON) -> Any:
    return client.post("/emergency/", {"reference": reference, "reason": reason})


def problems(answer: Any) -> str:
    return Markup(answer.content.decode()).of_class("govuk-error-summary")[0].text


def test_the_case_is_read_for_an_hour_under_a_red_banner(
    story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    cara, address = enters_("cara"), f"/cases/{story.case.address}/"
    assert cara.get(address).status_code == 404
    assert opens(cara, story.case.label).headers["Location"] == address
    token = {"token": story.case.token}
    for name in ("case", "timeline", "people-with-access", "notifications:read"):
        page = Markup(cara.get(reverse(name, kwargs=token)).content.decode())
        assert "You opened this case in an emergency" in page.of_class("app-emergency")[0].text
    now.shift(timedelta(minutes=29))
    cara.get(address)
    now.shift(timedelta(minutes=29))
    assert cara.get(address).status_code == 200
    now.shift(timedelta(minutes=2))
    assert cara.get(address).status_code == 404


def test_names_are_asked_for_in_an_emergency_too_and_the_asking_is_kept(
    story: Story, enters_: SignIn
) -> None:
    cara = enters_("cara")
    opens(cara, story.case.label)
    answer = cara.post(reverse("notifications:children", args=[story.case.token]))
    assert answer.status_code == 200
    event = Event.objects.get(case=story.case, act="names_viewed")
    assert event.actor == story.cast.cara


def test_whoever_belongs_to_two_authorities_asks_for_names_as_somebody_of_the_cases_own(
    everyone: Cast, story: Story, enters_: SignIn
) -> None:
    Membership.objects.create(
        person=everyone.cara, organisation=everyone.northmoor, role="la_notifier",
        since=day("2026-01-01"),
    )  # fmt: skip
    enters_("cara").post(reverse("notifications:children", args=[story.case.token]))
    event = Event.objects.get(case=story.case, act="names_viewed")
    assert event.organisation == everyone.northmoor


def test_nobody_else_sees_more_and_nobody_else_sees_the_banner(
    story: Story, enters_: SignIn
) -> None:
    opens(enters_("cara"), story.case.label)
    page = Markup(enters_("ada").get(f"/cases/{story.case.address}/").content.decode())
    assert not page.of_class("app-emergency")


def test_it_is_read_and_nothing_is_done_on_it(
    everyone: Cast, story: Story, enters_: SignIn
) -> None:
    opens(enters_("cara"), story.case.label)
    rights = Rights(everyone.cara, story.case, day("2026-12-10"))
    assert rights.may("view.content")
    assert not [act for act in ("write.notification", "write.rapid_review", "sign_off", "link",
                                "panel.respond", "transfer.agree") if rights.may(act)]  # fmt: skip
    with pytest.raises(NotFound):
        services.advance(
            story.rapid_review, "submit", by=everyone.cara, on=day("2026-12-10"),
            at=moment("2026-12-10"),
        )  # fmt: skip


def test_the_authority_and_the_privacy_officer_are_told_at_once_without_a_name(
    everyone: Cast, story: Story, enters_: SignIn
) -> None:
    opens(enters_("cara"), story.case.label)
    rows = Outbox.objects.filter(kind="emergency").select_related("person")
    assert {row.person for row in rows} == {everyone.ben, everyone.people["pia"]}
    for row in rows:
        message = compose(row, on=day("2026-12-10"))
        assert message is not None
        assert message.words.subject == f"Case opened in an emergency: {story.case.label}"
        assert "/emergencies/" in message.words.text
        assert "doctor" not in message.words.text


def test_it_stands_in_the_trail_and_among_the_grants(story: Story, enters_: SignIn) -> None:
    opens(enters_("cara"), story.case.label)
    event = Event.objects.filter(case=story.case).latest("sequence")
    assert (event.act, event.actor.name, event.reason) == ("open_in_emergency", "Cara", REASON)  # type: ignore[union-attr]
    grant = Grant.objects.get(case=story.case, capacity="emergency")
    assert grant.expires_at == moment("2026-12-10", "10:30")


@pytest.mark.parametrize(
    ("reference", "reason", "words"),
    [
        ("SIN-7K2M-Q9XD-4TVB", REASON, emergencies.NO_CASE),
        ("nonsense", REASON, emergencies.NO_CASE),
        ("", "too  short   to    say     why", "Enter the reference of the case"),
    ],
)
def test_what_is_wrong_is_said(
    story: Story, enters_: SignIn, reference: str, reason: str, words: str
) -> None:
    assert words in problems(opens(enters_("cara"), reference, reason))


def test_every_reason_is_given_at_once_and_nothing_typed_is_lost(
    story: Story, enters_: SignIn
) -> None:
    answer = opens(enters_("cara"), "SIN-7K2M-Q9XD-4TVB", "too short")
    assert emergencies.NO_CASE in problems(answer)
    assert emergencies.TOO_SHORT in problems(answer)
    assert "too short" in Markup(answer.content.decode()).one("textarea").text


def test_a_case_in_sight_is_not_opened_so(story: Story, enters_: SignIn) -> None:
    assert emergencies.IN_SIGHT in problems(opens(enters_("ben"), story.case.label))
    assert not Emergency.objects.exists()


def test_three_a_day_and_again_tomorrow(
    everyone: Cast, story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    cases = [a_case(everyone, aware="2026-12-01").notified("2026-12-04") for _ in range(4)]
    cara = enters_("cara")
    for one in cases[:3]:
        assert opens(cara, one.case.label).status_code == 302
    assert emergencies.TOO_MANY in problems(opens(cara, cases[3].case.label))
    now.shift(timedelta(days=1))
    assert opens(enters_("cara"), cases[3].case.label).status_code == 302


def test_the_same_case_is_opened_again_once_its_hour_is_over(
    story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    assert opens(enters_("cara"), story.case.label).status_code == 302
    now.shift(timedelta(minutes=61))
    assert opens(enters_("cara"), story.case.label).status_code == 302
    assert Emergency.objects.count() == 2


@pytest.mark.parametrize("name", ["ada", "adam", "sam", "olu", "priya"])
def test_other_roles_are_refused(story: Story, enters_: SignIn, name: str) -> None:
    assert enters_(name).get("/emergency/").status_code == 403


def test_it_asks_who_one_is_after_five_minutes(
    story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    cara = enters_("cara")
    now.shift(timedelta(minutes=5))
    assert cara.get("/emergency/").headers["Location"].startswith("/account/reauthenticate/")
    assert "more than 5 minutes" in problems(opens(cara, story.case.label))
    assert not Emergency.objects.exists()
    cara.post("/account/reauthenticate/", {"password": PASSWORD})
    assert opens(cara, story.case.label).status_code == 302


def test_somebody_else_reviews_it_and_only_once(
    everyone: Cast, story: Story, enters_: SignIn
) -> None:
    opens(enters_("cara"), story.case.label)
    row = Emergency.objects.get()
    assert row.review_due_on == day("2026-12-17")
    pia = enters_("pia")
    assert REASON in Markup(pia.get("/emergencies/").content.decode()).one("main").text
    path = reverse("emergency-review", args=[row.pk])
    said = {"finding": "wrong", "note": "Southfen could have asked."}
    assert pia.post(path, said).status_code == 302
    assert emergencies.REVIEWED in problems(enters_("ben").post(path, said))
    event = Event.objects.filter(case=story.case).latest("sequence")
    assert (event.act, event.capacity) == ("review_emergency", "privacy_officer")
    assert enters_("cara").get(path).status_code == 404, "not one of her authority's cases"
    with pytest.raises(CannotAdvance, match="you opened the case"):
        emergencies.review(
            row, finding="right", note="", by=everyone.cara, on=day("2026-12-10"),
            at=moment("2026-12-10"),
        )  # fmt: skip


def test_after_the_fifth_working_day_it_is_escalated_once(
    story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    opens(enters_("cara"), story.case.label)
    told = Outbox.objects.filter(kind="emergency_overdue")
    now.move_to(moment("2026-12-17", "23:59"))
    emergencies.escalate_now()
    assert not told.exists()
    now.move_to(moment("2026-12-18", "00:01"))
    emergencies.escalate_now()
    emergencies.escalate_now()
    assert sorted(row.person.name for row in told.select_related("person") if row.person) == [
        "Ben",
        "Pia",
    ]


def test_one_that_was_reviewed_is_not_escalated(
    everyone: Cast, story: Story, enters_: SignIn, now: time_machine.Traveller
) -> None:
    opens(enters_("cara"), story.case.label)
    emergencies.review(
        Emergency.objects.get(), finding="right", note="Yes.", by=everyone.ben,
        on=day("2026-12-11"), at=moment("2026-12-11"),
    )  # fmt: skip
    now.move_to(moment("2026-12-21"))
    assert emergencies.escalate_now() == 0
    assert not Outbox.objects.filter(kind="emergency_overdue").exists()


def test_no_reason_rests_in_plain_text(story: Story, enters_: SignIn) -> None:
    opens(enters_("cara"), story.case.label)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reason::text FROM workflow_emergency")
        assert "doctor" not in str(cursor.fetchall())
    assert Case.objects.filter(emergencies__isnull=False).count() == 1
