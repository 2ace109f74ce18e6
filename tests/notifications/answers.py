"""Answers as a browser sends them, for every page of an invented notification."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from notifications import services
from notifications.sections import Lists
from notifications.services import keep_facts, paper_of
from tests.story import Cast
from workflow import clock
from workflow.models import Case, Person
from workflow.people import reference
from workflow.sealed import answers
from workflow.services import lock_case

NK = "not-known"
# Pages of a child that are not asked of every child.
CARE = {"care"}


def when(name: str, day: str) -> dict[str, str]:
    """A date in its three boxes, from its ISO words."""
    year, month, number = day.split("-")
    return {
        f"{name}-day": str(int(number)),
        f"{name}-month": str(int(month)),
        f"{name}-year": year,
    }


BASIS = {
    "happened": "seriously_harmed",
    "abuse": "suspected",
    "place": "in_area",
    "age": "under_18",
}
PAGES: dict[str, dict[str, Any]] = {
    "basis": BASIS,
    "partners": {"agreed": "yes", "views": ""},
    "awareness": {
        **when("aware_on", "2026-11-19"),
        "aware_time": "9:30am",
        "raised_by": "3E",
        "how": "The hospital rang.",
    },
    "contact": {
        "name": "Ada",
        "job": "Head of safeguarding",
        "phone": "01632 960001",
        "email": "ada@northmoor.example",
    },
    "when": {"exactness": "one_day", **when("began_on", "2026-11-18"), "time": "11:15pm"},
    "where": {"location": "family_home", "postcode": "ZZ1 1AA", "place": ""},
    "harm": {
        "types": ["physical_abuse", "non_accidental_injury"],
        "setting": "inside_home",
        "neglect_before": NK,
        "weapon": "no",
    },
    "description": {"description": "Child A was found with bruises.", "finished": "yes"},
    "response": {
        "investigation": "investigation",
        "coroner": "no",
        "joint_agency": NK,
        "press": "no",
    },
    "safety": {"others": "yes", "action": "Child B stays with an aunt."},
    "informed": {"informed": ["police"]},
    "informed-when": {**when("police_on", "2026-11-19"), "police_reference": "XY/1"},
    "other-processes": {"processes": ["criminal"]},
}
CHILD: dict[str, dict[str, Any]] = {
    "name": {"given": "Nia", "family": "Sample", "others": ""},
    "part": {"role": "subject", "fate": "harmed"},
    "birth": {"basis": "born_on", **when("born_on", "2021-03-27"), "sex": "F"},
    "ethnic-group": {"group": "White"},
    "ethnicity": {"ethnicity": "WBRI"},
    "background": {
        "religion": NK,
        "language": "English",
        "interpreter": "no",
        "immigration": "not_subject",
    },
    "health": {"disabilities": ["NONE"], "condition": "none", "mental": "none"},
    "school": {"status": "below_school_age", "nhs_number": "999 000 0018"},
    "home": {"residence": "here", "address": "1 Invented Street", "living": "one_parent"},
    "social-care": {
        "known": "before",
        "in_need": "never",
        "protection": "before",
        "category": "NEG",
        "looked_after": "never",
        "care_leaver": "no",
    },
    "services": {
        "section_47": "no",
        "early_help": "yes",
        "youth_justice": "no",
        "agencies": ["gp", "hospital"],
    },
}


def country(cast: Cast) -> Cast:
    """The code lists as the loader brings them, beside the cast."""
    reference._codes(reference.Count())
    return cast


def sign_in(person: Person, **options: Any) -> Client:
    """A browser in which this person is signed in."""
    client = Client(**options)
    client.force_login(person)
    return client


def at(name: str, case: Case, **more: Any) -> str:
    """The address of a page of a case."""
    return reverse(f"notifications:{name}", kwargs={"token": case.token, **more})


def hidden(html: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return found[1]


def fill(client: Client, href: str, typed: dict[str, Any], **more: str) -> Any:
    """Opens a page and sends it as typed, with what the page itself put in."""
    html = client.get(href).content.decode()
    put_in = {name: hidden(html, name) for name in ("version", "ticket")}
    return client.post(href, {**put_in, **typed, **more})


def a_draft(everyone: Cast) -> Case:
    """A draft of Ada's, begun now."""
    now = clock.now()
    on = clock.london_date(now)
    return services.start(
        authority=everyone.northmoor,
        by=everyone.ada,
        on=on,
        at=now,
        typed={"basis": as_typed(BASIS)},
        lists=Lists(on),
    )


