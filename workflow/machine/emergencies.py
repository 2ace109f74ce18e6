"""Opening a case in an emergency: for an hour, aloud, and answered for afterwards."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from workflow import clock
from workflow.access import context
from workflow.access.emergencies import Emergency, EmergencyReview
from workflow.access.models import Capacity, Grant
from workflow.access.policy import may, roles_for
from workflow.access.reach import grants_of
from workflow.deadlines.calendar import calendar
from workflow.machine import token as tokens
from workflow.machine.advancing import begin, lock_case
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.machine.storing import flush
from workflow.outbox.models import Outbox
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

LASTS, REVIEWED_WITHIN, A_DAY, LEAST_REASON = timedelta(minutes=60), 5, 3, 20
NO_CASE = "Check the reference. No case has it"
IN_SIGHT = "You can open this case already"
TOO_MANY = "You have opened 3 cases in an emergency today, which is the most. Ask a colleague"
TOO_SHORT = "Say in at least 20 characters why you need to open it now"
NOT_YOURS = "Somebody else has to review it: you opened the case"
REVIEWED = "It has been reviewed already"


def open_in_emergency(
    reference: str, *, reason: str, by: Person, on: date, at: datetime
) -> Emergency:
    """The person reads the case for an hour; everybody who must know of it is told in the same act.

    Raises CannotAdvance with every reason against it.
    """
    with context.acting(by, on=on), context.serving(context.EMERGENCIES):
        # Whoever asks twice at once is counted one after the other.
        Person.objects.select_for_update().get(pk=by.pk)
        token = tokens.read(reference) or ""
        found = Case.objects.filter(token=token).taken_in_hand().first()
        if wrong := _against(found, reason, by=by, on=on):
            raise CannotAdvance(*wrong)
        case = lock_case(token, by=None, on=on)
        # It may have been restricted while the lock was waited for.
        if wrong := _against(case, reason, by=by, on=on):
            raise CannotAdvance(*wrong)
        return _opened(case, reason, by=by, on=on, at=at)


def _against(case: Case | None, reason: str, *, by: Person, on: date) -> list[str]:
    wrong = []
    # Nobody opens a restricted case so: for whoever is not named, it is not there.
    if case is not None and case.restricted and not _sees(case, by, on):
        case = None
    if not may(by, "open.in_emergency", on=on):
        wrong.append("Your role may not open a case in an emergency")
    if case is None:
        wrong.append(NO_CASE)
    elif _sees(case, by, on):
        wrong.append(IN_SIGHT)
    if len("".join(reason.split())) < LEAST_REASON:
        wrong.append(TOO_SHORT)
    if Emergency.objects.filter(by=by, on=on).count() >= A_DAY:
        wrong.append(TOO_MANY)
    return wrong


def _sees(case: Case, person: Person, on: date) -> bool:
    return Case.objects.visible_to(person, on).filter(pk=case.pk).exists()


def _opened(case: Case, reason: str, *, by: Person, on: date, at: datetime) -> Emergency:
    membership = _as_what(by, on)
    # An hour of an earlier one on the same day is over, and its row must not seem to go on.
    earlier = Grant.objects.filter(case=case, person=by, capacity=Capacity.EMERGENCY)
    earlier.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
    grant = Grant.objects.create(
        case=case,
        person=by,
        capacity=Capacity.EMERGENCY,
        since=on,
        until=on + timedelta(days=1),
        expires_at=at + LASTS,
        given_by=by,
        reason="Opened in an emergency",
    )
    made = Emergency.objects.create(
        case=case,
        authority_id=case.authority_id,
        grant=grant,
        by=by,
        role=membership.role,
        organisation=membership.organisation,
        reason=reason,
        on=on,
        at=at,
        expires_at=at + LASTS,
        review_due_on=calendar().add(on, REVIEWED_WITHIN),
    )
    _note(case, "open_in_emergency", by=by, membership=membership, on=on, at=at, reason=reason)
    _tell("emergency", made, on=on, at=at)
    return made


def _as_what(by: Person, on: date) -> Membership:
    allowed = roles_for("open.in_emergency")
    return next(row for row in by.memberships_on(on) if row.role in allowed)


def _note(
    case: Case, act: str, *, by: Person, membership: Membership, on: date, at: datetime,
    reason: str,
) -> None:  # fmt: skip
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    move.record(act, {}, machine=NotificationProcess.MACHINE)
    flush(move)


def told_of(emergency: Emergency, *, on: date) -> list[Person]:
    """Who leads at the case's authority, and the privacy officers; never whoever opened it."""
    operators = Organisation.objects.of_kind(roles.OPERATOR)
    people = responsible_people(emergency.case.authority, roles.LA_APPROVER.slug, on)
    for operator in operators:
        people = [*people, *responsible_people(operator, roles.PRIVACY_OFFICER.slug, on)]
    return list({one.pk: one for one in people if one.pk != emergency.by_id}.values())


