"""What a person can do on a case now, with what they are to do first."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse

from workflow.law.duties import LOCAL_REVIEW
from workflow.machine.approval import may_approve
from workflow.machine.case import Case
from workflow.machine.move import acts_of
from workflow.machine.practice_review_states import ReviewKind
from workflow.machine.rapid_review import RapidReviewState
from workflow.machine.replies import is_to_be_read, reply_came
from workflow.machine.signatures import PARTNER, signs_for, yet_to_sign
from workflow.machine.turn import (
    PENDING,
    Possible,
    Stand,
    Turn,
    can_name_an_approver,
    possible_acts,
)
from workflow.people.person import Person
from workflow.queues.rows import WhoseTurn
from workflow.views.frame import CaseFrame, address
from workflow.views.pages_of_acts import (
    APPROVAL,
    BESIDE,
    PAGES,
    READ_THE_REPLY,
    SIGN,
    TAKE_BACK,
    TRIAGE,
    Beside,
    Page,
    R,
    unapproved,
)

SIGNING = (RapidReviewState.PARTNER_SIGNOFF, RapidReviewState.SIGNED)


@dataclass
class ToDo:
    """A link to a page. `others` are further acts done there; `reasons` what stands in the way."""

    title: str
    href: str
    is_turn: bool = False
    acts: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def to_do(
    case: Case, frame: CaseFrame, turns: list[Turn], person: Person, *, on: date
) -> list[ToDo]:
    """What this person can do now; the one that leads comes first."""
    possible = possible_acts(case, by=person, on=on)
    own = [turn for turn in turns if person in turn.people]
    mine = {(turn.subject.MACHINE, turn.subject.number) for turn in own if not turn.pending}
    asked = _asked(case, own)
    approves = may_approve(case, person, on=on)
    pages = [page for page in PAGES if any(frame.rights.may(act) for act in page.needs)]
    if not approves:
        pages = [replace(page, title=TAKE_BACK) if page is APPROVAL else page for page in pages]
    if _reply_waits(case):
        pages = [replace(page, title=READ_THE_REPLY) if page is TRIAGE else page for page in pages]
    found = [entry for page in pages if (entry := _entry(page, case, possible, mine, asked))]
    left = [one for one in BESIDE if approves or one.there is not unapproved]
    beside = [entry for one in left if (entry := _beside(one, case, frame, asked))]
    first = [entry for entry in beside if entry.is_turn]
    signing = _sign(case, frame, person, on=on)
    # What no state tells has waited the longer, and nothing else on the page says that it waits.
    found = [*first, *found, *([signing] if signing else [])]
    found += [entry for entry in beside if not entry.is_turn]
    if can_name_an_approver(turns, person, on=on):
        found.append(ToDo("Make somebody an approver", reverse("people"), is_turn=True))
    return sorted(found, key=lambda entry: not (entry.is_turn and not entry.reasons))


def next_act(turn: WhoseTurn) -> str:
    """What a role that is waited for does next, in the words of its button; "" where none leads.

    Where it is done without a page of this service, in the words of the duty.

    It asks the database nothing: what stands in the way of the act is said on the case's page.
    """
    if turn.pending:
        there: tuple[Beside | Page, ...] = (*BESIDE, *PAGES)
        return next(one.title for one in there if one.name == turn.pending[0].page)
    for stand in turn.stands:
        machine, state = stand.machine, stand.state
        if turn.slug == PARTNER and machine.MACHINE == R:
            return SIGN
        acts = {
            (machine.MACHINE, name)
            for name, act in acts_of(machine).items()
            if turn.slug in act.roles and getattr(machine, name)._django_fsm.has_transition(state)
        }
        for page in PAGES:
            if acts & set(page.acts) and state not in page.open_to_change:
                return READ_THE_REPLY if stand.replied else page.title
    return next((words for stand in turn.stands if (words := beyond(stand))), "")


def _reply_waits(case: Case) -> bool:
    """Whether the authority answered what it was asked, and nobody has gone on since."""
    if not is_to_be_read(case, came=True):
        return False
    return Case.objects.filter(reply_came(), pk=case.pk).exists()


def beyond(stand: Stand) -> str:
    """What a review waits for that no page of this service does; "" where a page does it."""
    waiting = stand.machine.WAITING[stand.state]
    is_local = stand.kind == ReviewKind.LOCAL
    return LOCAL_REVIEW.title if is_local and LOCAL_REVIEW.slug in waiting.duties else ""


def _asked(case: Case, own: list[Turn]) -> set[str]:
    """The pages of what is asked of these turns' roles that no state of a machine tells."""
    roles = {turn.role.slug for turn in own}
    return {one.page for one in PENDING if one.role in roles and one.holds(case)}


def _beside(beside: Beside, case: Case, frame: CaseFrame, asked: set[str]) -> ToDo | None:
    href = address(beside.name, case.token)
    allowed = frame.rights.may(beside.act) and beside.there(case, frame.machines)
    held = {role for role, _ in frame.rights.held}
    if not href or not allowed or (beside.role and beside.role not in held):
        return None
    return ToDo(beside.title, href, is_turn=beside.is_turn or beside.name in asked)


def _sign(case: Case, frame: CaseFrame, person: Person, *, on: date) -> ToDo | None:
    """A partner that was asked gives its view; one that has given it may change it."""
    href = address("reviews:sign", case.token)
    review = next((m for m in frame.machines if m.MACHINE == R and m.state in SIGNING), None)
    if review is None or not href:
        return None
    own = signs_for(person, case, on=on)
    if not own:
        return None
    if any(partner in own for partner in yet_to_sign(review, on=on)):
        return ToDo(SIGN, href, is_turn=True)
    return ToDo("Change your view of the rapid review", href)


def _entry(
    page: Page,
    case: Case,
    possible: list[Possible],
    mine: set[tuple[str, int]],
    asked: set[str],
) -> ToDo | None:
    acts = [one for one in possible if (one.subject.MACHINE, one.name) in page.acts]
    href = address(page.name, case.token) if acts else ""
    if not href:
        return None
    free = [one for one in acts if not one.reasons]
    # What is refused on one of several ways open is said on the page itself.
    blocked = [] if free else [reason for one in acts for reason in one.reasons]
    awaited = [one.subject for one in acts if one.subject.state not in page.open_to_change]
    is_mine = any((subject.MACHINE, subject.number) in mine for subject in awaited)
    return ToDo(
        title=page.title,
        href=href,
        is_turn=is_mine or page.name in asked,
        acts=[one.act.title for one in free] if len(page.acts) > 1 else [],
        reasons=list(dict.fromkeys(blocked)),
    )
