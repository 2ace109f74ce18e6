"""Questions answered by selecting."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from workflow.forms.fields import GovukField
from workflow.forms.typed import NOT_KNOWN, NOT_KNOWN_VALUE, Typed


@dataclass(frozen=True)
class Choice:
    """One thing to select: the value kept, the words shown, a hint under them."""

    value: str
    text: str
    hint: str = ""


Offered = Iterable[Choice | tuple[str, str] | tuple[str, str, str]]


class ChoiceField(GovukField):
    """A question with fixed answers. ``choices`` may be set later, or be a function."""

    verb = "Select"
    own_box = False
    empty: ClassVar[Any] = ""

    def __init__(
        self, label: str, *, choices: Offered | Callable[[], Offered] = (), **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.offer = choices

    @property
    def choices(self) -> list[Choice]:
        """What may be selected, without "Not known yet"."""
        offered = self.offer() if callable(self.offer) else self.offer
        return [c if isinstance(c, Choice) else Choice(*c) for c in offered]

    @choices.setter
    def choices(self, offered: Offered | Callable[[], Offered]) -> None:
        self.offer = offered

    def clean(self, value: Any) -> Any:
        """The choice, NOT_KNOWN, or ``empty``; else a ValidationError."""
        typed = value if isinstance(value, Typed) else Typed()
        if self.not_known and typed.all() == [NOT_KNOWN_VALUE]:
            return NOT_KNOWN
        return super().clean(typed)

    def missing_message(self) -> str:
        """What to do when nothing was selected; "Not known yet" is one of the choices."""
        return self.missing or f"{self.verb} {self.called}"

    def parse(self, typed: Typed) -> Any:
        """The value selected, when it is offered."""
        return self.one_of(typed.one())

    def one_of(self, value: str) -> str:
        """``value`` when it is offered; else a ValidationError."""
        if value not in {choice.value for choice in self.choices}:
            raise ValidationError(f"{self.missing_message()} from the list", code="unknown")
        return value

    def typed_from(self, value: Any) -> Typed:
        """What a browser would have sent to give ``value``."""
        if value is NOT_KNOWN:
            return Typed({"": [NOT_KNOWN_VALUE]})
        return super().typed_from(value)

    def shown(self, value: Any) -> str:
        """The words of the choice."""
        words = {choice.value: choice.text for choice in self.choices}
        return words.get(str(value), str(value))


class RadiosField(ChoiceField):
    """Select one. Cleaned: the value."""

    def __init__(self, label: str, *, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.inline = inline


class YesNoField(RadiosField):
    """Yes or no. Cleaned: bool. Give ``missing`` ("Select yes if ...")."""

    empty = None

    def __init__(self, label: str, *, yes_hint: str = "", no_hint: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("inline", not (kwargs.get("not_known") or yes_hint or no_hint))
        offered = (Choice("yes", "Yes", yes_hint), Choice("no", "No", no_hint))
        super().__init__(label, choices=offered, **kwargs)

    def parse(self, typed: Typed) -> Any:
        """Whether "Yes" was selected."""
        return super().parse(typed) == "yes"

    def typed_from(self, value: Any) -> Typed:
        """What a browser would have sent to give ``value``."""
        if value in (True, False):
            return Typed({"": ["yes" if value else "no"]})
        return super().typed_from(value)

    def shown(self, value: Any) -> str:
        """Yes or No."""
        return {True: "Yes", False: "No"}.get(value, str(value))


class SelectField(ChoiceField):
    """Select one from a long list. Cleaned: the value."""


class CheckboxesField(ChoiceField):
    """Select any. Cleaned: list of values in the order offered.

    ``none`` offers an exclusive last answer ("None of these"), whose cleaned value is ``[]``.
    """

    NONE = "none"

    def __init__(self, label: str, *, none: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.none = none

    def clean(self, value: Any) -> Any:
        """The choices made, NOT_KNOWN, or ``[]``; else a ValidationError."""
        cleaned = super().clean(value)
        return [] if cleaned == "" else cleaned

    def is_empty(self, typed: Typed) -> bool:
        """Whether nothing was selected."""
        return not typed.all()

    def parse(self, typed: Typed) -> list[str]:
        """The values selected, in the order offered."""
        values = typed.all()
        exclusive = {self.NONE: self.none, NOT_KNOWN_VALUE: self.not_known}
        for value, words in exclusive.items():
            if words and value in values:
                if len(set(values)) > 1:
                    both = f"{self.missing_message()} or select “{words}”, not both"
                    raise ValidationError(both, code="both")
                return []
        chosen = {self.one_of(value) for value in values}
        return [choice.value for choice in self.choices if choice.value in chosen]

    def typed_from(self, value: Any) -> Typed:
        """What a browser would have sent to give ``value``."""
        if isinstance(value, Sequence) and not isinstance(value, str):
            return Typed({"": list(value) or ([self.NONE] if self.none else [])})
        return super().typed_from(value)

    def shown(self, value: Any) -> str:
        """The words of each choice, one a line."""
        if value == []:
            return self.none
        return "\n".join(super(CheckboxesField, self).shown(one) for one in value)
