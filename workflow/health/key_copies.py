"""Whether the keys of cases have copies that are new enough to lose the store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from workflow.health.signs import Sign
from workflow.sealed import copies
from workflow.sealed.keystore import SUFFIX

NAME = "key_copies"
# One is made each day: one that was missed is made good by the next, which has to be whole first.
STALE = timedelta(days=2, hours=6)
# How far the clock of whoever makes copies may be ahead. What is dated later says nothing of now.
AHEAD = timedelta(minutes=5)


def sign(at: datetime) -> Sign:
    """Well when each place in KEY_COPIES has a whole copy of the last two days and some hours.

    Before the first it is well while no key is older. Of one that can't be read nobody knows, so
    it is not. Where no place is named nothing is asked.
    """
    newest: list[datetime | None] = []
    unread = 0
    for place in settings.KEY_COPIES:
        try:
            newest.append(_newest(place, at))
        except OSError:
            unread += 1
    first_key = _first_key(at) if None in newest else at
    waits = [max(timedelta(0), at - (one or first_key)) for one in newest]
    stale = sum(one > STALE for one in waits)
    oldest = int(max(waits).total_seconds()) if waits else None
    figures = {"places": len(settings.KEY_COPIES), "stale": stale, "oldest_seconds": oldest}
    figures |= {"without": newest.count(None), "unread": unread}
    return Sign(NAME, not stale and not unread, figures)


def _newest(place: Path, at: datetime) -> datetime | None:
    """When the newest copy of a place was begun, None for none. OSError where it can't be read."""
    return max((made for made, _ in copies.copies(place) if made <= at + AHEAD), default=None)


def _first_key(at: datetime) -> datetime:
    try:
        made = (one.stat().st_mtime for one in Path(settings.KEY_STORE).glob(f"*/*{SUFFIX}"))
        return datetime.fromtimestamp(min(made, default=at.timestamp()), tz=UTC)
    except OSError:
        # A key that was destroyed while it was looked at, or a store that has a sign of its own.
        return at
