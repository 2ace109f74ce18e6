"""The links at the head of every page: at most six, by role."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from workflow import clock
from workflow.access.policy import may
from workflow.people.person import Person

_SAME_PLACE = {
    "queue": "home",
    "breach-list": "breaches",
    "breach-saved": "breaches",
    "breach": "breaches",
    "restricted-cases": "breaches",
    "without-clock": "breaches",
    "why-reminder": "messages",
    "why-message": "messages",
    "account-calendar": "account",
    "emergency-review": "emergencies",
    "account-sessions": "account",
    "people-of": "people",
    "records-due": "account",
    "redactions": "account",
    "people-invite": "people",
    "organisation-settings": "people",
    "person": "people",
    "person-role": "people",
    "webhooks": "people",
    "webhook": "people",
    "webhook-new": "people",
    "webhook-secret": "people",
    "webhook-end": "people",
    "webhook-again": "people",
    "proclaim": "working-days",
    "proclaim-check": "working-days",
    "proclaim-withdraw": "working-days",
    "rework": "working-days",
    "dates-moved": "working-days",
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """For somebody signed in: their work, missed dates if their role sees them, their account."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_active:
        return []
    items = [("Your work", "home")]
    if may(person, "view.breaches", on=clock.today()):
        items.append(("Missed dates", "breaches"))
    if may(person, "manage.calendar", on=clock.today()):
        items.append(("Working days", "working-days"))
    if may(person, "look_after.service", on=clock.today()):
        items.append(("Service status", "status"))
    elif may(person, "view.messages", on=clock.today()):
        items.append(("Messages", "messages"))
    if may(person, "view.looks", on=clock.today()):
        items.append(("Who looked", "looks"))
    if may(person, "manage.people", on=clock.today()):
        items.append(("People", "people"))
    items.append(("Your account", "account"))
    match = request.resolver_match
    here = match.url_name if match else None
    here = _SAME_PLACE.get(here or "", here)
    return [{"text": text, "href": reverse(name), "active": name == here} for text, name in items]
