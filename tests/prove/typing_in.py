"""What somebody would send with the form on a page: all that the page asks, filled in."""

from random import Random

from tests.prove.showing import TOKEN, WORD
from tests.templates.markup import Element, Markup

LEFT_OUT = {"csrfmiddlewaretoken", "ticket"}
PARTS = {"day": "1", "month": "6", "year": "2026"}
Typed = dict[str, list[str]]


def forms(html: str, *, method: str) -> Typed:
    """The fields of all forms on a page with that method, each with one plausible answer."""
    # What was typed before belongs to its case, and stays with it.
    page = Markup(WORD.sub("words", TOKEN.sub("", html)))
    typed: Typed = {}
    for form in page.all("form"):
        if form.attrs.get("method", "get").lower() == method:
            for element in form.inside:
                _fill(element, typed)
    return typed


def _fill(element: Element, typed: Typed) -> None:
    name, kind = element.attrs.get("name", ""), element.attrs.get("type", "text")
    if not name or name in LEFT_OUT:
        return
    if element.tag == "select":
        values = [one.attrs.get("value", "") for one in element.inside if one.tag == "option"]
        typed[name] = [next((value for value in values if value), "")]
    elif element.tag == "textarea" or (element.tag == "input" and kind in {"text", "email"}):
        said = element.attrs.get("value") or PARTS.get(name.rpartition("-")[2], "Plain words here")
        typed[name] = [said]
    elif element.tag in {"input", "button"}:
        typed.setdefault(name, [element.attrs.get("value", "")])


def changed(typed: Typed, chance: Random, *, reference: str) -> Typed:
    """The same with a reference where one is asked for, and now and then with a field left out."""
    return {
        name: [reference] if name == "reference" else list(values)
        for name, values in typed.items()
        if chance.random() > 0.03
    }
