"""What an organisation arranged for itself: approval, its named senior, where its post goes.

Each change is a row of its own beside what is done about people: who changed it, and when.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from workflow import opaque
from workflow.people import roles
from workflow.people.invitation import PeopleAct
from workflow.people.managing import CannotManage, may_manage
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import who_belongs

Did = PeopleAct.Did
NOT_HERE = "The named senior must be somebody who holds a role here today. Choose one of them"
NOT_YOURS = "You do not look after the people of this organisation"
NO_APPROVAL = "Only a local authority asks for approval before a notification is sent"
CHANGED = (
    "The settings were changed since this page was opened."
    " Look at what stands now, check your answers and save again"
)
OF_THIS = (
    Did.APPROVAL_ON, Did.APPROVAL_OFF, Did.SENIOR_NAMED, Did.SENIOR_AWAY,
    Did.CONTACT_SET, Did.CONTACT_AWAY,
)  # fmt: skip


@dataclass(frozen=True)
class Arranged:
    """What is arranged: of approval, whom what nobody holds passes to, the address for its post."""

    approval: bool
    senior: int | None
    contact: str


def last_change(organisation: int) -> str:
    """Which change of its arrangement was the last: another name after each; "" before any."""
    newest = _changes_of(organisation).values_list("pk", flat=True).first()
    return opaque.hide(opaque.ARRANGED, newest) if newest else ""


def changes_since(organisation: int, seen: str) -> list[PeopleAct]:
    """What was changed after the change that `last_change` named so, in turn."""
    known = opaque.find(opaque.ARRANGED, seen) or 0
    later = _changes_of(organisation).filter(pk__gt=known).select_related("by", "person")
    return list(later.order_by("pk"))


@transaction.atomic
def arrange(
    organisation: Organisation, wanted: Arranged, *, by: Person, on: date, at: datetime,
    seen: str | None = None,
) -> bool:  # fmt: skip
    """The organisation is as wanted, and each change is kept; False where nothing changed.

    `seen` is the change after which the choice was made, as `last_change` names it. Raises
    CannotManage with every reason against it: for one, what somebody else changed since.
    """
    place = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    changed = _changes(place, wanted)
    wrong = _against(place, wanted, changed, by=by, on=on)
    if seen is not None and seen != last_change(place.pk):
        wrong.insert(0, CHANGED)
    if wrong:
        raise CannotManage(*wrong)
    place.approval_required = wanted.approval
    place.senior_id, place.contact_email = wanted.senior, wanted.contact
    place.save(update_fields=["approval_required", "senior", "contact_email"])
    PeopleAct.objects.bulk_create(
        PeopleAct(did=did, by=by, person_id=about, organisation=place, at=at)
        for did, about in changed.items()
    )
    return bool(changed)


def _changes_of(organisation: int) -> QuerySet[PeopleAct]:
    return PeopleAct.objects.filter(organisation=organisation, did__in=OF_THIS)


def _changes(place: Organisation, wanted: Arranged) -> dict[Did, int | None]:
    """What would be done, and about whom; a senior who makes way is not told of apart."""
    changed: dict[Did, int | None] = {}
    if wanted.approval != place.approval_required:
        changed[Did.APPROVAL_ON if wanted.approval else Did.APPROVAL_OFF] = None
    if wanted.senior != place.senior_id:
        did = Did.SENIOR_NAMED if wanted.senior else Did.SENIOR_AWAY
        changed[did] = wanted.senior or place.senior_id
    if wanted.contact != place.contact_email:
        changed[Did.CONTACT_SET if wanted.contact else Did.CONTACT_AWAY] = None
    return changed


def _against(
    place: Organisation, wanted: Arranged, changed: dict[Did, int | None], *, by: Person, on: date
) -> list[str]:
    wrong = []
    if not may_manage(by, place, on):
        wrong.append(NOT_YOURS)
    if Did.APPROVAL_ON in changed and place.kind != roles.AUTHORITY:
        wrong.append(NO_APPROVAL)
    here = {person.pk for person in who_belongs(place, on)}
    # Whoever was named before and belongs here no longer does not stay the senior either.
    if wanted.senior and wanted.senior not in here:
        wrong.append(NOT_HERE)
    return wrong
