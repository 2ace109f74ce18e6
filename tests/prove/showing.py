"""What an answer shows: which canaries stand in it, and whether two answers tell things apart."""

import io
import json
import logging
import re
import traceback
import zipfile
from collections.abc import Iterable
from typing import Any

from config.logs import JsonLines, NoSecretAddress

WORD = re.compile(r"Zq[a-z]{5}", re.IGNORECASE)
_FOUR = "[0-9A-HJKMNP-TV-Z]{4}"
TOKEN = re.compile(rf"(?<![0-9A-Za-z]){_FOUR}-?{_FOUR}-?{_FOUR}(?![0-9A-Za-z])")
# What differs between two answers to the same question, and tells nothing.
FIELD = re.compile(r'(name="(?:csrfmiddlewaretoken|ticket|again|opening)"\s+value=")[^"]*')
VARIES = {"content-length", "date", "set-cookie"}


def canaries(text: str) -> set[str]:
    """The words and the tokens in a text, each in its one spelling."""
    found = {f"Zq{one[2:].lower()}" for one in WORD.findall(text)}
    return found | {one.replace("-", "") for one in TOKEN.findall(text)}


def body(answer: Any) -> str:
    """All that the answer holds, files opened and long lines of a calendar put together."""
    whole = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if whole[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(whole)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
            whole = "\n".join(packed.namelist()).encode() + b"\n".join(parts)
    text: str = whole.decode("utf-8", "replace")
    return text.replace("\r\n ", "") if kind.startswith("text/calendar") else text


def around(answer: Any) -> str:
    """Everything beside the body: status, headers, and cookies with their values."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.cookies.output()}"


def fault(answer: Any) -> str:
    """What was raised and where, for whoever mends it; its words may be a child's, and stay out."""
    kind, _error, trace = answer.exc_info or (None, None, None)
    if kind is None:
        return "with nothing raised"
    last = traceback.extract_tb(trace)[-1]
    return f"{kind.__name__} at {last.filename}:{last.lineno}"


def same(answer: Any, shown: str, *asked: str) -> tuple[Any, ...]:
    """The answer without what was asked for: equal for two questions told apart by nobody.

    Cookies are compared by name: a session's and a form's values are random.
    """
    headers = {
        name: _without(value, asked)
        for name, value in answer.headers.items()
        if name.lower() not in VARIES
    }
    told = FIELD.sub(r"\1", _without(shown, asked))
    return answer.status_code, sorted(headers.items()), sorted(answer.cookies), told


def _without(text: str, asked: Iterable[str]) -> str:
    for number, one in enumerate(asked):
        text = text.replace(one, f"<{number}>")
    return text


class Lines(logging.Handler):
    """Every line that the service logs in this process, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonLines())
        self.addFilter(NoSecretAddress())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """The line is kept."""
        self.lines.append(json.loads(self.format(record))["message"] + self.format(record))

    def taken(self) -> list[str]:
        """The lines since the last time."""
        found, self.lines = self.lines, []
        return found
