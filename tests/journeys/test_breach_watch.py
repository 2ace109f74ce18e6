"""An administrator finds the worst area, one missed date and its cause, and takes the list away."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import override_settings

from tests import databases
from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast, Story, a_case, moment
from workflow import clock
from workflow.board.periods import month_of
from workflow.board.sheets import NOT_A_MEASURE
from workflow.law.calendar import COMMITTED
from workflow.models import Deadline, Outbox
from workflow.outbox.delivering import deliver
from workflow.reminders.sweeping import sweep


def aware() -> date:
    """When the authority became aware."""
    return working_days_ago(12)


def sent() -> date:
    """When it notified the Panel, late."""
    return working_days_ago(3)


def due() -> date:
    """When it should have."""
    return COMMITTED.add(aware(), 5)


def month() -> str:
    """The month of that day."""
    return month_of(due()).title


DONE = "The rota of duty managers covers weekends now."


def swept_while_it_was_late(live_service: LiveService, story: Story, on: str) -> None:
    """The worker has reminded people of this one case on the first day late."""
    eight = moment(on, "08:00")
    with (
        live_service.blocker.unblock(),
        databases.as_worker(live_service.database),
        override_settings(KEY_STORE=live_service.key_store),
        clock.told(eight),
    ):
        sweep(at=eight)
        deliver(list(Outbox.objects.filter(case=story.case).values_list("pk", flat=True)))


def rows_of(visitor: Visitor, number: int) -> list[list[str]]:
    """The cells of a table of the page, its heading apart, without the labels of small screens."""
    found = visitor.page.locator("table").nth(number).locator("tbody tr").all()
    return [
        [
            cell.evaluate(
                "cell => { const one = cell.cloneNode(true);"
                " one.querySelectorAll('.app-stack-table__label').forEach(it => it.remove());"
                " return one.textContent.trim(); }"
            )
            for cell in row.locator("th, td").all()
        ]
        for row in found
    ]


def taken_away(visitor: Visitor) -> list[list[str]]:
    """The CSV file that the page offers, its heading apart."""
    link = visitor.only(visitor.page.get_by_role("link", name="CSV", exact=True))
    with visitor.page.expect_download() as going:
        link.click()
    text = going.value.path().read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def late_in_southfen(everyone: Cast, live_service: LiveService) -> Story:
    """Four cases, late alike, and one elsewhere; people were reminded of the one that is given."""
    with live_service.data():
        late = [a_case(everyone, aware=aware().isoformat(), by="cara") for _ in range(4)]
        a_case(everyone, aware=aware().isoformat()).notified(
            sent().isoformat(), late_reason="other"
        )
        assert Deadline.objects.get(case=late[0].case, duty="notify-the-panel").due_on == due()
    first_late = (due() + timedelta(days=1)).isoformat()
    swept_while_it_was_late(live_service, late[0], first_late)
    with live_service.data():
        for one in late:
            one.notified(sent().isoformat(), by="cara", late_reason="other")
    return late[0]


def finds_the_worst_area(sam: Visitor) -> None:
    """The board says so, with totals that are those of its file."""
    sam.answers({"Due in": month()})
    sam.presses("Apply filters")
    sam.sees("not a performance measure", "As at")
    months, areas = rows_of(sam, 0), rows_of(sam, 1)
    assert areas[0][0] == "Southfen"
    assert "Northmoor" in [row[0] for row in areas]
    assert int(areas[0][2]) == max(int(row[2]) for row in areas) >= 4
    assert sum(int(row[5]) for row in areas) == int(months[-1][5])
    figures = taken_away(sam)
    assert [row[2:8] for row in figures if row[1] == "Area"] == [row[:6] for row in areas]
    assert {row[-1] for row in figures} == {NOT_A_MEASURE}


def lists_what_was_late_there(sam: Visitor) -> None:
    """The list holds those and no others, and so does its file."""
    sam.answers({"Area": "Southfen", "Date for": "Notify the Panel"})
    sam.presses("Apply filters")
    sam.follows(f"Due in this period and met late: {month()}")
    listed = rows_of(sam, 0)
    assert len(listed) == int(sam.heading.split()[0]) >= 4
    assert {row[1] for row in listed} == {"Southfen"}
    of_file = taken_away(sam)
    assert sorted(row[0] for row in of_file) == sorted(row[0] for row in listed)
    assert {row[-1] for row in of_file} == {NOT_A_MEASURE}


@pytest.mark.parametrize("width", [1280, 320])
def test_the_worst_area_the_cause_the_reminders_and_a_file_with_the_same_totals(
    somebody: SignedIn, everyone: Cast, live_service: LiveService, width: int
) -> None:
    story = late_in_southfen(everyone, live_service)
    reference = str(story.case.reference)
    sam = somebody("sam", width=width)
    sam.opens("/late/")
    sam.signs_in(everyone.sam.email)
    finds_the_worst_area(sam)
    lists_what_was_late_there(sam)

    row = sam.page.locator("tbody tr", has_text=reference)
    with sam.page.expect_navigation():
        row.get_by_role("link", name="the whole story of this missed date").press("Enter")
    sam.looks()
    sam.sees(reference, "The first day late", "Sent", "Nobody has acknowledged it yet.")
    sam.answers({"What is being done about it?": DONE})
    sam.presses("Acknowledge this missed date")
    sam.sees(reference, DONE)
    sam.does_not_see("Nobody has acknowledged it yet.")
    wide = sam.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
