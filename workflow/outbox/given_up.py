"""What was given up waits for a person to see it, who is told of it."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from workflow import clock
from workflow.outbox.models import Outbox
from workflow.outbox.turn import set_aside
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.responsible import responsible_people
from workflow.webhooks.models import Webhook

log = logging.getLogger(__name__)

DEAD_LETTER, BOUNCED = "dead_letter", "bounced"
NOT_TAKEN, CHANGED = "webhook_not_taken", "webhook_changed"
# That a system takes nothing is told on so many days, one after the other, and then so seldom.
DAYS_TOLD, THEN_EVERY = 5, timedelta(days=7)
# Messages about messages, and what the key of each begins with.
ABOUT_MESSAGES = {DEAD_LETTER: "dead", BOUNCED: "bounced"}


def give_up(row: Outbox, *, at: datetime) -> None:
    """The row is set aside for a person to see, and the operator is told; it is never dropped."""
    if not set_aside([row.pk], dead_at=at):
        # Somebody else has sent it meanwhile, or given it up and told of it.
        return
    log.error("outbox row %s given up after %s attempts", row.pk, row.attempts)
    if row.webhook is not None:
        tell_that_it_takes_nothing(row.webhook, at=at)
        return
    # A row that is tried again can die again, and each death is told.
    tell_operators(DEAD_LETTER, row, at=at, which=f":{at:%Y%m%dT%H%M%S.%f}")


def tell_operators(kind: str, row: Outbox, *, at: datetime, which: str = "") -> None:
    """A message about this one waits for the operators, once; none about such a message.

    `which` tells one event in the life of a message from another of the same kind.
    """
    if row.kind in ABOUT_MESSAGES:
        return
    operators = Organisation.objects.of_kind(roles.OPERATOR).values_list("pk", flat=True)
    Outbox.objects.bulk_create(
        [
            Outbox(
                dedupe=f"{ABOUT_MESSAGES[kind]}:{row.pk}{which}:o{operator}",
                kind=kind,
                organisation_id=operator,
                created_at=at,
                next_attempt_at=at,
            )
            for operator in operators
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def tell_that_it_takes_nothing(hook: Webhook, *, at: datetime) -> None:
    """Its authority's administrators are told that their webhook takes nothing, where it is time.

    Once a day, and after `DAYS_TOLD` of them once a week, until it takes something: a letter each
    day for ever is not read.
    """
    today = clock.london_date(at)
    daily = Q(told_days__lt=DAYS_TOLD, told_on__lt=today)
    time = Q(told_on=None) | daily | Q(told_on__lte=today - THEN_EVERY)
    held = Webhook.objects.select_for_update(skip_locked=True, no_key=True)
    # Of two who call at once one tells it. Whoever ends it now may wait for what is in hand here.
    if row := held.filter(time, pk=hook.pk).first():
        row.told_days, row.told_on = min(row.told_days + 1, DAYS_TOLD), today
        row.save(update_fields=["told_days", "told_on"])
        _tell_about(hook, NOT_TAKEN, f"{at:%Y%m%d}", roles.LA_ADMINISTRATOR, at=at)


def tell_that_it_was_changed(hook: Webhook, which: str, *, at: datetime) -> None:
    """Its authority's administrators are told, once for `which`, and its approvers.

    Where there is one administrator, it is nobody else's to see.
    """
    _tell_about(hook, CHANGED, which, roles.LA_ADMINISTRATOR, roles.LA_APPROVER, at=at)


def _tell_about(hook: Webhook, kind: str, which: str, *asked: roles.Role, at: datetime) -> None:
    today = clock.london_date(at)
    people = {
        person for role in asked for person in responsible_people(hook.authority, role.slug, today)
    }
    Outbox.objects.bulk_create(
        [
            Outbox(
                dedupe=f"webhook:{hook.name}:{which}:p{person.pk}",
                kind=kind,
                person=person,
                created_at=at,
                next_attempt_at=at,
            )
            for person in sorted(people, key=lambda person: person.pk)
        ],
        ignore_conflicts=True,
    )
