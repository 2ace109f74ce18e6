"""Moving a case: lock it, check who may, move, and store everything in one transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from workflow import clock
from workflow.access.giving import receivers_of
from workflow.audit.models import Event
from workflow.deadlines.calendar import calendar
from workflow.deadlines.clocks import Clocks
from workflow.deadlines.models import ProclaimedHoliday
from workflow.machine.acts import SYSTEM
from workflow.machine.case import Case, CaseQuerySet
from workflow.machine.consequences import Acting, take_facts
from workflow.machine.move import Machine, act_of, roles_for
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import WITH_THE_PANEL
from workflow.machine.refusals import CannotAdvance, NotFound, RecordDestroyed
from workflow.machine.sending import give, send_on
from workflow.machine.storing import flush
from workflow.outbox.services import messages_of
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person

AUTHORITY_ROLES = ("la_notifier", "la_approver")
WRITERS = (*AUTHORITY_ROLES, "la_filing_system", "panel_secretariat")


def lock_case(token: str, *, by: Person | None, on: date, reading: bool = False) -> Case:
    """The case under a row lock until the transaction ends, with its notification's machine.

    In an emergency it is read alone: only what is `reading` finds it then.

    Raises NotFound when it is not this person's: the same answer as when it is not there, and
    RecordDestroyed when its record has ended: nothing is done on it any more.
    """
    cases = Case.objects.visible_to(by, on, to_act=not reading) if by else Case.objects.all()
    case: Case | None = _locked(cases.filter(token=token).taken_in_hand()).first()
    if case is None:
        raise NotFound
    if case.disposed_on is not None:
        raise RecordDestroyed
    case.notification.case = case
    case.is_locked = True
    return case


def lock_cases(keys: Collection[int]) -> list[Case]:
    """Many cases under their row locks, taken in one order, each with all its clocks."""
    found = list(
        _locked(Case.objects.filter(pk__in=keys)).order_by("pk").prefetch_related("deadlines")
    )
    for case in found:
        case.notification.case = case
        case.is_locked = True
    return found


def _locked(cases: CaseQuerySet) -> Any:
    newest = ProclaimedHoliday.objects.order_by("-pk").values("pk")[:1]
    return (
        # Both rows: after a wait PostgreSQL looks again only at rows that the statement locks.
        cases.select_for_update(of=("self", "notification"))
        .select_related("notification", "authority")
        .annotate(newest_holiday=Coalesce(Subquery(newest), Value(0), output_field=IntegerField()))
        .filter(notification__isnull=False)
    )


def advance(
    subject: Machine,
    transition_name: str,
    *,
    by: Person | None,
    on: date,
    at: datetime,
    reason: str = "",
    reason_code: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Event:
    """The subject has moved, with every consequence, in one transaction; returns the event.

    Raises CannotAdvance with every reason why not; AlreadyDone when somebody else was first;
    NotFound when the case is not this person's.
    """
    act = act_of(type(subject), transition_name)
    case = _case_of(subject)
    # Whoever has locked the case has a transaction, which stands or falls with this act.
    with transaction.atomic(savepoint=not case.is_locked):
        if not case.is_locked:
            case = lock_case(case.token, by=by, on=on)
            subject = _fresh(subject, case)
        membership = membership_for(by, roles_for(subject, act), case=case, on=on)
        if act.needs_reason(subject.state) and not reason.strip():
            raise CannotAdvance(f"{act.title}: enter a reason.")
        said: Any = {"reason": reason, "reason_code": reason_code, "facts": facts}
        move = begin(case, by=by, membership=membership, on=on, at=at, **said)
        # Sight first: whether sending told the partners is known from who was given it.
        sends = isinstance(subject, NotificationProcess) and transition_name == "submit"
        given = give(move, case.notification) if sends else []
        event = move.apply(subject, transition_name)
        tell(move, event, newly_given=given)
        flush(move)
        return event


@transaction.atomic
def record_facts(
    case: Case,
    facts: Mapping[str, Any],
    *,
    by: Person,
    on: date,
    at: datetime,
    reason: str = "",
    act: str = "record_facts",
    recorded_at: datetime | None = None,
) -> Case:
    """The case holds these facts, and exactly the clocks they give rise to run.

    `facts` holds any of outcome, abuse, place, looked_after, care_leaver, under_18, under_25,
    aware_on, aware_time, suspected_on, incident_on, children_count. Nothing is written when
    nothing is new. A corrected date moves open clocks only: met ones stay as they were. What was
    sent is with whoever the new facts make a recipient.
    `recorded_at` as for `begin`.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    before = {name: getattr(case, name) for name in facts}
    changed = {name: value for name, value in facts.items() if before[name] != value}
    if not changed:
        return case
    membership = membership_for(by, WRITERS, case=case, on=on)
    said: Any = {"reason": reason, "facts": changed, "recorded_at": recorded_at}
    move = begin(case, by=by, membership=membership, on=on, at=at, **said)
    before_that = case.route
    take_facts(case, changed)
    move.run_notifying_clocks(case.notification)
    payload = {
        "before": {name: _plain(before[name]) for name in changed},
        "after": {name: _plain(value) for name, value in changed.items()},
        **move.changed_clocks(),
    }
    move.record(act, payload, machine=NotificationProcess.MACHINE)
    if case.notification.state in WITH_THE_PANEL:
        send_on(move, before_that)
    flush(move)
    return case


