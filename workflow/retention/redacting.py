"""Taking words out of every version of a text: one person proposes, another confirms.

It leaves the words nowhere, and says where, when, by whom and by which rule it was done.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from workflow.audit.models import Event
from workflow.deadlines.calendar import calendar
from workflow.law.words import long_date
from workflow.machine.advancing import begin, lock_case
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.retention.copies import (
    DOCUMENTS,
    Copy,
    Place,
    copies,
    said_in,
    typed_under,
    versions_now,
)
from workflow.retention.passages import MARKS, Passages
from workflow.retention.proposals import (
    WAITS,
    as_confirmer,
    as_decliner,
    as_proposer,
    passages_of,
    place_of,
    waiting,
)
from workflow.retention.redaction import Redaction, Rule
from workflow.retention.redaction_told import told_of, were_told_in_time
from workflow.retention.standing import against_destroying, is_held, standing_holds
from workflow.retention.surveying import Stored, survey
from workflow.retention.unsaved import kept_copies
from workflow.sealed.models import Answers

UNTOLD = (
    "Somebody reads what the words stand in now who was not told when this was proposed. Decline it"
    " and propose it again, so that they have time to ask for a legal hold."
)
ASKED, DECLINED, TAKEN = "propose_redaction", "decline_redaction", "take_words_out"
# Working days in which whoever received what was sent can have the record held.
TIME_TO_HOLD = 2
SHORTEST = 2

NO_REASON = "Enter why the words are taken out."
NO_WORDS = "Enter the words to take out."
SAYS_THEM = "The reason repeats words that are to be taken out. Say why without them."
PROPOSED = "A proposal for this answer waits already. Answer it first."
NOT_YOURSELF = "Somebody else has to confirm: you proposed it."
EARLY = (
    "This case was notified. Whoever received or signed what the words stand in was told, and has"
    " time to ask for a legal hold, which the Panel’s chair or an approver of the authority can"
    " place: the words can go from {day}."
)
BEFORE_SENDING = (
    "This was proposed before the case was notified. Decline it and propose it again, so that"
    " whoever received it is told."
)
CHANGED = (
    "Somebody changed this answer since you opened this page. It shows now what would be left: "
    "read it, and go on from here."
)
GONE = "The words do not stand in this answer any more. Decline the proposal."
MARKED = "Enter the words themselves, not the mark that stands where words were taken out."
HELD = "The record is under a legal hold. Whoever placed it has to lift it first."


def held_by(case: Case) -> list[str]:
    """Why nothing is taken out while somebody holds the record, and who can lift that."""
    found = [
        f"The record is under a legal hold, so it stays as it stands. The"
        f" {roles.by_slug(one.role).title} of {one.organisation.name} can lift it."
        for one in standing_holds(case)
    ]
    # A mark alone is a hold that this database does not know, as after an older one was put back.
    return found or ([HELD] if is_held(case) else [])


def against(case: Case, place: Place, words: Sequence[str], reason: str) -> list[str]:
    """Everything against a proposal, whoever makes it."""
    wrong = held_by(case)
    waits = Redaction.objects.filter(case=case, state=WAITS, **asdict(place))
    wrong += [PROPOSED] if waits.exists() else []
    wrong += [] if words else [NO_WORDS]
    wrong += [] if reason.strip() else [NO_REASON]
    wrong += [f"“{one}” is too short." for one in words if len(one) < SHORTEST]
    marked = any(one in mark for one in words for mark in MARKS.values())
    return wrong + ([MARKED] if marked else []) or _not_there(case, place, words, reason)


def _not_there(case: Case, place: Place, words: Sequence[str], reason: str) -> list[str]:
    stored, every = Stored(case, place), Passages(words)
    wrong = [
        f"“{one}” does not stand in this answer, nor in an earlier version of it. Copy it exactly,"
        " with its capitals, and no part of a longer word."
        for one in words
        if not stored.holds(one)
    ]
    said = every.count(reason) or every.in_other_capitals(reason)
    # A name alone tells of whom as well as the whole of it.
    said = said or any(Passages([part]).count(reason) for part in every.parts())
    return wrong + ([SAYS_THEM] if said else [])


@transaction.atomic
def propose(
    case: Case,
    place: Place,
    *,
    words: Sequence[str],
    rule: Rule,
    reason: str,
    by: Person,
    on: date,
    at: datetime,
) -> Redaction:
    """That these words be taken out of the answer waits for another person.

    Raises CannotAdvance with every reason against it.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    membership = as_proposer(by, case, place, on=on)
    wrong = against(case, place, words, reason)
    if wrong:
        raise CannotAdvance(*wrong)
    made = Redaction(case=case, authority_id=case.authority_id, rule=rule, reason=reason)
    made.words, made.not_before = list(words), _earliest(case, on)
    for name, value in {**asdict(place), **_whose(membership, by, on, at)}.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    _record(made, ASKED, membership, by=by, on=on, at=at, earliest=made.not_before.isoformat())
    return made


