"""A question called optional may be left empty, whatever else is answered on its page."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
import time_machine

import notifications
import reviews
import workflow
from notifications.pages.others import InformedWhenForm
from notifications.sections import Lists, PageForm
from notifications.services import paper_of
from reviews.forms.confirming import ConfirmForm
from tests.notifications.answers import country, written
from tests.story import Cast, a_case, cast
from workflow.forms import (
    DateField,
    EmailField,
    GovukField,
    GovukForm,
    NhsNumberField,
    PhoneField,
    PostcodeField,
    TimeField,
    UpnField,
    WholeNumberField,
    YesNoField,
)
from workflow.forms.choices import ChoiceField
from workflow.forms.organisation import OrganisationForm
from workflow.forms.people import RoleForm
from workflow.people import roles

ON = date(2026, 11, 20)
State = dict[str, str]
EMPTY: State = {}
GOOD: dict[type[GovukField], str] = {
    EmailField: "invented.person@authority.example",
    PhoneField: "01632 960 001",
    PostcodeField: "ZZ1 1AA",
    TimeField: "9:30am",
    WholeNumberField: "5",
    NhsNumberField: "943 476 5919",
    UpnField: "A123456789012",
}
# A bell: it is in nothing that anybody means to say.
WRONG = "\a"


@cache
def every_form() -> list[type[GovukForm]]:
    """Every form of the service that asks something."""
    for room in (workflow, notifications, reviews):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".migrations" not in found.name:
                importlib.import_module(found.name)
    waiting, forms = [GovukForm], []
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.split(".")[0] in ("workflow", "notifications", "reviews"):
                forms.append(form)
    return sorted(set(forms), key=lambda form: (form.__module__, form.__qualname__))


class Blank:
    """One form as a person finds it, in each way in which it is asked."""

    def __init__(self, form: type[GovukForm], **asked: Any) -> None:
        self.form = form
        self.asked = {"on": ON, **asked}
        self.states = {
            name: [EMPTY, *states(name, field)]
            for name, field in self.opened({}).fields.items()
            if isinstance(field, GovukField)
        }

    def opened(self, typed: State) -> GovukForm:
        """The form with what was typed; where a page gives the choices, it has two."""
        form = self.form({key: [text] for key, text in typed.items()}, **self.asked)
        for field in form.fields.values():
            if isinstance(field, ChoiceField) and not field.choices:
                field.choices = [("one", "One"), ("two", "Two")]
        return form

    def tried(self) -> dict[str, set[bool]]:
        """For each question, whether it is refused when left empty: every pair of answers, with
        the rest left empty where that is allowed for some, and answered where it is not."""
        fields = self.opened({}).fields
        usual = {
            name: found[1] if fields[name].required else EMPTY
            for name, found in self.states.items()
        }
        refused: dict[str, set[bool]] = defaultdict(set)
        pairs = list(combinations(self.states, 2)) or [(name, name) for name in self.states]
        for one, other in pairs:
            for first, second in product(self.states[one], self.states[other]):
                answers = {**usual, one: first, other: second}
                typed = {key: text for state in answers.values() for key, text in state.items()}
                errors = self.opened(typed).errors
                for name, state in answers.items():
                    if state is EMPTY:
                        refused[name].add(name in errors)
        return refused


def states(name: str, field: GovukField) -> list[State]:
    """The ways to answer a question: well, as not known yet, and wrongly."""
    if isinstance(field, ChoiceField):
        offered = [choice.value for choice in field.choices] or ["yes", "no"]
        codes = ["yes", "no"] if isinstance(field, YesNoField) else offered
        known = [{name: code} for code in codes]
        return known + ([{name: "not-known"}] if field.not_known else [])
    if isinstance(field, DateField):
        found = [_date(name, ON + timedelta(days=-1 if field.past else 7)), {f"{name}-day": "99"}]
    else:
        found = [{name: GOOD.get(type(field), "Invented")}, {name: WRONG}]
    return found + ([{f"{name}-not-known": "not-known"}] if field.not_known else [])


def _date(name: str, day: date) -> State:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def asked(form: type[GovukForm], everyone: Cast) -> list[Blank]:
    """Each way in which a form is asked."""
    if issubclass(form, RoleForm):
        return [Blank(form, offered=roles.ALL)]
    if form is OrganisationForm:
        return [Blank(form, people=[("one", "One")], asks_approval=asks) for asks in (True, False)]
    if form is ConfirmForm:
        return [Blank(form), Blank(form, undecided=True)]
    if form is InformedWhenForm:
        case = a_case(everyone, aware="2026-11-19").case
        written(case, everyone.ada)
        return [Blank(form, lists=Lists(ON), paper=paper_of(case, on=ON))]
    return [Blank(form, lists=Lists(ON)) if issubclass(form, PageForm) else Blank(form)]


@pytest.fixture
def everyone(db: None) -> Iterator[Cast]:
    """The cast, and the code lists, on the day on which the forms are asked."""
    with time_machine.travel("2026-11-20T10:00:00+00:00", tick=False):
        yield country(cast())


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.__qualname__)
def test_what_is_optional_may_be_left_empty_and_what_depends_is_not_called_so(
    form: type[GovukForm], everyone: Cast
) -> None:
    for blank in asked(form, everyone):
        fields: dict[str, Any] = blank.opened({}).fields
        for name, refused in blank.tried().items():
            field = fields[name]
            kind = {False} if field.optional else {True, False} if field.conditional else {True}
            assert refused == kind, f"{form.__qualname__}.{name}: refused when empty: {refused}"


def test_every_room_asks_something() -> None:
    rooms = {form.__module__.split(".")[0] for form in every_form()}
    assert rooms == {"workflow", "notifications", "reviews"}
    assert len(every_form()) > 60
