"""Acts that are one page and one button, with the reason they may ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from reviews.forms.acts import Ask, Defer, NationalReview, NothingAsked, Reason
from reviews.services.considering import take_into_national_review
from workflow import services
from workflow.forms import GovukForm
from workflow.machine.acts import Act
from workflow.machine.case import Case
from workflow.machine.move import act_of
from workflow.machine.notification import NotificationProcess
from workflow.machine.rapid_review import RapidReview
from workflow.people.person import Person
from workflow.views.access import Moment

N, R = NotificationProcess, RapidReview
RECEIVERS = ("panel_secretariat", "dfe_receiver")
DECLINE = "decline"
NATIONAL = "supersede"
DATES = ("reply_on", "meet_on")


@dataclass(frozen=True)
class Step:
    """An act with its form, and what follows from it in a sentence.

    `then` follows as well where the notification goes to the Panel.
    """

    machine: type[Any]
    name: str
    form: type[GovukForm]
    follows: str
    title: str = ""
    then: str = ""

    @property
    def act(self) -> Act:
        """What the machine says of the act; declining a proposal moves nothing."""
        answered = "confirm_criteria_not_met" if self.name == DECLINE else self.name
        return act_of(self.machine, answered)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may take the step in some state."""
        return RECEIVERS if self.name == DECLINE else self.act.roles

    @property
    def words(self) -> str:
        """What the act is called, on its button too."""
        return self.title or self.act.title

    def follows_in(self, case: Case) -> str:
        """What follows from the act in this case."""
        return (
            f"{self.follows} {self.then}"
            if self.then and case.route.goes_to_panel
            else self.follows
        )


PREPARING = (
    Step(
        R,
        "ask_for_returns",
        NothingAsked,
        "The case shows that the agencies have been asked. You contact them yourselves.",
    ),
    Step(R, "hold_meeting", NothingAsked, "The case shows that the partners have met."),
    Step(R, "draft_report", NothingAsked, "The case shows that the partners can read a draft."),
    Step(
        R,
        "seek_signatures",
        NothingAsked,
        "Each statutory partner is asked to agree or not. A missing answer never stops you from "
        "sending the rapid review.",
    ),
)
TRIAGE = (
    Step(
        N,
        "acknowledge",
        NothingAsked,
        "The authority is told that the notification has arrived. Nothing waits for this.",
        then="The rapid review is already open.",
    ),
    Step(
        N,
        "request_information",
        Ask,
        "The authority is asked to reply. The clock of notifying is not opened again.",
    ),
    Step(N, "link_to_rapid_review", NothingAsked, "The rapid review carries the case on."),
    Step(
        N,
        "confirm_criteria_not_met",
        Reason,
        "No rapid review is owed any more and its clock is cancelled. Nothing is deleted, and "
        "the case can be opened again.",
    ),
    Step(
        N,
        "withdraw_as_duplicate",
        Reason,
        "The incident goes on under its other reference. Nothing is deleted.",
    ),
    Step(
        N,
        DECLINE,
        Reason,
        "The case goes on as before, and the authority is told why.",
        "Do not agree to the proposal",
    ),
    Step(
        N,
        "close_without_review",
        NothingAsked,
        "No rapid review is owed. The case can be opened again if abuse or neglect is suspected.",
    ),
    Step(
        R,
        "triage",
        NothingAsked,
        "The rapid review goes to the Panel. The Panel’s clock runs from the day it was sent.",
    ),
    Step(
        R,
        "return_for_information",
        Ask,
        "The partnership is asked for more and can send the rapid review again. Both versions "
        "are kept.",
    ),
    Step(
        R,
        "defer",
        Defer,
        "It waits for that meeting. The Panel’s clock runs on.",
    ),
    Step(
        R,
        NATIONAL,
        NationalReview,
        "The Panel reviews the case itself. The rapid review ends here. The Panel alone decides "
        "this.",
    ),
)


@dataclass(frozen=True)
class Open:
    """A step a person may take, with its address and what still stands in its way."""

    step: Step
    subject: Any
    href: str
    reasons: tuple[str, ...] = ()


def steps_for(review: RapidReview, *, by: Person, on: date) -> list[Open]:
    """The steps of preparing that a person may take now."""
    return opened(review.case, PREPARING, "reviews:step", by=by, on=on)


def triage_for(case: Case, *, by: Person, on: date) -> list[Open]:
    """What a receiver may do with a notification or rapid review now."""
    return opened(case, TRIAGE, "reviews:triage-act", by=by, on=on)


def opened(
    case: Case, steps: tuple[Step, ...], address: str, *, by: Person, on: date
) -> list[Open]:
    """Those of the steps that the person's role allows in the state as it is."""
    possible = {
        (type(one.subject), one.name): one for one in services.possible_acts(case, by=by, on=on)
    }
    found = []
    for step in steps:
        href = reverse(address, args=[case.token, step.name.replace("_", "-")])
        one = possible.get((step.machine, step.name))
        if one is not None and not one.reasons:
            found.append(Open(step, one.subject, href))
        elif step.name == DECLINE and _may_decline(case, by=by, on=on):
            found.append(Open(step, case.notification, href))
    return found


def _may_decline(case: Case, *, by: Person, on: date) -> bool:
    return bool(case.notification.proposal) and bool(by.roles_on(on) & set(RECEIVERS))


def do(one: Open, form: GovukForm, *, by: Person, now: Moment) -> None:
    """The step is done, with all that follows. Raises CannotAdvance or AlreadyDone."""
    reason = str(form.cleaned.get("reason", ""))
    case, on, at = one.subject.case, now.on, now.at
    if one.step.name == DECLINE:
        services.decline_proposal(case, by=by, on=on, at=at, reason=reason)
    elif one.step.name == NATIONAL:
        take_into_national_review(one.subject, text=reason, by=by, on=on, at=at)
    else:
        facts = {name: form.cleaned[name] for name in DATES if name in form.cleaned}
        services.advance(
            one.subject, one.step.name, by=by, on=on, at=at, reason=reason, facts=facts
        )
