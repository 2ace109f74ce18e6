"""Dates that the calendar or a limit moved, in words: for all who see the dates."""

from datetime import date

from workflow.audit.models import Event
from workflow.deadlines.models import ProclaimedHoliday
from workflow.law import duties
from workflow.law.words import long_date
from workflow.machine.moving_dates import ACT, PROCLAIMED, WITHDRAWN


def because_words(event: Event) -> str:
    """Why the dates moved: "Bank holiday proclaimed for Monday 7 June 2027: ..."; "" for others."""
    if event.act != ACT:
        return ""
    holiday = ProclaimedHoliday.objects.filter(pk=event.payload["holiday"]).first()
    if holiday is None:
        return "The published calendar or a time limit changed"
    verbs = {PROCLAIMED: "Bank holiday proclaimed for", WITHDRAWN: "Bank holiday withdrawn for"}
    return f"{verbs[event.payload['because']]} {long_date(holiday.day)}: {holiday.title}"


def moved_words(event: Event) -> str:
    """Why, and each date before and after, one a line; "" for any other event."""
    because = because_words(event)
    if not because:
        return ""
    lines = [f"{because}."]
    for one in event.payload["moved"]:
        before, after = (date.fromisoformat(one[name]) for name in ("from", "to"))
        title = duties.by_slug(one["duty"]).title
        lines.append(f"{title}: {long_date(before)} became {long_date(after)}.")
    return "\n".join(lines)
