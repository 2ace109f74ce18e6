"""What must fit before a notification is sent: each refusal names its page and what to do."""

from datetime import date
from typing import Any

import pytest

from notifications import rules
from notifications.document import NOTIFICATION
from notifications.facts import age_of, band_of, years
from notifications.sections import Paper, Problem
from tests.notifications.answers import CHILD, PAGES, as_typed, when
from workflow.models import Answers, Case

ON = date(2026, 11, 20)


def paper(changes: dict[str, dict[str, Any]] | None = None, **more: dict[str, Any]) -> Paper:
    """A notification of one child, as it would rest, without a database."""
    changed = {**(changes or {}), **{name.replace("_", "-"): said for name, said in more.items()}}
    case = Case(token="0" * 12)
    rows: dict[tuple[str, str], Answers] = {}
    empty = Paper(case, NOTIFICATION, "notification", {}, on=ON)
    nothing: dict[str, Any] = {}
    once = {**dict.fromkeys(set(changed) - set(CHILD), nothing), **PAGES}
    pages = [(page, "", typed) for page, typed in once.items()]
    for page, item, typed in [*pages, *((page, "1", typed) for page, typed in CHILD.items())]:
        section, kept = empty.leaf(page, item).key
        row = Answers(document="notification", section=section, item=kept)
        row.answers = as_typed({**typed, **changed.get(page, {})})
        rows[section, kept] = row
    return Paper(case, NOTIFICATION, "notification", rows, on=ON)


def said(found: list[Problem]) -> list[tuple[str, str]]:
    """Each problem as (page, words)."""
    return [(problem.leaf.page.slug if problem.leaf else "", problem.text) for problem in found]


DIED = {
    "basis": {"happened": "died"},
    "status": {"status": "neither"},
    "part": {"fate": "died", **when("died_on", "2026-11-18")},
}
LEAVER = {
    **DIED,
    "basis": {"happened": "died", "age": "18_to_24"},
    "status": {"status": "care_leaver"},
}


def test_a_notification_that_fits_is_not_refused() -> None:
    assert said(rules.refusals(paper(), on=ON)) == []
    assert said(rules.refusals(paper(DIED), on=ON)) == []


@pytest.mark.parametrize(
    ("changes", "page", "words"),
    [
        (
            {"awareness": when("aware_on", "2026-11-17")},
            "awareness",
            "can’t have become aware before the incident on 18 November 2026",
        ),
        ({"birth": when("born_on", "2026-11-19")}, "birth", "must not be after the incident"),
        (
            {"birth": when("born_on", "2008-11-18")},
            "birth",
            "This person was 18. A child is anyone under 18",
        ),
        (
            {**DIED, "birth": when("born_on", "2026-11-19")},
            "part",
            "The date of death must not be before the date of birth",
        ),
        (
            {**DIED, "part": {"fate": "died", **when("died_on", "2026-11-10")}},
            "part",
            "must not be before the incident on 18 November 2026",
        ),
        ({"basis": {"happened": "died"}}, "part", "You said that a child died"),
        ({"part": DIED["part"]}, "part", "You said that no child died"),
        (
            {**LEAVER, "birth": when("born_on", "2000-01-01")},
            "birth",
            "Deaths of care leavers are notified up to the age of 24",
        ),
        (
            {
                "basis": {"place": "outside_england"},
                "home": {"residence": "elsewhere"},
            },
            "home",
            "the authority where the child normally lives notifies",
        ),
    ],
)
def test_what_does_not_fit_is_refused_where_it_can_be_put_right(
    changes: dict[str, dict[str, Any]], page: str, words: str
) -> None:
    found = said(rules.refusals(paper(changes), on=ON))
    assert [(where, words in text) for where, text in found] == [(page, True)], found


def test_a_death_is_not_refused_where_what_happened_is_not_known_yet() -> None:
    known = paper(basis={"happened": "not-known"}, part=DIED["part"])
    assert said(rules.refusals(known, on=ON)) == []
    leaf = known.leaf("part", "1")
    assert said(rules.refusals_here(known, leaf, on=ON)) == []
    (found,) = said(rules.warnings(known))
    assert found[0] == "basis"
    assert "answered “Not known yet”, but a child here has died" in found[1]


def test_all_of_it_is_said_at_once() -> None:
    changes = {
        "awareness": when("aware_on", "2026-11-17"),
        "birth": when("born_on", "2026-11-19"),
        "basis": {"happened": "died"},
    }
    assert len(rules.refusals(paper(changes), on=ON)) == 3


def test_a_care_leaver_of_24_is_notified() -> None:
    changes = {**LEAVER, "birth": when("born_on", "2002-01-01")}
    assert said(rules.refusals(paper(changes), on=ON)) == []


def test_the_day_of_the_18th_birthday_is_no_childhood() -> None:
    assert age_of(paper({"birth": when("born_on", "2008-11-19")}), "1") == 17
    assert age_of(paper({"birth": when("born_on", "2008-11-18")}), "1") == 18


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2020-02-29", "2026-02-28", 5),
        ("2020-02-29", "2026-03-01", 6),
        ("2026-11-18", "2026-11-18", 0),
    ],
)
def test_whole_years(born: str, on: str, age: int) -> None:
    assert years(date.fromisoformat(born), date.fromisoformat(on)) == age


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ({"basis": "unborn", "due_on-not-known": "not-known"}, "unborn"),
        ({"basis": "estimated", "age": "0"}, "under_1"),
        ({"basis": "estimated", "age": "5"}, "1_to_5"),
        ({"basis": "estimated", "age": "6"}, "6_to_10"),
        ({"basis": "estimated", "age": "15"}, "11_to_15"),
        ({"basis": "estimated", "age": "17"}, "16_to_17"),
        ({"basis": "estimated", "age": "24"}, "18_to_24"),
        ({"basis": "not-known"}, "not-known"),
    ],
)
def test_the_published_bands(birth: dict[str, str], band: str) -> None:
    assert band_of(paper({"birth": birth}), "1") == band


def test_an_incident_on_an_unknown_date_counts_the_age_from_awareness() -> None:
    unknown = paper({"when": {"exactness": "not-known"}, "birth": when("born_on", "2008-11-20")})
    assert age_of(unknown, "1") == 17


def test_a_name_in_the_description_is_a_warning_that_does_not_repeat_it() -> None:
    found = rules.warnings(paper({"description": {"description": "Nia fell."}}))
    assert [problem.leaf.page.slug for problem in found if problem.leaf] == ["description"]
    assert "Nia" not in found[0].text


def test_another_authoritys_area_is_a_warning() -> None:
    found = rules.warnings(paper({"basis": {"place": "elsewhere_in_england"}}))
    assert "The authority of the place" in found[0].text


def test_nothing_missing_is_blank_but_not_known_is_an_answer() -> None:
    known = paper()
    assert [problem.text for problem in known.problems()] == []
    assert len(known.not_known()) == 3
