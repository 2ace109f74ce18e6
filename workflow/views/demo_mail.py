"""The demo's mail: what its mail server took, as the people it is for would read it.

It is open to everyone, as a terminal is to whoever started the demo: one that has forgotten a
password reads here how to set another. Without DEMO_MAIL no address leads to it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

AT_ONCE = 20
_FILE = re.compile(r"(\d+)-.*\.eml")
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Received:
    """A message, with its text line by line and each line that is a link marked as one."""

    number: int
    at: datetime
    subject: str
    to: str
    lines: list[dict[str, Any]]


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The messages that were received, the newest first; ?before=N goes back from the Nth."""
    files = _numbered(Path(settings.DEMO_MAIL))
    asked = request.GET.get("before", "")
    last = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else len(files) + 1
    numbers = sorted((number for number in files if number < last), reverse=True)
    shown = [_read(number, files[number]) for number in numbers[:AT_ONCE]]
    context = {
        "received": shown,
        "count": len(files),
        "older": numbers[AT_ONCE - 1] if len(numbers) > AT_ONCE else None,
        "newest": not asked,
    }
    return render(request, "workflow/demo_mail.html", context)


def _numbered(folder: Path) -> dict[int, Path]:
    found = ((_FILE.fullmatch(file.name), file) for file in folder.glob("*.eml"))
    return {int(name[1]): file for name, file in found if name}


def _read(number: int, file: Path) -> Received:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = message.get_body(("plain",))
    words = str(text.get_content()) if text is not None else ""
    return Received(
        number=number,
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        subject=str(message["Subject"] or "No subject"),
        to=str(message["To"] or ""),
        lines=[
            {"text": line, "is_link": bool(_LINK.fullmatch(line))}
            for line in words.strip().splitlines()
        ],
    )
