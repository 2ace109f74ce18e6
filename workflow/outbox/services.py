"""Writing messages into the outbox: a row in the act's own transaction, never a mail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflow.machine.case import Case
from workflow.outbox.models import WAITING, Outbox, free


def message(
    kind: str,
    *,
    case: Case,
    dedupe: str,
    at: datetime,
    organisation_id: int | None = None,
    person_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> Outbox:
    """An unsaved message to one recipient, due at once. The payload holds codes and dates only."""
    to = f"o{organisation_id}" if organisation_id else f"p{person_id}"
    return Outbox(
        dedupe=f"{dedupe}:{to}",
        kind=kind,
        case=case,
        authority_id=case.authority_id,
        organisation_id=organisation_id,
        person_id=person_id,
        payload=payload or {},
        created_at=at,
        next_attempt_at=at,
    )


def untell(case: Case, *, at: datetime) -> None:
    """What waits to be told of a case to other systems is not sent.

    What a sender has in hand it looks at itself.
    """
    waits = Outbox.objects.filter(WAITING, free(at), case=case, webhook__isnull=False)
    # In one order, and past what the worker has just taken hold of: nobody waits in a circle.
    held = waits.select_for_update(skip_locked=True).order_by("pk")
    waits.filter(pk__in=list(held.values_list("pk", flat=True))).update(cancelled_at=at)


def messages_of(
    case: Case, *, act: str, sequence: int, organisations: Iterable[int], at: datetime
) -> list[Outbox]:
    """The messages that tell organisations of one act; the same act never tells twice."""
    return [
        message(
            act,
            case=case,
            dedupe=f"case:{case.pk}:{sequence}",
            at=at,
            organisation_id=organisation_id,
        )
        for organisation_id in sorted(set(organisations))
    ]
