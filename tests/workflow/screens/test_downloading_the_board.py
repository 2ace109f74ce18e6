"""The files of the board hold its tables as they are shown, and its totals."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.story import Cast, Story
from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import Rows, of_file, page_of, table_of, told
from workflow.board import sheets, table
from workflow.models import SavedFilter

KINDS = ("csv", "xlsx", "ods")
ASKED = [
    {},
    {"by": "region"},
    {"by": "area", "order": "name", "period": "2025-26"},
    {"kind": "service-level", "by": "duty"},
    {"region": "South East", "period": "2026-11", "duty": "notify-the-panel"},
]


@pytest.fixture
def stories(everyone: Cast) -> dict[str, Story]:
    return told(everyone)


def as_on_screen(row: list[str]) -> list[str]:
    """A row of a file in the words of the screen."""
    percent = f"{row[9]}%" if row[9] else "No figure"
    numbers = [f"{int(number):,}" for number in row[3:9]]
    return [row[2], *numbers, percent, row[10] or "No figure"]


def agree(client: Client, asked: dict[str, str]) -> int:
    """The screen and the three files hold the same tables; how many dates they count."""
    query = urlencode(asked)
    page = page_of(client, f"/late/?{query}")
    months, groups = table_of(page), table_of(page, 1)
    groups = [row for row in groups if len(row) > 1]
    for kind in KINDS:
        rows, _ = of_file(client, kind, query, name="figures")
        by_month = [as_on_screen(row)[:8] for row in rows if row[1] == "Due in"]
        by_group = [as_on_screen(row) for row in rows if row[1] != "Due in"]
        assert (by_month, by_group) == (months, groups), (kind, query)
        assert all_of(by_group) == int(months[-1][6].replace(",", "")), (kind, query)
    return all_of(groups)


def all_of(rows: Rows) -> int:
    return sum(int(row[6].replace(",", "")) for row in rows)


@pytest.mark.parametrize("name", ["sam", "ben"])
def test_every_file_holds_the_tables_and_the_totals_of_the_screen(
    name: str, stories: dict[str, Story], as_: SignIn
) -> None:
    client = as_(name)
    assert sum(agree(client, asked) for asked in ASKED) > 2


def test_a_file_that_leaves_a_group_out_fails_the_test_of_totals(
    as_: SignIn, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = table._lines
    monkeypatch.setattr(table, "_lines", lambda *given: iter([*whole(*given)][:-1]))
    with pytest.raises(AssertionError):
        agree(as_("sam"), {})


def test_a_file_says_what_was_asked_with_the_four_figures_and_what_it_is_not(
    as_: SignIn, stories: dict[str, Story]
) -> None:
    page = page_of(as_("sam"), "/late/")
    rows, beside = of_file(as_("sam"), "ods", "", name="figures")
    said = dict(beside[:-1])
    assert said["Due in"] == "Year to 31 March 2027"
    assert said["Note"] == sheets.NOT_A_MEASURE
    value = page.all("dd")[0].text
    assert said["Overdue now"] == f"{value} (Whenever it was due)"
    assert "Standing" not in said
    rows, _ = of_file(as_("sam"), "csv", "", name="figures")
    assert {row[-1] for row in rows} == {sheets.NOT_A_MEASURE}
    rows, _ = of_file(as_("ben"), "csv", "", name="figures")
    assert {len(row) for row in rows} == {len(table.HEAD)}


def test_the_files_open_to_nobody_else(as_: SignIn, stories: dict[str, Story]) -> None:
    for kind in KINDS:
        assert as_("ada").get(f"/late/figures.{kind}").status_code == 403


def test_the_board_is_kept_by_a_name_and_leads_back_as_it_was_grouped(
    as_: SignIn, stories: dict[str, Story]
) -> None:
    client = as_("sam")
    before = "/late/?kind=service-level&region=North+East&by=region&order=name"
    form = next(
        one for one in page_of(client, before).all("form") if "/late/saved/" in one.attrs["action"]
    )
    answer = client.post(form.attrs["action"], {"name": "Answers in the North East"})
    assert answer.status_code == 302
    for where in ("/late/", "/late/list/"):
        (saved,) = page_of(client, where).of_class("app-saved")
        assert saved.inside[0].text == "Answers in the North East"
        page = page_of(client, saved.inside[0].attrs["href"])
        assert "By region" in page.one("main").text
        chosen = [one.text for one in page.all("option") if "selected" in one.attrs]
        assert "North East" in chosen
    again = client.post(form.attrs["action"], {"name": "Answers in the North East"})
    assert "You already have a filter named" in again.content.decode()
    assert "By region" in again.content.decode()
    row = SavedFilter.objects.get()
    gone = client.post(reverse("breach-forget", args=[row.pk]) + "?of=board&by=region")
    assert gone["Location"].startswith("/late/?")