@transaction.atomic
def decline(case: Case, key: int, *, by: Person, on: date, at: datetime) -> Redaction:
    """The answer stays as it is, and the words rest in it alone; whoever proposed takes it back.

    Out of a view that came by letter the partner whose it is says no too.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    found = waiting(case, key)
    if found.by_id == by.pk:
        membership = as_proposer(by, case, place_of(found), on=on)
    else:
        membership = as_decliner(found, by, case, on=on)
    event = _record(found, DECLINED, membership, by=by, on=on, at=at)
    _answer(found, Redaction.State.DECLINED, event, membership, copies=0)
    return found


@transaction.atomic
def confirm(
    case: Case, key: int, *, by: Person, on: date, at: datetime, seen: str | None = None
) -> Redaction:
    """The words rest nowhere in the answer or a copy of it: a mark stands in their place.

    `seen` is what a survey said of the answer as somebody was shown it: no other is rewritten.
    Raises CannotAdvance with every reason against it.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    found = waiting(case, key)
    place, passages = place_of(found), passages_of(found)
    membership = as_confirmer(by, case, place, on=on)
    now = versions_now(case, place, locked=True)
    there, said = survey(case, place, passages), said_in(case, place)
    wrong = against_confirming(found, on=on) + ([NOT_YOURSELF] if found.by_id == by.pk else [])
    wrong += [] if seen in (None, there.seen) else [CHANGED]
    wrong += [] if there.copies else [GONE]
    if wrong:
        raise CannotAdvance(*wrong)
    changed = frozenset(row.document for row in now if _is_changed(row, place, passages))
    held = copies(case, place, said)
    how: Any = {"by": by, "on": on, "at": at, "changed": changed, **_left(held, passages)}
    event = _record(found, TAKEN, membership, copies=there.copies, **how)
    _answer(found, Redaction.State.CONFIRMED, event, membership, copies=there.copies)
    for row in now:
        _new_version(row, place, passages, by, at)
    for copy in [*held, *kept_copies(case, place)]:
        copy.write(passages.taken_out_of)
    if survey(case, place, passages).copies:
        raise RuntimeError("Words that were to be taken out still stand: nothing was done.")
    return found


def _left(held: list[Copy], passages: Passages) -> dict[str, Any]:
    """What the trail has to say of what is left; nothing of what no entry in it commits to."""
    left = {key: text for one in held for key, text in one.left(passages.taken_out_of).items()}
    return {"left": left} if left else {}


def against_confirming(found: Redaction, *, on: date) -> list[str]:
    """Why nothing is taken out on a day, whoever confirms it."""
    wrong = held_by(found.case) + against_destroying(found.case, on=on)
    if found.case.notified_on and found.not_before <= found.on:
        wrong.append(BEFORE_SENDING)
    if on < found.not_before:
        wrong.append(EARLY.format(day=long_date(found.not_before)))
    if not wrong and not were_told_in_time(found, on=on):
        wrong.append(UNTOLD)
    return wrong


def _earliest(case: Case, on: date) -> date:
    """What others have received goes once they had time to have it held."""
    days = calendar(case.__dict__.get("newest_holiday"))
    return days.add(on, TIME_TO_HOLD) if case.notified_on else on


def _is_changed(row: Answers, place: Place, passages: Passages) -> bool:
    """Whether somebody who reads the document now would read other words."""
    typed = typed_under(place.field)(row.answers, passages.taken_out_of)
    return row.removed_at is None and typed != row.answers


def _new_version(row: Answers, place: Place, passages: Passages, by: Person, at: datetime) -> None:
    typed = typed_under(place.field)(row.answers, passages.taken_out_of)
    if typed == row.answers:
        return
    row.answers = typed
    if row.removed_at is None:
        # Of one that was removed nothing is read, and who removed it stays.
        row.version += 1
        row.edited_by, row.edited_at = by, at
    row.save()


def _whose(membership: Membership, by: Person, on: date, at: datetime) -> dict[str, Any]:
    organisation = membership.organisation
    return {"by": by, "role": membership.role, "organisation": organisation, "on": on, "at": at}


def _record(
    found: Redaction,
    act: str,
    membership: Membership,
    *,
    by: Person,
    on: date,
    at: datetime,
    changed: frozenset[str] = frozenset(),
    **more: Any,
) -> Event:
    said: Any = {"reason": found.reason, "reason_code": found.rule}
    move = begin(found.case, by=by, membership=membership, on=on, at=at, **said)
    place = asdict(place_of(found))
    del place["section"]
    event = move.record(act, {**place, **more}, machine=NotificationProcess.MACHINE)
    move.messages += told_of(found, act, by=by, on=on, at=move.recorded_at)
    if changed:
        DOCUMENTS[found.document].signed_anew(found.case, changed, move)
    flush(move)
    return event


def _answer(
    found: Redaction, state: str, event: Event, membership: Membership, *, copies: int
) -> None:
    found.state, found.words, found.event, found.copies = state, None, event, copies
    found.answered_by, found.answered_role = event.actor, membership.role
    found.answered_organisation = membership.organisation
    found.answered_on, found.answered_at = event.on, event.at
    found.save()
