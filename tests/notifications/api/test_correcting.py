"""A system corrects what was sent, or asks to withdraw it, if it has seen how it stands."""

from typing import Any

import pytest

from notifications.models import Amendment, IncidentChild, Notification
from tests import sight
from tests.notifications.answers import at, hidden, sign_in
from tests.notifications.api.filed import FILE, body, let_in, named, read, send
from tests.story import Cast
from tests.workflow.api.conftest import is_problem, token_of
from workflow import clock, services
from workflow.access import visible
from workflow.machine.token import grouped
from workflow.models import Case, Event, NotificationProcess, Outbox

WHY = "The hospital told us more."
HARM = {"types": ["neglect"], "setting": "inside_home", "neglect_before": True, "weapon": False}


@pytest.fixture
def filed(token: str) -> str:
    """The address of a notification that was sent."""
    answer = send(token, FILE, body())
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["address"])


def tag(token: str, address: str) -> str:
    return str(read(token, address)["ETag"])


def amend(token: str, address: str, said: dict[str, Any], **headers: str) -> Any:
    seen = headers or {"If_Match": tag(token, address)}
    return send(token, f"{address}/amendments", said, **seen)


def test_a_page_is_corrected_with_its_reason(token: str, filed: str) -> None:
    told = Outbox.objects.count()
    answer = amend(token, filed, {"page": "harm", "answers": HARM, "reason": WHY})
    assert answer.status_code == 200, answer.json()
    assert read(token, filed).json()["pages"]["harm"] == HARM
    assert read(token, filed)["ETag"] == answer["ETag"]
    (row,) = Amendment.objects.all()
    assert (row.page, row.reason, row.before["weapon"]) == ("harm", WHY, ["no"])
    assert Notification.objects.get().harm_types == ["neglect"]
    assert Event.objects.get(act="added_or_corrected").capacity == "la_filing_system"
    assert Outbox.objects.count() > told


def test_a_child_is_added_and_its_other_pages_follow(token: str, filed: str) -> None:
    name = {"given": "Kit", "family": "Sample"}
    added = {"page": "name", "item": "new", "answers": name, "reason": WHY}
    assert amend(token, filed, added).status_code == 200
    part = {"role": "sibling", "fate": "neither"}
    answer = amend(token, filed, {"page": "part", "item": "2", "answers": part, "reason": WHY})
    assert answer.status_code == 200, answer.json()
    assert IncidentChild.objects.count() == 2


def test_without_having_said_what_was_seen_nothing_is_changed(token: str, filed: str) -> None:
    said = {"page": "harm", "answers": HARM, "reason": WHY}
    for headers in ({"If_Match": ""}, {"If_Match": "*"}):
        answer = amend(token, filed, said, **headers)
        assert is_problem(answer, 428)["errors"][0]["name"] == "If-Match"
    assert not Amendment.objects.exists()


def test_what_has_changed_since_is_not_changed_over(everyone: Cast, token: str, filed: str) -> None:
    seen = tag(token, filed)
    case = Case.objects.get()
    ada = sign_in(everyone.ada)
    page = at("amend-page", case, page="partners")
    html = ada.get(page).content.decode()
    typed = {"agreed": "yes", "views": "They said so.", "reason": WHY}
    assert ada.post(page, {"version": hidden(html, "version"), **typed}).status_code == 302
    said = {"page": "harm", "answers": HARM, "reason": WHY}
    for stale in (seen, f"W/{tag(token, filed)}", '"x"'):
        answer = amend(token, filed, said, If_Match=stale)
        assert is_problem(answer, 412)["errors"][0]["name"] == "If-Match"
    assert Amendment.objects.count() == 1
    assert amend(token, filed, said, If_Match=f'"x", {tag(token, filed)}').status_code == 200


def test_the_case_and_its_notification_have_one_tag(token: str, filed: str) -> None:
    case = f"/api/v1/cases/{grouped(Case.objects.get().token)}"
    assert tag(token, case) == tag(token, filed)
    amend(token, filed, {"page": "harm", "answers": HARM, "reason": WHY}, If_Match=tag(token, case))
    assert tag(token, case) == tag(token, filed)
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"reason": ""}, ["reason"]),
        ({"reason": 1}, ["reason"]),
        ({"reason": "", "answers": {**HARM, "weapon": "x"}}, ["answers.weapon", "reason"]),
        (
            {"answers": {}},
            ["answers.neglect_before", "answers.setting", "answers.types", "answers.weapon"],
        ),
        ({"answers": {**HARM, "evil": 1}}, ["answers.evil"]),
        ({"answers": None}, ["answers"]),
        ({"page": "basis"}, ["page"]),
        ({"page": "late"}, ["page"]),
        ({"page": ["harm"]}, ["page"]),
        ({"item": "1"}, ["item"]),
        ({"page": "part", "item": "2"}, ["item"]),
        ({"page": "part", "item": "new"}, ["item"]),
        ({"evil": 1}, ["evil"]),
    ],
)
def test_each_correction_is_refused_as_on_the_screens(
    token: str, filed: str, change: dict[str, Any], places: list[str]
) -> None:
    answer = amend(token, filed, {"page": "harm", "answers": HARM, "reason": WHY, **change})
    is_problem(answer, 422)
    assert sorted(named(answer)) == places
    assert not Amendment.objects.exists()


