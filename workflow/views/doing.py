"""What a person can do on a case now: one table from each act to the page on which it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse

from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.machine.approval import may_approve
from workflow.machine.case import Case
from workflow.machine.case_transfer import TransferState
from workflow.machine.move import acts_of
from workflow.machine.notification_states import BEFORE_SENDING, WITH_THE_PANEL, NotificationState
from workflow.machine.rapid_review import RapidReviewState
from workflow.machine.signatures import PARTNER, signs_for, yet_to_sign
from workflow.machine.turn import Possible, Turn, can_name_an_approver, possible_acts
from workflow.people.person import Person
from workflow.queues.rows import WhoseTurn
from workflow.views.frame import CaseFrame, address

SIGNING = (RapidReviewState.PARTNER_SIGNOFF, RapidReviewState.SIGNED)
SIGN = "Sign the rapid review: agree or dissent"
N, R, P = "notification", "rapid review", "practice review"


@dataclass(frozen=True)
class Page:
    """A page, what it is called as something to do, who may open it, and the acts done on it."""

    name: str
    title: str
    needs: tuple[str, ...]
    acts: tuple[tuple[str, str], ...]


APPROVAL = Page(
    "notifications:approve",
    "Read and approve the notification",
    ("write.notification",),
    ((N, "return_to_draft"),),
)
# What its author, and whoever else may not approve it, finds there.
TAKE_BACK = "See whether it is approved, or take it back"
# In the order of the process: the first that somebody may do and whose turn it is leads.
PAGES: tuple[Page, ...] = (
    APPROVAL,
    Page(
        "notifications:reply",
        "Reply to the request for information",
        ("write.notification",),
        ((N, "reply"),),
    ),
    Page(
        "notifications:tasks",
        "Continue the notification",
        ("write.notification",),
        (
            (N, "start_draft"),
            (N, "submit"),
            (N, "ask_for_approval"),
            (N, "consider_threshold"),
            (N, "decide_to_notify"),
        ),
    ),
    Page(
        "reviews:respond",
        "Issue the Panel’s response",
        ("panel.respond",),
        ((R, "issue_response"), (R, "ask_for_reply")),
    ),
    Page("reviews:consider", "Record the Panel’s view", ("panel.consider",), ((R, "consider"),)),
    Page(
        "reviews:triage",
        "Triage the incident",
        ("panel.triage", "receive"),
        (
            (N, "acknowledge"),
            (N, "link_to_rapid_review"),
            (N, "confirm_criteria_not_met"),
            (N, "withdraw_as_duplicate"),
            (N, "close_without_review"),
            (N, "request_information"),
            (R, "triage"),
            (R, "defer"),
            (R, "return_for_information"),
        ),
    ),
    Page(
        "reviews:tasks",
        "Continue the rapid review",
        ("write.rapid_review",),
        (
            (R, "submit"),
            (R, "ask_for_returns"),
            (R, "hold_meeting"),
            (R, "draft_report"),
            (R, "seek_signatures"),
        ),
    ),
    Page(
        "reviews:confirm",
        "Confirm or change the decision",
        ("write.practice_review",),
        ((R, "take_reply"), (P, "decide_yes"), (P, "decide_no"), (P, "put_off")),
    ),
    Page(
        "notifications:not-notified",
        "Decide not to notify",
        ("write.notification",),
        ((N, "decide_not_to_notify"),),
    ),
    Page(
        "notifications:continue",
        "Say that something has changed",
        ("write.notification", "panel.acknowledge"),
        ((N, "harm_became_death"), (N, "abuse_now_suspected"), (N, "reopen")),
    ),
)


@dataclass(frozen=True)
class Beside:
    """Something to do that moves no state: where, as what, and when it is there to be done."""

    name: str
    title: str
    act: str
    there: Callable[[Case, list[Any]], bool]
    role: str = ""
    is_turn: bool = False


def _sent(case: Case, machines: list[Any]) -> bool:
    return case.notified_on is not None


def _stands(case: Case, machines: list[Any]) -> bool:
    """Whether the present notification was sent: not a draft after one that was."""
    unsent = (*BEFORE_SENDING, NotificationState.NOT_NOTIFIED)
    return _sent(case, machines) and case.notification.state not in unsent


def _proposed(case: Case, machines: list[Any]) -> bool:
    return _sent(case, machines) and not case.notification.proposal


def _unapproved(case: Case, machines: list[Any]) -> bool:
    return bool(case.notification.approval_outstanding)


def _partners_untold(case: Case, machines: list[Any]) -> bool:
    running = Deadline.objects.filter(case=case, duty=duties.TELL_THE_PARTNERS.slug).open()
    return _sent(case, machines) and running.exists()


def _transferable(case: Case, machines: list[Any]) -> bool:
    return case.notification.state in (*BEFORE_SENDING, *WITH_THE_PANEL)


def _waits(state: TransferState) -> Callable[[Case, list[Any]], bool]:
    return lambda case, machines: case.transfers.filter(state=state).exists()


BESIDE: tuple[Beside, ...] = (
    Beside(
        "notifications:transfer",
        "Answer whether your authority takes this case over",
        "transfer.answer",
        _waits(TransferState.OFFERED),
        is_turn=True,
    ),
    Beside(
        "notifications:transfer",
        "Answer the proposed transfer to another authority",
        "transfer.agree",
        _waits(TransferState.AGREEMENT),
        is_turn=True,
    ),
    Beside(
        "notifications:partners-told",
        "Record when the safeguarding partners were told",
        "write.notification",
        _partners_untold,
    ),
    Beside(
        "notifications:approve",
        "Approve what was sent without you",
        "write.notification",
        _unapproved,
        role="la_approver",
        is_turn=True,
    ),
    Beside("notifications:amend", "Add or correct information", "write.notification", _stands),
    Beside(
        "notifications:propose",
        "Propose that the criteria are not met, or withdraw",
        "write.notification",
        _proposed,
    ),
    Beside(
        "notifications:transfer",
        "Transfer the case to another authority",
        "write.notification",
        _transferable,
    ),
    Beside(
        "restrict-case", "Choose who may see this case", "restrict", lambda case, machines: True
    ),
    Beside("link-case", "Link this case to another", "link", lambda case, machines: True),
)


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
    mine = {(turn.subject.MACHINE, turn.subject.number) for turn in turns if person in turn.people}
    approves = may_approve(case, person, on=on)
    pages = [page for page in PAGES if any(frame.rights.may(act) for act in page.needs)]
    if not approves:
        pages = [replace(page, title=TAKE_BACK) if page is APPROVAL else page for page in pages]
    found = [entry for page in pages if (entry := _entry(page, case, possible, mine))]
    left = [one for one in BESIDE if approves or one.there is not _unapproved]
    beside = [_beside(one, case, frame) for one in left]
    found += [entry for entry in (_sign(case, frame, person, on=on), *beside) if entry]
    if can_name_an_approver(turns, person, on=on):
        found.append(ToDo("Make somebody an approver", reverse("people"), is_turn=True))
    return sorted(found, key=lambda entry: not (entry.is_turn and not entry.reasons))


def next_act(turn: WhoseTurn) -> str:
    """What a role that is waited for does next, in the words of its button; "" where none leads.

    It asks the database nothing: what stands in the way of the act is said on the case's page.
    """
    for machine, state, _kind in turn.stands:
        if turn.slug == PARTNER and machine.MACHINE == R:
            return SIGN
        acts = {
            (machine.MACHINE, name)
            for name, act in acts_of(machine).items()
            if turn.slug in act.roles and getattr(machine, name)._django_fsm.has_transition(state)
        }
        for page in PAGES:
            if acts & set(page.acts):
                return page.title
    return ""


def _beside(beside: Beside, case: Case, frame: CaseFrame) -> ToDo | None:
    href = address(beside.name, case.token)
    allowed = frame.rights.may(beside.act) and beside.there(case, frame.machines)
    held = {role for role, _ in frame.rights.held}
    if not href or not allowed or (beside.role and beside.role not in held):
        return None
    return ToDo(beside.title, href, is_turn=beside.is_turn)


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
    page: Page, case: Case, possible: list[Possible], mine: set[tuple[str, int]]
) -> ToDo | None:
    acts = [one for one in possible if (one.subject.MACHINE, one.name) in page.acts]
    href = address(page.name, case.token) if acts else ""
    if not href:
        return None
    free = [one for one in acts if not one.reasons]
    # What is refused on one of several ways open is said on the page itself.
    blocked = [] if free else [reason for one in acts for reason in one.reasons]
    return ToDo(
        title=page.title,
        href=href,
        is_turn=any((one.subject.MACHINE, one.subject.number) in mine for one in acts),
        acts=[one.act.title for one in free] if len(page.acts) > 1 else [],
        reasons=list(dict.fromkeys(blocked)),
    )
