"""The list of missed dates: three kinds that are never added together."""

import pytest
from django.urls import reverse

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import passed_on
from workflow import services
from workflow.people import reference


def numbers(read: Read, name: str, standing: str) -> list[str]:
    """The number of each kind of lateness, as its tab says."""
    page = read(name, f"/late/list/?standing={standing}")
    return [one.text for one in page.of_class("app-tabs__link")]


def test_a_late_notification_misses_guidance_and_not_the_statute(
    sent_late: Story, read: Read
) -> None:
    assert numbers(read, "sam", "met-late") == [
        "Statutory duties (0)",
        "Guidance limits (2)",
        "Service levels (0)",
    ]
    # The rapid review that followed is past its date too.
    assert "Guidance limits (1)" in numbers(read, "sam", "open")
    assert sent_late.case.reference is not None
    listed = read("sam", "/late/list/?kind=guidance&standing=met-late").one("table").text
    assert sent_late.case.reference in listed
    assert "Met late by 3 working days" in listed
    assert "Monday 9 November 2026" in listed


def test_a_rapid_review_past_its_date_is_listed_until_it_is_sent(
    sent_late: Story, read: Read
) -> None:
    assert "Overdue by 5 working days" in read("sol", "/late/list/").one("table").text
    sent_late.reviewed("2026-12-10")
    assert not read("sol", "/late/list/").all("table")
    met = read("sol", "/late/list/?standing=met-late").one("table").text
    assert "Met late by 5 working days" in met


def test_an_answer_of_the_panel_past_its_time_misses_a_service_level_only(
    everyone: Cast, read: Read
) -> None:
    a_case(everyone, aware="2026-10-01").notified("2026-10-05").reviewed("2026-10-20")
    listed = read("sol", "/late/list/?kind=service-level").one("table").text
    assert "Panel’s response to the rapid review" in listed
    assert "Overdue by 22 working days" in listed
    assert not read("sol", "/late/list/").all("table")


def test_the_reason_is_given_in_words(sent_late: Story, read: Read) -> None:
    reference.load()
    text = read("sam", "/late/list/?kind=guidance&standing=met-late").one("table").text
    assert "An administrative error" in text


def test_a_care_leavers_death_is_in_none_of_the_lists(everyone: Cast, read: Read) -> None:
    a_case(
        everyone, aware="2026-11-02", outcome="died", abuse="neither", care_leaver=True,
        under_18=False,
    )  # fmt: skip
    for standing in ("open", "met-late"):
        assert all("(0)" in number for number in numbers(read, "sam", standing))


def test_a_copy_sent_too_close_to_publication_misses_the_statute(
    everyone: Cast, read: Read
) -> None:
    story = (
        a_case(everyone, aware="2026-08-03").notified("2026-08-05").reviewed("2026-08-20", "yes")
    )
    for name in ("scope", "appoint_reviewer"):
        story.act(story.practice_review, name, "ben", "2026-09-01")
    for name in ("start", "draft_report", "seek_approval"):
        story.act(story.practice_review, name, "bea", "2026-09-02")
    story.act(
        story.practice_review, "send_advance_copy", "bea", "2026-12-07",
        facts={"publish_on": day("2026-12-09")},
    )  # fmt: skip
    page = read("sam", "/late/list/?kind=statutory&standing=met-late")
    assert "Send the copy before publication" in page.one("table").text


def test_an_authority_sees_its_own_and_no_comparison(sent_late: Story, read: Read) -> None:
    page = read("ben", "/late/list/?kind=guidance&standing=met-late")
    assert sent_late.case.label in page.one("table").text
    assert not page.all("select", id="area")
    assert "not a performance measure" not in page.one("main").text
    assert not read("cara", "/late/list/?kind=guidance&standing=met-late").all("table")


def test_where_areas_stand_side_by_side_the_page_says_what_it_is_not(
    sent_late: Story, read: Read
) -> None:
    assert "not a performance measure" in read("sam", "/late/").one("main").text
    listed = read("sam", "/late/list/?kind=guidance&standing=met-late&area=9902")
    assert not listed.all("table")
    assert sent_late.case.label not in listed.one("main").text


@pytest.mark.parametrize("name", ["ada", "priya", "ira", "dele", "olu"])
def test_other_roles_have_no_such_page_and_no_link_to_it(name: str, as_: SignIn) -> None:
    client = as_(name)
    assert client.get("/late/list/").status_code == 403
    assert b"Missed dates" not in client.get("/home/").content


def test_a_long_list_goes_on_from_its_last_row(everyone: Cast, read: Read) -> None:
    for _ in range(26):
        case = services.open_case(
            authority=everyone.northmoor, by=everyone.ada, on=day("2026-11-02"),
            at=moment("2026-11-02"),
        )  # fmt: skip
        services.record_facts(
            case, {"aware_on": day("2026-11-02"), "outcome": "died", "looked_after": True,
                   "abuse": "neither", "under_18": True},
            by=everyone.ada, on=day("2026-11-02"), at=moment("2026-11-02"),
        )  # fmt: skip
    first = read("sam", "/late/list/?kind=guidance")
    (following,) = first.all("a", rel="next")
    second = read("sam", following.attrs["href"])
    names = [one.text for page in (first, second) for one in page.all("th", scope="row")]
    assert len(names) == len(set(names)) == 26


def test_a_date_missed_before_the_case_passed_on_stays_with_whoever_missed_it(
    everyone: Cast, read: Read
) -> None:
    story = a_case(everyone, aware="2026-11-03")
    passed_on(story, to="cara", on="2026-11-16", aware="2026-11-13")
    # Due on 10 November, and passed on four working days later; it grows no later.
    listed = read("sam", "/late/list/?standing=passed-on").one("table").text
    assert "Passed on late by 4 working days" in listed
    assert "Northmoor" in listed
    assert not read("sam", "/late/list/?standing=passed-on&area=9902").all("table")
    assert not read("sam", "/late/list/?standing=met-late").all("table")
    # The receiver reads of it on the case, and is late with nothing.
    assert not read("cara", "/late/list/?standing=passed-on").all("table")
    story.notified("2026-11-18", by="cara")
    assert "Guidance limits (0)" in numbers(read, "sam", "met-late")
    assert "Guidance limits (2)" in numbers(read, "sam", "passed-on")
    one = reverse("breach", args=[story.case.token, "notify-the-panel", 1])
    assert "Passed on late by 4 working days" in read("sam", one).one("main").text
    case = read("cara", reverse("case", args=[story.case.token])).one("main").text
    assert "Passed on late by 4 working days: the case passed to another authority" in case


def test_a_case_passed_on_in_time_is_in_no_list(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-11-10")
    passed_on(story, to="cara", on="2026-11-16", aware="2026-11-13")
    assert all("(0)" in number for number in numbers(read, "sam", "passed-on"))
