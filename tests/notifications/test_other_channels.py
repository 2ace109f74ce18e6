"""Received by telephone, or perhaps notified already."""

from typing import Any

import time_machine
from django.test import Client

from tests.notifications.answers import (
    BASIS,
    CHILD,
    PAGES,
    at,
    errors,
    fill,
    sent,
    sign_in,
    when,
    written,
)
from tests.story import Cast
from workflow.models import Case, Deadline, Event, NotificationProcess

ENTER = "/notifications/enter/"
SENDER = "Ada, head of safeguarding"
BY_PHONE = {
    "authority": "9901",
    "way": "telephone",
    **when("received_on", "2026-11-20"),
    "received_time": "9:15am",
    "sender": SENDER,
    "partners": "no",
}
TOLD = {"partners": "yes", **when("told_on", "2026-11-19")}
RECEIVED = {name: said for name, said in BY_PHONE.items() if name != "authority"}


def test_the_secretariat_enters_what_came_by_telephone_and_its_time_counts(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    today.move_to("2026-12-01T10:00:00+00:00")
    sol = sign_in(everyone.sol)
    answer = sol.post(ENTER, BY_PHONE)
    case = Case.objects.get()
    assert answer["Location"] == at("page", case, page="basis"), errors(answer)
    written(case, everyone.sol, {"received": {**RECEIVED, **TOLD}})
    for place in ("send", "due"):
        page = sol.get(at(place, case)).content.decode()
        assert "Received on 20 November 2026 at 9:15am" in page
        assert "Overdue" not in page, place
        assert "Should have been sent" not in page, place
        assert "Due in 4 working days" in page, place
    done = sol.post(at("send", case), {"then": "received"})
    assert done["Location"] == at("sent", case), errors(done)
    deadline = Deadline.objects.get(case=case, duty="notify-the-panel")
    assert str(deadline.met_on) == "2026-11-20", "in time, though entered in December"
    process = NotificationProcess.objects.get(case=case)
    assert process.received_by == "telephone"
    told = Deadline.objects.get(case=case, duty="tell-the-partners")
    assert str(told.met_on) == "2026-11-19", "the authority had told them itself"
    for place in ("sent", "read", "print"):
        said = " ".join(sol.get(at(place, case)).content.decode().split())
        line = (
            f"Received by telephone from {SENDER} on 20 November 2026 at 9:15am; entered by "
            f"{everyone.sol.name} on 1 December 2026 at 10:00am. The authority said that it told "
            "its safeguarding partners itself on 19 November 2026."
        )
        assert line in said, place
        assert "Sent on 20 November" not in said, place
    event = Event.objects.get(case=case, act="submit")
    assert (event.at.day, event.recorded_at.day) == (20, 1)


def test_whom_the_panel_may_ask_is_not_who_wrote_it_down(everyone: Cast, ada: Client) -> None:
    sol = sign_in(everyone.sol)
    sol.post(ENTER, BY_PHONE)
    page = sol.get(at("page", Case.objects.get(), page="contact")).content.decode()
    assert f'value="{everyone.sol.name}"' not in page
    assert f'value="{everyone.sol.email}"' not in page


def test_only_the_secretariat_enters(everyone: Cast, ada: Client) -> None:
    assert ada.get(ENTER).status_code == 403
    assert sign_in(everyone.priya).post(ENTER, BY_PHONE).status_code == 403


def test_every_missing_answer_is_named_when_entering(everyone: Cast) -> None:
    assert len(errors(sign_in(everyone.sol).post(ENTER, {}))) == 6


def test_nothing_was_received_later_today(everyone: Cast) -> None:
    later = {**BY_PHONE, "received_time": "10:01am"}
    answer = sign_in(everyone.sol).post(ENTER, later)
    assert errors(answer) == ["The time received must be now or earlier today"]
    assert SENDER in answer.content.decode()
    assert not Case.objects.exists()


def test_a_likely_duplicate_of_the_own_authority_interrupts(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    first = sent(draft, everyone.ada)
    ada.post("/notifications/new/start/", BASIS)
    second = Case.objects.exclude(pk=first.pk).get()
    written(second, everyone.ada, {"name": {**CHILD["name"], "given": "Niah"}})
    assert ada.post(at("check", second))["Location"] == at("duplicate", second)
    html = ada.get(at("duplicate", second)).content.decode()
    assert str(first.reference) in html
    assert "Nia" not in html
    assert errors(ada.post(at("duplicate", second), {})) == [
        "Enter why this is a different incident"
    ]
    done = ada.post(at("duplicate", second), {"reason": "A sister, another day."})
    assert done["Location"] == at("send", second)
    assert ada.post(at("check", second))["Location"] == at("send", second), "asked once"


def test_another_authoritys_case_is_never_compared(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    sent(draft, everyone.ada)
    cara = sign_in(everyone.cara)
    cara.post("/notifications/new/start/", BASIS)
    hers = Case.objects.get(authority=everyone.southfen)
    written(hers, everyone.cara)
    assert cara.post(at("check", hers))["Location"] == at("send", hers)


def test_a_different_child_on_another_day_is_no_duplicate(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    sent(draft, everyone.ada)
    ada.post("/notifications/new/start/", BASIS)
    second = Case.objects.exclude(pk=draft.pk).get()
    changes = {
        "name": {**CHILD["name"], "given": "Rhys", "family": "Other"},
        "birth": {**CHILD["birth"], **when("born_on", "2015-05-05")},
        "school": {**CHILD["school"], "nhs_number": ""},
        "when": {**PAGES["when"], **when("began_on", "2026-11-01")},
    }
    written(second, everyone.ada, changes)
    assert ada.post(at("check", second))["Location"] == at("send", second)


APART = {"given": "Rhys", "family": "Other"}
NO_NUMBER = {"school": {**CHILD["school"], "nhs_number": ""}}
ESTIMATED = {"birth": {"basis": "estimated", "age": "5", "sex": "F"}}


def asked_about(
    everyone: Cast, ada: Client, draft: Case, outcome: Any = "", **changes: Any
) -> bool:
    """Whether a second incident, in the same area on the same day, interrupts its sending."""
    sent(draft, everyone.ada, NO_NUMBER)
    if outcome:
        Case.objects.filter(pk=draft.pk).update(outcome=outcome)
    ada.post("/notifications/new/start/", BASIS)
    second = Case.objects.exclude(pk=draft.pk).get()
    written(second, everyone.ada, {**NO_NUMBER, **changes})
    return bool(ada.post(at("check", second))["Location"] == at("duplicate", second))


def test_another_child_on_the_same_day_in_a_large_authority_is_not_asked_about(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    birth = {**CHILD["birth"], **when("born_on", "2015-05-05")}
    name = {**CHILD["name"], **APART}
    assert not asked_about(everyone, ada, draft, name=name, birth=birth)


def test_another_name_alone_sets_two_children_apart(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    assert not asked_about(everyone, ada, draft, name={**CHILD["name"], **APART})


def test_a_like_name_of_about_the_same_age_on_the_same_day_is_asked_about(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    assert asked_about(everyone, ada, draft, **ESTIMATED)


def test_another_outcome_on_the_same_day_is_not_asked_about(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    assert not asked_about(everyone, ada, draft, "died", **ESTIMATED)


def test_an_estimated_age_well_apart_is_not_asked_about(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    birth = {"basis": "estimated", "age": "15", "sex": "F"}
    assert not asked_about(everyone, ada, draft, birth=birth)


def test_a_list_asks_before_it_removes(draft: Case, ada: Client) -> None:
    fill(ada, at("item-add", draft, section="children"), CHILD["name"])
    remove = at("item-remove", draft, section="children", item=1)
    assert errors(ada.post(remove, {})) == ["Select yes to remove it"]
    assert ada.post(remove, {"sure": "no"})["Location"] == at("items", draft, section="children")
    assert "Child A" in ada.get(at("items", draft, section="children")).content.decode()
    ada.post(remove, {"sure": "yes", "version": "1"})
    assert "You have not added any children yet" in (
        ada.get(at("items", draft, section="children")).content.decode()
    )
    fill(ada, at("item-add", draft, section="children"), CHILD["name"])
    html = ada.get(at("items", draft, section="children")).content.decode()
    assert "Child B" in html, "a letter is never given again"
