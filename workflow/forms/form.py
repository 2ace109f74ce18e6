"""A form bound to typed values, so that what was saved refills the page exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict

from workflow import clock
from workflow.forms.fields import GovukField
from workflow.forms.times import NoSingleMomentError, TimeField, london_instant
from workflow.forms.typed import NOT_KNOWN, Typed, TypedWidget, as_lists

NOT_PROVIDED = "Not provided"


@dataclass(frozen=True)
class Row:
    """One line of a check-answers page.

    ``gap`` is "" for a good answer, else "not known", "empty" (optional and not answered),
    "missing" or "wrong"; ``text`` is always fit to be shown.
    """

    name: str
    label: str
    text: str
    gap: str
    reason: str


class GovukForm(forms.Form):
    """Questions of one page.

    ``Form(typed, on=today)`` checks; ``Form.refill(typed)`` only shows what was typed;
    ``Form.filled({"name": value})`` shows known values; ``Form()`` is empty. ``typed`` is a
    QueryDict or a dict of lists of strings, and may hold names of other forms.
    """

    auto_ids: ClassVar[str] = "%s"

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        on: date | None = None,
        checked: bool = True,
        **kwargs: Any,
    ) -> None:
        data = None if typed is None else as_lists(typed)
        super().__init__(data=data, **{"auto_id": self.auto_ids, **kwargs})
        self.use_required_attribute = False
        self.on = on
        self.checked = checked
        for field in self.fields.values():
            if isinstance(field, GovukField):
                field.on = on
                field.help_text = field.hint_on(on)

    @classmethod
    def refill(cls, typed: Mapping[str, Any], **kwargs: Any) -> Self:
        """A form that shows ``typed`` as it was typed and complains about nothing."""
        return cls(typed, checked=False, **kwargs)

    @classmethod
    def filled(cls, values: Mapping[str, Any], **kwargs: Any) -> Self:
        """A form that shows ``values`` as a person would have typed them; None is left empty."""
        empty = cls(**kwargs)
        typed: dict[str, list[str]] = {}
        for name, field in empty.fields.items():
            value = values.get(name)
            if value is None or not isinstance(field, GovukField):
                continue
            key = empty.add_prefix(name)
            parts = field.typed_from(value)
            typed.update({f"{key}-{part}" if part else key: v for part, v in parts.items()})
        return cls.refill(typed, **kwargs)

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, by field; nothing for a form that only shows."""
        return super().errors if self.checked else ErrorDict()

    def is_valid(self) -> bool:
        """Whether the answers were checked and all are good."""
        return self.checked and super().is_valid()

    @property
    def cleaned(self) -> dict[str, Any]:
        """Good answers in their proper types; after ``is_valid()`` it is all of them."""
        _ = self.errors
        return getattr(self, "cleaned_data", {})

    def typed(self) -> dict[str, list[str]]:
        """This form's names with what was typed, letter for letter, to be saved."""
        data = as_lists(self.data)
        kept: dict[str, list[str]] = {}
        for name, field in self.fields.items():
            widget = field.widget
            keys = (
                [key for _part, key in widget.names(self.add_prefix(name))]
                if isinstance(widget, TypedWidget)
                else [self.add_prefix(name)]
            )
            kept.update({key: list(data.getlist(key)) for key in keys if key in data})
        return kept

    def add_reasons(self, reasons: Iterable[str]) -> None:
        """Show refusals of the service at the head of the page."""
        for reason in reasons:
            self.add_error(None, ValidationError(reason, code="refused"))

    def refuse(self, name: str, message: str, *, part: str = "") -> None:
        """Refuse one answer from ``clean()``, unless it is refused already."""
        if name not in self.errors:
            self.add_error(name, ValidationError(message, code="refused", params={"part": part}))

    def instant(self, on_name: str, time_name: str) -> datetime | None:
        """The UTC instant of a date and a time; None, with the time refused, when there is none.

        For use in ``clean()``. None also when either answer is missing, wrong or not known. Where
        the date lies in the past or today, a time later today is refused too.
        """
        on, at = self.cleaned_data.get(on_name), self.cleaned_data.get(time_name)
        field = self.fields[time_name]
        if not on or at in (None, NOT_KNOWN) or not isinstance(field, TimeField):
            return None
        try:
            found = london_instant(on, at, zone=field.zone(self[time_name].data))
        except NoSingleMomentError as change:
            self.refuse(time_name, str(change))
            return None
        now = clock.now()
        # Of another day than this one the date itself says whether it is past.
        past = getattr(self.fields[on_name], "past", False) and on == clock.london_date(now)
        if past and found > now:
            self.add_error(time_name, field.must("be now or earlier today", code="future"))
            return None
        return found

    def not_known(self) -> list[str]:
        """Names of the questions answered "Not known yet"."""
        return [name for name, value in self.cleaned.items() if value is NOT_KNOWN]

    def rows(self) -> list[Row]:
        """Every question with its answer in words, for a check-answers page."""
        return [self._row(name, f) for name, f in self.fields.items() if isinstance(f, GovukField)]

    def _row(self, name: str, field: GovukField) -> Row:
        label = field.short or str(field.label)
        refused = self.errors.get(name)
        if refused:
            typed = self[name].data
            words = " ".join(filter(None, (typed.one(p) for p in field.parts)))
            gap = "wrong" if words else "missing"
            return Row(name, label, words or NOT_PROVIDED, gap, str(refused[0]))
        value = self.cleaned.get(name, field.empty)
        if value is NOT_KNOWN:
            return Row(name, label, field.not_known, "not known", "")
        words = "" if value in (None, "") else field.shown(value)
        return Row(name, label, words or NOT_PROVIDED, "" if words else "empty", "")

    def typed_answer(self, name: str) -> Typed:
        """What was typed into one question, by part."""
        data = self[name].data if self.is_bound else None
        return data if isinstance(data, Typed) else Typed()

    def in_order(self) -> list[tuple[str, ValidationError]]:
        """The first error of each field in the order of the page, after those of no field."""
        found = self.errors.as_data()
        general = [("", error) for error in found.get(NON_FIELD_ERRORS, [])]
        return general + [(name, found[name][0]) for name in self.fields if name in found]
