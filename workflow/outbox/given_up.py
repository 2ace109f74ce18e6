"""What was given up waits for a person to see it, who is told of it."""

import logging
from datetime import datetime, timedelta

from django.db.models import Max

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
        tell_the_administrators(row.webhook, at=at)
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


def tell_the_administrators(
    hook: Webhook, *, at: datetime, kind: str = NOT_TAKEN, which: str = ""
) -> None:
    """A message about their webhook waits for its authority's administrators, once for `which`.

    By default that it takes nothing: once a day, and after `DAYS_TOLD` of them once a week, until
    it takes something. That it was changed its approvers are told too: where there is one
    administrator, it is nobody else's to see.
    """
    if kind == NOT_TAKEN and not _is_told_today(hook, at):
        return
    asked = [roles.LA_ADMINISTRATOR, *([roles.LA_APPROVER] if kind == CHANGED else [])]
    today = clock.london_date(at)
    people = {
        person for role in asked for person in responsible_people(hook.authority, role.slug, today)
    }
    about = which or f"{at:%Y%m%d}"
    Outbox.objects.bulk_create(
        [
            Outbox(
                dedupe=f"webhook:{hook.name}:{about}:p{person.pk}",
                kind=kind,
                person=person,
                created_at=at,
                next_attempt_at=at,
            )
            for person in sorted(people, key=lambda person: person.pk)
        ],
        ignore_conflicts=True,
    )


def _is_told_today(hook: Webhook, at: datetime) -> bool:
    """Whether it is time to say that it takes nothing: a letter each day for ever is not read."""
    letters = Outbox.objects.filter(kind=NOT_TAKEN, dedupe__startswith=f"webhook:{hook.name}:")
    if took := Outbox.objects.filter(webhook=hook.pk).aggregate(at=Max("sent_at"))["at"]:
        letters = letters.filter(created_at__gt=took)
    days = {clock.london_date(one) for one in letters.values_list("created_at", flat=True)}
    today = clock.london_date(at)
    return len(days - {today}) < DAYS_TOLD or today - max(days - {today}) >= THEN_EVERY
