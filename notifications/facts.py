"""From the answers to the case's plain facts, and to the codes that are counted. Pure."""

from datetime import date
from typing import Any

from notifications.models import BANDS, OLDEST
from notifications.pages import basis, child, incident
from notifications.sections import Paper
from workflow.forms import NOT_KNOWN
from workflow.people import codes

CHILDREN = "children"
OUTCOMES = {
    "died": "died",
    "life_threatening": "seriously_harmed",
    "seriously_harmed": "seriously_harmed",
}
NATURES = {"died": "child_death", "seriously_harmed": "serious_harm"}
UNDER_18 = {basis.UNDER_18: True, basis.TO_24: False, basis.OVER_24: False}
UNDER_25 = {basis.UNDER_18: True, basis.TO_24: True, basis.OVER_24: False}
_UPPER = ((1, "under_1"), (6, "1_to_5"), (11, "6_to_10"), (16, "11_to_15"), (18, "16_to_17"))


def facts_of_basis(answers: dict[str, Any], status: Any) -> dict[str, Any]:
    """The facts that the screening questions give; what is not known is empty or None."""
    happened, age = answers.get("happened"), answers.get("age")
    outcome = OUTCOMES.get(happened, "other") if happened else ""
    return {
        "outcome": outcome,
        "abuse": answers.get("abuse") or "",
        "place": answers.get("place") or "",
        "under_18": UNDER_18.get(age) if age else None,
        "under_25": UNDER_25.get(age) if age else None,
        **_care(outcome, status),
    }


def facts_of(paper: Paper) -> dict[str, Any]:
    """Every fact of the case that the answers give so far."""
    found: dict[str, Any] = {}
    row = paper.row(paper.leaf("basis"))
    if row is not None:
        answers = paper.form(paper.leaf("basis")).cleaned
        found |= facts_of_basis(answers, paper.value("status", "status"))
    aware = paper.form(paper.leaf("awareness"))
    if paper.row(paper.leaf("awareness")) is not None and not aware.errors:
        for name in ("aware_on", "aware_time", "suspected_on"):
            found[name] = _plain(aware.cleaned.get(name))
    began, _ended = incident_days(paper)
    if paper.row(paper.leaf("when")) is not None:
        found["incident_on"] = began
    found["children_count"] = len(paper.items(paper.document.section(CHILDREN)))
    return found


def incident_days(paper: Paper) -> tuple[date | None, date | None]:
    """The first and last day of the incident, as far as they are known."""
    exactness = paper.value("when", "exactness")
    if exactness not in (incident.ONE_DAY, incident.PERIOD):
        return None, None
    began = _plain(paper.value("when", "began_on"))
    ended = _plain(paper.value("when", "ended_on")) if exactness == incident.PERIOD else began
    return began, ended


def years(born_on: date, on: date) -> int:
    """Whole years on a day; negative before birth. A birthday on 29 February comes on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def age_of(paper: Paper, item: str) -> int | None:
    """A child's age in whole years: at death, else at the incident, else when it became known.

    None where it is not known; negative for one born after, which the rules refuse.
    """
    how = paper.value("birth", "basis", item)
    if how == child.ESTIMATED:
        estimated = paper.value("birth", "age", item)
        return estimated if isinstance(estimated, int) else None
    born = paper.value("birth", "born_on", item)
    if how != child.BORN_ON or not isinstance(born, date):
        return None
    day = age_day(paper, item)
    return years(born, day) if day else None


def age_day(paper: Paper, item: str) -> date | None:
    """The day at which a child's age is counted."""
    died = _plain(paper.value("part", "died_on", item))
    began, _ = incident_days(paper)
    known = died or began or paper.value("awareness", "aware_on")
    return known if isinstance(known, date) else None


def band_of(paper: Paper, item: str) -> str:
    """The published age band of a child."""
    if paper.value("birth", "basis", item) == child.UNBORN:
        return "unborn"
    age = age_of(paper, item)
    if age is None or age < 0:
        return codes.NOT_KNOWN
    for upper, band in _UPPER:
        if age < upper:
            return band
    return "18_to_24" if age <= OLDEST else BANDS[-1]


def code(value: Any) -> str:
    """A cleaned answer as it stands in a column: `not-known`, `yes`, `no`, a code, or empty."""
    if value is NOT_KNOWN:
        return codes.NOT_KNOWN
    if value in (True, False):
        return "yes" if value else "no"
    return str(value or "")


def many(value: Any) -> list[str]:
    """Several codes as they stand in a column."""
    return [codes.NOT_KNOWN] if value is NOT_KNOWN else list(value or [])


def _plain(value: Any) -> Any:
    return None if value is NOT_KNOWN else value


def _care(outcome: str, status: Any) -> dict[str, Any]:
    if outcome != "died" or not status:
        return {"looked_after": None, "care_leaver": None, "looked_after_by_another": False}
    return {
        "looked_after": status in (basis.HERE, basis.ELSEWHERE),
        "care_leaver": status == basis.CARE_LEAVER,
        "looked_after_by_another": status == basis.ELSEWHERE,
    }
