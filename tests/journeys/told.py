"""Where a journey begins: cases brought that far by the real services, on days that have been."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from notifications import services
from notifications.sections import Lists
from notifications.services import Sending, paper_of
from tests.notifications.answers import CHILD, PAGES, when
from tests.reviews.telling import Told, chapters, decision_pages
from tests.story import Cast, moment
from workflow.models import Case
from workflow.sealed import answers

Pages = Mapping[str, Mapping[str, Any]]


def texts(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Answers as a browser sends them."""
    return {name: value if isinstance(value, list) else [value] for name, value in said.items()}


def a_draft(everyone: Cast, *, opened: date, by: str = "ada") -> Case:
    """A draft as screening leaves it."""
    author = everyone.people[by]
    return services.start(
        authority=everyone.southfen if by == "cara" else everyone.northmoor,
        by=author,
        on=opened,
        at=moment(opened, "09:00"),
        typed={"basis": texts(PAGES["basis"])},
        lists=Lists(opened),
    )


def filled_in(everyone: Cast, case: Case, *, aware: date, on: date, born: date) -> Case:
    """Every page of the notification is answered, with one child."""
    # Neither name, number nor day: cases of one place must not look like the same incident.
    who = {"given-not-known": "not-known", "family-not-known": "not-known"}
    pages = {**PAGES, "when": {"exactness": "not-known"}}
    pages["awareness"] = {**PAGES["awareness"], **when("aware_on", aware.isoformat())}
    pages["informed-when"] = when("police_on", aware.isoformat())
    del pages["basis"]
    for slug, said in pages.items():
        _kept(everyone, case, slug, said, on=on)
    at, by = moment(on), everyone.ada
    name = paper_of(case, on=on).name
    row = answers.add_item(case, name, "children", typed=texts(who), by=by, at=at, complete=True)
    changed = {"birth": when("born_on", born.isoformat()), "school": {"nhs_number": ""}}
    for slug, said in CHILD.items():
        if slug != "name":
            more = {**said, **changed.get(slug, {})}
            _kept(everyone, case, slug, more, on=on, item=row.item)
    paper = paper_of(case, on=on, lists=Lists(on))
    return services.keep_facts(paper, by=by, on=on, at=at)


def _kept(
    everyone: Cast, case: Case, slug: str, said: Mapping[str, Any], *, on: date, item: str = ""
) -> None:
    paper = paper_of(case, on=on)
    leaf = paper.leaf(slug, item)
    answers.save(
        case,
        paper.name,
        *leaf.key,
        typed=texts(said),
        seen_version=paper.version(leaf),
        by=everyone.ada,
        at=moment(on),
        complete=True,
    )


def a_sent_case(everyone: Cast, *, aware: date, on: date, born: date) -> Told:
    """A notification that was filled in and sent; its rapid review is open."""
    case = a_draft(everyone, opened=aware)
    filled_in(everyone, case, aware=aware, on=aware, born=born)
    how = Sending(on, moment(on, "10:30"))
    sent = services.send(case.token, by=everyone.ada, today=on, how=how)
    return Told(everyone, sent)


def begin_the_review(told: Told, *, on: date, leaving: frozenset[str]) -> None:
    """Every page of the rapid review is answered by the business unit, apart from these."""
    day = on.isoformat()
    pages = chapters() | decision_pages("", decided_on=day, decide_by=day, met=True)
    pages["meeting"] = {"met_on-not-known": ["not-known"], "other_areas": ["no"]}
    for section in pages.keys() - leaving:
        told.typed(section, pages[section], on=day)
    somebody = {"name": ["Robin Invented"], "position": ["Nurse"], "agency": ["hospital"]}
    told.listed("participants", somebody, on=day)
    told.listed("agencies", {"agency": ["gp"], "contributed": ["yes"]}, on=day)