def _tell(kind: str, emergency: Emergency, *, on: date, at: datetime) -> None:
    rows = [
        Outbox(
            dedupe=f"{kind}:{emergency.pk}:p{person.pk}",
            kind=kind,
            case=emergency.case,
            authority_id=emergency.authority_id,
            person=person,
            created_at=at,
            next_attempt_at=at,
        )
        for person in told_of(emergency, on=on)
    ]
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)


def to_review(person: Person, on: date) -> QuerySet[Emergency]:
    """The emergencies that a person may read of and review: an approver those of their cases.

    Of a restricted case, those who are named to it.
    """
    found = Emergency.objects.select_related("case", "by", "organisation", "review", "review__by")
    given = Grant.objects.active(on).filter(grants_of(person, on), case=OuterRef("case"))
    found = found.filter(Q(case__restricted=False) | Exists(given))
    if roles.PRIVACY_OFFICER.slug in person.roles_on(on):
        return found
    places = [
        row.organisation_id
        for row in person.memberships_on(on)
        if row.role == roles.LA_APPROVER.slug
    ]
    return found.filter(Q(case__authority__in=places))


def review(
    emergency: Emergency, *, finding: str, note: str, by: Person, on: date, at: datetime
) -> EmergencyReview:
    """It is answered for, by somebody who did not open the case; CannotAdvance otherwise.

    Raises NotFound where it is no longer theirs to review.
    """
    with context.acting(by, on=on), context.serving(context.EMERGENCIES):
        Case.objects.filter(pk=emergency.case_id).taken_in_hand().get()
        case = lock_case(emergency.case.token, by=None, on=on)
        if emergency.by_id == by.pk:
            raise CannotAdvance(NOT_YOURS)
        # It may have been restricted since the page was read, or while the lock was waited for.
        if not to_review(by, on).filter(pk=emergency.pk).exists():
            raise NotFound
        if EmergencyReview.objects.filter(emergency=emergency).exists():
            raise CannotAdvance(REVIEWED)
        made = EmergencyReview.objects.create(
            case=case,
            authority_id=case.authority_id,
            emergency=emergency,
            by=by,
            finding=finding,
            note=note,
            at=at,
        )
        allowed = roles_for("review.emergencies")
        membership = next(row for row in by.memberships_on(on) if row.role in allowed)
        _note(case, "review_emergency", by=by, membership=membership, on=on, at=at, reason=note)
    return made


def escalate(*, on: date, at: datetime) -> int:
    """Whoever must know is told once of each emergency that nobody reviewed in time; how many.

    The fifth working day counts until it ends, like every day here.
    """
    late = Emergency.objects.filter(review__isnull=True, review_due_on__lt=on).defer("reason")
    found = list(late.select_related("case__authority"))
    for one in found:
        _tell("emergency_overdue", one, on=on, at=at)
    return len(found)


def escalate_now() -> int:
    """What is late by now is told; returns how many are late."""
    at = clock.now()
    return escalate(on=clock.london_date(at), at=at)
