"""A correction in words, and a child in codes."""

from collections.abc import Mapping
from typing import Any

from notifications.facts import age_of, band_of
from notifications.models import Amendment, IncidentChild
from notifications.programs import FINISHED
from notifications.sections import Leaf, Paper
from workflow.forms import Row
from workflow.machine.case import Case

BANDS = {
    "unborn": "Not yet born",
    "under_1": "Under 1",
    "1_to_5": "1 to 5",
    "6_to_10": "6 to 10",
    "11_to_15": "11 to 15",
    "16_to_17": "16 to 17",
    "18_to_24": "18 to 24",
    "not-known": "Not known yet",
}
# A task's title is an order; a reader's heading is not.
READ_AS = {
    "why": "Why it was notified",
    "aware": "When the authority became aware",
    "contact": "Contact",
    "incident": "When and where it happened",
    "what": "What happened",
    "response": "What has been done since",
    "children": "The children",
    "adults": "Family members and other adults",
    "agencies": "Who else has been told",
    "late": "Why it was late",
}
# What the children's tab tells of each child without naming it: (page, question).
TOLD = (
    ("part", "role"),
    ("part", "fate"),
    ("birth", "sex"),
    ("ethnicity", "ethnicity"),
    ("health", "disabilities"),
    ("school", "status"),
    ("home", "living"),
    ("social-care", "known"),
    ("social-care", "in_need"),
    ("social-care", "need"),
    ("social-care", "protection"),
    ("social-care", "looked_after"),
)

# What a page that identifies somebody asks besides, which identifies nobody.
BESIDE_THE_NAMES = {
    "birth": ("sex",),
    "school": ("status",),
    "home": ("residence", "living"),
    "adult": ("relation", "lived_with", "under_18"),
}


def nameless_rows(paper: Paper, leaf: Leaf, sent: IncidentChild | None) -> list[Row]:
    """What was answered on a page, without what identifies somebody: an age for a birth date."""
    rows = answered(paper, leaf)
    if not leaf.page.identifying:
        return rows
    told = [row for row in rows if row.name in BESIDE_THE_NAMES.get(leaf.page.slug, ())]
    if leaf.page.slug == "birth" and paper.row(leaf) is not None:
        known = band_of(paper, leaf.item) != "not-known"
        age = _age(paper, leaf.item, sent)
        told.insert(0, Row("age", "Age", age, "" if known else "not known", ""))
    return told


def answered(paper: Paper, leaf: Leaf) -> list[Row]:
    """What was answered on a page; optional questions left empty are left out."""
    rows = paper.form(leaf).asked_rows() if paper.row(leaf) else []
    return [row for row in rows if row.gap != "empty" and row.name != FINISHED]


def _age(paper: Paper, item: str, sent: IncidentChild | None) -> str:
    age = age_of(paper, item)
    words = BANDS[sent.age_band if sent else band_of(paper, item)]
    return f"{age}" if age is not None and age >= 1 else words


def without_date(case: Case) -> str:
    """Why no clock of notifying runs, and what would start one."""
    if case.aware_on is None:
        return (
            "No date is due yet. Say why you are notifying and when the authority became aware: "
            "the date due is then shown at once."
        )
    if case.route.duties:
        return "No date for notifying runs now. The dates of the case are on its own page."
    if case.route.voluntary:
        return (
            "No date is due: no duty to notify arises. The notification may be sent to the Panel "
            "all the same."
        )
    if case.route.undetermined:
        return (
            "No date is due yet: as answered so far, it is not decided whether a duty to notify "
            "arises. The date due is shown as soon as one does."
        )
    return (
        "No date is due: as answered, no duty to notify arises. The date due is shown as soon as "
        "one does."
    )


def coded_rows(paper: Paper, item: str, sent: IncidentChild | None) -> list[dict[str, str]]:
    """What is told of a child without its names: age and codes."""
    rows = [{"key": "Age", "text": _age(paper, item, sent)}]
    for page, name in TOLD:
        leaf = paper.leaf(page, item)
        if not leaf.page.applies(paper, item) or paper.row(leaf) is None:
            continue
        found = next((row for row in paper.form(leaf).asked_rows() if row.name == name), None)
        if found and found.gap != "empty":
            rows.append({"key": found.label, "text": found.text})
    return rows


def changes_of(paper: Paper, row: Amendment) -> dict[str, Any]:
    """A correction: what it said before and says now, question by question, and why.

    Of a page that identifies somebody only the questions are told: the words are with the names.
    """
    leaf = paper.leaf(row.page, row.item)
    hidden = leaf.page.identifying
    return {
        "title": " – ".join(filter(None, (leaf.item_name, leaf.page.title))),
        "by": row.by.name,
        "at": row.at,
        "reason": row.reason,
        "hidden": hidden,
        "changes": _changes(paper, leaf, row.before, row.after),
    }


def _changes(
    paper: Paper, leaf: Leaf, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, str]]:
    old = {row.name: row for row in paper.bound(leaf, before).rows()}
    new = paper.bound(leaf, after).rows()
    return [
        {
            "key": row.label,
            "before": old[row.name].text if row.name in old else "",
            "after": row.text,
        }
        for row in new
        if row.name not in old or old[row.name].text != row.text
    ]
