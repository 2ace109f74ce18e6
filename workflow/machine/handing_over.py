"""What moves with a case to another authority: its rows, and who sees it."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q

from workflow.access.models import Capacity, Grant
from workflow.deadlines.models import Deadline
from workflow.machine.case_transfer import CaseTransfer
from workflow.machine.consequences import Acting
from workflow.outbox.models import Outbox
from workflow.people.organisations import Organisation, partnership_of


def rows_of_a_case() -> list[type[models.Model]]:
    """Every table whose rows stand under their case's authority and move with it.

    What only grows is left as it was written, under the authority of that day; so are messages,
    and what the worker plans for a clock, which it plans anew for a clock that was handed over.
    """
    found: list[type[models.Model]] = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        grows = any(one.name == "keep_rows" for one in getattr(model._meta, "triggers", []))
        if {"authority", "case"} <= names and not grows and model is not Outbox:
            found.append(model)
    return found


def hand_over(move: Acting, transfer: CaseTransfer, giver_reads_until: date | None) -> None:
    """The case and all its rows stand under the receiver, which sees it from now on."""
    case, receiver = move.case, transfer.receiver
    case.authority, case.partnership = receiver, partnership_of(receiver, on=move.on)
    case.save(update_fields=["authority", "partnership"])
    late = list(_late_already(move).values_list("pk", flat=True))
    for model in rows_of_a_case():
        stays = late if model is Deadline else []
        models.QuerySet(model).filter(case=case).exclude(pk__in=stays).update(authority=receiver)
    case.notification.authority = receiver
    _give_sight(move, transfer, giver_reads_until)


def _late_already(move: Acting) -> models.QuerySet[Deadline]:
    """The clocks whose lateness stays with the authority that was late.

    What was sent passes on with the clocks that are open, late ones too: the receiver owes them.
    """
    rows = Deadline.objects.filter(case=move.case).late(on=move.on)
    return rows.exclude(met_on=None, cancelled_on=None) if move.case.notified_on else rows


def _give_sight(move: Acting, transfer: CaseTransfer, giver_reads_until: date | None) -> None:
    """The receiver and its partners see the case; the giver and its partners do no longer."""
    case, on = move.case, move.on
    given = Grant.objects.in_force(on).filter(case=case, organisation__isnull=False)
    members = case.partnership.members.current(on) if case.partnership else None
    still = list(members.values_list("organisation", flat=True)) if members else []
    ending = Q(capacity=Capacity.NOTIFYING_AUTHORITY)
    ending |= Q(capacity=Capacity.PARTNER) & ~Q(organisation__in=still)
    given.filter(ending).update(withdrawn_at=move.at)
    _grant(move, transfer.receiver, Capacity.NOTIFYING_AUTHORITY, None)
    if giver_reads_until:
        _grant(move, transfer.giver, Capacity.OTHER_AREA, giver_reads_until)


def offer(move: Acting, receiver: Organisation) -> list[int]:
    """The receiver sees of the case what it needs to answer."""
    _grant(move, receiver, Capacity.ASKED, None)
    return [receiver.pk]


def end_offer(move: Acting, transfer: CaseTransfer) -> None:
    """Whoever was asked sees the case no longer, unless in another capacity."""
    offered = Grant.objects.in_force(move.on).filter(case=move.case, capacity=Capacity.ASKED)
    offered.filter(organisation=transfer.receiver).update(withdrawn_at=move.at)


def _grant(move: Acting, to: Organisation, capacity: Capacity, until: date | None) -> None:
    Grant.objects.create(
        case=move.case,
        organisation=to,
        capacity=capacity,
        since=move.on,
        until=until,
        given_by=move.by,
        reason="Transfer between authorities",
    )
