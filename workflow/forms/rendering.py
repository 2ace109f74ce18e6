"""From a form's question to the parameters of a GOV.UK macro.

Also maps the plain Django fields of packages' forms (sign-in), so that all pages look alike.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html

from workflow.forms.choices import CheckboxesField, Choice, ChoiceField, RadiosField, SelectField
from workflow.forms.dates import DateField
from workflow.forms.fields import GovukField, LongTextField, TextField
from workflow.forms.files import FileField
from workflow.forms.form import GovukForm
from workflow.forms.typed import NOT_KNOWN_PART, NOT_KNOWN_VALUE, Typed

Params = dict[str, Any]
# The month may be a word, and all three fit side by side on the narrowest screen.
_BOX_WIDTHS = {"day": 2, "month": 3, "year": 4}


@dataclass(frozen=True)
class Drawing:
    """A macro, its parameters, and a "Not known yet" box that belongs to the same question."""

    macro: str
    params: Params
    not_known: Params | None = None


def drawing(bound: BoundField, *, heading: bool | None = None, label: str = "") -> Drawing:
    """How to draw one question; ``heading`` and ``label`` override what the field says."""
    field = bound.field
    if not isinstance(field, GovukField):
        return _plain(bound, heading=bool(heading), label=label)
    typed = typed_answer(bound)
    name = bound.html_name
    ident = bound.auto_id or name
    title = _title(bound, heading=field.heading if heading is None else heading, label=label)
    common = {"hint": _text(field.help_text), "errorMessage": _error(bound)}
    if isinstance(field, DateField):
        date = {"id": ident, "namePrefix": name, "fieldset": {"legend": title}, **common}
        return Drawing(
            "date-input", {**date, "items": _boxes(field, typed, bound)}, _unknown(bound)
        )
    if isinstance(field, ChoiceField):
        return _choices(field, typed, {"name": name, "idPrefix": ident, **common}, title)
    if isinstance(field, LongTextField):
        many = {"id": ident, "name": name, "label": title, "maxwords": field.words, **common}
        return Drawing("character-count", {**many, **_area(field, typed)}, _unknown(bound))
    if isinstance(field, FileField):
        return Drawing("file-upload", {"id": ident, "name": name, "label": title, **common})
    one = {"id": ident, "name": name, "label": title, "value": typed.one(), **common}
    return Drawing("input", {**one, **_line(field)}, _unknown(bound))


def typed_answer(bound: BoundField) -> Typed:
    """What was typed into the question, by part."""
    return bound.form.typed_answer(bound.name) if isinstance(bound.form, GovukForm) else Typed()


def error_list(*shown: forms.BaseForm) -> list[Params]:
    """The items of the error summary: first what concerns the page, then fields in order."""
    items: list[Params] = []
    for form in shown:
        general = form.non_field_errors() if form.is_bound else []
        items += [{"text": text} for text in general]
        for name in form.fields:
            if name in form.errors:
                bound = form[name]
                items.append({"text": bound.errors[0], "href": f"#{_target(bound)}"})
    return items


def _target(bound: BoundField) -> str:
    ident = str(bound.auto_id or bound.html_name)
    if not isinstance(bound.field, DateField):
        return ident
    return f"{ident}-{_wrong_part(bound) or 'day'}"


def _wrong_part(bound: BoundField) -> str:
    data = bound.errors.as_data()
    params = data[0].params if data else None
    return str((params or {}).get("part", ""))


def _text(text: Any) -> Params | None:
    return {"text": str(text)} if text else None


def _error(bound: BoundField) -> Params | None:
    return {"text": str(bound.errors[0])} if bound.errors else None


def _title(bound: BoundField, *, heading: bool, label: str) -> Params:
    field = bound.field
    words = str(label or bound.label or "")
    if getattr(field, "optional", False):
        words += " (optional)"
    kind = "fieldset__legend" if isinstance(field, DateField | ChoiceField) else "label"
    if isinstance(field, SelectField):
        kind = "label"
    size = "l" if heading else "s"
    return {"text": words, "classes": f"govuk-{kind}--{size}", "isPageHeading": heading}


def _boxes(field: DateField, typed: Typed, bound: BoundField) -> list[Params]:
    wrong = _wrong_part(bound)
    whole = bool(bound.errors) and not wrong
    births = {"day": "bday-day", "month": "bday-month", "year": "bday-year"}
    return [
        {
            "name": part,
            "value": typed.one(part),
            "inputmode": "numeric",
            "classes": f"govuk-input--width-{_BOX_WIDTHS[part]}"
            + (" govuk-input--error" if whole or part == wrong else ""),
            "autocomplete": births[part] if field.birth else None,
        }
        for part in field.parts
    ]


def _choices(field: ChoiceField, typed: Typed, params: Params, title: Params) -> Drawing:
    chosen = set(typed.all())
    if isinstance(field, SelectField):
        offered = [Choice("", "Select"), *field.choices]
        if field.not_known:
            offered.append(Choice(NOT_KNOWN_VALUE, field.not_known))
        items = [{"value": c.value, "text": c.text, "selected": c.value in chosen} for c in offered]
        own = {"id": params["idPrefix"], "label": title, "items": items}
        return Drawing("select", {**params, **own})
    items = [_item(choice, chosen) for choice in field.choices]
    for value, words in _apart(field):
        if not any("divider" in item for item in items):
            items.append({"divider": "or"})
        items.append(_item(Choice(value, words), chosen, alone=isinstance(field, CheckboxesField)))
    inline = isinstance(field, RadiosField) and field.inline
    macro = "checkboxes" if isinstance(field, CheckboxesField) else "radios"
    classes = "govuk-radios--inline" if inline else ""
    own = {"fieldset": {"legend": title}, "items": items, "classes": classes}
    return Drawing(macro, {**params, **own})


def _apart(field: ChoiceField) -> list[tuple[str, str]]:
    none = [(field.NONE, field.none)] if isinstance(field, CheckboxesField) and field.none else []
    return none + ([(NOT_KNOWN_VALUE, field.not_known)] if field.not_known else [])


def _item(choice: Choice, chosen: set[str], *, alone: bool = False) -> Params:
    return {
        "value": choice.value,
        "text": choice.text,
        "hint": _text(choice.hint),
        "checked": choice.value in chosen,
        "behaviour": "exclusive" if alone else None,
    }


def _line(field: GovukField) -> Params:
    if not isinstance(field, TextField):
        raise TypeError(f"no macro draws a {type(field).__name__}")
    return {
        "type": field.input_type,
        "inputmode": field.inputmode or None,
        "spellcheck": field.spellcheck,
        "autocomplete": field.autocomplete or None,
        "classes": f"govuk-input--width-{field.width}" if field.width else "",
    }


def _area(field: LongTextField, typed: Typed) -> Params:
    text = typed.one()
    # A browser drops the first line break inside a textarea.
    value = f"\n{text}" if text.startswith(("\n", "\r")) else text
    return {"value": value, "rows": field.rows}


def _unknown(bound: BoundField) -> Params | None:
    field = bound.field
    if not isinstance(field, GovukField) or not field.not_known:
        return None
    hidden = '{}<span class="govuk-visually-hidden">: {}</span>'
    ticked = typed_answer(bound).one(NOT_KNOWN_PART) == NOT_KNOWN_VALUE
    item = {
        "value": NOT_KNOWN_VALUE,
        "html": format_html(hidden, field.not_known, field.short or field.label),
        "checked": ticked,
    }
    return {
        "name": f"{bound.html_name}-{NOT_KNOWN_PART}",
        "idPrefix": f"{bound.auto_id or bound.html_name}-{NOT_KNOWN_PART}",
        "classes": "govuk-checkboxes--small",
        "formGroup": {"classes": "app-not-known"},
        "items": [item],
    }


def _plain(bound: BoundField, *, heading: bool, label: str) -> Drawing:
    """A package's own field: text, e-mail address, password, or one tick box."""
    widget = bound.field.widget
    name, ident = bound.html_name, bound.auto_id or bound.html_name
    title = _title(bound, heading=heading, label=label)
    common: Params = {"hint": _text(bound.help_text), "errorMessage": _error(bound)}
    value = bound.value()
    if isinstance(widget, forms.HiddenInput):
        return Drawing("hidden", {"name": name, "value": "" if value is None else str(value)})
    if isinstance(widget, forms.CheckboxInput):
        item = {"value": "on", "text": title["text"], "checked": bool(value)}
        return Drawing("checkboxes", {"name": name, "idPrefix": ident, "items": [item], **common})
    hints = {"id": ident, "name": name, "label": title, **common}
    hints["autocomplete"] = widget.attrs.get("autocomplete")
    if isinstance(widget, forms.PasswordInput):
        return Drawing("password-input", hints)
    kind = "email" if isinstance(widget, forms.EmailInput) else "text"
    own = {"type": kind, "value": "" if value is None else str(value), "spellcheck": False}
    return Drawing("input", {**hints, **own})
