"""What a program sends: JSON, whole, without anything that two readers could read in two ways."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from workflow.api.problems import Refused, Wrong, refuse

KIND = "application/json"
LONGEST = 1_000_000


class _Twice(ValueError):
    """A name stands twice in one object."""


def said_in(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent. Refused with what to do when there is none."""
    _refuse_another_kind(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        raise _refused(
            413, "Content too large", f"It is longer than {LONGEST} bytes.", "Send less."
        )
    try:
        said = json.loads(
            request.body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except _Twice:
        raise _unreadable("A name stands twice in one object.", "Send each name once.") from None
    except (ValueError, RecursionError):
        raise _unreadable("It is no JSON.", "Send one object of JSON in UTF-8.") from None
    if not isinstance(said, dict):
        raise _unreadable("It is no object.", "Send one object of JSON.")
    return said


def refuse_unknown(said: dict[str, Any], known: Sequence[str]) -> list[Wrong]:
    """What stands in an object and is not known there."""
    words = f"It may hold {', '.join(known)}."
    return [
        Wrong("body", name, "This address does not know it.", words)
        for name in sorted(set(said) - set(known))
    ]


def _refuse_another_kind(request: HttpRequest) -> None:
    what = f"Send {KIND} in UTF-8, as it is."
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if request.content_type != KIND or charset.lower() != "utf-8":
        wrong = Wrong("header", "Content-Type", f"Only {KIND} is read.", what)
        raise refuse(415, "Unsupported media type", wrong)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        wrong = Wrong("header", "Content-Encoding", "Nothing is unpacked.", what)
        raise refuse(415, "Unsupported media type", wrong)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _unreadable(detail: str, remedy: str) -> Refused:
    return _refused(400, "The body can’t be read", detail, remedy)


def _refused(status: int, title: str, detail: str, remedy: str) -> Refused:
    return refuse(status, title, Wrong("body", "body", detail, remedy))
