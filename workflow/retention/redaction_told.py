"""Who is told that words wait to be taken out, and how that was answered: never which words."""

from datetime import date, datetime
from typing import Any

from workflow.machine.approval import approvers_of, is_of_authority, who_names_approvers
from workflow.outbox.models import Outbox
from workflow.outbox.services import message
from workflow.people.person import Person
from workflow.retention.copies import DOCUMENTS
from workflow.retention.redaction import Redaction

# What those are told who received or signed what the words stand in, by the act.
OF_READERS = {
    "propose_redaction": "words_wait",
    "decline_redaction": "words_stay",
    "take_words_out": "words_gone",
}


def told_of(found: Redaction, act: str, *, by: Person, on: date, at: datetime) -> list[Outbox]:
    """The messages about an act: to whoever acts next, and to those who read or signed the words.

    Whoever may confirm is told that it waits; where nobody may, whoever can make somebody an
    approver. Whoever proposed is told how somebody else answered, while they are of the authority.
    """
    if act == "propose_redaction":
        people = approvers_of(found.case, but=found.by_id, on=on)
        kind = act if people else "nobody_may_take_out"
        people = people or who_names_approvers(found.case, on=on)
    else:
        concerned = found.by_id != by.pk and is_of_authority(found.case, found.by, on=on)
        kind, people = act, [found.by] if concerned else []
    readers = sorted(DOCUMENTS[found.document].readers(found.case, on))
    return [
        *(_message(kind, found, at, person_id=person.pk) for person in people),
        *(_message(OF_READERS[act], found, at, organisation_id=body) for body in readers),
    ]


def _message(kind: str, found: Redaction, at: datetime, **to: Any) -> Outbox:
    return message(kind, case=found.case, dedupe=f"{kind}:{found.pk}", at=at, **to)
