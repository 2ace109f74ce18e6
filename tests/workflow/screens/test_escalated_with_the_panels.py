"""A date whose reminders ride with those of another says so, and with whom it was escalated."""

import pytest
from django.urls import reverse

from tests import databases
from tests.story import Cast, Story, a_case, cast, moment
from tests.workflow.reminders.telling import delivered, swept
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import of_file, table_of
from workflow import clock
from workflow.board.sheets import HEAD

RIDING = "tell-the-partners"
TOLD = "With “Notify the Panel”: to 1 person, last on 8 December 2026"


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


@pytest.fixture
def late(everyone: Cast, committing_db: str) -> Story:
    """Due on Friday 27 November and not sent; swept, and its reminders sent, at its steps since."""
    with clock.told(moment("2026-11-20")):
        story = a_case(everyone, aware="2026-11-20")
    with databases.as_worker(committing_db):
        for on in ("2026-11-27", "2026-12-02", "2026-12-08"):
            swept(on)
            delivered(on)
    return story


def test_the_list_the_page_and_every_file_say_with_which_reminders_it_went(
    late: Story, read: Read, as_: SignIn
) -> None:
    (row,) = table_of(read("sam", f"/late/list/?duty={RIDING}"))
    assert row[6] == TOLD
    page = read("sam", reverse("breach", args=[late.case.token, RIDING, 1]))
    assert f"Escalated {TOLD}" in page.one("main").text
    for kind in ("csv", "xlsx", "ods"):
        ((*cells,), *_), _ = of_file(as_("sam"), kind, f"duty={RIDING}")
        assert cells[HEAD.index("Escalated")] == TOLD


def test_the_duty_that_leads_says_it_of_itself(late: Story, read: Read) -> None:
    (row,) = table_of(read("sam", "/late/list/?duty=notify-the-panel"))
    assert row[6] == "To 1 person, last on 8 December 2026"
