"""Log lines that say what happened and never what anyone typed."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from config.middleware import current_request_id

# The addresses of a calendar and of an invitation are secrets, and paths stand in log lines.
_SECRET_ADDRESS = re.compile(r"(/(?:calendar|invitation)/)[^\s/?\"']+")


class NoSecretAddress(logging.Filter):
    """Lets every record pass, with the secret part of an address left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True always; the record's message is without the secret from here on."""
        said = record.getMessage()
        masked = _SECRET_ADDRESS.sub(r"\1…", said)
        if masked != said:
            record.msg, record.args = masked, ()
        return True


def hide_secret_addresses(*loggers: str) -> None:
    """What these loggers write through handlers of their own holds no secret address either."""
    for name in loggers:
        logging.getLogger(name).addFilter(NoSecretAddress())


def where_it_failed(record: logging.LogRecord) -> list[str]:
    """The kind of the error and the lines of code it passed through, without its text.

    The text of a database error quotes the row, and the row may be about a child.
    """
    if not record.exc_info or record.exc_info[0] is None:
        return []
    frames = traceback.extract_tb(record.exc_info[2])
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return [record.exc_info[0].__name__, *lines]


def who_asked(record: logging.LogRecord) -> int | None:
    """The number of whoever sent the request that the record is about; None where nobody is known.

    Only what the request has found out already: to write a line nothing is looked up.
    """
    person = getattr(getattr(record, "request", None), "_cached_user", None)
    return getattr(person, "pk", None)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request, person, error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := current_request_id.get():
            line["request"] = request
        if person := who_asked(record):
            line["person"] = person
        if error := where_it_failed(record):
            line["error"] = error
        return json.dumps(line, ensure_ascii=False)


class Plain(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, and the lines of code of an error below it."""
        by = f" (person {person})" if (person := who_asked(record)) else ""
        first = f"{record.levelname.lower()} {record.name}: {record.getMessage()}{by}"
        return "\n    ".join([first, *where_it_failed(record)])
