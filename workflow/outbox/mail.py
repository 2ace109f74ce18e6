"""Making the e-mail of an outbox row."""

import base64
import hashlib
import hmac
from datetime import date

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
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
    subject, body = about_a_case(row) if row.case else about_an_account(row)
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


def about_a_case(row: Outbox) -> tuple[str, str]:
    """Subject and text of a message about a case: its reference and a link, never more."""
    case, words = row.case, wording(row.kind)
    if case is None:
        raise ValueError("This message is about no case.")
    address = _address(reverse("case", args=[case.token]))
    body = render_to_string(
        "emails/act.txt", {"words": words, "label": case.label, "address": address}
    )
    return words.subject.format(label=case.label), body


def about_an_account(row: Outbox) -> tuple[str, str]:
    """Subject and text of a sign-in message; its kind is the name of its templates.

    The link that sets a new password is made here and now, and rests nowhere.
    """
    link = ""
    if row.person is not None and row.kind.endswith("password_reset_key"):
        key = default_token_generator.make_token(row.person)
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(row.person), "key": key},
        )
        link = _address(path)
    subject = render_to_string(f"{row.kind}_subject.txt", {})
    body = render_to_string(f"{row.kind}_message.txt", {"password_reset_url": link})
    return " ".join(subject.split()), body.strip()


def _address(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
