"""The parts of each role's work list, as conditions derived from whose turn it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from workflow.law import duties
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import BEFORE_SENDING, NotificationState
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.mandates import (
    Mandates,
    in_a_national_review,
    stands_at,
    states_of_duty,
    stood_at,
    turn_of,
)

WAITING = Q(next_due_on__isnull=False)
CLOSED = Q(next_due_on__isnull=True)
ANSWERING = states_of_duty(RapidReview, duties.PANEL_RESPONSE.slug)

Branches = Callable[[Mandates, date], list[Q]]


@dataclass(frozen=True)
class Segment:
    """A part of a work list. `branches` are conditions of which a case in it meets at least one.

    `one` and `many` complete the page's title after the number; `empty` is said when there is
    nothing, and names who is being waited for.
    """

    slug: str
    title: str
    one: str
    many: str
    empty: str
    branches: Branches
    is_open: bool = True

    def conditions(self, mandates: Mandates, *, on: date) -> list[Q]:
        """The alternatives, each with what holds for the whole part."""
        shared = WAITING if self.is_open else CLOSED
        return [shared & branch for branch in self.branches(mandates, on)]


def _my_turn(mandates: Mandates, on: date) -> list[Q]:
    return turn_of(mandates)


def _not_my_turn(mandates: Mandates, on: date) -> list[Q]:
    others = Q()
    for branch in turn_of(mandates, stands=stood_at):
        others &= ~branch
    return [others]


def _every(mandates: Mandates, on: date) -> list[Q]:
    return [Q()]


def _overdue(mandates: Mandates, on: date) -> list[Q]:
    return [Q(next_due_on__lt=on)]


def _at(condition: Q) -> Branches:
    return lambda mandates, on: [condition]


NEEDS_ACTION = Segment(
    "needs-action",
    "Needs action",
    "incident needs action",
    "incidents need action",
    "Nothing needs action from you now. What others must do is under “Waiting on others”.",
    _my_turn,
)
TO_SIGN = Segment(
    "needs-action",
    "To sign",
    "incident needs your signature",
    "incidents need your signature",
    "Nothing waits for your signature. Rapid reviews come here when the authority asks the "
    "partners to sign.",
    _my_turn,
)
TO_CONSIDER = Segment(
    "needs-action",
    "To consider",
    "rapid review needs your view",
    "rapid reviews need your view",
    "Nothing waits for your view. Rapid reviews come here once the secretariat has taken them in.",
    _my_turn,
)
DRAFTS = Segment(
    "drafts",
    "Drafts",
    "draft",
    "drafts",
    "There are no drafts. A notification stays here until it is sent.",
    _at(stands_at(NotificationProcess, BEFORE_SENDING)),
)
NEW = Segment(
    "new",
    "New",
    "new notification",
    "new notifications",
    "No new notification waits to be acknowledged. Local authorities send them.",
    _at(stands_at(NotificationProcess, [NotificationState.SUBMITTED])),
)
TO_TRIAGE = Segment(
    "to-triage",
    "To triage",
    "notification to triage",
    "notifications to triage",
    "No acknowledged notification waits to be triaged.",
    _at(stands_at(NotificationProcess, [NotificationState.ACKNOWLEDGED])),
)
REVIEWS_IN = Segment(
    "rapid-reviews",
    "Rapid reviews in",
    "rapid review has come in",
    "rapid reviews have come in",
    "No rapid review waits to be taken in. Safeguarding partners send them.",
    _at(stands_at(RapidReview, [RapidReviewState.SUBMITTED])),
)
DECISIONS_DUE = Segment(
    "decisions",
    "Decisions due",
    "decision due from the Panel",
    "decisions due from the Panel",
    "No decision of the Panel is due.",
    lambda mandates, on: [
        stands_at(
            RapidReview, [state for state in ANSWERING if state != RapidReviewState.SUBMITTED]
        ),
        in_a_national_review(stands_at),
    ],
)
OVERDUE = Segment(
    "overdue",
    "Overdue",
    "incident is past its date",
    "incidents are past their date",
    "Nothing is past its date.",
    _overdue,
)
WAITING_ON_OTHERS = Segment(
    "waiting",
    "Waiting on others",
    "incident waiting on others",
    "incidents waiting on others",
    "Nothing waits on others. What you can do is under the other headings.",
    _not_my_turn,
)
ALL_OPEN = Segment(
    "open",
    "Open",
    "open incident",
    "open incidents",
    "No incident is open.",
    _every,
)
FINISHED = Segment(
    "closed",
    "Closed",
    "closed incident",
    "closed incidents",
    "No incident is closed yet.",
    _every,
    is_open=False,
)

_OF_ROLES: tuple[tuple[frozenset[str], tuple[Segment, ...]], ...] = (
    (
        frozenset({"la_notifier", "la_approver", "business_unit"}),
        (NEEDS_ACTION, DRAFTS, WAITING_ON_OTHERS, FINISHED),
    ),
    (
        frozenset({"panel_secretariat"}),
        (
            NEEDS_ACTION,
            NEW,
            TO_TRIAGE,
            REVIEWS_IN,
            DECISIONS_DUE,
            OVERDUE,
            WAITING_ON_OTHERS,
            FINISHED,
        ),
    ),
    (frozenset({"panel_member"}), (TO_CONSIDER, DECISIONS_DUE, WAITING_ON_OTHERS, FINISHED)),
    (
        frozenset({"panel_chair", "national_reviewer"}),
        (DECISIONS_DUE, REVIEWS_IN, OVERDUE, ALL_OPEN, FINISHED),
    ),
    (frozenset({"safeguarding_partner"}), (TO_SIGN, WAITING_ON_OTHERS, FINISHED)),
    (frozenset({"dfe_receiver"}), (NEEDS_ACTION, OVERDUE, WAITING_ON_OTHERS, FINISHED)),
)
# Whoever reads only clocks, and whoever is named on single cases.
_OTHERS = (OVERDUE, ALL_OPEN, FINISHED)


def segments_for(person: Person, mandates: Mandates, *, on: date) -> list[Segment]:
    """The parts of a person's work list, in order; the first is the one they start with.

    Somebody with several roles has the parts of each; somebody who can see no case has none.
    """
    held = person.roles_on(on)
    if not any(roles.by_slug(role).reads_cases for role in held):
        return []
    found: dict[str, Segment] = {}
    for group, segments in _OF_ROLES:
        if held & group:
            _add(found, segments)
    if held - frozenset().union(*(group for group, _ in _OF_ROLES)):
        _add(found, _OTHERS)
    if NEEDS_ACTION.slug not in found and turn_of(mandates):
        # A role that nobody holds has passed to somebody whose own role acts on nothing.
        return [NEEDS_ACTION, *found.values()]
    return list(found.values())


def _add(found: dict[str, Segment], segments: Iterable[Segment]) -> None:
    for segment in segments:
        found.setdefault(segment.slug, segment)
