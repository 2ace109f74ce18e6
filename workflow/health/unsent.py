"""What was not sent and needs a person: messages given up, and reminders that found nobody."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from workflow.access import context
from workflow.health.models import DeadLetterAct
from workflow.machine.case import Case
from workflow.machine.refusals import CannotAdvance
from workflow.outbox.models import MAIL, Outbox
from workflow.people.person import Person
from workflow.reminders.models import PlannedRung

What = DeadLetterAct.What


def dead_letters() -> QuerySet[Outbox]:
    """The messages that were given up, without those that somebody has closed since."""
    closed = DeadLetterAct.objects.filter(
        message=OuterRef("pk"), what=What.CLOSED, at__gte=OuterRef("dead_at")
    )
    return Outbox.objects.filter(MAIL, ~Exists(closed), dead_at__isnull=False)


def rungs_with_nobody() -> QuerySet[PlannedRung]:
    """The steps of open clocks that found nobody, where no later step of the same date did."""
    later = PlannedRung.objects.filter(
        deadline=OuterRef("deadline"),
        revision=OuterRef("revision"),
        swept_at__isnull=False,
        planned_at__gt=OuterRef("planned_at"),
        nobody=False,
    )
    return PlannedRung.objects.filter(
        ~Exists(later),
        nobody=True,
        deadline__met_on__isnull=True,
        deadline__cancelled_on__isnull=True,
        revision=F("deadline__revision"),
    )


def try_again(key: int, *, by: Person, at: datetime) -> Outbox:
    """A message that was given up waits to be sent again, with all its attempts before it.

    Raises CannotAdvance when it is not one, because somebody was quicker or it never was.
    """
    return _deal_with(key, What.TRIED_AGAIN, by=by, at=at)


def close(key: int, *, by: Person, at: datetime) -> Outbox:
    """A message that was given up is dealt with in another way, and is never sent.

    Raises CannotAdvance when it is not one, because somebody was quicker or it never was.
    """
    return _deal_with(key, What.CLOSED, by=by, at=at)


@transaction.atomic
def _deal_with(key: int, what: str, *, by: Person, at: datetime) -> Outbox:
    with context.serving(context.HEALTH):
        # A restricted case is out of sight of whoever looks after messages; it is taken in hand.
        case = Case.objects.filter(messages=key, restricted=True).taken_in_hand().first()
        if case is not None:
            return _dealt_with(key, what, by=by, at=at)
    return _dealt_with(key, what, by=by, at=at)


def _dealt_with(key: int, what: str, *, by: Person, at: datetime) -> Outbox:
    found = dead_letters().filter(pk=key)
    row = found.select_for_update(of=("self",)).first()
    # The statement that waits for the lock has looked before it waited.
    if row is None or not found.exists():
        raise CannotAdvance("Somebody has dealt with this message already.")
    DeadLetterAct.objects.create(
        message=row, what=what, by=by, at=at, attempts=row.attempts, fault=row.fault
    )
    if what == What.TRIED_AGAIN:
        Outbox.objects.filter(pk=row.pk).update(
            dead_at=None, attempts=0, claims=0, next_attempt_at=at, lease_until=None, fault=""
        )
    return row
