"""How a program answers a question: in JSON, by the question's kind.

A date is `2026-11-19`, yes or no is true or false, a whole number is a number, several codes are a
list, and all else is text as a person would type it. `not-known` answers a question that offers
"Not known yet". Whether an answer is good is the question's own to say, as for people.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from workflow.forms.choices import CheckboxesField, ChoiceField, YesNoField
from workflow.forms.dates import DateField
from workflow.forms.fields import GovukField, LongTextField, TextField, WholeNumberField
from workflow.forms.form import GovukForm
from workflow.forms.times import TimeField
from workflow.forms.typed import NOT_KNOWN, NOT_KNOWN_VALUE, Typed

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
# So many codes are told one by one.
MOST = 40


class WrongKindError(ValueError):
    """What was sent is of another kind than the question takes; nothing of it is repeated."""


def typed_as(field: GovukField, said: Any) -> Typed:
    """What a person would have typed to answer so; WrongKindError for another kind."""
    if field.not_known and said == NOT_KNOWN_VALUE:
        return field.typed_from(NOT_KNOWN)
    if isinstance(field, DateField):
        found = _DAY.fullmatch(said) if isinstance(said, str) else None
        if found is None:
            raise WrongKindError
        year, month, day = found.groups()
        return Typed({"day": [str(int(day))], "month": [str(int(month))], "year": [year]})
    if isinstance(field, CheckboxesField):
        if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
            raise WrongKindError
        return Typed({"": list(said)})
    if isinstance(field, YesNoField):
        return field.typed_from(_of(bool, said))
    if isinstance(field, WholeNumberField):
        return field.typed_from(_of(int, said))
    return Typed({"": [_of(str, said)]})


def _of(kind: type, said: Any) -> Any:
    # In Python true is a number too.
    if type(said) is not kind:
        raise WrongKindError
    return said


def names_in(form: GovukForm, name: str, typed: Typed) -> dict[str, list[str]]:
    """An answer by the names under which a browser sends its parts."""
    key = form.add_prefix(name)
    return {f"{key}-{part}" if part else key: texts for part, texts in typed.items()}


def told(form: GovukForm) -> dict[str, Any]:
    """The good answers of a form as a program sends them; what is not answered is left out."""
    found = {}
    for name, field in form.fields.items():
        value = form.cleaned.get(name)
        if isinstance(field, GovukField) and value not in (None, ""):
            found[name] = _told(value)
    return found


def _told(value: Any) -> Any:
    if value is NOT_KNOWN:
        return NOT_KNOWN_VALUE
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else value


def remedy(field: GovukField) -> str:
    """What to send."""
    words = _remedy(field)
    return f"{words} It may be “{NOT_KNOWN_VALUE}”." if field.not_known else words


def _remedy(field: GovukField) -> str:
    if isinstance(field, YesNoField):
        return "Send true or false."
    if isinstance(field, ChoiceField):
        codes = ", ".join(_codes(field)[:MOST])
        which = "a list of any of" if isinstance(field, CheckboxesField) else "one of"
        return f"Send {which} {codes}."
    if isinstance(field, DateField):
        return "Send a date like “2026-11-19”."
    if isinstance(field, TimeField):
        return "Send a time like “14:05”."
    if isinstance(field, WholeNumberField):
        return f"Send a whole number from {field.least} to {field.most}."
    return "Send text."


def _codes(field: ChoiceField) -> list[str]:
    none = [field.NONE] if isinstance(field, CheckboxesField) and field.none else []
    return [choice.value for choice in field.choices] + none


def shape(field: GovukField) -> dict[str, Any]:
    """The JSON Schema of an answer."""
    found: Mapping[str, Any] = _shape(field)
    if codes := getattr(field, "of", ""):
        found = {**found, "description": f"Codes of the list {codes} (GET /api/v1/codes)."}
    if field.not_known:
        found = {"anyOf": [found, {"const": NOT_KNOWN_VALUE}]}
    return {"title": field.short or str(field.label), **found}


def _shape(field: GovukField) -> Mapping[str, Any]:
    if isinstance(field, DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, YesNoField):
        return {"type": "boolean"}
    if isinstance(field, ChoiceField):
        # What a code list holds, and when, the service tells at another address.
        known = [] if hasattr(field, "of") else _codes(field)
        one = {"type": "string", "enum": known} if known else {"type": "string"}
        return {"type": "array", "items": one} if isinstance(field, CheckboxesField) else one
    if isinstance(field, WholeNumberField):
        return {"type": "integer", "minimum": field.least, "maximum": field.most}
    return {"type": "string", **_limits(field)}


def _limits(field: GovukField) -> Mapping[str, Any]:
    if isinstance(field, LongTextField):
        return {"description": f"At most {field.words} words."}
    timely = isinstance(field, TimeField)
    return {"maxLength": field.limit} if isinstance(field, TextField) and not timely else {}
