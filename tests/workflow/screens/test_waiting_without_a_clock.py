"""Open cases in which no legal date runs: on whom they wait, and since when."""

import pytest

from tests.story import Cast, Story, a_case, day
from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import page_of, table_of, told
from workflow.models import Case, NotificationProcess, PracticeReview, RapidReview

ADDRESS = "/late/without-a-clock/"


@pytest.fixture
def answered(everyone: Cast) -> Story:
    """The Panel has answered, and whether a local review follows is undecided."""
    return (
        a_case(everyone, aware="2026-10-01")
        .notified("2026-10-05")
        .reviewed("2026-10-20", "undecided", decide_by=day("2026-12-20"))
        .answered("2026-11-02")
    )


def test_a_case_without_a_clock_says_on_whom_it_waits_and_since_when(
    answered: Story, sent: Story, as_: SignIn
) -> None:
    assert answered.again().next_due == ""
    rows = table_of(page_of(as_("sam"), ADDRESS))
    assert [row[0] for row in rows] == [answered.case.label]
    (row,) = rows
    assert "Business unit" in row[3] or "Approver" in row[3]
    assert "Practice review: " in row[3]
    assert row[4].endswith("2026")
    assert sent.case.label not in str(rows)


def test_such_a_case_is_in_no_list_of_missed_dates(answered: Story, as_: SignIn) -> None:
    for kind in ("guidance", "statutory", "service-level"):
        rows = table_of(page_of(as_("sam"), f"/late/list/?kind={kind}"))
        assert answered.case.label not in str(rows)


def test_an_authority_sees_its_own_and_the_operator_may_narrow_by_area(
    answered: Story, as_: SignIn
) -> None:
    assert len(table_of(page_of(as_("ben"), ADDRESS))) == 1
    assert table_of(page_of(as_("cara"), ADDRESS)) == []
    assert len(table_of(page_of(as_("sam"), f"{ADDRESS}?area=9901"))) == 1
    assert table_of(page_of(as_("sam"), f"{ADDRESS}?region=South+East")) == []


def test_the_board_leads_to_it(answered: Story, as_: SignIn) -> None:
    assert ADDRESS in [one.attrs.get("href") for one in page_of(as_("sam"), "/late/").all("a")]


def test_every_open_case_has_a_date_so_none_waits_unseen(everyone: Cast, answered: Story) -> None:
    told(everyone)
    open_ones = {
        row.case_id
        for machine in (NotificationProcess, RapidReview, PracticeReview)
        for row in machine.objects.filter(expected_on__isnull=False)
    }
    assert open_ones
    assert not Case.objects.filter(pk__in=open_ones, next_due_on__isnull=True).exists()
