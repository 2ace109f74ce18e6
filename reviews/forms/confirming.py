"""The partners confirm or change what they decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reviews import codes
from workflow.forms import DateField, GovukForm, LongTextField, RadiosField, YesNoField
from workflow.law.words import long_date
from workflow.people.codes import choices


@dataclass(frozen=True)
class Stands:
    """The decision that stands and its day; `moves_to` says what an earlier day would move."""

    decision: str
    taken_on: date
    moves_to: Callable[[date], str]


class ConfirmForm(GovukForm):
    """The decision as it stands from now on, with the day it was taken and the reasons."""

    decision = RadiosField(
        "What have the partners decided?", missing="Select what the partners have decided"
    )
    alternative = RadiosField(
        "If there is no LCSPR, what will be done instead?",
        missing="Select what will be done instead",
        conditional=True,
        short="Instead",
    )
    decided_on = DateField(
        "When did they decide?",
        called="the day the partners decided",
        hint=(
            "If it is an LCSPR, its six months run from this day and not from the Panel’s answer. "
            "Where a day too late was entered before, enter the same decision with the right day"
        ),
        past=True,
        conditional=True,
    )
    decide_by = DateField(
        "If they have not decided yet, by when will they?",
        called="the day by which the partners will decide",
        hint="The rapid review is not sent again",
        future=True,
        conditional=True,
        short="Decide by",
    )
    reason = LongTextField(
        "The partners’ reasons",
        words=500,
        rows=6,
        called="the partners’ reasons",
        hint="The Panel reads this",
    )

    def __init__(
        self, *args: Any, undecided: bool = False, stands: Stands | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stands = stands
        if not undecided:
            del self.fields["decide_by"]
        decision, alternative = self.fields["decision"], self.fields["alternative"]
        if not self.on:
            return
        if isinstance(decision, RadiosField):
            decision.choices = [
                (code, label)
                for code, label in choices(codes.LCSPR, on=self.on)
                if undecided or codes.decision_of(code) is not codes.Decision.UNDECIDED
            ]
        if isinstance(alternative, RadiosField):
            alternative.choices = choices(codes.ALTERNATIVE, on=self.on)

    def clean(self) -> dict[str, Any]:
        """Another review that was announced is named; each decision has its own day."""
        self._ask_for_the_day()
        self._ask_before_a_date_moves()
        named = self.cleaned_data.get("alternative") not in ("", "none", None)
        if self.cleaned_data.get("decision") == codes.NO_ALTERNATIVE and not named:
            self.refuse("alternative", "Select which other review will follow")
        return self.cleaned_data

    def _ask_for_the_day(self) -> None:
        code = self.cleaned_data.get("decision")
        if not code:
            return
        put_off = codes.decision_of(code) is codes.Decision.UNDECIDED
        if put_off and not self.cleaned_data.get("decide_by"):
            self.refuse("decide_by", "Enter the day by which the partners will decide", part="day")
        if not put_off and not self.cleaned_data.get("decided_on"):
            self.refuse("decided_on", "Enter the day the partners decided", part="day")

    def _ask_before_a_date_moves(self) -> None:
        """An earlier day of the decision that stands moves the date of the law: a slip must not."""
        code, day = (self.cleaned_data.get(name) for name in ("decision", "decided_on"))
        stands = self.stands
        again = stands and code and codes.decision_of(code) == stands.decision
        if not (stands and again and day and day < stands.taken_on):
            return
        # Asked of this day: a "Yes" to another one answers nothing.
        name = f"earlier-{day:%Y%m%d}"
        field = YesNoField(
            f"The decision is recorded as taken on {long_date(stands.taken_on)}. "
            f"Was it taken on {long_date(day)}?",
            yes_hint=stands.moves_to(day),
            missing=f"Select yes if they decided on {long_date(day)}",
        )
        self.fields[name] = field
        self.order_fields(["decision", "alternative", "decided_on", name])
        said = self.data.get(name)
        if said == "no":
            self.refuse("decided_on", "Enter the day the partners decided", part="day")
        elif said != "yes":
            self.refuse(name, field.missing)
