"""Sent in the national system: its reference and its time are the notification, and no other."""

import pytest
import time_machine
from django.test import Client

from tests.notifications.answers import at, errors, sent, sign_in, when, written
from tests.notifications.test_other_channels import BY_PHONE, ENTER
from tests.story import Cast
from workflow.models import Case, Deadline, NotificationProcess
from workflow.services import CannotAdvance


def test_where_the_national_system_is_the_channel_its_reference_and_time_meet_the_clock(
    draft: Case, ada: Client, everyone: Cast, national: None
) -> None:
    written(draft, everyone.ada)
    page = ada.get(at("send", draft)).content.decode()
    assert "The national system is the statutory channel" in page
    assert "Send to" not in page
    export = ada.get(at("national-export", draft)).content.decode()
    assert "Child A was found with bruises." in export
    assert "Section finished" not in export
    assert errors(ada.post(at("send", draft), {})) == [
        "Enter the reference",
        "Enter the date",
        "Enter the time",
    ]
    later = {**when("accepted_on", "2026-11-20"), "accepted_time": "4:05pm"}
    assert errors(ada.post(at("send", draft), {"reference": "CSINS-12345", **later})) == [
        "The time must be now or earlier today"
    ]
    typed = {
        "reference": "CSINS-12345",
        **when("accepted_on", "2026-11-19"),
        "accepted_time": "4:05pm",
    }
    done = ada.post(at("send", draft), typed)
    assert done["Location"] == at("sent", draft), errors(done)
    assert NotificationProcess.objects.get(case=draft).channel_reference == "CSINS-12345"
    deadline = Deadline.objects.get(case=draft, duty="notify-the-panel")
    assert str(deadline.met_on) == "2026-11-19"
    assert "CSINS-12345" in ada.get(at("sent", draft)).content.decode()


def test_accepted_late_by_the_national_system_asks_for_the_reason(
    draft: Case, everyone: Cast, national: None, today: time_machine.Traveller
) -> None:
    written(draft, everyone.ada)
    today.move_to("2026-12-01T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    assert at("page", draft, page="late") in ada.get(at("send", draft)).content.decode()
    accepted = {"reference": "CSINS-1", "accepted_time": "9am"}
    late = ada.post(at("send", draft), {**accepted, **when("accepted_on", "2026-11-30")})
    assert errors(late) == ["It is after the date due. Give the reason it is late first."]
    in_time = ada.post(at("send", draft), {**accepted, **when("accepted_on", "2026-11-26")})
    assert in_time["Location"] == at("sent", draft), errors(in_time)


ACCEPTED = {
    "reference": "CSINS-12345",
    **when("accepted_on", "2026-11-19"),
    "accepted_time": "4:05pm",
}


@pytest.fixture
def asks_approval(draft: Case, everyone: Cast, national: None) -> Case:
    """A complete draft of an authority that asks for approval, where the channel is elsewhere."""
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    return written(draft, everyone.ada)


def test_approving_asks_the_approver_for_the_national_systems_reference_and_time(
    asks_approval: Case, ada: Client, everyone: Cast
) -> None:
    case = asks_approval
    ada.post(at("approve", case), {"then": "ask"})
    assert ada.get(at("send", case))["Location"] == at("approve", case)
    ben = sign_in(everyone.ben)
    page = ben.get(at("approve", case)).content.decode()
    assert "approve it and record that it was sent to the Panel" in page
    assert at("national-export", case) in page
    approved = ben.post(at("approve", case), {"then": "decide", "decision": "approve"})
    assert approved["Location"] == at("send", case), errors(approved)
    process = NotificationProcess.objects.get(case=case)
    assert (process.state, process.approved_by) == ("awaiting_approval", None)
    assert "Recording that it was sent approves it" in ben.get(at("send", case)).content.decode()
    assert errors(ben.post(at("send", case), {})) == [
        "Enter the reference",
        "Enter the date",
        "Enter the time",
    ]
    done = ben.post(at("send", case), ACCEPTED)
    assert done["Location"] == at("sent", case), errors(done)
    process.refresh_from_db()
    assert (process.channel_reference, process.approved_by) == ("CSINS-12345", everyone.ben)
    deadline = Deadline.objects.get(case=case, duty="notify-the-panel")
    assert (str(deadline.met_on), process.author) == ("2026-11-19", everyone.ada)


def test_an_absent_approver_spares_nobody_the_national_systems_reference(
    asks_approval: Case, ada: Client
) -> None:
    page = ada.get(at("send", asks_approval)).content.decode()
    assert "Ask for approval" in page
    assert "Send now to" not in page
    absent = {"then": "absent", "absent": "Ben is on leave."}
    assert errors(ada.post(at("send", asks_approval), absent)) == [
        "Enter the reference",
        "Enter the date",
        "Enter the time",
    ]
    assert NotificationProcess.objects.get(case=asks_approval).state == "draft"
    done = ada.post(at("send", asks_approval), {**absent, **ACCEPTED})
    assert done["Location"] == at("sent", asks_approval), errors(done)
    process = NotificationProcess.objects.get(case=asks_approval)
    assert (process.approval_outstanding, process.channel_reference) == (True, "CSINS-12345")


def test_whichever_act_sends_the_service_refuses_without_the_reference(
    draft: Case, everyone: Cast, national: None
) -> None:
    with pytest.raises(CannotAdvance, match="record its reference"):
        sent(draft, everyone.ada)
    assert NotificationProcess.objects.get(case=draft).state == "draft"


def test_what_came_by_telephone_has_no_reference_of_the_national_system(
    everyone: Cast, national: None
) -> None:
    sol = sign_in(everyone.sol)
    sol.post(ENTER, BY_PHONE)
    case = Case.objects.get()
    kept = {k: v for k, v in BY_PHONE.items() if k != "authority"}
    written(case, everyone.sol, {"received": {**kept, "received_time": "9:15am"}})
    done = sol.post(at("send", case), {"then": "received"})
    assert done["Location"] == at("sent", case), errors(done)
