"""Whether the keys of cases have copies that are new enough to lose the store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from workflow.health.signs import Sign
from workflow.sealed import copies
from workflow.sealed.keystore import SUFFIX

NAME = "key_copies"
# One is made each day; a night that was missed is made good by the next.
STALE = timedelta(days=2)


def sign(at: datetime) -> Sign:
    """Well when each place in KEY_COPIES has a whole copy of the last two days.

    Before the first it is well while no key is older. Where no place is named nothing is asked.
    """
    waits = [max(timedelta(0), at - _since(place, at)) for place in settings.KEY_COPIES]
    stale = sum(one > STALE for one in waits)
    oldest = int(max(waits).total_seconds()) if waits else None
    figures = {"places": len(waits), "stale": stale, "oldest_seconds": oldest}
    return Sign(NAME, not stale, figures)


def _since(place: Path, at: datetime) -> datetime:
    """Since when a place has had no new copy; one that can't be reached has none."""
    try:
        found = copies.copies(place)
    except OSError:
        found = []
    return found[-1][0] if found else _first_key(at)


def _first_key(at: datetime) -> datetime:
    try:
        made = (one.stat().st_mtime for one in Path(settings.KEY_STORE).glob(f"*/*{SUFFIX}"))
        return datetime.fromtimestamp(min(made, default=at.timestamp()), tz=UTC)
    except OSError:
        # A key that was destroyed while it was looked at, or a store that has a sign of its own.
        return at
