"""Restricting a case to named people, naming others, and lifting the restriction.

For a case in which staff of the authority or its partners, or relatives of theirs, are implicated.
Source: the process asks that harm involving staff has a restricted group of people with access;
who belongs to it, neither law nor guidance says.
"""

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from django.db import models, transaction

from workflow.access import naming
from workflow.access.models import Capacity, Grant
from workflow.access.naming import Candidate
from workflow.access.policy import Rights, roles_for
from workflow.access.restrictions import CaseRestriction
from workflow.audit.models import Event
from workflow.machine.advancing import begin, lock_case, membership_for
from workflow.machine.case import Case
from workflow.machine.case_transfer import open_transfer
from workflow.machine.consequences import Acting
from workflow.machine.notification import NotificationProcess
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.outbox.services import message, untell
from workflow.people import roles
from workflow.people.person import Person

RESTRICT = "restrict"
RESTRICTERS = tuple(sorted(roles_for(RESTRICT)))
WHO_ACT = frozenset({roles.LA_NOTIFIER.slug, roles.LA_APPROVER.slug})
ENOUGH = 2
RECEIVING = (Capacity.PANEL, Capacity.DFE)

NO_REASON = "Enter the reason."
NOT_YOURS = "Your role may not say who sees this case."
NOT_THERE = "Choose people whose role lets them see the case."
TOO_FEW = "Name at least two people of the authority who can act on the case."
NO_APPROVER = "Name at least one approver of the authority."
NOBODY_RECEIVES = "Name at least one person where the notification was received."
NOT_YOURSELF = "Name yourself too, so that somebody who knows why can change this."
ALREADY = "The case is restricted already."
NOT_RESTRICTED = "The case is not restricted."
CHANGED = (
    "Who may see the case was changed since this page was opened."
    " Look at who is named now, check your choices and save again."
)
TRANSFER_OPEN = "A transfer to another authority waits for an answer. Take it back first."


@transaction.atomic
def restrict(
    case: Case, people: Collection[int], *, by: Person, on: date, at: datetime, reason: str,
    seen: str | None = None,
) -> Event:  # fmt: skip
    """From now on only these people see the case, by name; each of them is told.

    Other systems are told nothing more of it, nor what waits for them. `seen` is the list that the
    choice was made from, as `standing_list` names it. Raises CannotAdvance with every reason
    against it: that another list stands by now, for one.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    wrong = _against_restricting(case, people, by=by, on=on, seen=seen)
    move = _begun(case, by, reason, [ALREADY] if case.restricted else wrong, on=on, at=at)
    _record(move, restricts=True)
    untell(case, at=at)
    return _named(move, "restrict", _chosen(case, people, on=on))


@transaction.atomic
def name_people(
    case: Case, people: Collection[int], *, by: Person, on: date, at: datetime, reason: str,
    seen: str | None = None,
) -> Event:  # fmt: skip
    """From now on these people see the restricted case, and nobody who was named before them.

    `seen` is the list that the choice was made from, as `standing_list` names it. Raises
    CannotAdvance with every reason against it: too few would be left to act, or another list
    stands by now, so that somebody who was taken off it would be put back unawares.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    wrong = _against_naming(case, people, on=on, seen=seen)
    move = _begun(case, by, reason, wrong if case.restricted else [NOT_RESTRICTED], on=on, at=at)
    return _named(move, "name_people", _chosen(case, people, on=on))


