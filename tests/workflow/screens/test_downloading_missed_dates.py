"""A file holds exactly the rows of the list on the screen, and no cell that a program would run."""

from collections.abc import Sequence
from itertools import product

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.story import Cast, Story, a_case
from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import of_file, of_ods, on_screen, short, told
from workflow.board import sheets
from workflow.board.asked import Asked
from workflow.models import Organisation

FILTERS = [
    {"kind": kind, "standing": standing, **narrowed}
    for kind, standing, narrowed in product(
        ("guidance", "service-level", "statutory"),
        ("open", "met-late", "known-late", "passed-on"),
        (
            {},
            {"area": "9901"},
            {"region": "South East"},
            {"period": "2026-27"},
            {"period": "2026-11", "area": "9902"},
            {"duty": "notify-the-panel"},
            {"seen": "no"},
            {"seen": "yes"},
        ),
    )
]


@pytest.fixture
def stories(everyone: Cast) -> dict[str, Story]:
    return told(everyone)


KINDS = ("csv", "xlsx", "ods")
# Who reads every filter, each as one kind of file; and who every third, together each, as all.
READERS = {"sam": (0, 1), "sol": (0, 3), "ben": (1, 3), "cara": (2, 3)}


def agree(client: Client, asked: Asked, kinds: Sequence[str] = KINDS) -> int:
    """The screen and the files hold the same rows in the same order; how many there are."""
    query = asked.as_address()
    number, rows = on_screen(client, f"/late/list/?{query}")
    assert number == str(len(rows)), query
    for kind in kinds:
        found, beside = of_file(client, kind, query)
        assert short(found) == rows, (kind, query)
        assert not beside or ["Rows", number] in beside, (kind, query)
    return len(rows)


@pytest.mark.parametrize("name", READERS)
def test_every_file_holds_the_rows_and_the_total_of_the_screen_whatever_the_filters(
    name: str, stories: dict[str, Story], as_: SignIn
) -> None:
    client, (first, step) = as_(name), READERS[name]
    numbers = [
        agree(client, Asked.from_address(asked), KINDS if step > 1 else (KINDS[place % 3],))
        for place, asked in list(enumerate(FILTERS))[first::step]
    ]
    assert sum(numbers) > 8 // step
    assert 0 in numbers


def test_a_file_of_more_rows_than_a_page_holds_them_all(everyone: Cast, as_: SignIn) -> None:
    for _ in range(14):
        a_case(everyone, aware="2026-11-02")
    assert agree(as_("sam"), Asked()) == 28


def test_a_list_too_long_for_a_sheet_is_refused_whole_and_never_cut(
    stories: dict[str, Story], as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    for kind in ("xlsx", "ods"):
        answer = as_("sam").get(f"/late/missed-dates.{kind}")
        assert answer.status_code == 413
        assert b"no file was made" in answer.content
    assert len(of_file(as_("sam"), "csv", "")[0]) > 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_a_formula(
    start: str, everyone: Cast, as_: SignIn, stories: dict[str, Story]
) -> None:
    trap = f"{start}cmd|' /C calc'!A0"
    Organisation.objects.filter(pk=everyone.northmoor.pk).update(name=trap)
    for kind in ("csv", "xlsx", "ods"):
        rows, _ = of_file(as_("sam"), kind, "standing=met-late")
        cells = [cell for row in rows for cell in row]
        assert any("cmd|" in cell for cell in cells), kind
        assert not [cell for cell in cells if cell.startswith(sheets.FORMULA)], kind


def test_a_text_led_by_white_space_is_a_text_still() -> None:
    assert [sheets.guarded(text) for text in ("=1", "Northmoor", "", "\t=1")] == [
        "'=1",
        "Northmoor",
        "",
        "'\t=1",
    ]


def test_every_text_of_a_sheet_is_typed_as_text_also_without_the_apostrophe() -> None:
    row: list[sheets.Cell] = ["=1+1", 3]
    with sheets.as_xlsx(sheets.missed([row], [])) as made:
        book = load_workbook(made)
    assert [cell.data_type for cell in book.worksheets[0][2][:2]] == ["s", "n"]
    with sheets.as_ods(sheets.missed([row], [])) as made:
        content = made.read()
    assert of_ods(content)[0][1] == ["=1+1", "3"]
    assert b"formula" not in content


def test_without_the_guard_the_test_of_formulas_fails(
    everyone: Cast, as_: SignIn, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "guarded", lambda text: text)
    with pytest.raises(AssertionError):
        test_no_cell_begins_a_formula("=", everyone, as_, stories)


def test_a_file_that_leaves_a_row_out_fails_the_test_of_totals(
    as_: SignIn, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sheets.as_csv
    monkeypatch.setattr(sheets, "as_csv", lambda rows, **more: whole(list(rows)[:-1], **more))
    with pytest.raises(AssertionError):
        agree(as_("sam"), Asked())


def test_where_areas_stand_side_by_side_the_file_says_what_it_is_not(
    as_: SignIn, stories: dict[str, Story]
) -> None:
    assert ["Note", sheets.NOT_A_MEASURE] in of_file(as_("sam"), "ods", "")[1]
    assert ["Note", sheets.NOT_A_MEASURE] not in of_file(as_("ben"), "ods", "")[1]
    # A CSV file has no second sheet: each of its rows says so.
    for name, said in (("sam", True), ("ben", False)):
        rows, _ = of_file(as_(name), "csv", "standing=met-late")
        assert rows
        assert {row[-1] == sheets.NOT_A_MEASURE for row in rows} == {said}
        assert {len(row) for row in rows} == {len(sheets.HEAD) + said}


def test_a_file_names_nobody_and_opens_to_nobody_else(
    as_: SignIn, stories: dict[str, Story]
) -> None:
    for kind in ("csv", "xlsx", "ods"):
        assert as_("ada").get(f"/late/missed-dates.{kind}").status_code == 403
    rows, _ = of_file(as_("cara"), "csv", "standing=met-late")
    assert {row[1] for row in rows} == {"Southfen"}
