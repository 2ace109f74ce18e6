"""Another notification of the same incident: looked for in the authority's own recent cases only.

A case of another authority is never compared here, so that nothing of it shows.

A large authority has several incidents in three days, and a question asked every time is answered
without being read. So the same days and area are not enough: the outcome must be the same too, and
there must be a child in each whom nothing known sets apart (birth date, name, age). What is not
known sets nobody apart: a child without a name yet is asked about.
"""

import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from notifications.document import NOTIFICATION, name_of
from notifications.facts import CHILDREN, years
from notifications.pages import child
from notifications.rules import items
from notifications.sections import Paper
from workflow.forms import NOT_KNOWN
from workflow.models import Answers, Case, Event, Person
from workflow.sealed.errors import KeyMissingError

NEARBY = timedelta(days=3)
RECENT = timedelta(days=365)
MOST = 200
ALIKE = 0.8
YEARS_APART = 1
"""An estimated age is seldom better than this, so that far apart is still perhaps one child."""
ACT = "found_not_a_duplicate"


@dataclass(frozen=True)
class Likeness:
    """Another case of the authority that looks like this one, and why."""

    case: Case
    because: str


@dataclass(frozen=True)
class _Known:
    born_on: date | None
    names: str
    nhs_number: str
    age: int | None


def looks_like(paper: Paper, *, by: Person, on: date) -> list[Likeness]:
    """The authority's own cases of the last year that may be the same incident."""
    mine = _children(paper)
    found = []
    for other in _own_recent(paper.case, by=by, on=on):
        # What can't be read any more can't be compared; whoever writes is warned of the others.
        with suppress(KeyMissingError):
            because = _because(paper.case, mine, other)
            if because:
                found.append(Likeness(other.case, because))
    return found


def is_settled(case: Case) -> bool:
    """Whether somebody has already said why this is a different incident."""
    cycle = case.notification.cycle
    return Event.objects.filter(case=case, act=ACT, payload__cycle=cycle).exists()


def _own_recent(case: Case, *, by: Person, on: date) -> list[Paper]:
    cases = (
        Case.objects.visible_to(by, on)
        .filter(authority=case.authority_id, opened_on__gte=on - RECENT)
        .exclude(pk=case.pk)
        .select_related("notification")
        .order_by("-opened_on", "-pk")[:MOST]
    )
    by_id = {other.pk: other for other in cases}
    wanted = [CHILDREN, f"{CHILDREN}.birth", f"{CHILDREN}.school"]
    rows: dict[int, dict[tuple[str, str], Answers]] = {pk: {} for pk in by_id}
    kept = Answers.objects.filter(case__in=by_id, section__in=wanted, removed_at__isnull=True)
    for row in kept.order_by("section", "order", "pk"):
        row.case = by_id[row.case_id]
        if row.document == name_of(row.case.notification.cycle):
            rows[row.case_id][row.section, row.item] = row
    return [
        Paper(other, NOTIFICATION, name_of(other.notification.cycle), rows[pk], on=on)
        for pk, other in by_id.items()
    ]


def _because(case: Case, mine: list[_Known], other: Paper) -> str:
    theirs = _children(other)
    for one in mine:
        for two in theirs:
            if one.nhs_number and one.nhs_number == two.nhs_number:
                return "The same NHS number"
            if one.born_on and one.born_on == two.born_on and _alike(one.names, two.names):
                return "The same date of birth and a similar name"
    first, second = case.incident_on, other.case.incident_on
    if not first or not second or abs(first - second) > NEARBY:
        return ""
    same_place = bool(case.place) and case.place == other.case.place
    same_outcome = bool(case.outcome) and case.outcome == other.case.outcome
    perhaps_one = any(_perhaps_one(one, two) for one in mine for two in theirs)
    if same_place and same_outcome and perhaps_one:
        return "The same outcome within 3 days in the same area, and perhaps the same child"
    return ""


def _perhaps_one(one: _Known, two: _Known) -> bool:
    """Whether nothing that is known of two children sets them apart."""
    if one.nhs_number and two.nhs_number:
        return one.nhs_number == two.nhs_number
    if one.born_on and two.born_on and one.born_on != two.born_on:
        return False
    if one.age is not None and two.age is not None and abs(one.age - two.age) > YEARS_APART:
        return False
    return _alike(one.names, two.names)


def _children(paper: Paper) -> list[_Known]:
    return [_known(paper, item) for item in items(paper)]


def _known(paper: Paper, item: str) -> _Known:
    names = " ".join(_text(paper.value("name", part, item)) for part in ("given", "family"))
    # What was typed under another way of knowing the age stays typed, and counts for nothing.
    basis = paper.value("birth", "basis", item)
    born = paper.value("birth", "born_on", item) if basis == child.BORN_ON else None
    number = _text(paper.value("school", "nhs_number", item))
    known = born if isinstance(born, date) else None
    return _Known(known, _folded(names), number, _age(paper, item, known))


def _age(paper: Paper, item: str, born_on: date | None) -> int | None:
    """In whole years as estimated, else by the day of the incident; None where neither is known."""
    estimated = paper.value("birth", "age", item)
    if isinstance(estimated, int) and born_on is None:
        return estimated
    happened_on = paper.case.incident_on
    return years(born_on, happened_on) if born_on and happened_on else None


def _text(value: Any) -> str:
    return "" if value is None or value is NOT_KNOWN else str(value)


def _folded(name: str) -> str:
    """A name without accents, punctuation and case, so that spellings can be compared."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(
        "".join(c if c.isalpha() else " " for c in letters if not unicodedata.combining(c)).split()
    )


def _alike(one: str, two: str) -> bool:
    """Similar enough to be asked about. Twins share a birthday and a last name, so all counts."""
    if not one or not two:
        return True
    return SequenceMatcher(None, one, two).ratio() >= ALIKE
