"""The partners confirm or change what they decided."""

from typing import Any

from reviews import codes
from workflow.forms import DateField, GovukForm, LongTextField, RadiosField
from workflow.people.codes import choices


class ConfirmForm(GovukForm):
    """The decision as it stands from now on, with the day it was taken and the reasons."""

    decision = RadiosField(
        "What have the partners decided?", missing="Select what the partners have decided"
    )
    alternative = RadiosField(
        "If there is no LCSPR, what will be done instead?",
        missing="Select what will be done instead",
        optional=True,
        short="Instead",
    )
    decided_on = DateField(
        "When did they decide?",
        called="the day the partners decided",
        hint="If it is an LCSPR, its six months run from this day and not from the Panel’s answer",
        past=True,
    )
    reason = LongTextField(
        "The partners’ reasons",
        words=500,
        rows=6,
        called="the partners’ reasons",
        hint="The Panel reads this",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision, alternative = self.fields["decision"], self.fields["alternative"]
        if not self.on:
            return
        if isinstance(decision, RadiosField):
            decision.choices = [
                (code, label)
                for code, label in choices(codes.LCSPR, on=self.on)
                if codes.decision_of(code) is not codes.Decision.UNDECIDED
            ]
        if isinstance(alternative, RadiosField):
            alternative.choices = choices(codes.ALTERNATIVE, on=self.on)

    def clean(self) -> dict[str, Any]:
        """Another review that was announced is named."""
        named = self.cleaned_data.get("alternative") not in ("", "none", None)
        if self.cleaned_data.get("decision") == codes.NO_ALTERNATIVE and not named:
            self.refuse("alternative", "Select which other review will follow")
        return self.cleaned_data
