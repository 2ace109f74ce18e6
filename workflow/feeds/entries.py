"""What stands in a person's calendar: the dates that are theirs to meet, one all-day entry each.

An entry holds a reference, an act and a date: never a name, a place, the kind of harm or a word of
what happened. Its number says nothing at all: neither how many there are, nor which duty it is.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from icalendar import Calendar, Event

from workflow import clock
from workflow.audit.models import Event as TrailEvent
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.words import long_date
from workflow.outbox.letters import case_address
from workflow.people import roles
from workflow.people.person import Person
from workflow.people.responsible import Fallback, responsible_people
from workflow.reminders.letters import WORDS
from workflow.reminders.recipients import DOERS, SENIORS

# A calendar program that reads the address seldom still learns that an entry is gone.
KEPT_DAYS = 60
REFRESH = timedelta(hours=1)
# Partners give their view of the rapid review by its date, and publish the local review with it.
OF_PARTNERS = (duties.RAPID_REVIEW.slug, duties.LOCAL_REVIEW.slug)
OF_PANEL = (duties.PANEL_RESPONSE.slug, duties.NATIONAL_REPORT_TO_SOS.slug)


def feed_of(person: Person, *, on: date) -> bytes:
    """The person's calendar as iCalendar text (RFC 5545, with the names of RFC 7986)."""
    found = Calendar()
    found.add("prodid", f"-//{settings.SERVICE_NAME}//Due dates//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", "Safeguarding due dates")
    found.add("x-wr-calname", "Safeguarding due dates")
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    rows = rows_of(person, on=on)
    agreed = _agreed_at(rows)
    for row in rows:
        found.add_component(entry(row, agreed.get((row.case_id, row.duty, row.cycle), ())))
    return bytes(found.to_ical())


def rows_of(person: Person, *, on: date) -> list[Deadline]:
    """The open clocks the person may see and answers for, and those that ended not long ago."""
    owed = _owed_by(person, on=on)
    if not owed:
        return []
    since = on - timedelta(days=KEPT_DAYS)
    lately = Q(met_on__isnull=True, cancelled_on__isnull=True)
    lately |= Q(met_on__gte=since) | Q(cancelled_on__gte=since)
    rows = Deadline.objects.visible_to(person, on).filter(owed, lately)
    return list(rows.select_related("case").order_by("due_on", "pk"))


def _agreed_at(rows: Iterable[Deadline]) -> dict[tuple[int, str, int], list[datetime]]:
    """When later dates were agreed, by the clock: the entry tells of them, so each changes it."""
    cases = {row.case_id for row in rows if row.agreed_on is not None}
    found: dict[tuple[int, str, int], list[datetime]] = defaultdict(list)
    if cases:
        acts = TrailEvent.objects.filter(case__in=cases, act="agree_later_date")
        for case, payload, at in acts.values_list("case_id", "payload", "at"):
            found[case, payload["duty"], payload["cycle"]].append(at)
    return found


def entry(row: Deadline, agreed: Sequence[datetime] = ()) -> Event:
    """One clock as an all-day entry; a cancelled one once the clock has ended.

    `agreed` are the moments at which a later date was agreed beside it.
    """
    words, label = WORDS[row.duty], row.case.label
    link = case_address(row.case.token)
    changed = _changed_at(row, agreed)
    found = Event()
    found.add("uid", f"{_number(row)}@{urlsplit(settings.SITE_URL).hostname}")
    found.add("sequence", 2 * (row.revision - 1 + len(agreed)) + (not row.is_open))
    found.add("dtstamp", changed)
    found.add("last-modified", changed)
    found.add("dtstart", row.due_on)
    found.add("dtend", row.due_on + timedelta(days=1))
    found.add("summary", f"{label}: {words.thing} due")
    found.add("description", _told(row, link))
    found.add("url", link)
    found.add("class", "PRIVATE")
    found.add("transp", "TRANSPARENT")
    found.add("status", "CONFIRMED" if row.is_open else "CANCELLED")
    return found


def _number(row: Deadline) -> str:
    """What stays the same for the same clock, whatever is done to it and to the service's secrets.

    Made of the random name of the case's key, which is shown nowhere and outlasts a change of the
    key that wraps it: a name that ends with `SECRET_KEY` would leave every date twice in calendars.
    """
    named = f"{row.duty} {row.cycle}".encode()
    return hmac.digest(row.case.key_id.bytes, named, "sha256")[:16].hex()


def _told(row: Deadline, link: str) -> str:
    parts = [f"{WORDS[row.duty].act} by the end of {long_date(row.due_on)}."]
    if row.agreed_on is not None:
        parts.append(f"A later date was agreed: {long_date(row.agreed_on)}. This one still counts.")
    parts.append(f"Sign in to see how it was worked out: {link}")
    return "\n".join(parts)


def _changed_at(row: Deadline, agreed: Sequence[datetime]) -> datetime:
    moments = [row.revised_at, *agreed]
    if row.met_at is not None:
        moments.append(row.met_at)
    if row.cancelled_on is not None:
        moments.append(datetime.combine(row.cancelled_on, time(), tzinfo=clock.LONDON))
    return max(moments).astimezone(UTC).replace(microsecond=0)


def _owed_by(person: Person, *, on: date) -> Q | None:
    """The condition on clocks that a person answers for; None where they answer for none."""
    found: list[Q] = []
    for membership in person.memberships_on(on):
        role, body = membership.role, membership.organisation
        if role == roles.SAFEGUARDING_PARTNER.slug:
            found.append(Q(duty__in=OF_PARTNERS))
        slugs = _duties_of(role)
        slugs |= _passed_to(person, membership, without=slugs, on=on)
        if slugs:
            found.append(Q(duty__in=sorted(slugs), owed_by=body))
    return _any(found)


def _duties_of(role: str) -> set[str]:
    if role in SENIORS:
        return set(WORDS)
    if role == roles.PANEL_MEMBER.slug:
        return set(OF_PANEL)
    return {slug for slug, doers in DOERS.items() if role in doers}


def _passed_to(person: Person, membership: Any, *, without: set[str], on: date) -> set[str]:
    """The duties of roles that nobody holds there, and that have passed to this person."""
    found: set[str] = set()
    wanted = {role for slug, doers in DOERS.items() if slug not in without for role in doers}
    body = membership.organisation
    for role in sorted(wanted):
        if body.kind in roles.by_slug(role).kinds:
            answering = responsible_people(body, role, on)
            if isinstance(answering, Fallback) and person in answering:
                found |= {slug for slug, doers in DOERS.items() if role in doers}
    return found


def _any(conditions: Iterable[Q]) -> Q | None:
    found: Q | None = None
    for condition in conditions:
        found = condition if found is None else found | condition
    return found
