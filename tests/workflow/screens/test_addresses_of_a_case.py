"""The address of a page of a case stands in access logs and in browsers: it tells of no harm."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from notifications.document import NOTIFICATION
from reviews.forms.document import RAPID_REVIEW
from reviews.views.steps import PREPARING, TRIAGE
from tests.story import Cast, Story, a_case
from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import on_screen, page_of
from workflow import opaque
from workflow.board.asked import LATENESS, Asked
from workflow.board.listing import LONGEST
from workflow.delivery_log import pages
from workflow.forms import LongTextField, TextField
from workflow.law import duties
from workflow.machine.token import grouped, new_token
from workflow.models import Case, Deadline

TELLS = re.compile("death|leaver|looked-after|abuse", re.IGNORECASE)
PART = re.compile(r"<(?:\w+:)?(\w+)>")
CLOCKS = ("date-explained", "breach", "agree-later-date")
SECTIONS = [section for one in (NOTIFICATION, RAPID_REVIEW) for section in one.sections]
# All that may stand in each part of an address that is not fixed.
PARTS: dict[str, list[str]] = {
    "token": [grouped("7K2MQ9XD4TVB")],
    "duty": [duty.address for duty in duties.ALL],
    "cycle": ["1"],
    "item": ["1"],
    "key": [opaque.hide("hold", 1)],
    "number": ["1"],
    "section": [section.slug for section in SECTIONS],
    "page": [page.slug for section in SECTIONS for page in section.pages],
    "act": [step.name for step in (*TRIAGE, *PREPARING)],
    # Every question that may be answered in somebody's own words.
    "field": sorted(
        {
            name
            for section in SECTIONS
            for page in section.pages
            for name, field in page.form.base_fields.items()
            if isinstance(field, TextField | LongTextField)
        }
    ),
}


def routes(found: Iterable[Any], before: str = "") -> Iterator[str]:
    """Every route that leads to a page of a case."""
    for one in found:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "<token:token>" in route:
            yield route


def addresses(route: str) -> Iterator[str]:
    """Every address of a route."""
    fixed, names = PART.sub("{}", route), PART.findall(route)
    for parts in product(*(PARTS[name] for name in names)):
        yield "/" + fixed.format(*parts)


def test_no_address_of_a_case_tells_of_harm() -> None:
    found = [one for route in routes(get_resolver().url_patterns) for one in addresses(route)]
    assert len(found) > 300
    assert f"/cases/{PARTS['token'][0]}/late/{duties.CARE_LEAVER_DEATH.address}/1/" in found
    assert [one for one in found if TELLS.search(one)] == []


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_is_found_by_the_name_of_its_duty_in_addresses(
    duty: duties.Duty, name: str
) -> None:
    token = new_token()
    address = reverse(name, args=[token, duty.slug, 2])
    assert f"/{duty.address}/2/" in address
    assert resolve(address).kwargs == {"token": token, "duty": duty.slug, "cycle": 2}


def test_a_name_that_no_duty_has_leads_nowhere(draft: Story, as_: SignIn) -> None:
    case = reverse("case", args=[draft.case.token])
    assert Deadline.objects.filter(case=draft.case, duty="notify-the-panel", cycle=1).exists()
    assert as_("ada").get(f"{case}dates/notify-1/1/").status_code == 200
    for name in ("notify-the-panel", "notify-9", "looked-after-child-death"):
        assert as_("ada").get(f"{case}dates/{name}/1/").status_code == 404


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_no_list_of_missed_dates_tells_of_harm_beside_a_reference(duty: duties.Duty) -> None:
    kind = next(slug for slug, words in LATENESS.items() if words[0] == duty.lateness)
    asked = Asked.from_address({"kind": kind, "duty": duty.address})
    if duty.soft:
        assert asked.duty == ""
        return
    assert asked.duty == duty.slug
    # A filter that was kept by the duty's own name leads where it did.
    assert Asked.from_address({"kind": kind, "duty": duty.slug}) == asked
    assert Asked.from_address(dict(parse_qsl(asked.as_address()))) == asked
    case = Case(token=PARTS["token"][0])
    mark = LONGEST.marked(Deadline(case=case, duty=duty.slug, cycle=1))
    assert mark == f"{case.token}~{duty.address}~1"
    assert not TELLS.search(asked.as_address(after=mark))


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_the_log_of_one_case_does_not_tell_of_harm_in_its_address(duty: duties.Duty) -> None:
    typed = {"reference": "SIN-0000-0000-0000", "duty": duty.address}
    asked = pages.Asked.from_address(typed)
    assert asked.duty == duty.slug
    assert asked.as_address() == {"part": pages.REMINDERS, **typed}
    # An address that was kept by the duty's own name leads where it did.
    assert pages.Asked.from_address({**typed, "duty": duty.slug}) == asked


def test_the_filters_of_the_log_name_no_duty_in_an_address(everyone: Cast, as_: SignIn) -> None:
    asked = "/messages/?part=planned&duty=looked-after-child-death"
    page = page_of(as_("sam"), asked)
    offered = {one.attrs["value"] for one in page.all("option")}
    assert {duty.address for duty in duties.ALL} <= offered
    leads = {one.attrs["href"] for one in page.all("a")}
    assert not [one for one in offered | leads if TELLS.search(one)]
    (chosen,) = [
        one for one in page.all("option") if "selected" in one.attrs and one.attrs["value"]
    ]
    assert chosen.attrs["value"] == duties.LOOKED_AFTER_CHILD_DEATH.address


def test_the_pages_of_a_list_follow_from_one_another(everyone: Cast, as_: SignIn) -> None:
    for _ in range(14):
        a_case(everyone, aware="2026-11-02", looked_after=True, outcome="died")
    number, rows = on_screen(as_("sam"), "/late/list/?kind=guidance")
    assert int(number) == len(rows) > 25
