"""The duties, in the order of the process. Read with the Act open and tick them off.

The kind of lateness follows from what sets the time limit, not from what sets the act: section
16C is a statute, but its five working days are guidance, so a late notification misses guidance.
Only D8, D9 and D10 have a limit in regulations. D6 is a service level. D4 is never a breach.
"""

import hashlib
from collections.abc import Iterable

from workflow.law.duties_to_notify import (
    CARE_LEAVER_DEATH,
    LOOKED_AFTER_CHILD_DEATH,
    NOTIFY_THE_PANEL,
    TELL_THE_PARTNERS,
)
from workflow.law.duties_to_review import (
    ADVANCE_COPY,
    KEEP_NATIONAL_REPORT_AVAILABLE,
    KEEP_REPORT_AVAILABLE,
    LOCAL_REVIEW,
    NATIONAL_REPORT_TO_SOS,
    PANEL_RESPONSE,
    RAPID_REVIEW,
)
from workflow.law.duty import Duty, Limit, NotInForce

__all__ = [
    "ADVANCE_COPY",
    "ALL",
    "CARE_LEAVER_DEATH",
    "EDITION",
    "KEEP_NATIONAL_REPORT_AVAILABLE",
    "KEEP_REPORT_AVAILABLE",
    "LOCAL_REVIEW",
    "LOOKED_AFTER_CHILD_DEATH",
    "NATIONAL_REPORT_TO_SOS",
    "NOTIFY_THE_PANEL",
    "PANEL_RESPONSE",
    "RAPID_REVIEW",
    "TELL_THE_PARTNERS",
    "Duty",
    "Limit",
    "NotInForce",
    "by_address",
    "by_slug",
    "slug_asked_for",
]

ALL: tuple[Duty, ...] = (
    NOTIFY_THE_PANEL,
    TELL_THE_PARTNERS,
    LOOKED_AFTER_CHILD_DEATH,
    CARE_LEAVER_DEATH,
    RAPID_REVIEW,
    PANEL_RESPONSE,
    LOCAL_REVIEW,
    ADVANCE_COPY,
    NATIONAL_REPORT_TO_SOS,
    KEEP_REPORT_AVAILABLE,
    KEEP_NATIONAL_REPORT_AVAILABLE,
)
_BY_SLUG = {duty.slug: duty for duty in ALL}
_BY_ADDRESS = {duty.address: duty for duty in ALL}


def by_slug(slug: str) -> Duty:
    """The duty with this slug; KeyError when there is none."""
    return _BY_SLUG[slug]


def by_address(address: str) -> Duty:
    """The duty that addresses of pages name so; KeyError when there is none."""
    return _BY_ADDRESS[address]


def slug_asked_for(name: str, among: Iterable[str]) -> str:
    """The slug of one of these that an address of a list asks for; empty when it asks for none.

    Such an address names a duty neutrally; one that was kept before names it by its slug.
    """
    return next((slug for slug in among if name in {slug, by_slug(slug).address}), "")


def _edition() -> str:
    rules = "\n".join(
        f"{duty.slug} {limit.since.isoformat()} {limit.words} {limit.computed}"
        for duty in ALL
        for limit in duty.limits
    )
    return f"limits-{hashlib.sha256(rules.encode()).hexdigest()[:12]}"


# Named by content, and kept beside a due date: which set of limits it was worked out from.
EDITION = _edition()
