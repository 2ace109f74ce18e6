"""Who has guessed too often: one address from one network, for a quarter of an hour.

Never an address alone, or anybody could lock anybody out; never a network alone, or one guesser
could lock out an authority, whose people all come from one network. Those that come at once are
looked at one after the other, so that none is looked at before the one before it is counted.
"""

import hashlib
import hmac
from typing import Any

from allauth.account.adapter import get_adapter
from axes.helpers import get_cool_off
from axes.utils import reset
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflow.people.person import Person

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def one_at_a_time(name: str) -> None:
    """Until this transaction ends nobody else looks at a guess that is counted under this name."""
    if not connection.in_atomic_block:
        raise RuntimeError("Outside a transaction nobody would wait for anybody.")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [name])


def look_at_no_other(request: HttpRequest, credentials: dict[str, Any]) -> None:
    """What comes meanwhile for the same address from the same network waits until this is counted.

    It waits for no longer than the few take that are left: once that is locked none is looked at.
    """
    one_at_a_time(f"attempt {whose(request, credentials)} {network(request)}")


def whose(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under what name attempts are counted: the address, made unreadable.

    What is typed into the field may be anything, even a password, so it is never stored.
    """
    known = credentials or {}
    typed = known.get("email") or known.get("username") or request.POST.get("login", "")
    if not typed and isinstance(request.user, Person):
        typed = request.user.email
    return counted_as(str(typed))


def counted_as(email: str) -> str:
    """The name under which attempts with an e-mail address are counted."""
    key, address = settings.SECRET_KEY.encode(), email.strip().lower().encode()
    return hmac.new(key, b"attempt:" + address, hashlib.sha256).hexdigest()


def network(request: HttpRequest) -> str | None:
    """The address a request comes from, as told by the proxies that are trusted and no others.

    None where nothing tells it: then the attempts with one address are counted together.
    """
    try:
        found: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return found


def nameless(*about: Any) -> str:
    """What the log says of somebody who signs in: nothing that names them."""
    return "somebody"


def forgive(person: Person) -> None:
    """The person may try again from everywhere: they proved that the mailbox is theirs."""
    reset(username=counted_as(person.email))


def answer(
    request: HttpRequest, instead_of: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The page that says how long to wait and how to get in sooner; the same for every address."""
    minutes = round(get_cool_off(request).total_seconds() / 60)
    page = render(request, "workflow/locked_out.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page
