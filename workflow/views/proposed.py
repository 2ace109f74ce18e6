"""What was proposed to be taken out of a case, in words: as far as it concerns its reader."""

from collections.abc import Collection, Mapping
from typing import Any

from workflow.access.policy import Rights
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.retention import proposals
from workflow.retention.copies import DOCUMENTS
from workflow.retention.redaction import Redaction
from workflow.retention.taken_out import called
from workflow.sealed.reading import words as sealed_words
from workflow.views.redactions import whom

# The proposals that a person neither made nor may confirm, by their keys: the row that each is of.
Others = Mapping[int, Any]


def concerning(case: Case, reader: Person, rights: Rights) -> list[dict[str, Any]]:
    """What the reader might have proposed or answered, the newest first: each in words."""
    found = list(proposals.of_a_case(case))
    others = _others(case, found, reader, rights)
    mine = [
        one
        for one in found
        if one.pk not in others
        or proposals.may_propose(reader, case, one.document, others[one.pk], rights)
    ]
    return _in_words(mine, others, reader, rights)


def is_theirs_to_answer(found: Redaction, case: Case, person: Person, rights: Rights) -> bool:
    """Whether a person takes a proposal back, answers it, or may say no to it."""
    return _is_theirs(found, _others(case, [found], person, rights), person, rights)


def in_words(found: Redaction, case: Case, reader: Person, rights: Rights) -> dict[str, Any]:
    """Where, by which rule, why, who proposed and who answered."""
    return _in_words([found], _others(case, [found], reader, rights), reader, rights)[0]


def _in_words(
    found: Collection[Redaction], others: Others, reader: Person, rights: Rights
) -> list[dict[str, Any]]:
    names = called((one.document, one.page, one.item) for one in found)
    return [
        {
            **_told(one, reader, rights),
            "where": f"{DOCUMENTS[one.document].title}: {names[one.document, one.page, one.item]}",
            "is_yours": _waits(one) and _is_theirs(one, others, reader, rights),
        }
        for one in found
    ]


def _others(case: Case, found: Collection[Redaction], person: Person, rights: Rights) -> Others:
    for one in found:
        one.case = case
    others = [
        one
        for one in found
        if one.by_id != person.pk and not proposals.may_confirm(person, case, one.document, rights)
    ]
    return proposals.rows_of(case, others)


def _is_theirs(found: Redaction, others: Others, person: Person, rights: Rights) -> bool:
    if found.pk not in others:
        return True
    return proposals.may_decline(found, others[found.pk], person, rights)


def _waits(found: Redaction) -> bool:
    return found.state == Redaction.State.PROPOSED


def _told(found: Redaction, reader: Person, rights: Rights) -> dict[str, Any]:
    waits, on = _waits(found), rights.on
    who = found.answered_by, found.answered_role, found.answered_organisation
    return {
        "key": found.pk,
        "of": DOCUMENTS[found.document].of,
        "rule": found.get_rule_display(),
        "why": sealed_words(found, "reason"),
        "state": found.get_state_display(),
        "proposed": whom(found.by, found.role, found.organisation, reader, on=on),
        "proposed_at": found.at,
        "answered": "" if waits else whom(*who, reader, on=on),
        "answered_at": found.answered_at,
        "copies": found.copies,
        "earliest": found.not_before if waits and found.not_before > found.on else None,
        "is_own": found.by_id == reader.pk,
    }
