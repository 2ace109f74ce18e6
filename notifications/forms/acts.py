"""What an act on a notification asks: a reason, a date, a reference."""

from typing import Any

from notifications.sections import PageForm
from workflow.forms import (
    Choice,
    DateField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    TimeField,
)
from workflow.machine.notification_states import Proposal


class AmendReasonForm(PageForm):
    """Why something is added or corrected; the Panel reads it."""

    reason = LongTextField(
        "Why are you adding or correcting this?",
        words=300,
        rows=4,
        hint="The Panel will see this, with what it said before and what it says now",
        called="why you are adding or correcting this",
    )


class DifferentForm(PageForm):
    """Why it is another incident."""

    reason = LongTextField(
        "Why is this a different incident?",
        words=200,
        rows=4,
        called="why this is a different incident",
    )


class ReplyForm(PageForm):
    """The answer to a request for information."""

    reason = LongTextField("Your reply", words=1000, rows=10, called="your reply")


class ProposeForm(PageForm):
    """What the authority proposes."""

    proposal = RadiosField(
        "What do you propose?",
        choices=(
            Choice(
                Proposal.CRITERIA_NOT_MET,
                "The criteria for notifying are not met",
                "The rapid review would no longer be needed",
            ),
            Choice(
                Proposal.WITHDRAWAL,
                "To withdraw this notification: it tells of an incident already notified",
            ),
        ),
        missing="Select what you propose",
    )
    reason = LongTextField(
        "Why",
        words=500,
        rows=6,
        hint="For a duplicate, give the reference of the other notification",
        called="why",
    )


class NotNotifiedForm(PageForm):
    """The rationale of a decision not to notify."""

    reason = LongTextField(
        "Why will this not be notified?",
        words=1000,
        rows=8,
        hint="Say which criteria are not met, who was consulted and whether anyone disagreed",
        called="why this will not be notified",
    )


def decisions(names: str, *, elsewhere: bool = False) -> tuple[Choice, ...]:
    """What an approver decides; approving sends it to the recipients named.

    `elsewhere` when it is sent in the national system: approving then records that it was.
    """
    sends = "record that it was sent" if elsewhere else "send it"
    return (
        Choice("approve", f"Yes, approve it and {sends} to {names}"),
        Choice("return", "No, return it for changes"),
    )


class ApprovalForm(PageForm):
    """The approver's decision."""

    decision = RadiosField(
        "Do you approve this notification?",
        choices=decisions("those named"),
        missing="Select whether you approve this notification",
    )
    reason = LongTextField(
        "What needs to change?",
        words=300,
        rows=4,
        hint="Only if you return it",
        called="what needs to change",
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """Whoever must change it is told what."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "return" and not cleaned.get("reason"):
            self.refuse("reason", "Enter what needs to change")
        return cleaned


class AbsentForm(PageForm):
    """Why it is sent before anyone could approve it."""

    absent = LongTextField(
        "Why can nobody approve it now?",
        words=100,
        rows=3,
        hint="An approver reads it afterwards. Sending is never held up",
        called="why nobody can approve it now",
    )


class AcceptedForm(PageForm):
    """The national system's reference and moment, where that system is the statutory channel."""

    reference = TextField(
        "Reference from the national system", called="the reference", limit=40, width="20"
    )
    accepted_on = DateField("Date it was accepted", past=True, called="the date", first_year=2018)
    accepted_time = TimeField("Time it was accepted", called="the time")

    def clean(self) -> dict[str, Any]:
        """It was accepted at one moment."""
        cleaned = super().clean() or self.cleaned_data
        self.instant("accepted_on", "accepted_time")
        return cleaned


class AcceptedUnapprovedForm(AcceptedForm):
    """The same, of what nobody could approve before it went into the national system."""

    field_order = ("absent", "reference", "accepted_on", "accepted_time")
    absent = AbsentForm.declared_fields["absent"]


class ContinueForm(PageForm):
    """What is new about a case that goes on."""

    happened = RadiosField("What is new?", missing="Select what is new")
    aware_on = DateField(
        "When did the authority become aware of this?",
        hint="This date starts a new clock. The earlier dates are kept",
        past=True,
        first_year=2018,
        called="the date the authority became aware",
    )
    reason = LongTextField("What has changed", words=300, rows=5, called="what has changed")


class AuthorityForm(PageForm):
    """For which authority."""

    authority = SelectField(
        "Which local authority notified it?", missing="Select the local authority"
    )


class PartnersToldForm(PageForm):
    """When the authority told its safeguarding partners itself."""

    told_on = DateField(
        "When were the safeguarding partners told?",
        past=True,
        first_year=2018,
        called="the date the partners were told",
    )
    note = LongTextField(
        "Who was told, and how", words=100, rows=3, called="who was told", optional=True
    )
