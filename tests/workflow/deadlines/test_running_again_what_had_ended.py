"""After a new version, working the dates out again runs what had ended in drafts for good."""

from typing import Any

from tests.story import Cast, Story, a_case, day, moment
from workflow.machine.moving_dates import work_out_again
from workflow.models import Case, Deadline, Event

SAID: dict[str, Any] = {"on": day("2027-06-02"), "at": moment("2027-06-02", "12:00")}
DUTIES = ["notify-the-panel", "tell-the-partners"]


def ended(story: Story) -> None:
    """As a fact that was changed and changed back had left it."""
    rows = Deadline.objects.open().filter(case=story.case)
    rows.update(cancelled_on=day("2027-06-02"), cancelled_why="facts_changed")
    Case.objects.filter(pk=story.case.pk).update(next_due="", next_due_on=day("2027-06-03"))


def running(story: Story) -> list[str]:
    return sorted(row.duty for row in Deadline.objects.open().filter(case=story.case))


def test_the_clocks_of_every_draft_run_again_and_the_trail_says_so(
    everyone: Cast, draft: Story
) -> None:
    other = a_case(everyone, aware="2027-05-31")
    ended(draft)
    ended(other)
    moved = work_out_again(by=everyone.sam, **SAID)
    assert (moved.cases, moved.clocks) == (2, 4)
    assert running(draft) == running(other) == DUTIES
    case = draft.again()
    assert (case.next_due, case.next_due_on) == ("notify-the-panel", day("2027-06-08"))
    (event,) = Event.objects.filter(case=case, act="clocks_run_again")
    assert event.capacity == "system"
    assert work_out_again(by=everyone.sam, **SAID).clocks == 0


def test_what_ended_as_no_duty_arises_or_by_a_decision_stays_ended(
    everyone: Cast, draft: Story
) -> None:
    draft.facts("2027-06-02", abuse="neither")
    decided = a_case(everyone, aware="2027-05-31")
    how = {"reason": "No harm."}
    decided.act(decided.case.notification, "decide_not_to_notify", "ben", "2027-06-01", **how)
    rows = Deadline.objects.filter(case=decided.case)
    rows.update(cancelled_why="facts_changed")
    assert work_out_again(by=everyone.sam, **SAID).clocks == 0
    assert running(draft) == running(decided) == []
