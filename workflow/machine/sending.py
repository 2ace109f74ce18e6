"""Who has what was sent: at sending, and once a fact added later makes somebody a recipient."""

from datetime import date

from workflow.access.giving import (
    CAPACITY_OF_KIND,
    KIND_OF_BODY,
    give_at_sending,
    who_received,
)
from workflow.access.models import Capacity, Grant
from workflow.access.naming import name_receivers
from workflow.law import duties
from workflow.law.routes import Route
from workflow.machine.case import Case
from workflow.machine.consequences import Acting
from workflow.machine.notification import NotificationProcess
from workflow.machine.rapid_review import RapidReview
from workflow.outbox.services import messages_of

SENT_ON = "sent_on"


def give(move: Acting, process: NotificationProcess) -> list[int]:
    """The recipients as the facts stand have sight of the case; returns who has it newly."""
    case, by = move.case, move.by.pk if move.by else None
    given = give_at_sending(case, by_id=by, on=move.on)
    if case.restricted:
        name_receivers(case, given, by_id=by, on=move.on)
    # A later notification of the same case gives nobody anew who was told before; of a restricted
    # one only who is named is told.
    told = Capacity.PARTNER in given.values() and not case.restricted
    move.partners_told = told or (
        (process.cycle > 1 or case.restricted) and _sees_as_partner(case, on=move.on)
    )
    return list(given)


def send_on(move: Acting, before: Route) -> None:
    """What was sent is also with whoever a duty is owed to that arises only now: its clock stops.

    Its clock runs from awareness like every other: see readings.LEARNED_AFTER_SENDING. Nothing is
    sent where the facts give rise to no duty and no recipient that they did not before.
    """
    case, process = move.case, move.case.notification
    arisen = [duty for duty in case.route.duties if duty not in before.duties]
    if not arisen and (before.goes_to_panel or not case.route.goes_to_panel):
        return
    given = give(move, process)
    partners = duties.TELL_THE_PARTNERS
    stopped = [one.slug for one in arisen if move.partners_told or one != partners]
    move.meet(*stopped, cycle=process.cycle)
    opened = RapidReview.objects.filter(case=case, number=process.cycle)
    if case.route.rapid_review and not before.rapid_review and not opened.exists():
        move.open_rapid_review(process.cycle)
    event = move.record(
        SENT_ON, move.changed_clocks(), machine=NotificationProcess.MACHINE, system=True
    )
    owed = {one.slug for one in case.route.recipients if one.duty in arisen} & KIND_OF_BODY.keys()
    as_what = [CAPACITY_OF_KIND[KIND_OF_BODY[slug]] for slug in owed]
    told = {*given, *who_received(case, on=move.on, capacities=as_what)}
    move.messages += messages_of(
        case, act=event.act, sequence=event.sequence, organisations=told, at=move.recorded_at
    )


def _sees_as_partner(case: Case, *, on: date) -> bool:
    return Grant.objects.active(on).filter(case=case, capacity=Capacity.PARTNER).exists()
