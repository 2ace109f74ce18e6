"""Another notification of the same incident, and the same child in another authority's case.

An authority looks in its own recent cases only: a case of another is never compared, so that
nothing of it shows. The Panel's people, who see both, look in all.

No case is opened to find out that it is another: what is alike is found by digests (see `index`),
or by the codes and dates that rest in clear, and only what was found is opened and compared. So it
takes as long among many cases as among few.

A large authority has several incidents in three days, and a question asked every time is answered
without being read. So the same days and area are not enough: the outcome must be the same too, and
there must be a child in each whom nothing known sets apart (birth date, name, age). What is not
known sets nobody apart: a child without a name yet is asked about.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from notifications import index
from notifications.document import NOTIFICATION
from notifications.facts import CHILDREN
from notifications.known import Known, children, perhaps_one, same_child
from notifications.sections import Paper
from workflow.access import shown
from workflow.access.policy import may
from workflow.models import Answers, Case, Event, Person
from workflow.sealed.errors import SealedError
from workflow.sealed.names import document_of

log = logging.getLogger(__name__)

NEARBY = timedelta(days=3)
RECENT = timedelta(days=365)
MOST = 200
ACT = "found_not_a_duplicate"


@dataclass(frozen=True)
class Likeness:
    """Another case that looks like this one, and why."""

    case: Case
    because: str


def looks_like(paper: Paper, *, by: Person, on: date) -> list[Likeness]:
    """The authority's own cases of the last year that may be the same incident."""
    case, mine = paper.case, list(children(paper).values())
    cases = Case.objects.visible_to(by, on)
    recent = cases.filter(authority=case.authority_id, opened_on__gte=on - RECENT)
    # Each is asked for alone: of the two together no index of the database knows.
    alike = index.in_authority(case.authority_id, mine)
    alike |= set(_nearby(recent, case).values_list("pk", flat=True))
    cases = recent.filter(pk__in=alike)
    found = []
    for other, theirs in _opened(cases, case, on=on):
        because = _because(case, mine, other, theirs)
        if because:
            found.append(Likeness(other, because))
    return found


def same_children(paper: Paper, *, by: Person, on: date) -> list[Likeness]:
    """Cases of whatever authority that tell of one of these children, for the Panel's people.

    Nobody else is told anything: theirs is an empty list.
    """
    case = paper.case
    if not may(by, "find.same_child", case, on):
        return []
    mine = list(children(paper).values())
    cases = Case.objects.visible_to(by, on).filter(pk__in=index.everywhere(mine))
    found = []
    # The service compares, and shows no word of the others: in the log of looks they are listed.
    with shown.watching():
        for other, theirs in _opened(cases, case, on=on):
            if because := _same(mine, theirs):
                found.append(Likeness(other, because))
    return found


def is_settled(case: Case) -> bool:
    """Whether somebody has already said why this is a different incident."""
    cycle = case.notification.cycle
    return Event.objects.filter(case=case, act=ACT, payload__cycle=cycle).exists()


def _nearby(cases: QuerySet[Case], case: Case) -> QuerySet[Case]:
    """Those of the same days, area and outcome; none where one of these is not known."""
    if not (case.incident_on and case.place and case.outcome):
        return cases.none()
    days = (case.incident_on - NEARBY, case.incident_on + NEARBY)
    return cases.filter(incident_on__range=days, place=case.place, outcome=case.outcome)


def _opened(cases: QuerySet[Case], case: Case, *, on: date) -> Iterable[tuple[Case, list[Known]]]:
    """These cases, but for the one they are like, each with its children."""
    chosen = cases.exclude(pk=case.pk).select_related("notification", "authority")
    by_id = {other.pk: other for other in chosen.order_by("-opened_on", "-pk")[:MOST]}
    wanted = [CHILDREN, f"{CHILDREN}.birth", f"{CHILDREN}.school"]
    rows: dict[int, dict[tuple[str, str], Answers]] = {pk: {} for pk in by_id}
    kept = Answers.objects.filter(case__in=by_id, section__in=wanted, removed_at__isnull=True)
    for row in kept.order_by("section", "order", "pk"):
        row.case = by_id[row.case_id]
        if row.document == document_of(row.case.notification.cycle):
            rows[row.case_id][row.section, row.item] = row
    for pk, other in by_id.items():
        paper = Paper(other, NOTIFICATION, document_of(other.notification.cycle), rows[pk], on=on)
        try:
            theirs = list(children(paper).values())
        except (SealedError, OSError) as trouble:
            # What can't be read can't be compared; whoever writes is warned of the others.
            log.warning("a case could not be compared: %s", trouble)
            continue
        yield other, theirs


def _because(case: Case, mine: list[Known], other: Case, theirs: list[Known]) -> str:
    if because := _same(mine, theirs):
        return because
    if not (case.incident_on and other.incident_on and case.place and case.outcome):
        return ""
    near = abs(case.incident_on - other.incident_on) <= NEARBY
    alike = (case.place, case.outcome) == (other.place, other.outcome)
    if near and alike and any(perhaps_one(one, two) for one in mine for two in theirs):
        return "The same outcome within 3 days in the same area, and perhaps the same child"
    return ""


def _same(mine: list[Known], theirs: list[Known]) -> str:
    found = (same_child(one, two) for one in mine for two in theirs)
    return next(filter(None, found), "")
