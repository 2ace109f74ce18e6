"""By telephone: the partners are told by the authority before, or by the service on entry."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from tests.notifications.answers import PAGES, at, errors, fill, sign_in, when, written
from tests.notifications.test_other_channels import BY_PHONE, ENTER, RECEIVED, TOLD
from tests.story import Cast, day
from workflow.models import Case, Deadline, Event

# Two working days after the date due.
ENTERED = "2026-11-30"
DUE = day("2026-11-26")


def entered(everyone: Cast, today: time_machine.Traveller, on: str, **said: Any) -> Case:
    """Received on 20 November, in time, and written down on a later day."""
    today.move_to(f"{on}T10:00:00+00:00")
    sol = sign_in(everyone.sol)
    sol.post(ENTER, {**BY_PHONE, **said})
    case = Case.objects.get()
    written(case, everyone.sol, {"received": {**RECEIVED, **said}})
    return case


def recorded(sol: Client, case: Case) -> Any:
    return sol.post(at("send", case), {"then": "received"})


def clock(case: Case, duty: str = "tell-the-partners") -> Deadline:
    return Deadline.objects.get(case=case, duty=duty)


@pytest.mark.parametrize("said", [{}, {"partners": "not-known"}])
def test_entered_too_late_for_the_partners_the_reason_is_asked_and_holds_nothing_up(
    everyone: Cast, today: time_machine.Traveller, said: dict[str, Any]
) -> None:
    case = entered(everyone, today, ENTERED, **said)
    sol = sign_in(everyone.sol)
    assert sol.post(at("check", case))["Location"] == at("pause", case)
    page = " ".join(sol.get(at("pause", case)).content.decode().split())
    assert "The safeguarding partners have not been told in time" in page
    assert "should have been told by Thursday 26 November 2026" in page
    assert at("page", case, page="received") in page
    assert at("page", case, page="late") in page
    assert recorded(sol, case)["Location"] == at("page", case, page="late")
    fill(sol, at("page", case, page="late"), {"code": "administrative", "words": "Illness."})
    assert recorded(sol, case)["Location"] == at("sent", case)
    told, notified = clock(case), clock(case, "notify-the-panel")
    assert (told.met_on, told.due_on, told.late_reason) == (day(ENTERED), DUE, "administrative")
    assert (notified.met_on, notified.late_reason) == (day("2026-11-20"), "")
    assert Notification.objects.get(case=case).late_reason == "administrative"


def test_entered_within_the_days_the_service_tells_them_and_asks_nothing(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, "2026-11-26")
    sol = sign_in(everyone.sol)
    assert sol.post(at("check", case))["Location"] == at("send", case)
    assert recorded(sol, case)["Location"] == at("sent", case)
    assert (clock(case).met_on, clock(case).late_reason) == (DUE, "")
    assert "told its safeguarding partners itself" not in sol.get(at("sent", case)).content.decode()


def test_told_by_the_authority_itself_that_day_counts_however_late_it_is_entered(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED, **TOLD)
    sol = sign_in(everyone.sol)
    assert sol.post(at("check", case))["Location"] == at("send", case)
    assert recorded(sol, case)["Location"] == at("sent", case), "no reason is asked"
    assert (clock(case).met_on, clock(case).late_reason) == (day("2026-11-19"), "")
    (event,) = Event.objects.filter(case=case, act="submit")
    met = {one["duty"]: one["met"] for one in event.payload["clocks"]}
    assert met["tell-the-partners"] == "2026-11-19"


def test_told_by_the_authority_where_the_service_knows_no_partners_no_clock_is_left(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED, **TOLD)
    Case.objects.filter(pk=case.pk).update(partnership=None)
    recorded(sign_in(everyone.sol), case)
    assert clock(case).met_on == day("2026-11-19")


AFTER = "The date the partners were told must not be after the date received"
FUTURE = "The date the partners were told must be today or in the past"


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"partners": "yes"}, "Enter the date the partners were told, or select “Not known yet”"),
        ({"partners": "yes", **when("told_on", "2026-11-21")}, AFTER),
        ({"partners": "yes", **when("told_on", "2026-12-02")}, FUTURE),
        (
            {"partners": ""},
            "Select whether the authority says that it has told its safeguarding partners",
        ),
    ],
)
def test_what_does_not_fit_is_said_at_once_and_opens_no_case(
    everyone: Cast, today: time_machine.Traveller, said: dict[str, Any], refused: str
) -> None:
    today.move_to("2026-12-01T10:00:00+00:00")
    assert errors(sign_in(everyone.sol).post(ENTER, {**BY_PHONE, **said})) == [refused]
    assert not Case.objects.exists()


def test_nobody_was_told_before_the_authority_became_aware(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED, partners="yes", **when("told_on", "2026-11-18"))
    sol = sign_in(everyone.sol)
    wrong = "The partners can’t have been told before the authority became aware on 19 November"
    assert any(wrong in one for one in errors(sol.post(at("check", case))))
    refused = errors(fill(sol, at("page", case, page="awareness"), PAGES["awareness"]))
    assert any("become aware after it told its partners on 18 November" in one for one in refused)


def test_when_it_told_them_may_not_be_known_yet(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    unknown = {"partners": "yes", "told_on-not-known": "not-known"}
    case = entered(everyone, today, "2026-11-26", **unknown)
    assert recorded(sign_in(everyone.sol), case)["Location"] == at("sent", case)
    assert clock(case).met_on == DUE


def test_one_that_was_begun_before_this_was_asked_was_received_none_the_less(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    old = {name: said for name, said in RECEIVED.items() if name != "partners"}
    today.move_to(f"{ENTERED}T10:00:00+00:00")
    sol = sign_in(everyone.sol)
    sol.post(ENTER, BY_PHONE)
    case = Case.objects.get()
    written(case, everyone.sol, {"received": old})
    assert "Received on 20 November 2026 at 9:15am" in sol.get(at("due", case)).content.decode()
    (missing,) = errors(sol.post(at("check", case)))
    assert missing.startswith("Select whether the authority says")


def test_who_enters_it_finds_the_way_back_and_nothing_that_the_authority_decides(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED)
    sol, ben = sign_in(everyone.sol), sign_in(everyone.ben)
    page = sol.get(reverse("case", args=[case.token])).content.decode()
    assert "Go on entering what was received" in page
    assert f'href="{at("tasks", case)}"' in page
    assert "Nothing needs action from you now" not in page
    assert "Go on entering" not in ben.get(reverse("case", args=[case.token])).content.decode()
    for words in ("Ask the partners whether to notify", "Record a decision not to notify"):
        assert words not in sol.get(at("tasks", case)).content.decode()
        assert words in ben.get(at("tasks", case)).content.decode()


def test_each_date_stands_by_the_day_that_meets_its_duty(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED)
    for place in ("due", "tasks", "send"):
        page = " ".join(
            sign_in(everyone.sol).get(at(place, case), follow=True).content.decode().split()
        )
        if place == "send":
            # Why the partners are told late is asked first.
            assert "Why it is sent after the date due" in page
            continue
        assert "Notify the Panel: Due in 4 working days" in page, place
        assert "Tell the safeguarding partners: Overdue by 2 working days" in page, place


def test_the_case_says_of_a_draft_by_which_day_it_is_judged(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED)
    words = "Received by telephone on 20 November 2026 at 9:15am. Whether it is in time is judged"
    for name in ("case", "timeline"):
        page = sign_in(everyone.sol).get(reverse(name, args=[case.token])).content.decode()
        assert words in page, name
    later = {**RECEIVED, "received_time": "11:00am"}
    sol = sign_in(everyone.sol)
    fill(sol, at("page", case, page="received"), later)
    page = sol.get(reverse("case", args=[case.token])).content.decode()
    assert "20 November 2026 at 11:00am" in page
    fill(sol, at("page", case, page="late"), {"code": "administrative", "words": "Illness."})
    recorded(sol, case)
    assert words not in sol.get(reverse("case", args=[case.token])).content.decode()


def test_the_next_notification_of_the_case_was_received_by_nobody(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, "2026-11-20", **TOLD)
    recorded(sign_in(everyone.sol), case)
    today.move_to("2026-11-24T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    died = {
        "happened": "harm_became_death",
        **when("aware_on", "2026-11-23"),
        "reason": "She died.",
    }
    done = ada.post(at("continue", case), died)
    assert done["Location"] == at("due", case), errors(done)
    page = ada.get(reverse("case", args=[case.token])).content.decode()
    assert "Whether it is in time is judged" not in page


def test_a_day_of_telling_holds_up_no_true_awareness_once_it_is_recorded(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, "2026-11-20", **TOLD)
    recorded(sign_in(everyone.sol), case)
    aware = {**PAGES["awareness"], **when("aware_on", "2026-11-20"), "reason": "A wrong day."}
    done = fill(sign_in(everyone.ada), at("amend-page", case, page="awareness"), aware)
    assert done.status_code == 302, errors(done)
    case.refresh_from_db()
    assert case.aware_on == day("2026-11-20")


def test_the_authority_changes_nothing_of_when_it_was_received(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    late = {**TOLD, **when("received_on", "2026-12-05")}
    case = entered(everyone, today, "2026-12-07", **late)
    ada = sign_in(everyone.ada)
    page = at("page", case, page="received")
    refused = fill(ada, page, {**RECEIVED, **TOLD})
    assert "Only the Panel’s secretariat says how and when it was received" in errors(refused)[0]
    assert 'value="20"' in refused.content.decode(), "what was typed is shown"
    # Its page leads on where nothing of it was changed.
    onwards = at("page", case, page="awareness")
    same = {**RECEIVED, **late}
    assert fill(ada, page, same)["Location"] == onwards
    assert fill(ada, page, same, then="later")["Location"] == at("tasks", case)
    fill(ada, at("page", case, page="late"), {"code": "administrative", "words": "Illness."})
    assert recorded(ada, case)["Location"] == at("sent", case)
    assert clock(case, "notify-the-panel").met_on == day("2026-12-05")


def test_the_authority_is_led_to_the_secretariat_to_say_when_partners_were_told(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    case = entered(everyone, today, ENTERED)
    page = sign_in(everyone.ada).get(at("pause", case)).content.decode()
    assert at("page", case, page="received") not in page
    assert "ask the Panel’s secretariat to write down when" in " ".join(page.split())
