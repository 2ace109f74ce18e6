"""Which act is done on which page, and what is done on a page though no state is moved by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.machine.case import Case
from workflow.machine.case_transfer import TransferState
from workflow.machine.notification_states import (
    BEFORE_SENDING,
    WITH_THE_PANEL,
    NotificationState,
    is_sent,
)
from workflow.machine.practice_review_states import PracticeReviewState

SIGN = "Sign the rapid review: agree or dissent"
N, R, P = "notification", "rapid review", "practice review"


@dataclass(frozen=True)
class Page:
    """A page, what it is called as something to do, who may open it, and the acts done on it.

    In the states of `open_to_change` its acts change what was settled: nobody waits for them there.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    acts: tuple[tuple[str, str], ...]
    open_to_change: tuple[str, ...] = ()


APPROVAL = Page(
    "notifications:approve",
    "Read and approve the notification",
    ("write.notification",),
    ((N, "return_to_draft"),),
)
# What its author, and whoever else may not approve it, finds there.
TAKE_BACK = "See whether it is approved, or take it back"
TRIAGE = Page(
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
)
# What is to be done there first once an authority has answered what it was asked.
READ_THE_REPLY = "Read the reply and triage the incident"
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
    TRIAGE,
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
        open_to_change=(PracticeReviewState.DECISION_YES,),
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


def _entered(case: Case, machines: list[Any]) -> bool:
    # Before it is sent the Panel has sight of what it enters itself, and of nothing else.
    return case.notified_on is None and case.notification.state in (
        NotificationState.DRAFT,
        NotificationState.THRESHOLD_DECISION,
    )


def _proposed(case: Case, machines: list[Any]) -> bool:
    return case.notification.state in WITH_THE_PANEL and not case.notification.proposal


def unapproved(case: Case, machines: list[Any]) -> bool:
    """Whether it was sent before anyone could approve it, and nobody has since."""
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
        unapproved,
        role="la_approver",
        is_turn=True,
    ),
    Beside(
        "notifications:tasks",
        "Go on entering what was received",
        "panel.acknowledge",
        _entered,
        is_turn=True,
    ),
    Beside("notifications:amend", "Add or correct information", "write.notification", is_sent),
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
