"""A rapid review as a program puts it before the partners and sends it."""

from copy import deepcopy
from typing import Any

from tests.notifications.api.filed import read, send
from tests.reviews.telling import Told, text
from workflow.machine.token import grouped

TODAY = "2026-12-01"
NK = "not-known"
SCOPES = ("cases.read", "rapid_reviews.write")
CHAPTERS = (
    "family summary involvement practice voice equality good-practice safety learning contact"
)
PAGES: dict[str, dict[str, Any]] = {
    "meeting": {"met_on": NK, "other_areas": False},
    **{slug: {"text": text(slug)} for slug in CHAPTERS.split()},
    "timeline": {"since": NK, "until": NK, "text": text("timeline")},
    "themes": {"themes": ["challenge", "babies"]},
    "parallel": {"processes": ["inquest"], "text": text("inquest")},
    "criteria": {"criteria_met": True, "rationale": text("the criteria")},
    "local-criteria": dict.fromkeys(("improvements", "themes", "agencies", "panel_advised"), NK),
    "lcspr": {"decision": "no_sufficient_learning", "rationale": text("the decision")},
    "declined": {"decided_on": TODAY, "alternative": "audit"},
    "national": {"suggested": False},
    "gaps": {},
}
SOMEBODY = {"name": "Robin Invented", "position": "Nurse", "agency": "hospital"}
PARTNERS = ("lena", "ira", "polly")


def body(**changes: dict[str, Any]) -> dict[str, Any]:
    """A whole rapid review; `changes` are answers by page, with _ for a dash."""
    pages = deepcopy(PAGES)
    for page, said in changes.items():
        pages.setdefault(page.replace("_", "-"), {}).update(said)
    return {
        "pages": pages,
        "participants": [{"participant": dict(SOMEBODY)}],
        "agencies": [{"agency": {"agency": "gp", "contributed": "yes"}}],
    }


def here(told: Told) -> str:
    """The address of the case."""
    return f"/api/v1/cases/{grouped(told.case.token)}"


def tag(told: Told, token: str) -> str:
    """What the case's tag is now."""
    return str(read(token, here(told))["ETag"])


def put(told: Told, token: str, said: Any, *, seen: str = "", key: str = "") -> Any:
    """It is put before the partners."""
    seen = seen or tag(told, token)
    return send(token, f"{here(told)}/rapid-review", said, key=key, If_Match=seen)


def send_it(told: Told, token: str, said: Any = None, *, seen: str = "", key: str = "") -> Any:
    """It is sent."""
    seen = seen or tag(told, token)
    return send(token, f"{here(told)}/rapid-review/sending", said or {}, key=key, If_Match=seen)


def all_sign(told: Told, view: str = "agree", on: str = TODAY) -> None:
    """Every partner gives its view, on the screens' own service."""
    for who in PARTNERS:
        words = "We see it otherwise." if view == "dissent" else ""
        told.signed(who, view, on, comment=words, clock="10:00")
