"""A system files a notification, by the rules of the screens; what is wrong is told all at once."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from notifications.models import Notification
from tests.notifications.answers import at, sign_in
from tests.notifications.api.filed import (
    CHILD,
    FILE,
    NK,
    body,
    keys_of_cases,
    let_in,
    named,
    read,
    send,
)  # fmt: skip
from tests.story import Cast
from tests.workflow.api.conftest import is_problem, token_of
from workflow.api.clients import LetIn
from workflow.models import Answers, ApiWrite, Case, Event, Grant, NotificationProcess


def is_refused(answer: Any, *places: str, status: int = 422) -> dict[str, Any]:
    """The problem, which names these places and no others; and nothing was kept."""
    said = is_problem(answer, status)
    assert named(answer) == list(places), said["errors"]
    assert not ApiWrite.objects.exists()
    return said


def nothing_is_there() -> bool:
    return not (Case.objects.exists() or Event.objects.exists() or keys_of_cases())


def test_a_whole_notification_is_sent_to_those_who_receive_it(system: LetIn, token: str) -> None:
    answer = send(token, FILE, body())
    said = answer.json()
    assert answer.status_code == 201, said
    case = Case.objects.get()
    assert (said["case"], said["reference"]) == (str(case.reference)[4:], case.reference)
    assert (said["state"], said["words"], said["sent_on"]) == ("submitted", "Sent", "2026-11-20")
    assert "panel" in said["recipients"]
    assert answer["Location"] == said["address"]
    assert read(token, said["address"])["ETag"] == answer["ETag"]
    row = Notification.objects.get()
    assert (row.sent_by, row.children) == (system.client.account, 1)
    assert Grant.objects.filter(case=case, capacity="panel").exists()
    (event,) = Event.objects.filter(act="submit")
    assert (event.capacity, event.actor) == ("la_filing_system", system.client.account)


def test_what_was_filed_reads_as_it_was_sent(token: str) -> None:
    sent = body()
    said = read(token, send(token, FILE, sent).json()["address"]).json()
    expected = deepcopy(sent)
    # Times are told on the clock of 24 hours, numbers in one form, and what is empty not at all.
    expected["pages"]["awareness"]["aware_time"] = "09:30"
    expected["pages"]["when"]["time"] = "23:15"
    expected["pages"]["description"]["finished"] = True
    del expected["pages"]["partners"]["views"], expected["pages"]["where"]["place"]
    child = {"item": "1", **expected["children"][0]}
    del child["name"]["others"]
    child["school"]["nhs_number"] = said["children"][0]["school"]["nhs_number"]
    assert child["school"]["nhs_number"].replace(" ", "") == "9990000018"
    assert said["pages"] == expected["pages"]
    assert said["children"] == [child]
    assert said["adults"] == []


def test_an_authority_that_asks_for_approval_has_a_person_read_it_first(
    everyone: Cast, token: str
) -> None:
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    answer = send(token, FILE, body())
    said = answer.json()
    assert answer.status_code == 201, said
    assert (said["state"], said["sent_on"]) == ("awaiting_approval", None)
    case = Case.objects.get()
    assert not Notification.objects.exists()
    assert not Grant.objects.filter(capacity="panel").exists()
    ben = sign_in(everyone.ben)
    approved = ben.post(at("approve", case), {"then": "decide", "decision": "approve"})
    assert approved.status_code == 302
    process = NotificationProcess.objects.get()
    assert (process.state, process.approved_by) == ("submitted", everyone.ben)
    assert process.author is not None
    assert process.author.name == "System: Case files"


def test_everything_that_is_missing_is_named_at_once_and_nothing_is_kept(token: str) -> None:
    sent = body()
    del sent["pages"]["awareness"]["aware_on"], sent["pages"]["harm"], sent["children"][0]["birth"]
    sent["pages"]["basis"]["abuse"] = "perhaps"
    said = is_refused(
        send(token, FILE, sent),
        "pages.basis.abuse", "pages.awareness.aware_on", "pages.harm.types", "pages.harm.setting",
        "pages.harm.neglect_before", "pages.harm.weapon", "children[0].birth.basis",
        "children[0].birth.sex",
    )  # fmt: skip
    by_name = {one["name"]: one for one in said["errors"]}
    assert "one of known, suspected, neither" in by_name["pages.basis.abuse"]["remedy"]
    assert by_name["pages.harm.weapon"]["remedy"].startswith("Select")
    assert "perhaps" not in str(said)
    assert nothing_is_there()


def test_an_empty_body_names_every_page_that_is_asked(token: str) -> None:
    said = is_problem(send(token, FILE, {}), 422)
    places = {one["name"].rsplit(".", 1)[0] for one in said["errors"]}
    assert {"children", "pages.basis", "pages.awareness", "pages.contact"} <= places
    assert nothing_is_there()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"awareness": {"aware_on": "19/11/2026"}}, "pages.awareness.aware_on"),
        ({"awareness": {"aware_on": "2026-02-30"}}, "pages.awareness.aware_on"),
        ({"awareness": {"aware_on": 20261119}}, "pages.awareness.aware_on"),
        ({"awareness": {"aware_on": "2026-11-21"}}, "pages.awareness.aware_on"),
        ({"awareness": {"aware_on": NotImplemented}}, "pages.awareness.aware_on"),
        ({"harm": {"weapon": "no"}}, "pages.harm.weapon"),
        ({"harm": {"weapon": 0}}, "pages.harm.weapon"),
        ({"harm": {"types": "physical_abuse"}}, "pages.harm.types"),
        ({"harm": {"types": ["physical_abuse", "\ud800"]}}, "pages.harm.types"),
        ({"harm": {"evil": "x"}}, "pages.harm.evil"),
        ({"description": {"description": "x\u202ey"}}, "pages.description.description"),
        ({"description": {"description": "word " * 5000}}, "pages.description.description"),
        ({"description": {"finished": True}}, "pages.description.finished"),
        ({"contact": {"email": "nobody"}}, "pages.contact.email"),
        ({"cause": {"cause": "x"}}, "pages.cause"),
        ({"received": {"way": "phone"}}, "pages.received"),
        ({"late": {"code": "other"}}, "pages.late"),
        ({"status": {"status": "neither"}}, "pages.status"),
        ({"evil": {}}, "pages.evil"),
    ],
)
def test_each_answer_is_refused_as_on_the_screens(
    token: str, change: dict[str, Any], place: str
) -> None:
    sent = body(**change)
    if NotImplemented in sent["pages"]["awareness"].values():
        sent["pages"]["awareness"]["aware_on"] = None
    is_refused(send(token, FILE, sent), place)
    assert nothing_is_there()


def test_what_does_not_fit_together_is_refused_as_on_the_screens(token: str) -> None:
    died: dict[str, Any] = {
        "basis": {"happened": "died"}, "status": {"status": "neither"}, "cause": {"cause": NK},
        "response": {"coroner": False},
    }  # fmt: skip
    sent = body(**died)
    said = is_refused(send(token, FILE, sent), "children[0].part.fate")
    assert "You said that a child died" in said["errors"][0]["detail"]


@pytest.mark.parametrize("sent", [{"pages": []}, {"children": {}}, {"different_because": 1}])
def test_the_outermost_parts_are_of_their_kind(token: str, sent: dict[str, Any]) -> None:
    is_refused(send(token, FILE, {**body(), **sent}), *sent)


@pytest.mark.parametrize("child", [1, None, "x", [], {"evil": {}, **CHILD}, {**CHILD, "name": 1}])
def test_a_child_is_an_object_of_pages(token: str, child: Any) -> None:
    said = is_problem(send(token, FILE, {**body(), "children": [child]}), 422)
    assert any(one["name"].startswith("children[0]") for one in said["errors"])
    assert nothing_is_there()


def test_what_the_body_holds_besides_is_refused_by_name(token: str) -> None:
    is_refused(send(token, FILE, {**body(), "authority": "9902", "x": 1}), "authority", "x")


def test_after_the_date_due_a_reason_is_asked_for(
    token: str, today: time_machine.Traveller, system: LetIn
) -> None:
    today.move_to("2026-11-30T10:00:00+00:00")
    fresh = token_of(system)
    said = is_refused(send(fresh, FILE, body()), "pages.late.code")
    assert "after the date due" in said["errors"][0]["detail"]
    code = said["errors"][0]["remedy"].removeprefix("Send one of ").split(",")[0]
    late = {"code": code, "words": "Nobody was there."}
    assert send(fresh, FILE, body(late=late)).status_code == 201
    assert Notification.objects.get().late_reason == code


def test_what_looks_like_another_case_needs_a_reason_and_tells_nothing_of_another_authoritys(
    everyone: Cast, token: str
) -> None:
    elsewhere = send(token_of(let_in(everyone, "southfen")), FILE, body())
    assert elsewhere.status_code == 201
    assert send(token, FILE, body()).status_code == 201
    answer = send(token, FILE, body())
    said = is_problem(answer, 422)
    assert named(answer) == ["different_because"]
    assert "same nhs number" in said["errors"][0]["detail"].lower()
    assert all(
        case.token not in answer.content.decode().replace("-", "") for case in Case.objects.all()
    )
    different = {**body(), "different_because": "Another day, another injury."}
    assert send(token, FILE, different).status_code == 201
    assert Event.objects.filter(act="found_not_a_duplicate").count() == 1


def test_where_the_national_system_is_the_channel_its_reference_is_asked_for(
    national: None, token: str
) -> None:
    is_refused(
        send(token, FILE, body()),
        "accepted.reference", "accepted.accepted_on", "accepted.accepted_time",
    )  # fmt: skip
    accepted = {"reference": "N-1", "accepted_on": "2026-11-20", "accepted_time": "09:45"}
    assert send(token, FILE, {**body(), "accepted": accepted}).status_code == 201
    assert NotificationProcess.objects.get().channel_reference == "N-1"


def test_what_the_national_system_accepted_earlier_is_judged_on_that_day(
    national: None, everyone: Cast, today: time_machine.Traveller
) -> None:
    today.shift(timedelta(days=-10))
    made = let_in(everyone)
    today.shift(timedelta(days=10))
    token = token_of(made)
    accepted = {"reference": "N-1", "accepted_on": "2026-11-19", "accepted_time": "18:00"}
    told = {"informed-when": {"police_on": "2026-11-20"}}
    sent = {**body(**told), "accepted": accepted}
    is_refused(send(token, FILE, sent), "pages.informed-when.police_on")
    answer = send(token, FILE, {**body(), "accepted": accepted})
    assert answer.status_code == 201, answer.json()["errors"]


def test_elsewhere_what_the_national_system_accepted_is_not_asked(token: str) -> None:
    is_refused(send(token, FILE, {**body(), "accepted": {}}), "accepted")


def test_only_a_filing_system_files_and_reads_what_was_written(everyone: Cast, token: str) -> None:
    address = send(token, FILE, body()).json()["address"]
    reads = let_in(everyone, "northmoor", "cases.read")
    assert reads.client.account.memberships.get().role == "la_system"
    for answer in (send(token_of(reads), FILE, body()), read(token_of(reads), address)):
        assert is_problem(answer, 403)["errors"][0]["name"] == "Authorization"
    is_problem(read(token_of(let_in(everyone, "southfen")), address), 404)


def test_a_page_of_answers_that_nobody_typed_is_kept_as_typed(token: str) -> None:
    send(token, FILE, body())
    row = Answers.objects.get(section="awareness")
    assert row.answers["aware_on-day"] == ["19"]
    assert row.complete