@transaction.atomic
def record_act(
    case: Case,
    act: str,
    *,
    by: Person | None,
    on: date,
    at: datetime,
    allowed: tuple[str, ...],
    reason: str = "",
    reason_code: str = "",
    payload: Mapping[str, Any] | None = None,
    tell_others: bool = False,
    recorded_at: datetime | None = None,
    reading: bool = False,
) -> Event:
    """The trail says that something was done that moves no state; `recorded_at` as for `begin`.

    What is `reading` is recorded of whoever sees the case, in an emergency too.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on, reading=reading)
    membership = membership_for(by, allowed, case=case, on=on, reading=reading)
    said: Any = {"reason": reason, "reason_code": reason_code, "recorded_at": recorded_at}
    move = begin(case, by=by, membership=membership, on=on, at=at, **said)
    event = move.record(act, payload or {}, machine=NotificationProcess.MACHINE)
    if tell_others:
        tell(move, event, newly_given=())
    flush(move)
    return event


def begin(
    case: Case,
    *,
    by: Person | None,
    membership: Membership | None,
    on: date,
    at: datetime,
    reason: str = "",
    reason_code: str = "",
    facts: Mapping[str, Any] | None = None,
    recorded_at: datetime | None = None,
) -> Acting:
    """A move on a locked case, with its clocks and the calendar in force.

    It is written down now. One that goes on with an act is given the instant `recorded_at` of that:
    by it the entries of one act are known, and from what else was done at the same moment.
    """
    return Acting(
        case=case,
        clocks=Clocks(case, calendar=calendar(case.__dict__.get("newest_holiday"))),
        on=on,
        at=at,
        recorded_at=recorded_at or clock.now(),
        by=by,
        membership=membership,
        reason=reason,
        reason_code=reason_code,
        facts=facts or {},
    )


def membership_for(
    by: Person | None, allowed: tuple[str, ...], *, case: Case, on: date, reading: bool = False
) -> Membership | None:
    """In which capacity a person acts; None for the service itself.

    Nothing is done on another authority's case; what was opened in an emergency is `reading`.

    Raises CannotAdvance when none of the person's roles may do this on this case.
    """
    if by is None:
        if SYSTEM in allowed:
            return None
        raise CannotAdvance("Only a person may do this.")
    held = [one for one in by.memberships_on(on) if one.role in allowed]
    for membership in held:
        own = membership.organisation_id == case.authority_id
        partner = membership.role == roles.SAFEGUARDING_PARTNER.slug
        # In a partnership of several authorities each of them is a partner of the others.
        elsewhere = partner or membership.organisation.kind != roles.AUTHORITY
        if own or elsewhere:
            return membership
    if reading and held:
        return held[0]
    titles = " or ".join(roles.by_slug(slug).title for slug in allowed if slug != SYSTEM)
    raise CannotAdvance(f"Only {titles} may do this.")


def tell(move: Acting, event: Event, *, newly_given: Iterable[int]) -> None:
    """Messages to the other side of the act are written with it.

    What another side does is told to the authority; what the authority's side does with a case
    that was sent before, to whoever received it.
    """
    told = set(newly_given)
    if move.membership and move.membership.organisation_id != move.case.authority_id:
        told.add(move.case.authority_id)
    elif not told and move.case.notified_on is not None:
        told |= set(receivers_of(move.case, on=move.on))
    move.messages += messages_of(
        move.case, act=event.act, sequence=event.sequence, organisations=told, at=move.recorded_at
    )


def _case_of(subject: Machine) -> Case:
    try:
        case: Case = subject.case
    except Case.DoesNotExist:
        # The database shows it to nobody who has no sight of it.
        raise NotFound from None
    return case


def _fresh(subject: Machine, case: Case) -> Machine:
    if isinstance(subject, NotificationProcess):
        return case.notification
    found = type(subject).objects.get(pk=subject.pk, case=case)
    found.case = case
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
