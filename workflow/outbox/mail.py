"""Making the e-mail of an outbox row."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from workflow.outbox.models import Outbox
from workflow.outbox.wording import wording
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

# Whose post it is, in each kind of organisation.
READERS = {
    roles.AUTHORITY: "la_notifier",
    roles.ICB: "safeguarding_partner",
    roles.POLICE: "safeguarding_partner",
    roles.EDUCATION: "safeguarding_partner",
    roles.PANEL: "panel_secretariat",
    roles.DFE: "dfe_receiver",
    roles.OFSTED: "ofsted_observer",
    roles.OPERATOR: "deadline_administrator",
}


def addresses(row: Outbox, *, on: date) -> list[str]:
    """Where the message goes: to its person, or to the people who answer for the organisation."""
    if row.person is not None:
        return [row.person.email] if row.person.is_active else []
    organisation: Organisation | None = row.organisation
    if organisation is None:
        return []
    if organisation.contact_email:
        return [organisation.contact_email]
    people: list[Person] = responsible_people(organisation, READERS[organisation.kind], on)
    return sorted({person.email for person in people})


def compose(row: Outbox, *, on: date) -> EmailMessage | None:
    """The e-mail of a row, or None when nobody is there to read it."""
    to = addresses(row, on=on)
    if not to:
        return None
    subject, body = _SPECIAL.get(row.kind, _about_a_case)(row)
    return EmailMessage(
        subject=subject,
        body=body,
        to=to,
        headers={
            "Message-ID": message_id(row),
            "Auto-Submitted": "auto-generated",
            "X-Message-Id": str(row.pk),
        },
    )


def message_id(row: Outbox) -> str:
    """The same for each attempt, so that a mail sent twice is recognised as one."""
    digest = hmac.new(settings.SECRET_KEY.encode(), row.dedupe.encode(), hashlib.sha256).digest()
    name = base64.b32encode(digest[:20]).decode().rstrip("=").lower()
    return f"<{name}@{settings.DEFAULT_FROM_EMAIL.partition('@')[2]}>"


def _about_a_case(row: Outbox) -> tuple[str, str]:
    words = wording(row.kind)
    label = row.case.label if row.case else settings.SERVICE_NAME
    path = reverse("case", args=[row.case.token]) if row.case else "/"
    body = render_to_string(
        "emails/act.txt",
        {"words": words, "label": label, "address": f"{settings.SITE_URL.rstrip('/')}{path}"},
    )
    return words.subject.format(label=label), body


_SPECIAL: dict[str, Callable[[Outbox], tuple[str, str]]] = {}


def special(kind: str) -> Callable[[Any], Any]:
    """Registers who writes the messages of a kind that is not about a case."""

    def register(write: Callable[[Outbox], tuple[str, str]]) -> Callable[[Outbox], tuple[str, str]]:
        _SPECIAL[kind] = write
        return write

    return register