@transaction.atomic
def lift(case: Case, *, by: Person, on: date, at: datetime, reason: str) -> Event:
    """The case is seen again by whoever saw it before, by their roles."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    move = _begun(case, by, reason, [] if case.restricted else [NOT_RESTRICTED], on=on, at=at)
    _by_name(case).update(withdrawn_at=at)
    _record(move, restricts=False)
    event = move.record("lift_restriction", {}, machine=NotificationProcess.MACHINE)
    flush(move)
    return event


def reasons_against(
    case: Case, people: Collection[int], *, by: Person, on: date, seen: str | None = None
) -> list[str]:
    """Every reason for which these people would be refused, whatever else is still to be said.

    As `restrict` would give them, or `name_people` of a case that is restricted already.
    """
    if case.restricted:
        return _against_naming(case, people, on=on, seen=seen)
    return _against_restricting(case, people, by=by, on=on, seen=seen)


def may_restrict(case: Case, person: Person, *, on: date) -> bool:
    """Whether a person may say who sees the case."""
    return Rights(person, case, on).may(RESTRICT)


def standing_list(case: Case) -> str:
    """Which list of named people stands: another name after every change; "" while nobody is."""
    keys = list(_by_name(case).order_by("pk").values_list("pk", flat=True))
    return hashlib.sha256(repr(keys).encode()).hexdigest()[:20] if keys else ""


def _since(case: Case, seen: str | None) -> list[str]:
    return [] if seen is None or seen == standing_list(case) else [CHANGED]


def _chosen(case: Case, people: Collection[int], *, on: date) -> list[Candidate]:
    return [one for one in naming.candidates(case, on=on) if one.person.pk in people]


def _against_restricting(
    case: Case, people: Collection[int], *, by: Person, on: date, seen: str | None
) -> list[str]:
    wrong = [TRANSFER_OPEN] if open_transfer(case) else []
    chosen = _chosen(case, people, on=on)
    wrong += [] if any(one.person == by for one in chosen) else [NOT_YOURSELF]
    return [*wrong, *_against_naming(case, people, on=on, seen=seen)]


def _against_naming(
    case: Case, people: Collection[int], *, on: date, seen: str | None
) -> list[str]:
    """Why these people are not enough, not those who may be named, or chosen from an old list."""
    wrong, chosen = _since(case, seen), _chosen(case, people, on=on)
    if set(people) - {one.person.pk for one in chosen}:
        wrong.append(NOT_THERE)
    home = [one for one in chosen if one.capacity == Capacity.NOTIFYING_AUTHORITY]
    acting = [one for one in home if WHO_ACT & set(one.roles)]
    if len({one.person.pk for one in acting}) < ENOUGH:
        wrong.append(TOO_FEW)
    if not any(roles.LA_APPROVER.slug in one.roles for one in acting):
        wrong.append(NO_APPROVER)
    if case.notified_on and not any(one.capacity in RECEIVING for one in chosen):
        wrong.append(NOBODY_RECEIVES)
    return wrong


def _begun(
    case: Case, by: Person, reason: str, wrong: list[str], *, on: date, at: datetime
) -> Acting:
    membership = membership_for(by, RESTRICTERS, case=case, on=on)
    if not may_restrict(case, by, on=on):
        raise CannotAdvance(NOT_YOURS)
    if reasons := [*([] if reason.strip() else [NO_REASON]), *wrong]:
        raise CannotAdvance(*reasons)
    return begin(case, by=by, membership=membership, on=on, at=at, reason=reason)


def _record(move: Acting, *, restricts: bool) -> None:
    if move.by is None or move.membership is None:
        raise CannotAdvance(NOT_YOURS)
    CaseRestriction.objects.create(
        case=move.case,
        authority_id=move.case.authority_id,
        restricts=restricts,
        by=move.by,
        role=move.membership.role,
        organisation=move.membership.organisation,
        reason=move.reason,
        on=move.on,
        at=move.at,
    )
    # As the record itself has made it in the database.
    move.case.restricted = restricts


def _named(move: Acting, act: str, chosen: list[Candidate]) -> Event:
    """Exactly these are named; whoever newly is, is told, and the trail says how many there are."""
    case, wanted = move.case, {_key(one): one for one in chosen}
    standing = {(row.person_id, row.named_at_id, row.capacity): row.pk for row in _by_name(case)}
    gone = [pk for key, pk in standing.items() if key not in wanted]
    Grant.objects.filter(pk__in=gone).update(withdrawn_at=move.at)
    new = [one for key, one in wanted.items() if key not in standing]
    naming.name(case, new, by_id=move.by.pk if move.by else None, on=move.on)
    numbers = {"named": len(wanted), "newly": len(new), "no_longer": len(gone)}
    event = move.record(act, numbers, machine=NotificationProcess.MACHINE)
    move.messages += [
        message(
            "given_access",
            case=case,
            dedupe=f"case:{case.pk}:{event.sequence}",
            at=move.recorded_at,
            person_id=person,
        )
        for person in sorted({one.person.pk for one in new} - {move.by.pk if move.by else 0})
    ]
    flush(move)
    return event


def _by_name(case: Case) -> models.QuerySet[Grant]:
    return Grant.objects.filter(case=case, named_at__isnull=False, withdrawn_at__isnull=True)


def _key(one: Candidate) -> tuple[int, int, str]:
    return one.person.pk, one.organisation.pk, one.capacity


def watched_by(person: Person, *, on: date) -> models.QuerySet[Case]:
    """The restricted cases of the bodies for which a person watches over dates, with their dates.

    They are found by the grants that are set aside, and shown for that purpose alone.
    """
    watches = roles_for("view.restricted")
    places = [row.organisation_id for row in person.memberships_on(on) if row.role in watches]
    given = Grant.objects.in_force(on).filter(
        case=models.OuterRef("pk"),
        organisation__in=places,
        set_aside=True,
        capacity__in=(Capacity.NOTIFYING_AUTHORITY, Capacity.OPERATOR),
    )
    found = Case.objects.filter(models.Exists(given), restricted=True)
    return found.prefetch_related("deadlines").order_by("next_due_on", "pk")
