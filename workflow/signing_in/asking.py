"""Fetching what a provider publishes: from its own addresses alone, and within bounds."""

import json
import time
from typing import Any
from urllib.parse import quote

from requests import Response
from urllib3.exceptions import HTTPError

from workflow import clock, egress
from workflow.signing_in.providers import Provider

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 3, 5, 8
# What a provider publishes is kept for so long by each process, and that it failed for so long.
KEPT_SECONDS, FAILED_SECONDS = 300, 30
MOST_BYTES = 256 * 1024
UNREACHABLE = (
    "Your organisation’s sign-in does not answer as it should. Use your email address and "
    "password, or try again later."
)


class Refused(Exception):
    """Nobody is signed in. `reason` is for the log and names nobody; `words` say what to do."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(reason)
        self.reason, self.words = reason, words


_kept: dict[tuple[Provider, str], tuple[float, dict[str, Any] | Refused]] = {}


def published(provider: Provider, url: str, *, anew: bool = False) -> dict[str, Any]:
    """What an address of the provider tells everybody, as of the last minutes; raises Refused.

    `anew` asks for it even so. After a failure nobody is asked for a while: whoever waits for a
    provider that hangs keeps a thread from everybody else.
    """
    at, known = _kept.get((provider, url), (0.0, {}))
    age = clock.now().timestamp() - at
    if isinstance(known, Refused):
        if 0 <= age < FAILED_SECONDS:
            raise Refused(f"{known.reason}, lately", known.words)
    elif not anew and 0 <= age < KEPT_SECONDS:
        return known
    try:
        found = fetched(provider, url)
    except Refused as refusal:
        # One of its own, so that nothing of this request is kept with it.
        failed = Refused(refusal.reason, refusal.words)
        _kept[provider, url] = clock.now().timestamp(), failed
        raise
    _kept[provider, url] = clock.now().timestamp(), found
    return found


def forget() -> None:
    """Everything that was published is asked for anew."""
    _kept.clear()


def fetched(
    provider: Provider, url: str, sent: dict[str, str] | None = None, *, basic: bool = False
) -> dict[str, Any]:
    """The JSON object at an address of the provider, got or posted to; raises Refused.

    No redirect is followed: it could lead anywhere. What comes in drops is given up.
    """
    ends = time.monotonic() + ALL_SECONDS
    if not provider.may_be_asked_at(url):
        raise Refused("address elsewhere", UNREACHABLE)
    # As RFC 6749, section 2.3.1, has it.
    who = (quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))
    try:
        with (
            egress.session() as session,
            session.request(
                "POST" if sent else "GET",
                url,
                data=sent,
                auth=who if basic else None,
                headers={"Accept": "application/json"},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            body = _read(answer, ends)
        found = json.loads(body) if answer.status_code == 200 and len(body) <= MOST_BYTES else None
    except (OSError, HTTPError, ValueError, RecursionError) as fault:
        raise Refused(f"no answer: {type(fault).__name__}", UNREACHABLE) from fault
    if not isinstance(found, dict):
        raise Refused(f"answered {answer.status_code}", UNREACHABLE)
    return found


def _read(answer: Response, ends: float) -> bytes:
    body = b""
    # As it comes in: the time limit of the package begins anew with each byte.
    while len(body) <= MOST_BYTES and (part := answer.raw.read1(64 * 1024, decode_content=True)):
        body += part
        if time.monotonic() > ends:
            raise TimeoutError
    return body
