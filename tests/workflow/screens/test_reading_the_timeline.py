"""What happened, newest first, each reader seeing of it what their role may."""

import pytest

from tests.story import Story, day
from tests.workflow.screens.conftest import Read
from workflow.models import Case
from workflow.views import timeline
from workflow.views.recorded import FACTS


def titles(read: Read, name: str, address: str) -> list[str]:
    return [one.text for one in read(name, address).of_class("app-timeline__title")]


def test_the_newest_comes_first_and_a_kind_can_be_chosen(sent: Story, read: Read) -> None:
    here = f"/cases/{sent.case.address}/timeline/"
    assert titles(read, "ada", here) == [
        "Rapid review opened",
        "Notification sent",
        "Facts recorded",
        "Case opened",
    ]
    assert titles(read, "ada", f"{here}?kind=rapid-review") == ["Rapid review opened"]


def test_own_people_are_named_and_others_stand_by_their_role(sent: Story, read: Read) -> None:
    here = f"/cases/{sent.case.address}/timeline/"
    assert "By Ada, Northmoor" in read("ben", here).one("main").text
    elsewhere = read("sol", here).one("main").text
    assert "By Notifier, Northmoor" in elsewhere
    assert "Ada" not in elsewhere
    assert "By the system" in elsewhere


def test_a_reason_is_for_those_who_may_read_content(sent: Story, read: Read) -> None:
    sent.act(
        sent.case.notification, "request_information", "sol", "2026-12-07",
        reason="Which school?", facts={"reply_on": sent.case.opened_on.replace(day=14)},
    )  # fmt: skip
    here = f"/cases/{sent.case.address}/timeline/"
    assert "Which school?" in read("ada", here).one("main").text
    for name in ("adam", "sam"):
        text = read(name, here).one("main").text
        assert "Information requested" in text
        assert "Which school?" not in text


def test_what_was_written_down_later_says_when(draft: Story, read: Read) -> None:
    # The story is told on 10 December of what happened on the 7th.
    text = read("ada", f"/cases/{draft.case.address}/timeline/").one("main").text
    assert "7 December 2026 at 9:00am . Entered on 10 December 2026 at 9:30am" in text


def test_older_entries_are_on_the_next_page_and_all_are_on_paper(draft: Story, read: Read) -> None:
    for number in range(timeline.PAGE):
        draft.facts("2026-12-08", children_count=number + 2)
    here = f"/cases/{draft.case.address}/timeline/"
    assert len(titles(read, "ada", here)) == timeline.PAGE
    (earlier,) = [link for link in read("ada", here).all("a") if link.text == "Earlier"]
    assert titles(read, "ada", earlier.attrs["href"]) == ["Facts recorded", "Case opened"]
    printed = titles(read, "ada", f"/cases/{draft.case.address}/chronology/")
    assert len(printed) == timeline.PAGE + 2
    assert printed[0] == "Case opened"


def test_a_print_is_marked_and_says_who_printed_it_and_when(sent: Story, read: Read) -> None:
    page = read("priya", f"/cases/{sent.case.address}/chronology/")
    (foot,) = page.of_class("app-print-footer")
    assert foot.text == (
        f"OFFICIAL-SENSITIVE. {sent.case.reference}. Printed by Priya on "
        "10 December 2026 at 9:30am."
    )
    assert "Notify the Panel" in page.one("main").text


def test_a_story_of_every_stage_has_a_sentence_for_every_act(sent: Story, read: Read) -> None:
    sent.reviewed("2026-12-08", "yes").answered("2026-12-09")
    found = titles(read, "ada", f"/cases/{sent.case.address}/timeline/")
    assert found[:2] == ["Panel’s response issued", "Considered by the Panel"]
    assert not [title for title in found if "_" in title]


def test_what_the_sending_opened_is_told_after_it(sent: Story, read: Read) -> None:
    printed = titles(read, "ada", f"/cases/{sent.case.address}/chronology/")
    sending = printed.index("Notification sent")
    assert printed[sending : sending + 2] == ["Notification sent", "Rapid review opened"]


def texts(read: Read, name: str, story: Story) -> list[str]:
    """What stands below the titles, oldest first."""
    page = read(name, f"/cases/{story.case.address}/chronology/")
    return [one.text for one in page.of_class("app-timeline__text")]


@pytest.mark.parametrize("name", ["ada", "sam"])
def test_recorded_facts_are_named_with_the_dates_that_follow(
    name: str, draft: Story, read: Read
) -> None:
    first, *_ = texts(read, name, draft)
    for line in (
        "Recorded: What happened; Abuse or neglect; Where; Age",
        "Became aware on: Monday 7 December 2026.",
        "Notify the Panel, due: Monday 14 December 2026.",
    ):
        assert line in first
    # What was answered is told where the reader may read it, and not here.
    assert "suspected" not in first.replace("first suspected", "")
    assert "harm" not in first


def test_a_moved_day_of_awareness_is_told_with_the_due_dates_that_moved(
    draft: Story, read: Read
) -> None:
    draft.facts("2026-12-09", aware_on=day("2026-12-08"), children_count=3)
    *_, moved = texts(read, "sam", draft)
    assert "Changed: Number of children" in moved
    assert "Became aware on: Monday 7 December 2026 became Tuesday 8 December 2026." in moved
    assert (
        "Notify the Panel, due: Monday 14 December 2026 became Tuesday 15 December 2026." in moved
    )


def test_a_due_date_that_ends_with_the_facts_says_why(draft: Story, read: Read) -> None:
    draft.facts("2026-12-09", abuse="neither")
    *_, ended = texts(read, "ada", draft)
    assert "Changed: Abuse or neglect." in ended
    assert "Notify the Panel: no longer due, because the facts changed." in ended


def test_every_fact_has_words() -> None:
    facts = {*Case.FACTS, "aware_on", "aware_time", "suspected_on", "incident_on"}
    assert set(FACTS) == {*facts, "children_count"}
