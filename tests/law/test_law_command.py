"""`manage.py law`, and that the committed page says what the service computes."""

import datetime as dt
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.law.limits import with_limit
from workflow.law import bodies, document, duties, instruments, readings
from workflow.law.calendar import COMMITTED
from workflow.law.words import short_date

COMMITTED_PAGE = Path(__file__).resolve().parents[2] / "docs" / "law.md"


def law(*arguments: str) -> str:
    out = StringIO()
    call_command("law", *arguments, stdout=out)
    return out.getvalue()


def test_the_committed_page_is_what_the_command_prints() -> None:
    assert COMMITTED_PAGE.read_text(encoding="utf-8") == law(), (
        "docs/law.md is stale: run manage.py law --write"
    )
    assert law("--check") == ""


def test_a_stale_page_is_refused_and_a_written_one_is_current(
    tmp_path: Path, settings: Settings
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match=r"docs/law.md is stale") as refusal:
        law("--check")
    assert refusal.value.returncode == 1
    assert law("--write") == ""
    assert law("--check") == ""
    page = tmp_path / "docs" / "law.md"
    page.write_text(page.read_text(encoding="utf-8").replace("5 working", "6 working", 1))
    with pytest.raises(CommandError):
        law("--check")


def test_the_page_names_every_duty_reading_body_and_instrument() -> None:
    page = law()
    for duty in duties.ALL:
        assert f"### {duty.code}. {duty.title}\n" in page
        assert all(citation.words in page for citation in duty.cites)
    assert all(f"### {reading.question}\n" in page for reading in readings.ALL)
    assert all(f"| {body.name} |" in page for body in bodies.ALL)
    assert all(instrument.title in page for instrument in instruments.ALL)
    assert COMMITTED.edition in page
    assert duties.EDITION in page


def test_the_page_claims_no_setting_that_is_not_built() -> None:
    page, missing = law(), COMMITTED_PAGE.with_name("not-built-yet.md").read_text(encoding="utf-8")
    assert "A local partnership's own working steps as settings." in missing
    assert "this service keeps none of them ([what is not built yet](not-built-yet.md))" in page


def test_the_page_draws_the_three_machines() -> None:
    assert law().count("stateDiagram-v2") == 3


def test_every_limit_not_read_in_a_text_is_marked_on_the_page() -> None:
    page = document.render()
    for duty in duties.ALL:
        for limit in duty.limits:
            line = next(
                line
                for line in page.splitlines()
                if line.startswith(f"- from {short_date(limit.since)}, ")
                and limit.words in line
                and limit.citation.words in line
            )
            assert ("**(unverified)**" in line) == (not limit.verified)


def test_every_link_on_the_page_leads_to_a_heading() -> None:
    page = document.render()
    headings = {
        re.sub(r"[^a-z0-9 _-]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in page.splitlines()
        if line.startswith("#")
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links
    assert links <= headings


def test_on_a_day_what_is_in_force_comes_first() -> None:
    page = law("--on", "2023-12-14")
    assert "## In force on Thursday 14 December 2023" in page
    assert "| D4 | Notify a care leaver’s death | not in force |" in page
    assert "Notified body: Child Safeguarding Practice Review Panel" in page
    assert "within 5 working days | 29 June 2018" in page


def test_before_the_panel_nothing_was_in_force() -> None:
    page = document.render(on=dt.date(2018, 6, 28))
    assert "Notified body: No body received these notifications before 29 June 2018." in page
    assert page.count("| not in force |") == len(duties.ALL)


@pytest.mark.parametrize("wrong", ["18/12/2026", "2026-02-30", "20261218"])
def test_a_day_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match="is not a date"):
        law("--on", wrong)


def test_a_drawing_that_is_bare_is_fenced() -> None:
    assert "```mermaid\nstateDiagram-v2\n```" in document.render(diagrams="stateDiagram-v2")
    assert "## States" not in document.render()


def test_an_announced_change_and_a_relaxation_are_shown_as_not_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three = duties.Limit(
        since=dt.date(2027, 4, 1),
        working_days=3,
        citation=duties.NOTIFY_THE_PANEL.limits[0].citation,
        expected=True,
    )
    changed = with_limit(duties.NOTIFY_THE_PANEL, three)
    monkeypatch.setattr(duties, "ALL", (changed, *duties.ALL[1:]))
    page = document.render()
    assert "- from 1 April 2027, expected and not computed: within 3 working days." in page
    assert 'relaxed, which is not computed: the limit "within 15 working days"' in page
    assert "| D1 | Notify the Panel | must / should | within 5 working days |" in page