def written(
    case: Case,
    by: Person,
    changes: dict[str, dict[str, Any]] | None = None,
    *,
    children: int = 1,
) -> Case:
    """The whole notification is filled in, without its pages: what saving them would leave."""
    with transaction.atomic():
        now = clock.now()
        found = lock_case(case.token, by=None, on=clock.london_date(now))
        return _written(found, by, changes or {}, children, now)


def _written(
    case: Case, by: Person, changed: dict[str, dict[str, Any]], children: int, now: datetime
) -> Case:
    on = clock.london_date(now)
    paper = paper_of(case, on=on, lists=Lists(on))
    wanted = [(page, "", typed) for page, typed in PAGES.items()]
    wanted += [(page, str(n + 1), typed) for n in range(children) for page, typed in CHILD.items()]
    known = {page for page, _, _ in wanted}
    wanted += [(page, "", {}) for page in changed if page not in known and page not in CARE]
    wanted += [(page, "1", {}) for page in changed if page in CARE]
    for page, item, typed in wanted:
        leaf = paper.leaf(page, item)
        said = as_typed({**typed, **changed.get(page, {})})
        row = answers.save(
            case,
            paper.name,
            *leaf.key,
            typed=said,
            seen_version=paper.version(leaf),
            by=by,
            at=now,
            complete=True,
        )
        paper = paper.with_row(row)
    keep_facts(paper, by=by, on=on, at=now)
    return Case.objects.select_related("notification", "authority").get(pk=case.pk)


def as_typed(typed: dict[str, Any]) -> dict[str, list[str]]:
    """Answers as the service keeps them."""
    return {name: [text] if isinstance(text, str) else list(text) for name, text in typed.items()}


def sent(case: Case, by: Person, changes: dict[str, dict[str, Any]] | None = None) -> Case:
    """The whole notification is filled in and sent."""
    now = clock.now()
    on = clock.london_date(now)
    case = written(case, by, changes)
    services.send(case.token, by=by, today=on, how=services.Sending(on, now))
    return Case.objects.select_related("notification", "authority").get(pk=case.pk)


def fill_all(client: Client, case: Case, changes: dict[str, dict[str, Any]] | None = None) -> None:
    """Every page of the notification with one child is filled in."""
    for page, typed in PAGES.items():
        answer = fill(
            client, at("page", case, page=page), {**typed, **(changes or {}).get(page, {})}
        )
        assert answer.status_code == 302, (page, errors(answer))
    add_child(client, case, changes)


def add_child(
    client: Client, case: Case, changes: dict[str, dict[str, Any]] | None = None, item: int = 1
) -> None:
    """One more child, with every page about it."""
    changed = changes or {}
    for page, typed in CHILD.items():
        first = page == "name"
        href = (
            at("item-add", case, section="children")
            if first
            else at("item-page", case, section="children", item=item, page=page)
        )
        answer = fill(client, href, {**typed, **changed.get(page, {})})
        assert answer.status_code == 302, (page, errors(answer))


def errors(answer: Any) -> list[str]:
    """The lines of a page's error summary."""
    html = answer.content.decode()
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    if not summary:
        return []
    return [
        re.sub(r"<[^>]+>", "", line).strip()
        for line in re.findall(r"<li>(.*?)</li>", summary[1], re.DOTALL)
    ]
