"""Every day is shown, counted or skipped and why; and what the date was before it moved."""

from tests.story import Cast, a_case, day
from tests.workflow.screens.conftest import Read, SignIn
from workflow.law.calendar import COMMITTED, Proclaimed
from workflow.models import Deadline


def test_christmas_is_shown_day_by_day(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2025-12-19")
    text = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/").one("main").text
    assert "Became aware Friday 19 December 2025" in text
    assert "Tuesday 30 December 2025 is 5 working days after Friday 19 December 2025" in text
    assert "Christmas Day" in text
    assert "Boxing Day" in text
    assert "Northmoor must notify the Child Safeguarding Practice Review Panel." in text
    assert "Children Act 2004, section 16C(1)" in text
    assert "Is the day of the event counted?" in text
    assert "not a breach of the Act" in text
    assert "Not verified" not in text


def test_the_page_is_called_what_it_is_with_the_case_above_it(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2025-12-19")
    page = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/")
    heading = "How this date was worked out: Notify the Panel"
    assert page.one("h1").text == heading
    assert page.one("title").text.startswith(heading)
    (caption,) = page.of_class("govuk-caption-l")
    assert caption.text == f"{story.case.label}, Northmoor"


def test_the_day_abuse_was_first_suspected_is_shown_beside_awareness(
    everyone: Cast, read: Read
) -> None:
    story = a_case(everyone, aware="2026-11-02", suspected="2026-12-07", opened="2026-12-07")
    text = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/").one("main").text
    assert "Became aware Monday 2 November 2026" in text
    assert "Abuse or neglect first suspected Monday 7 December 2026" in text
    assert "Counted from Monday 7 December 2026" in text


def test_a_date_that_moved_shows_what_it_was_who_moved_it_and_when(
    everyone: Cast, read: Read
) -> None:
    story = a_case(everyone, aware="2026-12-07")
    from_awareness = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/")
    assert "What this date was before" not in from_awareness.one("main").text
    story.facts("2026-12-08", aware_on=day("2026-12-04"))
    page = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/")
    rows = [" ".join(row.text.split()) for row in page.all("table")[-1].inside if row.tag == "tr"]
    assert rows[1].startswith("Monday 14 December 2026")
    assert rows[2].startswith("Friday 11 December 2026 (now)")
    assert "Ada, Northmoor" in rows[2]


def test_what_was_not_read_in_the_text_is_marked(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-10-01").notified("2026-10-05").reviewed("2026-10-20")
    text = read("sol", f"/cases/{story.case.address}/dates/panel-response/1/").one("main").text
    assert "Not verified" in text
    assert "a missed service level, not a breach of any duty" in text


def test_a_date_that_the_case_does_not_have_is_not_found(everyone: Cast, as_: SignIn) -> None:
    story = a_case(everyone, aware="2026-12-07")
    for page in ("dates/rapid-review/1/", "dates/notify-1/2/", "dates/no-such-duty/1/"):
        assert as_("ada").get(f"/cases/{story.case.address}/{page}").status_code == 404


def test_the_editions_used_are_told_in_words_and_not_in_codes(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-12-07")
    page = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/").one("main").text
    assert "Bank holidays: England and Wales, 2012 to 2028, known until 31 December 2028." in page
    assert "Time limit: the one that applies from" in page
    deadline = Deadline.objects.get(case=story.case, duty="notify-the-panel")
    for code in (deadline.calendar_edition, deadline.rule_edition):
        assert code not in page


def test_a_proclaimed_day_is_told_beside_the_published_ones() -> None:
    proclaimed = Proclaimed(day("2027-05-05"), "Invented holiday", day("2026-12-01"), by="Sam")
    words = COMMITTED.with_proclaimed([proclaimed]).receipt(day("2027-05-04"), 5).calendar_words
    assert words.endswith("and 1 day proclaimed since they were published.")


def test_a_date_that_has_passed_was_due_and_has_its_tag(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-11-20")
    page = read("ada", f"/cases/{story.case.address}/dates/notify-1/1/")
    assert "Was due Friday 27 November 2026 Now Overdue Overdue by 9" in page.one("main").text
    ahead = a_case(everyone, aware="2026-12-08")
    page = read("ada", f"/cases/{ahead.case.address}/dates/notify-1/1/")
    assert "Due Tuesday 15 December 2026 Now Due soon Due in 3" in page.one("main").text
