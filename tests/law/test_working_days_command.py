"""`manage.py working_days`: what it prints, and what it refuses, without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from workflow.law.calendar import COMMITTED


def ask(*arguments: str) -> str:
    out = io.StringIO()
    call_command("working_days", *arguments, stdout=out)
    return out.getvalue()


def said_beside(*arguments: str) -> str:
    """What the command prints on standard error."""
    out, beside = io.StringIO(), io.StringIO()
    call_command("working_days", *arguments, stdout=out, stderr=beside)
    return beside.getvalue()


def at_a_terminal(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as a person runs it, with no setting and no database to be had."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_five_days_after_the_last_friday_before_christmas_are_explained_day_by_day() -> None:
    answer = ask("add", "2026-12-18", "5").splitlines()
    assert answer[0] == "5 working days after Friday 18 December 2026: Tuesday 29 December 2026"
    assert answer[1] == "  Friday 18 December 2026: day zero, not counted"
    assert "  Friday 25 December 2026: skipped: Christmas Day" in answer
    assert "  Monday 28 December 2026: skipped: Boxing Day (substitute day)" in answer
    assert answer[-2] == "  Tuesday 29 December 2026: day 5"
    assert answer[-1] == f"Calendar {COMMITTED.edition}, known until 31 December 2028."


def test_a_negative_number_counts_backwards() -> None:
    answer = ask("add", "2027-01-08", "-7").splitlines()
    assert answer[0] == "7 working days before Friday 8 January 2027: Tuesday 29 December 2026"
    assert answer[2] == "  Thursday 7 January 2027: day 1"
    assert answer[-2] == "  Tuesday 29 December 2026: day 7"


def test_the_json_answer_is_the_receipt() -> None:
    answer = json.loads(ask("add", "2026-12-18", "5", "--json"))
    assert answer["start"] == "2026-12-18"
    assert answer["due"] == "2026-12-29"
    assert {"day": "2026-12-25", "reason": "Christmas Day"} in answer["skipped"]
    assert answer["edition"] == COMMITTED.edition
    assert answer["horizon"] == "2028-12-31"
    assert len(answer["counted"]) == answer["count"] == 5


def test_between_two_days_the_number_is_printed() -> None:
    assert ask("between", "2026-12-18", "2026-12-29") == "5\n"
    assert ask("between", "2026-12-29", "2026-12-18") == "-5\n"
    answer = json.loads(ask("between", "2026-12-18", "2026-12-29", "--json"))
    assert answer["working_days"] == 5
    assert answer["edition"] == COMMITTED.edition


def test_a_batch_answers_each_row_and_refuses_a_row_past_the_horizon_in_its_place(
    tmp_path: Path,
) -> None:
    batch = tmp_path / "batch.csv"
    batch.write_text(
        "\ufeffstart_date,working_days\r\n2026-12-18,5\r\n2028-12-29,1\r\n\r\n2027-01-08,-7\r\n",
        encoding="utf-8",
    )
    lines = ask("--batch", str(batch)).splitlines()
    assert lines[0] == "start_date,working_days,due_date"
    assert lines[1] == "2026-12-18,5,2026-12-29"
    assert lines[2].startswith('2028-12-29,1,"refused: Bank holidays in England and Wales')
    assert lines[3:] == ["2027-01-08,-7,2026-12-29"]


def test_a_bare_answer_has_the_edition_beside_it(tmp_path: Path) -> None:
    batch = tmp_path / "batch.csv"
    batch.write_text("start_date,working_days\n2026-12-18,5\n", encoding="utf-8")
    named = f"Calendar {COMMITTED.edition}, known until 31 December 2028.\n"
    assert said_beside("--batch", str(batch)) == named
    assert said_beside("between", "2026-12-18", "2026-12-29") == named
    # Where the answer itself names it, it is not said twice.
    assert said_beside("between", "2026-12-18", "2026-12-29", "--json") == ""
    assert said_beside("add", "2026-12-18", "5") == ""


def test_a_batch_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.TextIOWrapper(io.BytesIO(b"working_days,start_date\n0,2026-12-18\n"))
    monkeypatch.setattr(sys, "stdin", kept)
    assert ask("--batch", "-").splitlines()[1:] == ["2026-12-18,0,2026-12-18"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"start,days\n2026-12-18,5\n", "names the columns start_date,working_days"),
        (b"", "names the columns start_date,working_days"),
        (b"start_date,working_days\n2026-12-18,5\n18/12/2026,5\n", "Line 3: '18/12/2026'"),
        (b"start_date,working_days\n2026-12-18,five\n", "Line 2: 'five' is not a whole number"),
        (b"start_date,working_days\n2026-12-18\n", "Line 2: '' is not a whole number"),
        (b"\xff\xfe\x00", "it is not a CSV text file"),
        (b'start_date,working_days\n"' + b"x" * 200_000 + b'",5\n', "it is not a CSV text file"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, content: bytes, why: str
) -> None:
    batch = tmp_path / "batch.csv"
    batch.write_bytes(content)
    with pytest.raises(CommandError, match=why) as refusal:
        ask("--batch", str(batch))
    assert refusal.value.returncode == 2


def test_a_batch_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        ask("--batch", str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "2026-12-18", "five"),
        ("add", "2026-12-18", "5.0"),
        ("add", "2026-12-18", "1_0"),
        ("add", "2026-12-18", "\u0665"),
        ("add", "18 December 2026", "5"),
        ("add", "2026-02-30", "5"),
        ("add", "2026-W51-5", "5"),
        ("add", "2026-12-18"),
        ("add", "2028-12-29", "1"),
        ("add", "2011-12-30", "1"),
        ("between", "2026-12-18", "5"),
        ("between", "2026-12-18", "2029-01-01"),
        ("subtract", "2026-12-18", "5"),
        ("add", "2026-12-18", "5", "6"),
        ("--batch", "x.csv", "--json"),
        (),
    ],
)
def test_wrong_input_and_a_date_past_the_horizon_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refusal:
        ask(*arguments)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith((".", "help."))


@pytest.mark.parametrize(
    "arguments",
    [("add", "2028-12-29", "1"), ("add", "2026-12-18", "-5x"), ("add", "tomorrow", "1")],
)
def test_at_a_terminal_a_refusal_is_one_sentence_and_exit_2(arguments: tuple[str, ...]) -> None:
    run = at_a_terminal("working_days", *arguments)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("Refused: ")
    assert run.stderr.count("\n") == 1


def test_neither_command_needs_a_setting_or_a_database() -> None:
    counted = at_a_terminal("working_days", "add", "2027-01-08", "-7", "--json")
    assert (counted.returncode, json.loads(counted.stdout)["due"]) == (0, "2026-12-29")
    checked = at_a_terminal("law", "--check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_help_shows_how_to_count_backwards() -> None:
    run = at_a_terminal("working_days", "--help")
    assert run.returncode == 0
    assert "working_days add 2027-01-08 -7" in run.stdout
