"""A pen that fills in any page through its own form, so that a new question needs no new story."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from notifications.sections import PageForm
from workflow.forms import (
    NOT_KNOWN,
    CheckboxesField,
    DateField,
    EmailField,
    LongTextField,
    NameField,
    PhoneField,
    WholeNumberField,
    YesNoField,
)
from workflow.forms.choices import ChoiceField
from workflow.forms.fields import GovukField

Typed = dict[str, list[str]]
# How often something is not known yet, and how often a yes-or-no question is a yes.
UNKNOWN, OFTEN = 0.12, 0.4
LEAVE = object()
"""The answer that leaves a question empty."""

INVENTED = (
    "This is an invented account for the demonstration. No such incident happened.",
    "Invented: a health visitor raised a concern and the services met the next morning.",
    "Invented: the account given did not fit the injury seen, and a strategy discussion was held.",
    "Invented: several services each knew a part, and nobody had put the parts together.",
)
NAMES = ("Juniper", "Marlow", "Saffron", "Bramble", "Clover", "Rowan", "Tansy", "Linden", "Sorrel")


class Pen:
    """Writes answers as a browser would send them; the same number writes the same answers."""

    def __init__(self, number: int, answers: Mapping[str, Any]) -> None:
        self.random = Random(number)  # noqa: S311 - invents stories, keeps no secret
        self.answers = answers

    def fill(self, page: str, form: PageForm, item: str = "") -> Typed:
        """What is typed on a page. `answers` wins ("page.question", or with ":item" behind)."""
        typed: Typed = {}
        for name, field in form.fields.items():
            value = self._value(page, name, item, field)
            if value is LEAVE or not isinstance(field, GovukField):
                continue
            for part, texts in field.typed_from(value).items():
                typed[f"{name}-{part}" if part else name] = list(texts)
        return typed

    def _value(self, page: str, name: str, item: str, field: Any) -> Any:
        for key in (f"{page}.{name}:{item}", f"{page}.{name}"):
            if key in self.answers:
                return self.answers[key]
        if name == "finished":
            return True
        if field.optional or field.conditional:
            return LEAVE
        return self._invent(field)

    def _invent(self, field: Any) -> Any:
        if field.not_known and (isinstance(field, DateField) or self.random.random() < UNKNOWN):
            return NOT_KNOWN
        if isinstance(field, YesNoField):
            return self.random.random() < OFTEN
        if isinstance(field, ChoiceField):
            chosen = self.random.choice(field.choices).value
            return [chosen] if isinstance(field, CheckboxesField) else chosen
        return self._written(field)

    def _written(self, field: Any) -> Any:
        if isinstance(field, DateField):
            return self.answers["today"]
        if isinstance(field, WholeNumberField):
            return self.random.randint(field.least, min(field.most, 16))
        if isinstance(field, LongTextField):
            return self.random.choice(INVENTED)
        if isinstance(field, NameField):
            return f"{self.random.choice(NAMES)} (invented)"
        by_kind = {EmailField: "invented.person@authority.example", PhoneField: "01632 960 001"}
        return by_kind.get(type(field), "Invented")


def days_before(day: date, number: int) -> date:
    """A calendar day earlier."""
    return date.fromordinal(day.toordinal() - number)
