"""The board: four figures for each kind of lateness, and breakdowns that add up to them."""

from typing import cast

import pytest
from django.test import Client

from tests.story import Cast, Story, a_case
from tests.templates.markup import Markup
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import Rows, on_screen, page_of, table_of, told
from workflow.board import chart as drawing


@pytest.fixture
def stories(everyone: Cast) -> dict[str, Story]:
    return told(everyone)


def four(read: Read, name: str, query: str = "") -> dict[str, tuple[str, str]]:
    """Each figure with its notes, by its name."""
    found = {}
    for one in read(name, f"/late/{query}").of_class("app-figures__item"):
        for title in ("Overdue now", "Due in 3 working days", "On time", "Median days"):
            if one.text.startswith(title):
                *_, value = one.text.split(" at 9:30am ")
                found[title] = (value, one.text.removeprefix(title).strip())
    return found


def test_the_four_figures_carry_their_number_their_period_and_their_moment(
    stories: dict[str, Story], read: Read
) -> None:
    found = four(read, "sam", "?duty=notify-the-panel")
    # Late: late, still open, elsewhere, passed on, known late. In time: in time, late review.
    assert found["Overdue now"][0] == "1"
    assert found["Due in 3 working days"][0] == "1"
    assert found["On time"][0] == "29%"
    assert "2 of 7, Year to 31 March 2027" in found["On time"][1]
    assert found["Median days"][0] == "2"
    assert "N = 5" in found["Median days"][1]
    assert all("As at 10 December 2026 at 9:30am" in notes for _, notes in found.values())


def test_another_period_is_counted_by_when_it_was_due(
    stories: dict[str, Story], read: Read
) -> None:
    found = four(read, "sam", "?duty=notify-the-panel&period=2025-26")
    assert found["On time"][0] == "0%"
    assert "0 of 1, Year to 31 March 2026" in found["On time"][1]
    assert found["Overdue now"][0] == "1"
    quarter = four(read, "sam", "?duty=notify-the-panel&period=2026-27-q2")
    assert "1 of 1, Quarter: July to September 2026" in quarter["On time"][1]
    month = four(read, "sam", "?duty=notify-the-panel&period=2026-04")
    assert month["On time"][0] == "No figure"


def test_the_three_kinds_are_never_added_together(stories: dict[str, Story], read: Read) -> None:
    tabs = [one.text for one in read("sam", "/late/").of_class("app-tabs__link")]
    assert tabs == [
        "Statutory duties (0 overdue)",
        # Two duties of the draft, and the rapid reviews of five cases.
        f"Guidance limits ({four(read, 'sam')['Overdue now'][0]} overdue)",
        "Service levels (1 overdue)",
    ]


def test_care_leavers_not_notified_and_criteria_not_met_stand_beside(
    stories: dict[str, Story], read: Read
) -> None:
    text = read("sam", "/late/").one("main").text
    assert "Not notified 1" in text
    assert "Criteria not met 1" in text
    assert "death 1, of which 0 by the date to aim for" in text


def test_one_of_them_more_leaves_on_time_as_it_was(
    everyone: Cast, as_: SignIn, stories: dict[str, Story]
) -> None:
    before = months(as_("sam"))
    a_case(
        everyone, aware="2026-11-03", outcome="died", abuse="neither", care_leaver=True,
        under_18=False,
    )  # fmt: skip
    assert months(as_("sam")) == before


Counts = list[tuple[str, int, int, int, int, int, int]]


def counted(rows: Rows) -> Counts:
    """Of each row: its name, in time, late, known late, still open, passed on late, and all."""
    found = [(name, *(int(cell.replace(",", "")) for cell in rest[:6])) for name, *rest in rows]
    return cast("Counts", found)


def months(client: Client, query: str = "") -> Counts:
    return counted(table_of(page_of(client, f"/late/?{query}")))


def summed(rows: Counts) -> tuple[int, ...]:
    return tuple(sum(cast("int", row[place]) for row in rows) for place in range(1, 7))


def add_up(page: Markup) -> None:
    """The months, the groups and the bars of the chart each add up to the same total."""
    *by_month, whole = counted(table_of(page))
    groups = counted(table_of(page, 1))
    assert summed(by_month) == summed(groups) == whole[1:]
    assert all(row[6] == sum(row[1:6]) for row in (*by_month, *groups))
    words = [one.text for one in page.all("text")]
    assert words == [
        f"{name}: {met} in time, {late + known + op + gone} late"
        for name, met, late, known, op, gone, _ in by_month
    ]
    longest = max((row[6] for row in by_month), default=0) or 1
    widths = [
        float(one.attrs["width"].rstrip("%"))
        for one in page.all("svg")[-1].inside
        if one.tag == "rect"
    ]
    drawn = [round(width * longest / 100) for width in widths]
    assert drawn == [
        number
        for _, met, late, known, op, gone, _ in by_month
        for number in (met, late + known + op + gone)
    ]


