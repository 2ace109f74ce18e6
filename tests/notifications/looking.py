"""Who finds whose children, and what of them stands in the indexes."""

from typing import Any

from notifications import duplicates
from notifications.known import children
from notifications.models import ChildDigest, NationalDigest
from notifications.sections import Lists, Paper
from notifications.services import paper_of
from tests import sight
from tests.notifications.answers import (
    BASIS,
    CHILD,
    sent,
    sign_in,
    when,
)
from tests.story import Cast, day
from workflow.models import Case, Person
from workflow.sealed import blind
from workflow.sealed.blind import Veil

ON = day("2026-11-20")
RHYS = {
    "name": {**CHILD["name"], "given": "Rhys", "family": "Other"},
    "birth": {**CHILD["birth"], **when("born_on", "2015-05-05")},
    "school": {**CHILD["school"], "nhs_number": ""},
}
NAMELESS = {"name": {"given-not-known": "not-known", "family-not-known": "not-known", "others": ""}}
NO_NUMBER = {"school": {**CHILD["school"], "nhs_number": ""}}


def paper(case: Case) -> Paper:
    fresh = Case.objects.select_related("notification", "authority").get(pk=case.pk)
    return paper_of(fresh, on=ON, lists=Lists(ON))


def of_southfen(everyone: Cast, changes: dict[str, Any] | None = None) -> Case:
    """Cara's notification, sent."""
    sign_in(everyone.cara).post("/notifications/new/start/", BASIS)
    draft = Case.objects.filter(authority=everyone.southfen).latest("pk")
    return sent(draft, everyone.cara, changes)


def found_by(person: Person, case: Case) -> list[int]:
    """In which cases a person finds the children of one, as the database shows them to that one."""
    asked = paper(case)
    with sight.of(person, on=ON):
        alike = duplicates.same_children(asked, by=person, on=ON)
    return [one.case.pk for one in alike]


def found_at_home(person: Person, case: Case) -> list[int]:
    asked = paper(case)
    with sight.of(person, on=ON):
        return [one.case.pk for one in duplicates.looks_like(asked, by=person, on=ON)]


def veil(body: Any) -> Veil:
    found = blind.veil_of(body.pk)
    assert found
    return found


def words(case: Case) -> set[str]:
    """What the children of a case are found by."""
    return {word for one in children(paper(case)).values() for word in one.marks()}


def owns(case: Case) -> set[bytes]:
    rows = ChildDigest.objects.filter(case=case)
    return {bytes(one) for one in rows.values_list("digest", flat=True)}


def nationwide(case: Case, panel: Veil) -> set[bytes]:
    rows = NationalDigest.objects.values_list("place", "digest")
    return {bytes(digest) for place, digest in rows if panel.case_at(place) == case.pk}
