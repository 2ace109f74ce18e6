"""Who is told that words wait to be taken out, and how that was answered: never which words."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from workflow.access import naming
from workflow.access.policy import roles_for
from workflow.machine.approval import approvers_of, told_that_nobody_may
from workflow.machine.case import Case
from workflow.outbox.mail import post_of
from workflow.outbox.models import Outbox
from workflow.outbox.services import message
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.retention.copies import DOCUMENTS
from workflow.retention.proposals import place_of
from workflow.retention.redaction import Redaction
from workflow.retention.standing import HOLDERS, named_holders

# What those are told who received or signed what the words stand in, by the act.
OF_READERS = {
    "propose_redaction": "words_wait",
    "decline_redaction": "words_stay",
    "take_words_out": "words_gone",
}


def told_of(found: Redaction, act: str, *, by: Person, on: date, at: datetime) -> list[Outbox]:
    """The messages about an act: to whoever acts next, and to those who received or signed it.

    Whoever may confirm is told that it waits; where nobody may, whoever can change that. Whoever
    proposed is told how somebody else answered, while they are of a body that may propose it. Of
    those who received it, whoever may place a hold is told besides: the Panel's chair, and of what
    the authority received its approvers.
    """
    document, place = DOCUMENTS[found.document], place_of(found)
    if act == "propose_redaction":
        kind, people = _who_answers(found, on)
    else:
        row, held = document.row(found.case, place), found.by.memberships_on(on)
        theirs = any(document.whose.proposes(found.case, row, one) for one in held)
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
    if people := approvers_of(case, but={found.by_id}, on=on):
        return "propose_redaction", people
    return told_that_nobody_may("take_out", case, on=on)


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
    """Those whom the post of their body does not reach already.

    Whoever is named to a restricted case has it anyway.
    """
    if case.restricted:
        return []
    where = Q(organisation__kind=roles.PANEL) | Q(organisation=case.authority_id)
    held = Membership.objects.current(on).filter(where, organisation__in=readers, role__in=HOLDERS)
    rows = held.filter(person__is_active=True).select_related("organisation")
    bodies = {row.organisation_id: row.organisation for row in rows}
    post = {(one.pk, key) for key, body in bodies.items() for one in post_of(body, on=on)}
    able = {row.person_id for row in rows if (row.person_id, row.organisation_id) not in post}
    return sorted(able)


def were_told_in_time(found: Redaction, *, on: date) -> bool:
    """Whether every body that reads the words now was told of the proposal on the day it was made.

    Of a restricted case, every body of which somebody is named, and at the Panel somebody who may
    place a hold was named by that day. Who came to the case later, or was not told while it was
    restricted, has had no time to have it held.
    """
    readers = DOCUMENTS[found.document].readers(found.case, place_of(found), on)
    if found.case.restricted:
        readers &= {one.organisation.pk for one in naming.named(found.case, on=on)}
        able = _holders_among(found.case, readers, on)
        if able and not able & _holders_among(found.case, readers, found.on):
            return False
    if not readers:
        return True
    ways = {_message("words_wait", found, found.at, organisation_id=one).dedupe for one in readers}
    told = Outbox.objects.filter(case=found.case, dedupe__in=ways, cancelled_at=None)
    return told.filter(created_at__lte=found.at).count() == len(ways)


def _holders_among(case: Case, readers: Collection[int], on: date) -> set[int]:
    return {one.person.pk for one in named_holders(case, on=on) if one.organisation.pk in readers}


def _message(kind: str, found: Redaction, at: datetime, **to: Any) -> Outbox:
    return message(kind, case=found.case, dedupe=f"{kind}:{found.pk}", at=at, **to)