def test_nothing_new_is_no_correction(token: str, filed: str) -> None:
    same = body()["pages"]["harm"]
    answer = amend(token, filed, {"page": "harm", "answers": same, "reason": WHY})
    assert "Change something" in is_problem(answer, 409)["errors"][0]["detail"]


def test_what_was_sent_is_withdrawn_once_the_secretariat_agrees(token: str, filed: str) -> None:
    seen = {"If_Match": tag(token, filed)}
    answer = send(token, f"{filed}/withdrawal", {"reason": "It is a duplicate."}, **seen)
    said = answer.json()
    assert (answer.status_code, said["state"], said["proposed"]) == (200, "submitted", "withdrawal")
    process = NotificationProcess.objects.get()
    assert (process.state, process.proposal) == ("submitted", "withdrawal")
    again = send(token, f"{filed}/withdrawal", {"reason": "Again."}, If_Match=answer["ETag"])
    assert "already waiting" in is_problem(again, 409)["errors"][0]["detail"]


def test_what_waits_for_an_approver_is_taken_back(everyone: Cast, token: str) -> None:
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    address = send(token, FILE, body()).json()["address"]
    seen = {"If_Match": tag(token, address)}
    answer = send(token, f"{address}/withdrawal", {"reason": "It is not ours."}, **seen)
    assert answer.json()["state"] == "draft"
    is_problem(amend(token, address, {"page": "harm", "answers": HARM, "reason": WHY}), 409)


def test_a_withdrawal_needs_a_reason_and_what_was_seen(token: str, filed: str) -> None:
    here = f"{filed}/withdrawal"
    answer = send(token, here, {"reason": " "}, If_Match=tag(token, filed))
    is_problem(answer, 422)
    assert named(answer) == ["reason"]
    is_problem(send(token, here, {"reason": WHY}), 428)
    assert NotificationProcess.objects.get().proposal == ""


def test_another_authoritys_is_not_there(everyone: Cast, token: str, filed: str) -> None:
    other, seen = token_of(let_in(everyone, "southfen")), {"If_Match": tag(token, filed)}
    for end, said in (
        ("amendments", {"page": "harm", "answers": HARM, "reason": WHY}),
        ("withdrawal", {"reason": WHY}),
    ):
        theirs = send(other, f"{filed}/{end}", said, **seen)
        none = send(other, f"/api/v1/cases/0000-0000-0000/notification/{end}", said, **seen)
        assert theirs.status_code == none.status_code == 404
        assert theirs.content == none.content


def test_the_database_hides_it_too_when_the_program_forgets_to(
    everyone: Cast, token: str, filed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(self: Any, *args: Any, **more: Any) -> Any:
        return self.all()

    other, seen = token_of(let_in(everyone, "southfen")), tag(token, filed)
    monkeypatch.setattr(visible.VisibleToQuerySet, "visible_to", everything)
    is_problem(read(other, filed), 404)
    said = {"page": "harm", "answers": HARM, "reason": WHY}
    is_problem(send(other, f"{filed}/amendments", said, If_Match=seen), 404)
    assert not Amendment.objects.exists()


def test_what_a_person_restricts_is_out_of_the_systems_sight(everyone: Cast, token: str) -> None:
    key = "the-key-of-a-test"
    address = send(token, FILE, body(), key=key).json()["address"]
    seen, case = tag(token, address), Case.objects.get()
    ben, on = everyone.ben, case.opened_on
    named = [everyone.people[name].pk for name in ("ada", "ben", "petra")]
    with sight.of(ben, on=on):
        services.restrict(case, named, by=ben, on=on, at=clock.now(), reason="Staff.")
    is_problem(read(token, address), 404)
    said = {"page": "harm", "answers": HARM, "reason": WHY}
    is_problem(send(token, f"{address}/amendments", said, If_Match=seen), 404)
    is_problem(send(token, FILE, body(), key=key), 409)
    # Nor is it told that something like it is there.
    assert send(token, FILE, body()).status_code == 201
    assert Case.objects.count() == 2
