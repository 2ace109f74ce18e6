"""The HTML of each kind of question, empty, filled and refused."""

import pytest
from django import forms
from django.forms.boundfield import BoundField

from tests.templates.gallery import GOOD, TODAY, WRONG, EveryQuestion, environment, questions
from tests.templates.markup import Element, Markup
from workflow.forms import GovukForm, LongTextField, SelectField, TextField


def page(form: GovukForm) -> Markup:
    return Markup(questions(form))


def field(bound: BoundField, **options: object) -> Markup:
    return Markup(str(environment().form_field(bound, **options)))  # type: ignore[arg-type]


def controls(found: Markup) -> list[Element]:
    kept = found.all("input") + found.all("textarea") + found.all("select")
    return [control for control in kept if control.attrs.get("type") != "hidden"]


FORMS = [
    EveryQuestion(),
    EveryQuestion.refill(GOOD),
    EveryQuestion(GOOD, on=TODAY),
    EveryQuestion(WRONG, on=TODAY),
    EveryQuestion({}, on=TODAY),
]


@pytest.mark.parametrize("form", FORMS)
def test_the_browser_checks_and_limits_nothing(form: GovukForm) -> None:
    found = page(form)
    assert all("novalidate" in element.attrs for element in found.all("form"))
    for control in controls(found):
        assert not control.attrs.keys() & {"required", "maxlength", "pattern", "min", "max"}
        assert control.attrs.get("type") not in {"number", "date", "time"}


