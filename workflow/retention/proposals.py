"""Proposals to take words out: of which text each is, who may make one, and whom it waits for."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from workflow.access.policy import Rights, roles_for
from workflow.machine.case import Case
from workflow.machine.refusals import CannotAdvance
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.retention.copies import DOCUMENTS, Place
from workflow.retention.passages import MARKS, Passages
from workflow.retention.redaction import Redaction, Rule

WAITS = Redaction.State.PROPOSED
MOST = 100
ANSWERED = "This proposal was answered already."


def place_of(found: Redaction) -> Place:
    """Of which text it is."""
    return Place(found.document, found.section, found.page, found.item, found.field)


def rows_of(case: Case, found: Collection[Redaction]) -> dict[int, Any]:
    """The row that each of these is of, by the proposal's key: None where it is of an answer.

    Those of one kind are looked up at once.
    """
    items: dict[str, set[str]] = {}
    for one in found:
        items.setdefault(one.document, set()).add(one.item)
    rows = {name: DOCUMENTS[name].rows(case, keys) for name, keys in items.items()}
    return {one.pk: rows[one.document].get(one.item) for one in found}


def passages_of(found: Redaction) -> Passages:
    """The words that wait to be taken out, with their mark."""
    return Passages(found.words or [], MARKS[Rule(found.rule)])


def as_proposer(by: Person, case: Case, place: Place, *, on: date) -> Membership:
    """As whom a person proposes to take words out of a text; CannotAdvance where they may not."""
    whose = DOCUMENTS[place.document].whose
    return _as_whom(by, case, place, whose.propose, whose.proposes, on)


def as_confirmer(by: Person, case: Case, place: Place, *, on: date) -> Membership:
    """As whom a person confirms that words go from a text; CannotAdvance where they may not."""
    whose = DOCUMENTS[place.document].whose
    return _as_whom(by, case, place, whose.confirm, whose.confirms, on)


def as_decliner(found: Redaction, by: Person, case: Case, *, on: date) -> Membership:
    """As whom a person leaves the words where they stand; CannotAdvance where they may not."""
    row = DOCUMENTS[found.document].row(case, place_of(found))
    if (held := _no_alone(found, row, by, Rights(by, case, on))) is not None:
        return held
    return as_confirmer(by, case, place_of(found), on=on)


def may_decline(found: Redaction, row: Any, person: Person, rights: Rights) -> bool:
    """Whether a person may say no to a proposal, and nothing else; with the row that it is of."""
    return found.by_id != person.pk and _no_alone(found, row, person, rights) is not None


def _no_alone(found: Redaction, row: Any, person: Person, rights: Rights) -> Membership | None:
    whose = DOCUMENTS[found.document].whose
    declines = whose.declines
    if declines is None or not rights.may(whose.propose):
        return None
    return _held(person, whose.propose, lambda one: declines(found.case, row, one), rights.on)


def may_propose(person: Person, case: Case, document: str, row: Any, rights: Rights) -> bool:
    """Whether a person may propose to take words out of a text, with its row where it has one."""
    whose = DOCUMENTS[document].whose
    held = _held(person, whose.propose, lambda one: whose.proposes(case, row, one), rights.on)
    return rights.may(whose.propose) and held is not None


def may_confirm(person: Person, case: Case, document: str, rights: Rights) -> bool:
    """Whether a person may confirm that words go from a text of this kind."""
    whose = DOCUMENTS[document].whose
    held = _held(person, whose.confirm, lambda one: whose.confirms(case, None, one), rights.on)
    return rights.may(whose.confirm) and held is not None


def _as_whom(
    by: Person,
    case: Case,
    place: Place,
    act: str,
    theirs: Callable[[Case, Any, Membership], bool],
    on: date,
) -> Membership:
    row = DOCUMENTS[place.document].row(case, place)
    found = _held(by, act, lambda one: theirs(case, row, one), on)
    if found is None or not Rights(by, case, on).may(act):
        titles = " or ".join(roles.by_slug(slug).title for slug in sorted(roles_for(act)))
        raise CannotAdvance(f"Only {titles} may do this, of the body whose words they are.")
    return found


def _held(
    by: Person, act: str, theirs: Callable[[Membership], bool], on: date
) -> Membership | None:
    """The membership by which a person does an act of taking words out, in a body that may."""
    allowed = roles_for(act)
    for one in by.memberships_on(on):
        if one.role in allowed and theirs(one):
            return one
    return None


def acts_of_proposing() -> list[str]:
    """The acts by which words are proposed to be taken out, of whichever texts; the first first."""
    return list(dict.fromkeys(document.whose.propose for document in DOCUMENTS.values()))


def waiting(case: Case, key: int) -> Redaction:
    """The proposal that waits, opened with its case; CannotAdvance when it was answered."""
    rows = Redaction.objects.filter(case=case, pk=key, state=WAITS)
    found = rows.select_related("by", "organisation").first()
    if found is None:
        raise CannotAdvance(ANSWERED)
    found.case = case
    return found


def waits_for_its_authority(case: Case) -> bool:
    """Whether a proposal of a case waits for whoever has it: what the Panel proposed does not."""
    theirs = [name for name, one in DOCUMENTS.items() if not one.whose.is_of_its_own_body]
    return Redaction.objects.filter(case=case, state=WAITS, document__in=theirs).exists()


def waits_on(case: Case, person: Person, rights: Rights) -> bool:
    """Whether a proposal of a case waits for this person: none does that they made."""
    theirs = {name for name in DOCUMENTS if may_confirm(person, case, name, rights)}
    to_decline = {
        name
        for name, document in DOCUMENTS.items()
        if document.whose.declines is not None and rights.may(document.whose.propose)
    }
    if not theirs | to_decline:
        return False
    rows = Redaction.objects.filter(case=case, state=WAITS, document__in=theirs | to_decline)
    found = list(rows.exclude(by=person))
    for one in found:
        one.case = case
    if any(one.document in theirs for one in found):
        return True
    of = rows_of(case, found)
    return any(may_decline(one, of[one.pk], person, rights) for one in found)


def waiting_for(person: Person, *, on: date) -> list[Redaction]:
    """The proposals that this person may answer, the oldest first; none that they made."""
    seen = Case.objects.visible_to(person, on).filter(disposed_on=None)
    rows = Redaction.objects.filter(_answered_by(person, on), case__in=seen, state=WAITS)
    found = rows.exclude(by=person).select_related("case", "by", "organisation")
    return list(found.order_by("pk")[:MOST])


def _answered_by(person: Person, on: date) -> Q:
    """Of their authority's cases what its approvers answer; else what their own body proposed."""
    found = Q(pk__in=[])
    for name, document in DOCUMENTS.items():
        allowed = roles_for(document.whose.confirm)
        places = [one.organisation_id for one in person.memberships_on(on) if one.role in allowed]
        of_them = "organisation__in" if document.whose.is_of_its_own_body else "authority__in"
        found |= Q(document=name, **{of_them: places})
    return found


def of_a_case(case: Case) -> QuerySet[Redaction]:
    """Every proposal of a case, the newest first, with whoever made and answered it."""
    rows = Redaction.objects.filter(case=case).order_by("-pk")
    return rows.select_related("by", "organisation", "answered_by", "answered_organisation")
