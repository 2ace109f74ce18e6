"""A program that calls the service: its WSGI application in this process, without a network.

What is sent is what a web server lets through to the application, and nothing milder.
"""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# These stand in the environment of WSGI under names of their own.
PLAIN = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}


@dataclass(frozen=True)
class Call:
    """What is asked. The path is as it stands after a server has read its percent signs."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    # From where it is asked; addresses that are kept for documentation (RFC 5737).
    source: str = "192.0.2.1"

    def __str__(self) -> str:
        """For whoever looks for the fault: enough to ask it again."""
        sent = self.body[:600].decode("utf-8", "replace")
        query = f"?{self.query[:200]}" if self.query else ""
        headers = {name: text[:60] for name, text in self.headers.items()}
        return f"{self.method} {self.path[:200]!a}{query!a} {headers!a} {sent!a}"


@dataclass(frozen=True)
class Answer:
    """What came back; `fault` is what was raised and not caught."""

    status: int
    headers: dict[str, str]
    body: bytes
    fault: str = ""


class Line:
    """The way to the service."""

    def __init__(self) -> None:
        self.application = WSGIHandler()
        self.faults: list[str] = []
        got_request_exception.connect(self._noted)

    def call(self, call: Call) -> Answer:
        """The answer, whole."""
        self.faults.clear()
        answer = self.application(_environ(call), _started)
        body = b"".join(answer)
        answer.close()
        headers = {name.title(): text for name, text in answer.items()}
        return Answer(answer.status_code, headers, body, "; ".join(self.faults))

    def _noted(self, **_: Any) -> None:
        import traceback  # noqa: PLC0415 - only where something broke

        self.faults.append(traceback.format_exc(limit=-4))


_BREAKS = dict.fromkeys(map(ord, "\r\n\0"))


def _environ(call: Call) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": call.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": call.query,
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": call.source,
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.input": BytesIO(call.body),
    }
    for name, text in call.headers.items():
        key = PLAIN.get(name, f"HTTP_{name.upper().replace('-', '_')}")
        # No server lets a line be broken within a header.
        line = text.translate(_BREAKS)
        environ[key] = line.encode("utf-8", "surrogatepass").decode("latin-1")
    setup_testing_defaults(environ)
    return environ


def _started(*_: Any) -> Any:
    """Nobody reads the answer from here."""