@pytest.mark.parametrize("form", FORMS)
def test_every_control_has_a_label_and_every_description_exists(form: GovukForm) -> None:
    found = page(form)
    ids = [element.attrs["id"] for element in found.elements if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    for control in controls(found):
        assert found.all("label", for_=control.attrs["id"])[0].text
    for element in found.elements:
        for target in element.attrs.get("aria-describedby", "").split():
            assert target in ids, element


def test_the_error_summary_leads_to_each_control_in_the_order_of_the_page() -> None:
    form = EveryQuestion(WRONG, on=TODAY)
    found = page(form)
    summary = found.of_class("govuk-error-summary")[0]
    links = [element for element in summary.inside if element.tag == "a"]
    targets = [link.attrs["href"].removeprefix("#") for link in links]
    assert [target.removesuffix("-day") for target in targets] == list(form.fields)
    tags = {element.attrs.get("id"): element.tag for element in found.elements}
    assert {tags[target] for target in targets} <= {"input", "textarea", "select"}
    beside = [e.text.removeprefix("Error: ") for e in found.of_class("govuk-error-message")]
    assert beside == [link.text for link in links]


def test_the_title_says_when_there_is_an_error() -> None:
    assert page(EveryQuestion({}, on=TODAY)).one("title").text.startswith("Error: Questions – ")
    assert page(EveryQuestion.refill(WRONG)).one("title").text.startswith("Questions – ")
    assert not page(EveryQuestion.refill(WRONG)).of_class("govuk-error-summary")


def test_a_page_is_refilled_exactly_with_what_was_typed() -> None:
    for typed in (GOOD, WRONG):
        found = page(EveryQuestion.refill(typed))
        shown: dict[str, list[str]] = {}
        for control in controls(found):
            name = control.attrs["name"]
            if control.attrs.get("type") in {"radio", "checkbox"}:
                if "checked" in control.attrs:
                    shown.setdefault(name, []).append(control.attrs["value"])
            elif control.tag == "textarea":
                shown[name] = ["".join(control.words)]
            elif control.tag == "select":
                shown[name] = [o.attrs["value"] for o in control.inside if "selected" in o.attrs]
            else:
                shown[name] = [control.attrs.get("value", "")]
        filled = {name: values for name, values in shown.items() if values and any(values)}
        assert filled == typed


def test_a_textarea_keeps_its_first_line_break_and_the_spaces_of_each_line() -> None:
    class Form(GovukForm):
        story = LongTextField("What happened", not_known=True)

    text = "\n  One.\n    Two & <three>.\n"
    area = field(Form.refill({"story": [text]})["story"]).one("textarea")
    # A browser drops one line break after the tag.
    assert "".join(area.words) == f"\n{text}"


def test_the_first_radio_carries_the_questions_own_id() -> None:
    radios = field(EveryQuestion()["outcome"]).all("input", type="radio")
    assert [radio.attrs["id"] for radio in radios] == ["outcome", "outcome-2", "outcome-4"]


def test_a_hint_is_described_before_the_error() -> None:
    form = EveryQuestion({}, on=TODAY)
    assert field(form["name"]).one("input", id="name").attrs["aria-describedby"] == (
        "name-hint name-error"
    )
    assert field(form["born_on"]).one("fieldset").attrs["aria-describedby"] == (
        "born_on-hint born_on-error"
    )


def test_a_date_has_three_boxes_and_only_the_wrong_one_is_marked() -> None:
    typed = {"born_on-day": ["3"], "born_on-month": ["13"], "born_on-year": ["2019"]}
    form = EveryQuestion(typed, on=TODAY)
    boxes = field(form["born_on"]).all("input", type="text")
    assert [box.attrs["name"] for box in boxes] == list(typed)
    assert {box.attrs["inputmode"] for box in boxes} == {"numeric"}
    marked = [box.attrs["id"] for box in boxes if "govuk-input--error" in box.classes]
    assert marked == ["born_on-month"]
    assert environment().error_summary(form).count('href="#born_on-month"') == 1


def test_an_empty_date_has_all_its_boxes_marked() -> None:
    boxes = field(EveryQuestion({}, on=TODAY)["born_on"]).all("input", type="text")
    assert all("govuk-input--error" in box.classes for box in boxes)


def test_not_known_yet_is_a_box_of_its_own_that_names_its_question() -> None:
    found = field(EveryQuestion()["born_on"])
    box = found.one("input", type="checkbox")
    assert box.attrs["name"] == "born_on-not-known"
    assert found.one("label", for_=box.attrs["id"]).text == "Not known yet : Date of birth"


def test_an_optional_question_says_so_and_a_heading_is_the_pages_heading() -> None:
    class Form(GovukForm):
        place = TextField("Place", optional=True)
        area = SelectField("Area", choices=[("801", "Northmoor")], not_known=True, heading=True)

    form = Form()
    assert field(form["place"]).one("label").text == "Place (optional)"
    assert field(form["area"]).one("h1").text == "Area"
    assert field(form["place"], heading=True, label="Town").one("h1").text == "Town (optional)"
    options = [option.text for option in field(form["area"]).all("option")]
    assert options == ["Select", "Northmoor", "Not known yet"]


def test_what_was_typed_cannot_break_out_of_its_place() -> None:
    class Form(GovukForm):
        place = TextField('"><script>', hint="<b>hint</b>", limit=3)

    evil = '"><script>alert(1)</script>{{7*7}}'
    found = field(Form({"place": [evil]})["place"])
    assert not found.all("script")
    assert not found.all("b")
    assert found.one("input").attrs["value"] == evil


def test_a_packages_own_fields_look_the_same() -> None:
    class Foreign(forms.Form):
        email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
        password = forms.CharField(
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
        )
        stay = forms.BooleanField(label="Stay signed in", required=False)
        next = forms.CharField(widget=forms.HiddenInput)

    form = Foreign({"email": "nobody", "password": "geheim", "stay": "on", "next": '/"x'})
    email = field(form["email"])
    assert email.one("input").attrs["value"] == "nobody"
    assert email.one("input").attrs["type"] == "email"
    assert email.one("input").attrs["autocomplete"] == "email"
    password = field(form["password"]).one("input")
    assert "value" not in password.attrs
    assert password.attrs["autocomplete"] == "current-password"
    assert "checked" in field(form["stay"]).one("input").attrs
    hidden = field(form["next"]).one("input")
    assert (hidden.attrs["type"], hidden.attrs["value"]) == ("hidden", '/"x')


def test_django_itself_draws_forms_through_the_same_macros() -> None:
    form = EveryQuestion(WRONG, on=TODAY)
    whole = Markup(str(form))
    assert whole.of_class("govuk-error-summary")
    assert {control.attrs["name"] for control in controls(whole)} >= {"name", "born_on-day"}
    group = Markup(form["place"].as_field_group())
    assert group.one("input", id="place").attrs["value"] == "x" * 300
