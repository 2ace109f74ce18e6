"""The trail of a case in sentences: what was done, by whom, when, and what was moved by it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflow.audit.models import Event
from workflow.machine.acts import SYSTEM
from workflow.machine.move import acts_of
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.mandates import MACHINES
from workflow.views.moved import moved_words
from workflow.views.recorded import dues_before, recorded_words

_DONE: dict[tuple[str, str], str] = {
    (machine.MACHINE, name): act.done
    for machine in MACHINES
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
    "confirm_decision": "Decision confirmed",
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
# A form sent later than this after the act was written down afterwards, not as it happened.
AT_ONCE_SECONDS = 120


def title_of(event: Event) -> str:
    """What was done, in the words every screen uses."""
    if event.act == "open":
        return _OPENED.get(event.machine, "Opened")
    known = _DONE.get((event.machine, event.act)) or _AROUND.get(event.act)
    return known or event.act.replace("_", " ").capitalize()


def author_of(event: Event, reader: Person, *, on: date) -> str:
    """Who did it: by name among the reader's own people, by role elsewhere."""
    if event.capacity == SYSTEM or event.actor is None:
        return "the system"
    organisation = event.organisation.name if event.organisation else ""
    if event.organisation_id in reader.organisation_ids(on):
        return f"{event.actor.name}, {organisation}"
    return f"{roles.by_slug(event.capacity).title}, {organisation}"


def entries(
    events: Iterable[Event], reader: Person, *, on: date, with_reasons: bool
) -> list[dict[str, Any]]:
    """The events for the component `timeline`; reasons only for those who may read content."""
    events, found = list(events), []
    earlier = dues_before(events)
    for event in events:
        waited = (event.recorded_at - event.at).total_seconds()
        found.append(
            {
                "title": title_of(event),
                "by": author_of(event, reader, on=on),
                "at": event.at,
                "late": event.recorded_at if waited > AT_ONCE_SECONDS else None,
                "text": "\n".join(
                    words
                    for words in (
                        recorded_words(event, earlier),
                        moved_words(event) or (event.reason if with_reasons else ""),
                    )
                    if words
                ),
            }
        )
    return found
