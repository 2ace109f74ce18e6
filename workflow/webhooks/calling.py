"""Calling a webhook: one request within one deadline, of which the answer's status alone is read.

The connection goes to the address that was looked at (`egress`), by TLS with a certificate of a
known authority for that name. No redirect is followed, no body is read, and whatever the other end
does, it takes no longer than the deadline.
"""

import hashlib
import hmac
import re
import time
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken

from workflow import clock, egress
from workflow.outbox.faults import DeferredError, NotTakenError
from workflow.outbox.letters import Message
from workflow.sealed.errors import SealedError
from workflow.webhooks import sealing
from workflow.webhooks.models import USUAL_PORT, Webhook

SECONDS = 10.0
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: [^\r\n]*)?")
# Answers that only inform come before the one that counts: RFC 9110, section 15.2.
_INFORMS = re.compile(rb"\A(?:HTTP/1\.1 1[0-9]{2}[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)+")
_INFORMING = b"HTTP/1.1 1"
_MOST_OF_A_LINE = 8192
_PASSING = frozenset({408, 425, 429})


class Line:
    """The way to one webhook: a `Transport` like that of mail."""

    def __init__(self, hook: Webhook) -> None:
        self.hook = hook
        # Whether it is worth while to call it again now; None where it was not called.
        self.is_away: bool | None = None

    def send(self, message: Message) -> str:
        """It was taken with a status of 200 to 299. As `Transport` says otherwise."""
        request = self._request(message)
        try:
            status = self._answer_to(request, time.monotonic() + SECONDS)
        except egress.NotAllowed:
            raise self._away("WebhookNotAllowed") from None
        except egress.BadCertificate:
            raise self._away("WebhookCertificate") from None
        except TimeoutError:
            raise self._away("WebhookTimeout") from None
        # A name or a certificate that can't even be written is told as a ValueError, that no thread
        # is left to look a name up as a RuntimeError.
        except (OSError, ValueError, RuntimeError):
            raise self._away("WebhookNoAnswer") from None
        self.is_away = False
        if not 200 <= status < 300:
            raise self._refusal(status)
        return ""

    def _away(self, fault: str) -> DeferredError:
        self.is_away = True
        return DeferredError(fault)

    def _refusal(self, status: int) -> NotTakenError:
        if status >= 500:
            return self._away("WebhookServerError")
        if status in _PASSING:
            return self._away("WebhookBusy")
        return NotTakenError("WebhookRedirect" if 300 <= status < 400 else "WebhookRefused")

    def _request(self, message: Message) -> bytes:
        body = message.words.text.encode()
        parts, (host, port) = urlsplit(self.hook.address), self.hook.place
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        now = clock.now()
        try:
            known = sealing.in_force(self.hook, at=now)
        except (InvalidToken, SealedError):
            raise NotTakenError("WebhookSecretUnreadable") from None
        at, name = str(int(now.timestamp())), message.name.strip("<>").partition("@")[0]
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {host}" if port == USUAL_PORT else f"Host: {host}:{port}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Webhook-Id: {name}",
            f"Webhook-Timestamp: {at}",
            f"Webhook-Signature: {','.join(signature(one, name, at, body) for one in known)}",
            "Connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + body

    def _answer_to(self, request: bytes, until: float) -> int:
        host, port = self.hook.place
        with egress.connect_by_tls(host, port, until=until) as line:
            egress.give(line, until=until)
            line.sendall(request)
            found = _STATUS.fullmatch(_first_line(line, until))
        if found is None:
            raise self._away("WebhookBrokenAnswer")
        return int(found[1])


def signature(secret: str, name: str, at: str, body: bytes) -> str:
    """What tells that a message is ours, which it is, and of when: HMAC-SHA256 over all three.

    The name too, so that nobody who saw one can send it again as another.
    """
    said = f"{name}.{at}.".encode() + body
    return f"v1={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"


def _first_line(line: egress.Secure, until: float) -> bytes:
    """The first line of the answer; nothing where it does not end, or not soon enough."""
    got, part = b"", b"-"
    while part and len(got) <= _MOST_OF_A_LINE:
        if b"\r\n" in got and not got.startswith(_INFORMING):
            break
        egress.give(line, until=until)
        part = line.recv(1024)
        got = _INFORMS.sub(b"", got + part)
    first, ended, _ = got.partition(b"\r\n")
    return first if ended else b""
