"""GOV.UK Notify as its documentation tells of it, on a port of this machine.

It checks the signed token of each request, keeps what it takes, finds it by reference, and makes
each mistake that it is told to make.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
KEY = f"invented-{SERVICE}-{SECRET}"

ERRORS = {
    "rate": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 per 60 seconds"),
    "daily": (429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
    "trial": (400, "BadRequestError", "Can't send to this recipient when in trial mode"),
    "server": (500, "Exception", "Internal server error"),
    "away": (503, "Exception", "Service unavailable"),
    "missing": (404, "NoResultFound", "No result found"),
}


@dataclass
class Fake:
    """What Notify holds, and what goes wrong with the next requests to send."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    # One for each request to send, the first first; "" is none. The last stays when `lasting`.
    faults: list[str] = field(default_factory=list)
    lasting: bool = False
    # What goes wrong with each request to read.
    reading: str = ""
    subject: str = "((subject))"
    seconds_off: int = 0

    def next_fault(self) -> str:
        """What goes wrong with this request to send."""
        if not self.faults:
            return ""
        return self.faults[0] if self.lasting and len(self.faults) == 1 else self.faults.pop(0)

    def becomes(self, status: str, *, of: str = "") -> None:
        """What became of the messages taken so far, or of those to one address."""
        for each in self.taken:
            if of in {"", each["email_address"]}:
                each["status"] = status

    def addresses(self) -> list[str]:
        """Whom the messages that were taken are for, in the order of taking."""
        return [each["email_address"] for each in self.taken]


class Handler(BaseHTTPRequestHandler):
    """One request. The server knows the fake."""

    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> Fake:
        """What this server holds."""
        found: Fake = getattr(self.server, "fake")  # noqa: B009 - an attribute of our own
        return found

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """A test's output holds no access log."""

    def do_GET(self) -> None:
        """A template, or what is held under a reference."""
        self.fake.requests.append(f"GET {urlsplit(self.path).path}")
        if self._refuses_token() or self._goes_wrong(self.fake.reading):
            return
        where = urlsplit(self.path)
        if where.path == f"/v2/template/{TEMPLATE}":
            self._say(
                200,
                {
                    "id": TEMPLATE,
                    "type": "email",
                    "subject": self.fake.subject,
                    "body": "((body))",
                    "version": 1,
                },
            )
        elif where.path == "/v2/notifications":
            (reference,) = parse_qs(where.query)["reference"]
            held = [one for one in self.fake.taken if one["reference"] == reference]
            self._say(200, {"notifications": held[::-1], "links": {"current": self.path}})
        else:
            self._goes_wrong("missing")

    def do_POST(self) -> None:
        """A message to one address."""
        self.fake.requests.append(f"POST {self.path}")
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._refuses_token():
            return
        if "@" not in asked["email_address"] or " " in asked["email_address"]:
            self._error(400, "ValidationError", "email_address Not a valid email address")
            return
        if asked["template_id"] != TEMPLATE or set(asked["personalisation"]) != {"subject", "body"}:
            self._error(400, "BadRequestError", "Missing personalisation: subject, body")
            return
        fault = self.fake.next_fault()
        if fault not in {"drop after", "garbled after", "slow after"} and self._goes_wrong(fault):
            return
        held = {"id": str(uuid.uuid4()), "status": "created", "type": "email", **asked}
        self.fake.taken.append(held)
        if not self._goes_wrong(fault):
            self._say(201, {"id": held["id"], "reference": held["reference"], "content": {}})

    def _refuses_token(self) -> bool:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, ["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            self._error(403, "AuthError", "Invalid token: API key not found")
            return True
        if claims["iss"] != SERVICE:
            self._error(403, "AuthError", "Invalid token: service not found")
            return True
        if abs(time.time() + self.fake.seconds_off - claims["iat"]) > 30:
            self._error(
                403, "AuthError", "Error: Your system clock must be accurate to within 30 s"
            )
            return True
        return False

    def _goes_wrong(self, fault: str) -> bool:
        if fault in ERRORS:
            self._error(*ERRORS[fault])
        elif fault.startswith("drop"):
            self.close_connection = True
        elif fault.startswith("garbled"):
            self._send(200, b'{"id": "740e5834', kind="application/json")
        elif fault == "page":
            self._send(200, b"<html>Sign in to this network</html>", kind="text/html")
        elif fault == "list":
            self._send(200, b"[]", kind="application/json")
        elif fault.startswith("slow"):
            time.sleep(2)
            self.close_connection = True
        return bool(fault)

    def _error(self, status: int, kind: str, words: str) -> None:
        self._say(status, {"status_code": status, "errors": [{"error": kind, "message": words}]})

    def _say(self, status: int, found: dict[str, Any]) -> None:
        self._send(status, json.dumps(found).encode(), kind="application/json")

    def _send(self, status: int, body: bytes, *, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Fake]:
    """Inside, a fake Notify answers at its address."""
    fake = Fake()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.fake = fake  # type: ignore[attr-defined]
        fake.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
