"""After sending: add or correct, propose, reply, go on; and reading it without names."""

import re

import pytest
from django.test import Client

from notifications.models import Amendment, IncidentChild, Notification
from tests.notifications.answers import CHILD, PAGES, at, errors, fill, sent, sign_in, when
from tests.story import Cast
from workflow import clock, services
from workflow.models import Answers, Case, Deadline, Event, NotificationProcess, Outbox


@pytest.fixture
def notified(draft: Case, everyone: Cast) -> Case:
    """A notification that was sent today."""
    return sent(draft, everyone.ada)


WHY = {"reason": "The hospital found more."}


def test_a_correction_keeps_before_after_and_why_and_tells_the_panel(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    told = Outbox.objects.filter(case=notified).count()
    href = at("amend-page", notified, page="harm")
    answer = fill(ada, href, {**PAGES["harm"], "setting": "both", **WHY})
    assert answer["Location"].startswith(at("read", notified)), errors(answer)
    row = Amendment.objects.select_related("case").get()
    assert (row.before["setting"], row.after["setting"]) == (["inside_home"], ["both"])
    assert row.reason == "The hospital found more."
    assert Notification.objects.get(case=notified).harm_setting == "both"
    assert Outbox.objects.filter(case=notified).count() > told
    html = sign_in(everyone.priya).get(at("read", notified)).content.decode()
    assert "Inside the home" in html
    assert "Both inside and outside the home" in html
    assert "The hospital found more." in html
    # The trail says which page, also to those who do not read what it says.
    timeline = sign_in(everyone.sam).get(f"/cases/{notified.address}/timeline/").content.decode()
    assert "The harm." in timeline
    assert "The hospital found more." not in timeline


def test_a_correction_needs_a_reason_and_a_change(notified: Case, ada: Client) -> None:
    href = at("amend-page", notified, page="harm")
    without = fill(ada, href, {**PAGES["harm"], "setting": "both"})
    assert errors(without) == ["Enter why you are adding or correcting this"]
    assert 'value="both" checked' in without.content.decode()
    same = fill(ada, href, {**PAGES["harm"], **WHY})
    assert "Change something" in errors(same)[0]
    assert not Amendment.objects.exists()


def test_a_corrected_awareness_date_makes_nothing_on_time(notified: Case, ada: Client) -> None:
    before = Deadline.objects.get(case=notified, duty="notify-the-panel")
    href = at("amend-page", notified, page="awareness")
    fill(ada, href, {**PAGES["awareness"], **when("aware_on", "2026-11-18"), **WHY})
    after = Deadline.objects.get(case=notified, duty="notify-the-panel")
    assert (after.start_on, after.due_on, after.met_on) == (
        before.start_on,
        before.due_on,
        before.met_on,
    )
    notified.refresh_from_db()
    assert notified.aware_on == Notification.objects.get(case=notified).aware_on


def test_a_child_is_added_afterwards(notified: Case, ada: Client) -> None:
    href = at("amend-item", notified, page="name", item="new")
    answer = fill(ada, href, {**CHILD["name"], "given": "Owen", **WHY})
    assert answer.status_code == 302, errors(answer)
    assert IncidentChild.objects.filter(case=notified).count() == 2
    assert Notification.objects.get(case=notified).children == 2
    timeline = ada.get(f"/cases/{notified.address}/timeline/").content.decode()
    assert "Child B, Name." in timeline
    assert "Owen" not in timeline


def test_what_a_corrected_name_says_is_with_the_names(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    href = at("amend-item", notified, page="name", item="1")
    fill(ada, href, {**CHILD["name"], "given": "Quillfeather", **WHY})
    html = sign_in(everyone.priya).get(at("read", notified)).content.decode()
    assert "Quillfeather" not in html
    assert "first names" in html


def test_only_the_authority_corrects(notified: Case, everyone: Cast) -> None:
    href = at("amend-page", notified, page="harm")
    for who in ("cara", "priya", "polly", "sam"):
        assert sign_in(getattr(everyone, who)).get(href).status_code == 404, who


def test_a_draft_is_changed_and_not_corrected(draft: Case, ada: Client) -> None:
    assert ada.get(at("amend", draft)).status_code == 404


def test_a_page_of_what_was_sent_leads_to_reading_it(notified: Case, ada: Client) -> None:
    assert ada.get(at("page", notified, page="harm"))["Location"] == at("read", notified)
    assert ada.get(at("tasks", notified))["Location"] == at("read", notified)


def test_names_are_shown_only_on_asking_and_it_is_recorded(notified: Case, everyone: Cast) -> None:
    priya = sign_in(everyone.priya)
    for name in ("children", "read", "print"):
        html = priya.get(at(name, notified)).content.decode()
        for secret in ("Nia", "Sample", "27 March 2021", "1 Invented Street", "999 000 0018"):
            # As a word: three letters stand by chance in the random ones of a token too.
            assert not re.search(rf"\b{secret}\b", html), (name, secret)
    assert not Event.objects.filter(case=notified, act="names_viewed").exists()
    html = priya.post(at("children", notified)).content.decode()
    assert "Nia" in html
    assert "27 March 2021" in html
    event = Event.objects.get(case=notified, act="names_viewed")
    assert event.actor == everyone.priya


@pytest.mark.parametrize(
    ("who", "status"), [("cara", 404), ("sam", 404), ("olu", 404), ("ira", 200)]
)
def test_who_reads_it(who: str, status: int, notified: Case, everyone: Cast) -> None:
    client = sign_in(getattr(everyone, who))
    for name in ("read", "print", "children"):
        assert client.get(at(name, notified)).status_code == status, name


def test_the_print_view_says_what_it_is_and_who_printed_it(notified: Case, everyone: Cast) -> None:
    html = sign_in(everyone.priya).get(at("print", notified)).content.decode()
    for words in ("OFFICIAL-SENSITIVE", str(notified.reference), "Printed by Priya"):
        assert words in html


def test_the_print_view_says_on_which_day_it_was_sent_and_who_was_told(
    notified: Case, everyone: Cast
) -> None:
    priya = sign_in(everyone.priya)
    on_paper, on_screen = (
        re.sub(r"<[^>]+>|\s+", " ", priya.get(at(name, notified)).content.decode())
        for name in ("print", "sent")
    )
    days = re.findall(r"Met, day \d of \d", on_screen)
    assert days
    assert re.findall(r"Met, day \d of \d", on_paper) == days
    told = on_screen.partition("Who was told")[2].partition("What happens next")[0].split()
    assert "Panel" in told
    assert "Who was told " + " ".join(told) in " ".join(on_paper.split())


def test_a_draft_on_paper_says_who_will_be_told_and_by_when(draft: Case, ada: Client) -> None:
    html = " ".join(ada.get(at("print", draft)).content.decode().split())
    assert "Who is told when it is sent" in html
    assert "Who was told" not in html
    assert "<li>Child Safeguarding Practice Review Panel</li>" in html


def test_what_names_nobody_is_read_and_printed_of_each_child_and_adult(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    adult = {"name": "Ola Sample", "relation": "not-known", "lived_with": "yes", "under_18": "no"}
    href = at("amend-item", notified, page="adult", item="new")
    done = ada.post(href, {**adult, "reason": "Known since.", "seen": "0"})
    assert done.status_code == 302, errors(done)
    priya = sign_in(everyone.priya)
    for name in ("read", "print"):
        html = priya.get(at(name, notified)).content.decode()
        rows = re.findall(r"<dt[^>]*>\s*(.*?)\s*</dt>", html, re.DOTALL)
        for told in ("Age", "Sex", "School status", "Normally lived", "Lived with"):
            assert told in rows, (name, told)
        for told in ("Relation to the children", "Lived with the children", "Under 18"):
            assert told in rows, (name, told)
        assert "Ola" not in html
        for secret in ("Date of birth", "Address", "NHS number", "Home postcode"):
            assert secret not in rows, (name, secret)
    assert "Names, dates of birth, addresses and identifiers are left out." in html


def test_each_page_of_a_case_is_marked_on_paper(notified: Case, everyone: Cast) -> None:
    priya, mark = sign_in(everyone.priya), f"OFFICIAL-SENSITIVE. {notified.reference}. Printed by"
    shown = priya.post(at("children", notified)).content.decode()
    pages = [priya.get(at(name, notified)).content.decode() for name in ("read", "print")]
    case = priya.get(f"/cases/{notified.address}/").content.decode()
    for html in (shown, *pages, case):
        assert html.count(f"{mark} Priya") == 1


def test_a_proposal_waits_for_the_secretariat(notified: Case, ada: Client) -> None:
    href = at("propose", notified)
    assert len(errors(ada.post(href, {}))) == 2
    done = ada.post(href, {"proposal": "criteria_not_met", "reason": "An accident after all."})
    assert done["Location"] == at("read", notified), errors(done)
    assert NotificationProcess.objects.get(case=notified).proposal == "criteria_not_met"
    again = ada.post(href, {"proposal": "withdrawal", "reason": "Twice."})
    assert "A proposal is already waiting" in errors(again)[0]


def test_a_request_for_information_is_answered(notified: Case, ada: Client, everyone: Cast) -> None:
    assert ada.get(at("reply", notified)).status_code == 404
    now = clock.now()
    on = clock.london_date(now)
    services.advance(
        NotificationProcess.objects.select_related("case").get(case=notified),
        "request_information",
        by=everyone.sol,
        on=on,
        at=now,
        reason="Who is Child B?",
        facts={"reply_on": on},
    )
    assert "Who is Child B?" in ada.get(at("reply", notified)).content.decode()
    assert errors(ada.post(at("reply", notified), {})) == ["Enter your reply"]
    done = ada.post(at("reply", notified), {"reason": "A cousin."})
    assert done["Location"].split("?")[0] == at("read", notified), errors(done)
    said = "Your reply was sent to the Panel"
    assert said in ada.get(done["Location"]).content.decode()
    assert said not in ada.get(at("read", notified)).content.decode()
    assert NotificationProcess.objects.get(case=notified).state == "acknowledged"


def test_harm_that_became_a_death_goes_on_in_the_same_case_with_a_new_clock(
    notified: Case, ada: Client
) -> None:
    typed = {
        "happened": "harm_became_death",
        **when("aware_on", "2026-11-20"),
        "reason": "She died.",
    }
    done = ada.post(at("continue", notified), typed)
    assert done["Location"] == at("due", notified), errors(done)
    clocks = Deadline.objects.filter(case=notified, duty="notify-the-panel").order_by("cycle")
    assert [(row.cycle, row.met_on is not None) for row in clocks] == [(1, True), (2, False)]
    kept = Answers.objects.filter(case=notified, document="notification-2")
    assert kept.filter(section="description").exists(), "what was answered is carried over"
    notified.refresh_from_db()
    assert notified.outcome == "died"
    html = ada.get(at("page", notified, page="basis")).content.decode()
    assert 'value="died" checked' in html
    first = Answers.objects.select_related("case").get(
        case=notified, document="notification", section="basis"
    )
    assert first.answers["happened"] == ["seriously_harmed"], "what was sent rests as sent"
    missing = errors(ada.post(at("check", notified)))
    assert any("You said that a child died" in line for line in missing)


def test_the_next_notification_of_a_case_is_sent_like_the_first(
    notified: Case, ada: Client
) -> None:
    typed = {"happened": "harm_became_death", **when("aware_on", "2026-11-20"), "reason": "Died."}
    ada.post(at("continue", notified), typed)
    fill(ada, at("page", notified, page="status"), {"status": "neither"})
    fill(ada, at("page", notified, page="cause"), {"cause": "maltreatment"})
    part = at("item-page", notified, section="children", item=1, page="part")
    fill(ada, part, {"role": "subject", "fate": "died", **when("died_on", "2026-11-20")})
    checked = ada.post(at("check", notified))
    assert checked["Location"] == at("send", notified), errors(checked)
    done = ada.post(at("send", notified), {"then": "send"})
    assert done["Location"] == at("sent", notified), errors(done)
    rows = Notification.objects.filter(case=notified).order_by("cycle")
    assert [(row.cycle, row.nature) for row in rows] == [(1, "serious_harm"), (2, "child_death")]


def test_a_decision_not_to_notify_is_the_approvers_and_is_kept(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    href = at("not-notified", draft)
    assert "An approver of Northmoor makes this decision" in ada.get(href).content.decode()
    refused = ada.post(href, {"reason": "An accident."})
    assert errors(refused) == ["Only Approver may do this."]
    ben = sign_in(everyone.ben)
    assert errors(ben.post(href, {})) == ["Enter why this will not be notified"]
    assert ben.post(href, {"reason": "An accident, all partners agree."})["Location"] == href
    html = ada.get(href).content.decode()
    assert "An accident, all partners agree." in html
    assert "by Ben, Northmoor" in html
    assert NotificationProcess.objects.get(case=draft).state == "not_notified"
    typed = {"happened": "reopen", **when("aware_on", "2026-11-20"), "reason": "X-rays."}
    assert ada.post(at("continue", draft), typed)["Location"] == at("due", draft)
    assert ada.get(at("tasks", draft)).status_code == 200
