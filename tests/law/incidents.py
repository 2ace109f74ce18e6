"""What an incident is known to be, and what its route says, in few words."""

from typing import Any

from workflow.law.facts import Facts
from workflow.law.routes import Route

ALL_FACTS: dict[str, tuple[Any, ...]] = {
    "outcome": ("died", "seriously_harmed", "other"),
    "abuse": ("known", "suspected", "neither"),
    "place": ("in_area", "outside_england", "elsewhere_in_england"),
    "looked_after": (True, False),
    "care_leaver": (True, False),
    "under_18": (True, False),
    "under_25": (True, False),
}


def facts(**known: Any) -> Facts:
    """A child who was neither looked after nor a care leaver, unless said otherwise."""
    usual: dict[str, Any] = {
        "looked_after": False,
        "care_leaver": False,
        "under_18": True,
        "under_25": True,
    }
    return Facts(**(usual | known))


def codes(found: Route) -> list[str]:
    return [duty.code for duty in found.duties]


def names(found: Route) -> list[str]:
    return [recipient.name for recipient in found.recipients]