QUERIES = [
    f"kind={kind}&by={by}&{narrowed}"
    for kind in ("guidance", "service-level", "statutory")
    for by in ("area", "region", "duty")
    for narrowed in ("", "area=9901", "period=2026-11", "period=2025-26", "duty=rapid-review")
]


@pytest.mark.parametrize("name", ["sam", "ben"])
def test_every_breakdown_and_the_chart_add_up_to_the_same(
    name: str, as_: SignIn, stories: dict[str, Story]
) -> None:
    client = as_(name)
    for query in QUERIES:
        add_up(page_of(client, f"/late/?{query}"))


def test_a_chart_that_forgets_a_month_fails_the_test_of_sums(
    as_: SignIn, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawing.chart
    monkeypatch.setattr(
        "workflow.views.board.chart", lambda months, tallies: whole(months[:-2], tallies)
    )
    with pytest.raises(AssertionError):
        add_up(page_of(as_("sam"), "/late/"))


@pytest.mark.parametrize("query", ["", "area=9902", "duty=notify-the-panel", "period=2025-26"])
def test_the_lists_hold_what_the_figures_count_and_say_which_row_is_counted_beside(
    query: str, as_: SignIn, stories: dict[str, Story]
) -> None:
    client = as_("sam")
    board = page_of(client, f"/late/?{query}")
    *_, (_, _, met_late, known_late, still_open, gone, _) = counted(table_of(board))
    period = query.removeprefix("period=") if "period" in query else "2026-27"
    listed = {"open": still_open, "met-late": met_late, "passed-on": gone}
    listed["known-late"] = known_late
    for standing, expected in listed.items():
        rows = table_of(page_of(client, f"/late/list/?standing={standing}&{query}&period={period}"))
        assert len([row for row in rows if "counted beside" not in row[2]]) == expected, standing
    number, _ = on_screen(client, f"/late/list/?{query}")
    if "period" not in query:
        assert board.of_class("app-figures__item")[0].text.endswith(f" {number}")


def test_the_chart_is_a_drawing_beside_its_table_and_says_its_message(
    stories: dict[str, Story], read: Read
) -> None:
    page = read("sam", "/late/")
    *key, drawn = page.all("svg")
    named = [one.text for one in page.of_class("app-chart__key")[0].inside if one.text]
    assert "Met in time" in named
    late = "met late, known late by a correction, passed on late, or past the date and still open"
    assert f"Late: {late}" in named
    fills = {one.attrs["fill"] for one in drawn.inside if one.tag == "rect"}
    assert fills == {one.attrs["fill"] for svg in key for one in svg.inside}
    assert drawn.attrs["role"] == "img"
    assert (
        "most were late in November 2026" in page.one("p", id=drawn.attrs["aria-describedby"]).text
    )
    assert not [one for one in page.elements if "style" in one.attrs or one.tag == "style"]


def test_the_area_with_most_late_comes_first_or_all_by_name(
    stories: dict[str, Story], as_: SignIn
) -> None:
    worst = counted(table_of(page_of(as_("sam"), "/late/"), 1))
    assert [name for name, *_ in worst] == ["Northmoor", "Southfen"]
    assert sum(worst[0][2:6]) > sum(worst[1][2:6])
    named = [row[0] for row in table_of(page_of(as_("sam"), "/late/?by=duty&order=name"), 1)]
    assert len(named) > 2
    assert named == sorted(named)


def test_where_areas_stand_side_by_side_the_board_says_what_it_is_not(
    stories: dict[str, Story], read: Read
) -> None:
    assert "not a performance measure" in read("sam", "/late/").one("main").text
    own = read("ben", "/late/")
    assert "not a performance measure" not in own.one("main").text
    assert not own.all("select", id="area")


def test_an_authority_counts_its_own_alone(stories: dict[str, Story], as_: SignIn) -> None:
    own, others = (months(as_(name))[-1] for name in ("ben", "cara"))
    everybody = months(as_("sam"))[-1]
    # What Northmoor missed before its case passed on is no longer in its sight, and not Southfen's.
    assert everybody[5] == 2
    assert summed([own, others])[:4] == everybody[1:5]
    assert others[1:] == (0, 1, 0, 1, 0, 2)


@pytest.mark.parametrize("name", ["ada", "priya", "ira", "dele", "olu"])
def test_other_roles_have_no_board(name: str, as_: SignIn) -> None:
    for path in ("", "list/", "without-a-clock/", "missed-dates.csv"):
        assert as_(name).get(f"/late/{path}").status_code == 403
