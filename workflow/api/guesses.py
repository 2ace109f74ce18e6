"""Who guessed a system's secret too often: one system from one network, for a quarter of an hour.

Never a system alone, or anybody could shut an authority's system out; never a network alone, or one
guesser could shut out every system behind it. What holds a token goes on being answered.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from math import ceil
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from workflow import clock
from workflow.api.models import ApiClient
from workflow.api.problems import Wrong, refuse
from workflow.signing_in import lockout

MOST, WITHIN = 10, timedelta(minutes=15)


def refuse_after_too_many(request: HttpRequest) -> None:
    """Nothing, or the refusal is raised with when to ask again."""
    now = clock.now().timestamp()
    ends = [until for count, until in map(_counted, _names(request)) if count >= MOST]
    wait = ceil(max(ends, default=now) - now)
    if wait <= 0:
        return
    raise refuse(
        429,
        "Too many wrong secrets",
        Wrong(
            "body",
            "client_secret",
            f"From your network a wrong secret was sent for this system {MOST} times.",
            f"Ask again in {wait} seconds, with the secret that the system was let in with.",
        ),
        headers={"Retry-After": str(wait)},
    )


def count(request: HttpRequest) -> None:
    """What was sent was no system's secret; that is remembered, and forgotten by itself.

    A right one later takes nothing back: whoever holds one system's could guess on at another's.
    """
    for name in sorted(_names(request)):
        with transaction.atomic():
            # Two at once count as two.
            lockout.one_at_a_time(name)
            before, until = _counted(name)
            left = until - clock.now().timestamp()
            if left <= 0:
                before, left = 0, WITHIN.total_seconds()
            cache.set(name, (before + 1, clock.now().timestamp() + left), timeout=ceil(left))


def _counted(name: str) -> tuple[int, float]:
    found: tuple[int, float] = cache.get(name, (0, 0.0))
    return found


def _names(request: HttpRequest) -> set[str]:
    """Under what guesses are counted: each system that is named, as the toolkit tries them all.

    Those that are no system's count as one, or whoever makes names up would push the others out.
    """
    told = {request.POST.get("client_id", ""), _in_the_header(request)} - {""}
    # No system's name holds what the database can't take.
    askable = {one for one in told if "\0" not in one}
    known = set(ApiClient.objects.filter(client_id__in=askable).values_list("client_id", flat=True))
    systems = known | ({""} if told - known else set())
    network = lockout.network(request)
    return {_digest(f"{network} {one}") for one in systems}


def _in_the_header(request: HttpRequest) -> str:
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        told = base64.b64decode(sent).decode()
    except ValueError:
        return ""
    return unquote_plus(told.partition(":")[0])


def _digest(text: str) -> str:
    found = hmac.new(settings.SECRET_KEY.encode(), text.encode(errors="replace"), hashlib.sha256)
    return f"api-guess-{found.hexdigest()}"
