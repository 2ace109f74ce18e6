"""What each act is called, in the words every screen uses."""

from typing import Any

from workflow.audit.models import Event
from workflow.machine.move import acts_of
from workflow.machine.notification import NotificationProcess
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview

_MACHINES: tuple[Any, ...] = (NotificationProcess, RapidReview, PracticeReview)
_DONE: dict[tuple[str, str], str] = {
    (machine.MACHINE, name): act.done
    for machine in _MACHINES
    for name, act in acts_of(machine).items()
}
_OPENED = {
    "notification": "Case opened",
    "rapid review": "Rapid review opened",
    "practice review": "Practice review opened",
}
# Acts that move no state. The rooms above may write further ones: their own words then stand.
_AROUND: dict[str, str] = {
    "record_facts": "Facts recorded",
    "clocks_run_again": "Due date runs again, as the facts are what they were before",
    "received_another_way": "Received by telephone or email",
    "record_awareness": "Date of awareness recorded",
    "propose_criteria_not_met": "Proposed that the criteria are not met",
    "propose_withdrawal": "Proposed to withdraw as a duplicate",
    "decline_proposal": "Proposal declined",
    "approve_after_sending": "Approved after sending",
    "plan_publication": "Day of publication planned",
    "propose_transfer": "Proposed to transfer the case to another authority",
    "agree_transfer": "Agreed that the case may be transferred",
    "decline_transfer": "Transfer declined",
    "take_back_transfer": "Proposal of a transfer taken back",
    "accept_transfer": "Transfer accepted",
    "link_case": "Linked to another case",
    "agree_later_date": "Later date agreed",
    "dates_moved": "Due date moved",
    "partners_told": "Safeguarding partners told",
    "acknowledge_breach": "Missed date acknowledged",
    "added_or_corrected": "Information added or corrected",
    "facts_corrected": "Facts corrected",
    "sent_on": "Sent under a further duty",
    "confirm_decision": "Decision confirmed",
    "put_decided_day_right": "Day of the partners’ decision put right",
    "rewrite_rapid_review": "Rapid review written anew after a partner had signed",
    "names_viewed": "Names viewed",
    "document_attached": "Document attached",
    "document_removed": "Document removed",
    "document_clean": "Document scanned and found clean",
    "document_refused": "Document scanned, and refused as harmful",
    "restrict": "Case restricted to named people",
    "name_people": "People named to the restricted case changed",
    "lift_restriction": "Restriction to named people lifted",
    "hold_record": "Legal hold placed on the record",
    "lift_hold": "Legal hold lifted",
    "propose_disposal": "Proposed to destroy the record",
    "decline_disposal": "Proposal to destroy the record declined",
    "confirm_disposal": "Record destroyed",
    "propose_redaction": "Proposed to take words out",
    "decline_redaction": "Proposal to take words out declined",
    "take_words_out": "Words taken out of every version",
    "open_in_emergency": "Case opened in an emergency",
    "review_emergency": "Emergency reviewed",
    "sign_off": "View of a safeguarding partner given",
    "sign_off_received": "View of a safeguarding partner written down",
}


def title_of(event: Event) -> str:
    """What was done, in the words every screen uses."""
    return title(event.machine, event.act)


def title(machine: str, act: str) -> str:
    """What an act is called, of the process that it moved or stood in."""
    if act == "open":
        return _OPENED.get(machine, "Opened")
    known = _DONE.get((machine, act)) or _AROUND.get(act)
    return known or act.replace("_", " ").capitalize()
