"""Who is told that words wait to be taken out, and how that was answered: never which words."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from workflow.access import naming
from workflow.access.policy import roles_for
from workflow.machine.approval import approvers_of, who_names_approvers
from workflow.machine.case import Case
from workflow.outbox.models import Outbox
from workflow.outbox.services import message
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.retention.copies import DOCUMENTS
from workflow.retention.proposals import place_of
from workflow.retention.redaction import Redaction

# What those are told who received or signed what the words stand in, by the act.
OF_READERS = {
    "propose_redaction": "words_wait",
    "decline_redaction": "words_stay",
    "take_words_out": "words_gone",
}
HOLDING, NAMING = roles_for("hold.record"), roles_for("restrict")


def told_of(found: Redaction, act: str, *, by: Person, on: date, at: datetime) -> list[Outbox]:
    """The messages about an act: to whoever acts next, and to those who received or signed it.

    Whoever may confirm is told that it waits; where nobody may, whoever can change that. Whoever
    proposed is told how somebody else answered, while they are of a body that may propose it. Of
    the Panel its chair is told besides, who alone of those who received it may place a hold.
    """
    document, place = DOCUMENTS[found.document], place_of(found)
    if act == "propose_redaction":
        kind, people = _who_answers(found, on)
    else:
        row, held = document.row(found.case, place), found.by.memberships_on(on)
        theirs = any(document.whose.proposes(found.case, row, one.organisation) for one in held)
        kind, people = act, [found.by] if theirs and found.by_id != by.pk else []
    readers = sorted(document.readers(found.case, place, on))
    return [
        *(_message(kind, found, at, person_id=person.pk) for person in people),
        *(_message(OF_READERS[act], found, at, organisation_id=body) for body in readers),
        *(
            _message(OF_READERS[act], found, at, person_id=person)
            for person in _who_may_hold(found.case, readers, on)
        ),
    ]


def told_of_those_that_passed_on(case: Case, *, on: date, at: datetime) -> None:
    """Who may answer what waits in a case is told, now that it is another authority's.

    So is whoever receives it with that authority; nobody is told a second time.
    """
    rows = Redaction.objects.filter(case=case, state=Redaction.State.PROPOSED)
    told: list[Outbox] = []
    for found in rows.select_related("by").order_by("pk"):
        found.case = case
        told += told_of(found, "propose_redaction", by=found.by, on=on, at=at)
    Outbox.objects.bulk_create(told, ignore_conflicts=True)


def _who_answers(found: Redaction, on: date) -> tuple[str, list[Person]]:
    """Who is told that it waits, and by which kind of message."""
    case = found.case
    if DOCUMENTS[found.document].whose.is_of_its_own_body:
        return "propose_redaction", _at_its_own_body(found, on)
    if people := approvers_of(case, but=found.by_id, on=on):
        return "propose_redaction", people
    if not case.restricted:
        return "nobody_may_take_out", who_names_approvers(case, on=on)
    # To be an approver is not enough, and nobody hears of it who is not named.
    able = {one.person for one in naming.named(case, on=on) if NAMING & set(one.roles)}
    return "nobody_named_may_take_out", sorted(able, key=lambda person: person.pk)


def _at_its_own_body(found: Redaction, on: date) -> list[Person]:
    """Who may confirm at the body that proposed; of a restricted case, those named to it."""
    allowed = roles_for(DOCUMENTS[found.document].whose.confirm)
    held = Membership.objects.current(on).filter(
        organisation=found.organisation, role__in=allowed, person__is_active=True
    )
    rows = held.exclude(person=found.by).select_related("person").order_by("pk")
    people = {row.person_id: row.person for row in rows}
    if found.case.restricted:
        named = {one.person.pk for one in naming.named(found.case, on=on)}
        people = {key: person for key, person in people.items() if key in named}
    return list(people.values())


def _who_may_hold(case: Case, readers: Collection[int], on: date) -> list[int]:
    """Of the Panel; of a restricted case whoever is named there has its post anyway."""
    if case.restricted:
        return []
    held = Membership.objects.current(on).filter(
        organisation__in=readers, organisation__kind=roles.PANEL, role__in=HOLDING
    )
    return sorted(set(held.filter(person__is_active=True).values_list("person_id", flat=True)))


def _message(kind: str, found: Redaction, at: datetime, **to: Any) -> Outbox:
    return message(kind, case=found.case, dedupe=f"{kind}:{found.pk}", at=at, **to)
