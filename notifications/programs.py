"""What a program says on the pages of a notification, and everything that is wrong with it.

Nothing that was sent is repeated. Each fault names the place in what was sent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notifications.sections import Leaf, PageForm, Problem
from workflow.forms import GovukField
from workflow.forms.programs import WrongKindError, names_in, remedy, typed_as

# Said by pressing a button on the screens: whoever sends has finished.
FINISHED = "finished"


@dataclass(frozen=True)
class Fault:
    """What is wrong: where it stands in what was sent, in words, and what to do about it."""

    at: str
    detail: str
    remedy: str


Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What a program files: answers by page, children and adults in their order, each by page.

    `different` is why it is another incident than one that looks like it; `accepted` what the
    national system said, where that is the statutory channel.
    """

    pages: Mapping[str, Any]
    items: Mapping[str, Sequence[Any]]
    different: str = ""
    accepted: Mapping[str, Any] | None = None


class NotFiledError(Exception):
    """Nothing was filed; `faults` is everything that stands in the way."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("The notification can’t be filed as it is.")
        self.faults = faults


def of_another_kind(body: Answer, kinds: Mapping[str, tuple[type, str]]) -> list[Fault]:
    """The outermost parts of a body that are not what is taken there; `kinds` says it in words."""
    return [
        Fault(name, "It is of another kind.", f"Send {words}.")
        for name, (kind, words) in kinds.items()
        if name in body and not isinstance(body[name], kind)
    ]


def typed_in(form: PageForm, said: Any, at: str) -> tuple[dict[str, list[str]], list[Fault]]:
    """What a person would have typed on a page to say this, and what of it can't be typed."""
    if not isinstance(said, Mapping):
        return {}, [Fault(at, "It is no object.", "Send the answers of the page by name.")]
    typed: dict[str, list[str]] = {}
    wrong: list[Fault] = []
    for name, value in said.items():
        question = form.fields.get(name)
        if not isinstance(question, GovukField) or name == FINISHED:
            known = ", ".join(one for one in form.fields if one != FINISHED) or "nothing"
            wrong.append(Fault(f"{at}.{name}", "This page does not ask it.", f"It asks {known}."))
            continue
        try:
            typed |= names_in(form, name, typed_as(question, value))
        except WrongKindError:
            wrong.append(
                Fault(f"{at}.{name}", "It is not what this question takes.", remedy(question))
            )
    if FINISHED in form.fields:
        typed[FINISHED] = ["yes"]
    return typed, wrong


def faults_in(form: PageForm, at: str) -> list[Fault]:
    """What is missing or wrong on a page, with what to do."""
    found = []
    for name, error in form.in_order():
        if name == FINISHED:
            # Of a page that was not sent; what is missing on it is told.
            continue
        question, words = form.fields.get(name), f"{error.message}."
        if error.code == "missing" or not isinstance(question, GovukField):
            detail = "It is not answered." if name else words
            found.append(Fault(f"{at}.{name}".rstrip("."), detail, words))
        else:
            found.append(Fault(f"{at}.{name}", words, remedy(question)))
    return found


def untold(told: Iterable[Fault], found: Iterable[Fault]) -> list[Fault]:
    """The first of what was found about each place, where nothing is told of it or of its whole."""
    known: set[str] = {fault.at for fault in told}
    fresh: dict[str, Fault] = {}
    for fault in found:
        parts = fault.at.split(".")
        wholes = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        if not wholes & known:
            fresh.setdefault(fault.at, fault)
    return list(fresh.values())


def fault_of(problem: Problem, place: Callable[[Leaf], str]) -> Fault:
    """What a rule of the document refuses; `place` says where a page stands in what was sent."""
    if problem.leaf is None:
        slug = problem.section.slug if problem.section else "pages"
        return Fault(slug, "There are too few.", f"{problem.text}.")
    what = "Change it, or the answer that it does not fit."
    return Fault(f"{place(problem.leaf)}.{problem.field}".rstrip("."), f"{problem.text}.", what)
