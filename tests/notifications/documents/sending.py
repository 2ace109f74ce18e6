"""A file as a browser sends it, and as none would: under any name, and of any size."""

from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse

from workflow.models import Case

NAMES = (
    "../../etc/passwd", "..\\..\\windows\\x.pdf", "/etc/passwd", "a\0b.pdf", "minutes\u202efdp.exe",
    "x" * 300 + ".pdf", "CON", "<script>alert(1)</script>.pdf", "na\u00efve \u6587.pdf", "a%00.pdf",
    "..", ".", "", " ", "a\r\nX-Evil: 1.pdf", 'a".pdf', "a;b.pdf", "\u0430.pdf", ".htaccess",
    "a.pdf/", "%2e%2e%2fx.pdf", "C:\\x.pdf", "\\\\evil.example\\x.pdf", "a" * 4000,
)  # fmt: skip
_EDGE = "invented-edge-5b2e"


class _Body:
    """Bytes, then so many noughts, then bytes: never all of it at once."""

    def __init__(self, head: bytes, noughts: int, tail: bytes) -> None:
        self.head, self.noughts, self.tail = BytesIO(head), noughts, BytesIO(tail)

    def read(self, size: int = 65_536) -> bytes:
        """The next of it, at most so much."""
        found = self.head.read(size)
        if not found and self.noughts:
            found = bytes(min(size, self.noughts))
            self.noughts -= len(found)
        return found or self.tail.read(size)

    # Nothing in it is a line.
    readline = read


def sent(
    browser: Client,
    case: Case,
    content: bytes,
    *,
    name: str = "minutes.pdf",
    noughts: int = 0,
) -> Any:
    """The answer to a file under this name as it stands, perhaps with noughts behind it."""
    head = (
        f"--{_EDGE}\r\n"
        'Content-Disposition: form-data; name="about"\r\n\r\nMinutes\r\n'
        f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + content
    tail = f"\r\n--{_EDGE}--\r\n".encode()
    more: dict[str, Any] = {
        "wsgi.input": _Body(head, noughts, tail),
        "CONTENT_LENGTH": str(len(head) + noughts + len(tail)),
    }
    address = reverse("notifications:document-attach", args=[case.token])
    kind = f"multipart/form-data; boundary={_EDGE}"
    return browser.post(address, b"-", content_type=kind, **more)
