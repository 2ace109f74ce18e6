"""Messages through GOV.UK Notify: one call for each address, under the row's own reference.

Before a row is sent, Notify is asked what it holds under that reference, so that an address whose
message it took before is not written to again: after a lost answer, a dead sender, an outage in
the middle of a row. The template passes our words through: ((subject)) and ((body)).
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from workflow import egress
from workflow.outbox.faults import NotTakenError, RefusedError, UnreachableError
from workflow.outbox.letters import Message

DELIVERED, CAME_BACK = "delivered", "permanent-failure"
# Notify gave up for now: the mailbox was full or away, or the fault was Notify's own.
FAILED_FOR_NOW = frozenset({"temporary-failure", "technical-failure"})
# After so many seconds a row is left for the next round: its lease must not end meanwhile.
SECONDS_FOR_A_ROW = 30
# What Notify would read as a heading, a quotation, a list, a rule or a table at a line's start.
# A dash and a space are meant: an item is shown as an item there too.
_SPECIAL = re.compile(r"^(?=[ \t]*(?:[#^*•+>|=\[\\]|\d+\.|-(?! )|(?:[-*_] *){3,}$))", re.MULTILINE)
_NOTHING_SEEN = "\u200b"


class Notify:
    """The real API through its own client, with one session for a whole chunk."""

    def __init__(self) -> None:
        self._api = NotificationsAPIClient(
            settings.NOTIFY_API_KEY,
            base_url=settings.NOTIFY_BASE_URL,
            timeout=settings.NOTIFY_TIMEOUT,
        )
        egress.guarded(self._api.request_session)
        self._has_template = False

    def send(self, message: Message) -> str:
        """As `Transport` says; the receipt's name is the reference, one for all addresses."""
        self._look_at_template()
        reference = reference_of(message)
        began = time.monotonic()
        held = self.standings(reference)
        refused = ""
        for address in message.to:
            if held.get(address.casefold(), "technical-failure") not in FAILED_FOR_NOW:
                continue
            if time.monotonic() - began > SECONDS_FOR_A_ROW:
                raise UnreachableError("NotifySlow")
            try:
                self._send_to(address, message, reference)
            except NotTakenError as fault:
                # The other addresses are not to wait for this one to be put right.
                refused = str(fault)
        if refused:
            raise NotTakenError(refused)
        return reference

    def standings(self, reference: str) -> dict[str, str]:
        """What became of the newest message to each address under a reference; {} for none."""
        found = self._ask(lambda: self._api.get_all_notifications(reference=reference))
        held: dict[str, str] = {}
        try:
            for each in found["notifications"]:
                held.setdefault(str(each["email_address"]).casefold(), str(each["status"]))
        except (KeyError, TypeError):
            raise UnreachableError("NotifyBrokenAnswer") from None
        return held

    def close(self) -> None:
        """The session is closed."""
        self._api.request_session.close()

    def _send_to(self, address: str, message: Message, reference: str) -> None:
        words = {"subject": message.words.subject, "body": as_typed(message.words.text)}
        try:
            self._ask(
                lambda: self._api.send_email_notification(
                    email_address=address,
                    template_id=settings.NOTIFY_TEMPLATE_ID,
                    personalisation=words,
                    reference=reference,
                )
            )
        except _RequestRefused:
            raise NotTakenError("NotifyBadRequest") from None

    def _look_at_template(self) -> None:
        """Once for each session: without its template Notify would refuse every single row."""
        if self._has_template:
            return
        found = self._ask(lambda: self._api.get_template(settings.NOTIFY_TEMPLATE_ID))
        places = (("subject", "((subject))"), ("body", "((body))"))
        if any(place not in str(found.get(part)) for part, place in places):
            raise RefusedError("NotifyWrongTemplate")
        self._has_template = True

    def _ask(self, call: Callable[[], Any]) -> Mapping[str, Any]:
        try:
            found = call()
        except HTTPError as fault:
            raise _named(fault) from None
        except APIError:
            found = None
        if not isinstance(found, dict):
            # It may have taken the message: the next round asks before it sends.
            raise UnreachableError("NotifyBrokenAnswer")
        return found


class _RequestRefused(RefusedError):
    """Notify says that the request itself is wrong."""


def _named(fault: HTTPError) -> UnreachableError:
    """What an error of the API means. Notify asks that only the status be relied on."""
    status = fault.status_code if fault.response is not None else 0
    if status == 0:
        return UnreachableError("NotifyNoAnswer")
    if status == 429:
        return UnreachableError("NotifyLimit")
    if status >= 500:
        return UnreachableError("NotifyServerError")
    if status in {401, 403}:
        return RefusedError("NotifyRefusedKey")
    if status == 404:
        return RefusedError("NotifyNotFound")
    return _RequestRefused("NotifyBadRequest")


def reference_of(message: Message) -> str:
    """The row's own name: the same at each attempt, and it tells nothing to whoever reads it."""
    return message.name.strip("<>").partition("@")[0]


def as_typed(text: str) -> str:
    """The text as Notify shows it unchanged: nothing seen stands before what it would format."""
    return _SPECIAL.sub(_NOTHING_SEEN, text)
