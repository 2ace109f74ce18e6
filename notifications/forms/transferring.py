"""What a transfer to another authority asks of each side."""

from datetime import date
from typing import Any

from notifications.sections import PageForm
from workflow.forms import Choice, DateField, LongTextField, RadiosField, SelectField
from workflow.people import roles
from workflow.people.organisations import Organisation

YES, NO = "yes", "no"


def places(*, without: int, on: date) -> list[Choice]:
    """The local authorities of today other than one, by name."""
    found = Organisation.objects.of_kind(roles.AUTHORITY).current(on).exclude(pk=without)
    return [Choice(row.dfe_code or "", row.name) for row in found.order_by("name")]


class TransferForm(PageForm):
    """To whom, and why."""

    authority = SelectField(
        "Which local authority should take it over?", missing="Select the local authority"
    )
    reason = LongTextField(
        "Why does it belong to that authority?",
        words=300,
        rows=5,
        hint="The other authority reads this before it decides. Name no child and no family",
        called="why it belongs to that authority",
    )


class TakeBackForm(PageForm):
    """Why nobody is asked any more."""

    reason = LongTextField("Why do you take it back?", words=200, rows=4, called="your reason")


class AgreementForm(PageForm):
    """Whether what was sent may go to another authority."""

    answer = RadiosField(
        "Do you agree to the transfer?",
        choices=(
            Choice(YES, "Yes, ask the other authority"),
            Choice(NO, "No, it stays where it is"),
        ),
        missing="Select whether you agree",
    )
    reason = LongTextField(
        "Your reason",
        words=300,
        rows=4,
        hint="Needed if you do not agree",
        called="your reason",
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == NO and not cleaned.get("reason"):
            self.refuse("reason", "Enter your reason")
        return cleaned


class AnswerForm(PageForm):
    """Whether the authority takes the case over, and from when its own clock runs."""

    answer = RadiosField(
        "Does your authority take this case over?",
        choices=(Choice(YES, "Yes, it is ours to notify"), Choice(NO, "No, we decline")),
        missing="Select whether your authority takes it over",
    )
    aware_on = DateField(
        "When did your authority become aware of the incident?",
        hint="Needed if you take it over. Your time limit runs from this day",
        past=True,
        first_year=2018,
        conditional=True,
        called="the date your authority became aware",
    )
    reads_until = DateField(
        "Until when may the other authority go on reading the case?",
        hint="Leave it empty if it does not need to",
        future=True,
        optional=True,
        called="the last day of reading",
    )
    reason = LongTextField(
        "Why do you decline?",
        words=300,
        rows=4,
        hint="Needed if you decline. The other authority reads this",
        called="why you decline",
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """Each answer with what it needs."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == NO and not cleaned.get("reason"):
            self.refuse("reason", "Enter why you decline")
        asked = "aware_on" in self.fields
        if cleaned.get("answer") == YES and asked and not cleaned.get("aware_on"):
            self.refuse("aware_on", "Enter the date your authority became aware", part="day")
        return cleaned
