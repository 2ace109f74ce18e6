"""Where an authority asks for approval and nobody there may give it: who can change that is told.

Nothing of a case is read for it, nor said: approvers leave, whether or not anything waits for them.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from workflow import clock
from workflow.outbox.models import Outbox
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.responsible import who_gives_roles

NOBODY_APPROVES = "nobody_approves"


def without_approver(*, on: date) -> QuerySet[Organisation]:
    """The authorities that ask for approval, and have nobody on that day who may give it."""
    held = Membership.objects.current(on).filter(
        organisation=OuterRef("pk"), role=roles.LA_APPROVER.slug, person__is_active=True
    )
    there = Organisation.objects.of_kind(roles.AUTHORITY).current(on)
    return there.filter(~Exists(held), approval_required=True)


def tell_of_no_approver(*, on: date, at: datetime) -> int:
    """Whoever gives roles at such an authority is told, once in each week; how many there are."""
    found = list(without_approver(on=on))
    rows = [
        Outbox(
            dedupe=f"{NOBODY_APPROVES}:{authority.pk}:{on:%G-%V}:p{person.pk}",
            kind=NOBODY_APPROVES,
            authority=authority,
            person=person,
            created_at=at,
            next_attempt_at=at,
        )
        for authority in found
        for person in who_gives_roles(authority, on)
    ]
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)
    return len(found)


def tell_of_no_approver_now() -> int:
    """As it stands now; returns at how many authorities nobody may approve."""
    at = clock.now()
    return tell_of_no_approver(on=clock.london_date(at), at=at)
