"""`manage.py bank_holidays`: what an operator types, and what comes back."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError

from tests.story import Cast, Story, a_case, day
from workflow.management.refusing import RefusingCommand
from workflow.models import Deadline, Event, ProclaimedHoliday

DAY, TITLE = "2027-06-07", "Bank holiday for an invented jubilee"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("bank_holidays", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert refused.value.returncode == 2
    return str(refused.value)


def dates(story: Story) -> list[Any]:
    return list(Deadline.objects.filter(case=story.case).order_by("pk").values())


def test_a_preview_names_each_date_that_would_move_and_changes_nothing(
    draft: Story, sent: Story
) -> None:
    before = [dates(draft), dates(sent)]
    said = run("add", DAY, TITLE, "--preview")
    assert f"{draft.case.label}: Notify the Panel: Tuesday 8 June 2027 to Wednesday 9 June" in said
    assert f"{sent.case.label}: Send the rapid review: Tuesday 15 June" in said
    assert "3 open dates of 2 cases would move. Nothing was changed." in said
    assert [dates(draft), dates(sent)] == before
    assert not ProclaimedHoliday.objects.exists()


def test_applied_it_moves_them_in_the_name_of_whoever_did_it(everyone: Cast, draft: Story) -> None:
    said = run("add", DAY, TITLE, "--apply", "--by", everyone.sam.email)
    assert "Monday 7 June 2027 is proclaimed" in said
    assert "2 open dates of 1 case moved." in said
    assert Event.objects.get(act="dates_moved").actor == everyone.sam
    assert Deadline.objects.get(case=draft.case, duty="notify-the-panel").due_on == day(
        "2027-06-09"
    )


def test_it_answers_in_json(everyone: Cast, draft: Story) -> None:
    shown = json.loads(run("add", DAY, TITLE, "--preview", "--json"))
    assert (shown["applied"], shown["cases"], shown["clocks"]) == (False, 1, 2)
    assert {one["to"] for one in shown["moves"]} == {"2027-06-09"}
    done = json.loads(run("add", DAY, TITLE, "--apply", "--by", everyone.sam.email, "--json"))
    assert (done["applied"], done["cases"], done["clocks"]) == (True, 1, 2)
    assert done["edition"] == shown["edition"]
    (listed,) = json.loads(run("list", "--json"))["proclaimed"]
    assert (listed["day"], listed["added_by"]) == (DAY, everyone.sam.email)


def test_it_can_be_withdrawn(everyone: Cast, draft: Story) -> None:
    run("add", DAY, TITLE, "--apply", "--by", everyone.sam.email)
    assert "2 open dates of 1 case would move" in run("withdraw", DAY, "--preview")
    run("withdraw", DAY, "--apply", "--by", everyone.sam.email)
    assert "Nothing was proclaimed since." in run("list")
    assert {row["due_on"] for row in dates(draft)} == {day("2027-06-08")}


def test_working_out_again_finds_what_is_behind(everyone: Cast, draft: Story) -> None:
    assert "0 open dates of 0 cases would move" in run("rework", "--preview")
    Deadline.objects.filter(case=draft.case).update(due_on=day("2027-06-07"))
    assert "2 open dates of 1 case would move" in run("rework", "--preview")
    run("rework", "--apply", "--by", everyone.sam.email)
    assert {row["due_on"] for row in dates(draft)} == {day("2027-06-08")}


def test_its_help_ends_with_examples_as_they_are_typed() -> None:
    command = load_command_class("workflow", "bank_holidays")
    assert isinstance(command, RefusingCommand)
    said = command.create_parser("manage.py", "bank_holidays").format_help()
    assert said.endswith(command.examples)
    assert "bank_holidays withdraw 2027-06-07 --preview\n" in said


def test_wrong_input_is_refused_in_one_sentence(everyone: Cast) -> None:
    assert refusal("add", "7 June", TITLE, "--preview").startswith("'7 June' is not a date")
    assert "is in the past" in refusal("add", "2027-06-01", TITLE, "--preview")
    assert "is at a weekend" in refusal("add", "2027-06-06", TITLE, "--preview")
    assert "a bank holiday already: Summer" in refusal("add", "2027-08-30", TITLE, "--preview")
    assert "is outside the calendar" in refusal("add", "2040-06-07", TITLE, "--preview")
    assert "Enter what the bank holiday is for" in refusal("add", DAY, "--preview")
    assert "either --preview or --apply" in refusal("add", DAY, TITLE)
    assert "either --preview or --apply" in refusal("add", DAY, TITLE, "--preview", "--apply")
    assert "Say who does it" in refusal("add", DAY, TITLE, "--apply")
    assert "Nobody signs in as" in refusal("add", DAY, TITLE, "--apply", "--by", "no@one.example")
    assert "Only a deadline administrator" in refusal(
        "add", DAY, TITLE, "--apply", "--by", everyone.ada.email
    )
    assert "is not a proclaimed bank holiday" in refusal("withdraw", DAY, "--preview")
    assert "is a published bank holiday" in refusal("withdraw", "2027-08-30", "--preview")
    assert refusal("proclaim").startswith("Say list, add DAY TITLE")
    assert not ProclaimedHoliday.objects.exists()


def test_thousands_are_moved_in_batches_with_their_progress(
    everyone: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.machine.moving_dates.BATCH", 2)
    for _ in range(5):
        a_case(everyone, aware="2027-06-01")
    progress = io.StringIO()
    words = ("add", DAY, TITLE, "--apply", "--by", everyone.sam.email)
    call_command("bank_holidays", *words, stdout=io.StringIO(), stderr=progress)
    assert progress.getvalue().splitlines() == [
        "2 of 5 cases", "4 of 5 cases", "5 of 5 cases",
    ]  # fmt: skip
