"""Postcodes, NHS numbers and pupil numbers. All numbers here are invented."""

import pytest

from workflow.forms import GovukForm, NhsNumberField, PostcodeField, UpnField


class Form(GovukForm):
    postcode = PostcodeField("Postcode", optional=True)
    district = PostcodeField("Postcode of the incident", partial=True, optional=True)
    nhs_number = NhsNumberField("NHS number", optional=True)
    upn = UpnField("UPN", optional=True)


def cleaned(name: str, text: str) -> object:
    form = Form({name: [text]})
    assert form.is_valid(), form.errors
    return form.cleaned[name]


def refusal(name: str, text: str) -> str:
    form = Form({name: [text]})
    assert not form.is_valid(), form.cleaned
    return str(form.errors[name][0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 2AA", "SW1A 2AA"),
        ("sw1a2aa", "SW1A 2AA"),
        (" m1  1ae", "M1 1AE"),
        ("B33-8TH", "B33 8TH"),
    ],
)
def test_a_postcode_needs_no_space_and_no_capitals(text: str, expected: str) -> None:
    assert cleaned("postcode", text) == expected


def test_the_first_part_of_a_postcode_is_enough_only_where_it_is_asked_for() -> None:
    assert cleaned("district", "sw1a") == "SW1A"
    assert refusal("postcode", "SW1A") == "Postcode must be a full UK postcode, like SW1A 2AA"
    assert refusal("district", "nowhere").endswith("like SW1A 2AA, or its first part, like SW1A")


@pytest.mark.parametrize("text", ["999 000 0018", "999-000-0018", "9990000018"])
def test_an_nhs_number_is_kept_without_spaces(text: str) -> None:
    assert cleaned("nhs_number", text) == "9990000018"


def test_an_nhs_number_is_checked_by_its_last_digit() -> None:
    wrong = "NHS number must be checked: these 10 numbers are not a valid NHS number"
    assert [refusal("nhs_number", f"999000001{digit}") for digit in "012345679"] == [wrong] * 9


def test_an_nhs_number_whose_check_would_be_ten_does_not_exist() -> None:
    for number in range(100):
        stem = f"9990000{number:02}"
        total = sum(int(d) * w for d, w in zip(stem, range(10, 1, -1), strict=True))
        if 11 - total % 11 == 10:
            form = [Form({"nhs_number": [f"{stem}{digit}"]}).is_valid() for digit in range(10)]
            assert form == [False] * 10
            return
    pytest.fail("no such number among the hundred")


@pytest.mark.parametrize("text", ["999 000 001", "99900000181", "999000001X"])
def test_an_nhs_number_has_ten_digits(text: str) -> None:
    assert refusal("nhs_number", text) == "NHS number must be 10 numbers, like 999 123 4567"


def test_a_pupil_number_is_checked_by_its_first_letter() -> None:
    assert cleaned("upn", "h8012 0000 1001") == "H801200001001"
    assert refusal("upn", "A801200001001") == (
        "UPN must be checked: its first letter does not match its numbers"
    )


def test_a_pupil_number_may_be_temporary() -> None:
    accepted = [
        letter
        for letter in "ABCDEFGHJKLMNPQRTUVWXYZ"
        if Form({"upn": [f"{letter}80120000100A"]}).is_valid()
    ]
    assert len(accepted) == 1


def test_a_pupil_number_has_thirteen_places() -> None:
    assert refusal("upn", "H80120000100") == (
        "UPN must be a letter and 12 numbers, like A123456789012"
    )
