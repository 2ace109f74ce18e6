"""Fetching what a provider publishes: from its own addresses alone, and within bounds."""

import json
from typing import Any
from urllib.parse import quote

import requests

from workflow.signing_in.providers import Provider

CONNECT_SECONDS, READ_SECONDS = 3, 5
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


def fetched(
    provider: Provider, url: str, sent: dict[str, str] | None = None, *, basic: bool = False
) -> dict[str, Any]:
    """The JSON object at an address of the provider, got or posted to; raises Refused.

    No redirect is followed: it could lead anywhere.
    """
    if not provider.may_be_asked_at(url):
        raise Refused("address elsewhere", UNREACHABLE)
    # As RFC 6749, section 2.3.1, has it.
    who = (quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))
    try:
        with requests.Session() as session:
            # Only what is configured here is sent: nothing that a file of the machine adds.
            session.trust_env = False
            with session.request(
                "POST" if sent else "GET",
                url,
                data=sent,
                auth=who if basic else None,
                headers={"Accept": "application/json"},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = _read(answer)
        found = json.loads(body) if answer.status_code == 200 and len(body) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError) as fault:
        raise Refused(f"no answer: {type(fault).__name__}", UNREACHABLE) from fault
    if not isinstance(found, dict):
        raise Refused(f"answered {answer.status_code}", UNREACHABLE)
    return found


def _read(answer: requests.Response) -> bytes:
    body = b""
    for part in answer.iter_content(64 * 1024):
        body += part
        if len(body) > MOST_BYTES:
            break
    return body
