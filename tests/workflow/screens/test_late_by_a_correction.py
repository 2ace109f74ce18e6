"""A sending that an awareness corrected afterwards shows to be late stands among missed dates."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.story import Cast, Story, a_case, day
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import of_file, table_of
from workflow.board.sheets import HEAD
from workflow.models import BreachAcknowledgement, Deadline, Event

LIST = "/late/list/?standing=known-late"
LATE = "By a correction met late by 4 working days"


@pytest.fixture
def corrected(everyone: Cast) -> Story:
    """Sent in time by an awareness of 12 October; it had been 1 October, as was found later."""
    return to(a_case(everyone, aware="2026-10-12").notified("2026-10-14"), "2026-10-01")


def to(story: Story, aware: str, on: str = "2026-10-20") -> Story:
    """Awareness is corrected."""
    return story.facts(on, aware_on=day(aware))


def of_panel(story: Story, cycle: int = 1) -> Deadline:
    return Deadline.objects.get(case=story.case, duty="notify-the-panel", cycle=cycle)


def tabs(read: Read, standing: str) -> list[str]:
    page = read("sam", f"/late/list/?standing={standing}")
    return [one.text for one in page.of_class("app-tabs__link")]


def test_it_is_listed_as_known_by_a_correction_with_both_dates(
    corrected: Story, read: Read
) -> None:
    listed = read("sam", LIST).one("table").text
    assert corrected.case.label in listed
    assert f"Known late {LATE}" in listed
    # By the date then given, and by the corrected one.
    assert "Monday 19 October 2026" in listed
    assert "By an awareness corrected since, due Thursday 8 October 2026" in listed


def test_it_is_counted_once_in_its_own_kind(corrected: Story, read: Read) -> None:
    assert tabs(read, "known-late") == [
        "Statutory duties (0)",
        # To notify the Panel, and to tell the partners.
        "Guidance limits (2)",
        "Service levels (0)",
    ]
    for standing in ("met-late", "passed-on"):
        assert all("(0)" in tab for tab in tabs(read, standing)), standing


def test_the_figures_count_it_as_late_and_not_in_time(corrected: Story, read: Read) -> None:
    *_, months = table_of(read("sam", "/late/?duty=notify-the-panel"))
    assert months[1:] == ["0", "0", "1", "0", "0", "1", "0%"]


def test_every_file_holds_when_it_was_due_by_the_correction(corrected: Story, as_: SignIn) -> None:
    for kind in ("csv", "xlsx", "ods"):
        rows, _ = of_file(as_("sam"), kind, "standing=known-late&duty=notify-the-panel")
        (row,) = [dict(zip(HEAD, row, strict=False)) for row in rows]
        assert (row["Case"], row["Due"]) == (corrected.case.label, "2026-10-19"), kind
        assert (row["Met"], row["Due by a correction"]) == ("2026-10-14", "2026-10-08"), kind
        assert (row["Standing"], row["Working days late"]) == (LATE, "4"), kind


def test_it_has_a_page_and_somebody_can_say_that_it_was_seen(
    corrected: Story, read: Read, as_: SignIn
) -> None:
    one = reverse("breach", args=[corrected.case.token, "notify-the-panel", 1])
    text = read("sam", one).one("main").text
    assert LATE in text
    assert "became aware on Thursday 1 October 2026" in text
    assert as_("sam").post(one, {"reason": "The letter was mislaid."}).status_code == 302
    assert BreachAcknowledgement.objects.get().deadline == of_panel(corrected)


def test_its_clock_stays_as_it_was_met_and_the_trail_says_what_is_known(corrected: Story) -> None:
    row = of_panel(corrected)
    assert (row.start_on, row.due_on, row.met_on) == (
        day("2026-10-12"), day("2026-10-19"), day("2026-10-14"),
    )  # fmt: skip
    clocks = Event.objects.filter(case=corrected.case).latest("sequence").payload["clocks"]
    (said,) = [one for one in clocks if one["duty"] == row.duty]
    assert (said["due"], said["corrected"]) == ("2026-10-19", "2026-10-08")


@pytest.mark.parametrize("aware", ["2026-10-12", "2026-10-13", "2026-10-09"])
def test_what_is_corrected_back_or_still_in_time_is_in_no_list(
    aware: str, corrected: Story, read: Read
) -> None:
    to(corrected, aware, on="2026-10-21")
    assert all("(0)" in tab for tab in tabs(read, "known-late"))
    assert of_panel(corrected) not in Deadline.objects.late(on=day("2026-12-10"))


def test_what_was_late_by_the_date_given_is_listed_as_met_late_alone(
    everyone: Cast, read: Read
) -> None:
    story = a_case(everyone, aware="2026-10-01").notified("2026-10-14")
    to(story, "2026-09-01")
    assert all("(0)" in tab for tab in tabs(read, "known-late"))
    # Nor does a later awareness make it one that was in time.
    to(story, "2026-10-13", on="2026-10-22")
    assert "Guidance limits (2)" in tabs(read, "met-late")[1]


def test_the_next_notification_of_the_case_does_not_forget_it(corrected: Story, read: Read) -> None:
    corrected.died("2026-11-20")
    assert "Guidance limits (2)" in tabs(read, "known-late")[1]
    one = reverse("breach", args=[corrected.case.token, "notify-the-panel", 1])
    assert (
        "by the awareness given since it was due on Thursday 8 October 2026 and was sent 4 working "
        "days late"
    ) in read("sam", one).one("main").text


def test_a_care_leavers_death_is_known_late_in_no_list(everyone: Cast, read: Read) -> None:
    story = a_case(
        everyone, aware="2026-10-12", outcome="died", abuse="neither", care_leaver=True,
        under_18=False,
    ).notified("2026-10-14")  # fmt: skip
    to(story, "2026-10-01")
    assert Deadline.objects.known_late().filter(case=story.case).exists()
    for kind in ("guidance", "statutory", "service-level"):
        assert not read("sam", f"{LIST}&kind={kind}").all("table")


def test_it_stays_with_the_authority_that_was_late(corrected: Story, read: Read) -> None:
    assert not read("cara", LIST).all("table")
    assert corrected.case.label in read("ben", LIST).one("table").text


def test_the_database_keeps_a_corrected_date_of_what_was_met_alone(everyone: Cast) -> None:
    row = of_panel(a_case(everyone, aware="2026-10-12"))
    with pytest.raises(IntegrityError, match="deadline_corrected_once_met"), transaction.atomic():
        Deadline.objects.filter(pk=row.pk).update(corrected_due_on=day("2026-10-08"))
