"""Text in one line or many: what passes, what is refused and in which words."""

import pytest

from workflow.forms import (
    NOT_KNOWN,
    EmailField,
    GovukForm,
    LongTextField,
    NameField,
    PhoneField,
    TextField,
    WholeNumberField,
)


class Form(GovukForm):
    name = NameField("Name", not_known=True, optional=True)
    place = TextField("Place", limit=20, optional=True)
    story = LongTextField("What happened", words=5, optional=True)
    children = WholeNumberField(
        "How many children", called="number of children", least=1, most=20, optional=True
    )
    email = EmailField("Email address", optional=True)
    phone = PhoneField("Telephone number", optional=True)


def cleaned(name: str, text: str) -> object:
    form = Form({name: [text]})
    assert form.is_valid(), form.errors
    return form.cleaned[name]


def refusal(name: str, text: str) -> str:
    form = Form({name: [text]})
    assert not form.is_valid(), form.cleaned
    assert list(form.errors) == [name]
    (message,) = form.errors[name]
    return str(message)


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "O'Neill",
        "D’Arcy",
        "Anne-Marie",
        "Siân Llŷr",
        "Nguyễn",
        "محمد",
        "孟",
        "Łucja 👶",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE children; --",
    ],
)
def test_a_name_of_any_script_passes_as_typed(name: str) -> None:
    assert cleaned("name", name) == name


def test_two_ways_to_compose_a_letter_are_one() -> None:
    assert cleaned("name", "Sia\u0302n") == cleaned("name", "Si\u00e2n") == "Si\u00e2n"


@pytest.mark.parametrize("blank", ["", "   ", "\t\n", "\u200b\u200d\ufeff", "\u3164", "\u00a0"])
def test_what_prints_nothing_counts_as_empty(blank: str) -> None:
    class Required(GovukForm):
        name = TextField("Name")

    assert Required({"name": [blank]}).errors["name"] == ["Enter name"]
    assert cleaned("place", blank) == ""


def test_unknown_is_no_name_where_not_known_yet_is_offered() -> None:
    assert refusal("name", "Unknown") == (
        "Name must be a name. If there is none, select “Not known yet”"
    )
    form = Form({"name-not-known": ["not-known"]})
    assert form.is_valid()
    assert form.cleaned["name"] is NOT_KNOWN
    assert cleaned("place", "unknown") == "unknown"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a\x00b", "control characters. Type it again instead of pasting it"),
        ("a\x1bb", "control characters. Type it again instead of pasting it"),
        ("a\u202eb", "hidden characters that change the direction of the text"),
        ("a\u2067b", "hidden characters that change the direction of the text"),
        ("a\ud800b", "broken characters. Type it again instead of pasting it"),
        ("a\uffffb", "broken characters. Type it again instead of pasting it"),
        ("a\r\nBcc: b", "line breaks or tabs"),
        ("a\tb", "line breaks or tabs"),
    ],
)
def test_hidden_characters_are_refused_with_the_reason(text: str, what: str) -> None:
    assert refusal("place", text) == f"Place must not include {what}"


def test_several_lines_are_kept_with_unix_line_ends() -> None:
    assert cleaned("story", " One.\r\nTwo.\rThree. ") == "One.\nTwo.\nThree."


def test_a_long_story_is_told_how_many_words_it_has() -> None:
    assert refusal("story", "one two three\nfour five six") == (
        "What happened must be 5 words or less. You have written 6 words"
    )


def test_a_megabyte_without_spaces_is_refused_too() -> None:
    assert refusal("story", "x" * 1_000_000) == "What happened must be 60 characters or less"


def test_a_line_that_is_too_long_names_its_limit() -> None:
    assert refusal("place", "x" * 21) == "Place must be 20 characters or less"


@pytest.mark.parametrize("text", ["2", " 2 ", "02"])
def test_a_whole_number_is_read(text: str) -> None:
    assert cleaned("children", text) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("two", "Number of children must be a whole number, like 2"),
        ("2.5", "Number of children must be a whole number, like 2"),
        ("NaN", "Number of children must be a whole number, like 2"),
        ("9" * 100, "Number of children must be a whole number, like 2"),
        ("0", "Number of children must be between 1 and 20"),
        ("-1", "Number of children must be between 1 and 20"),
        ("٢", "Number of children must use the digits 0 to 9"),
    ],
)
def test_a_wrong_number_names_its_bounds(text: str, message: str) -> None:
    assert refusal("children", text) == message


def test_the_domain_of_an_email_address_is_in_lower_case() -> None:
    assert cleaned("email", " Ada.O'Neill+x@Northmoor.EXAMPLE ") == (
        "Ada.O'Neill+x@northmoor.example"
    )


@pytest.mark.parametrize("text", ["nobody", "a@b", "a b@c.example", "a@@c.example", "@c.example"])
def test_what_is_no_email_address_is_refused_with_an_example(text: str) -> None:
    assert refusal("email", text) == (
        "Enter email address in the correct format, like name@example.com"
    )


@pytest.mark.parametrize(
    "text", ["01632 960 001", "(01632) 960-001", "+44 808 157 0192", "07700.900.982 ext. 12"]
)
def test_a_telephone_number_is_kept_as_written(text: str) -> None:
    assert cleaned("phone", text) == text


@pytest.mark.parametrize("text", ["12", "call me", "0" * 30])
def test_what_is_no_telephone_number_is_refused_with_an_example(text: str) -> None:
    assert refusal("phone", text) == (
        "Enter telephone number, like 01632 960 001 or +44 808 157 0192"
    )
