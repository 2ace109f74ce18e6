"""Shutting the eyes of a test: what it then sees is what the database shows to somebody.

Tests look at rows as nobody in their story could, so their own connections have open eyes (see
`databases`). Each request that a test makes is answered with shut eyes, as in the real service,
where there are none to open.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from workflow.access import context
from workflow.models import Person

_NOBODY = ", ".join(
    f"set_config('sight.{name}', '', false)"
    for name in ("person", "on", "bodies", "partner_bodies", "watched_bodies", "case", "purpose")
)


@contextmanager
def shut() -> Iterator[None]:
    """Inside, this thread's connection sees what the service would, as nobody to begin with.

    The statements go past Django, so that no count of statements holds them.
    """
    try:
        connection.ensure_connection()
    except (OperationalError, RuntimeError):
        # A test that may use no database, or that has none.
        yield
        return
    _say("shut")
    try:
        yield
    finally:
        _say("open")


@contextmanager
def of(person: Person, *, on: date) -> Iterator[None]:
    """Inside, a transaction of this person's, with shut eyes."""
    with shut(), context.acting(person, on=on):
        yield


def shuts_eyes(get_response: Callable[[HttpRequest], HttpResponse]) -> object:
    """The middleware around every request that a test makes."""

    def respond(request: HttpRequest) -> HttpResponse:
        with shut():
            return get_response(request)

    return respond


def _say(eyes: str) -> None:
    raw = connection.connection
    if raw is None or raw.closed:
        return
    try:
        raw.execute(f"SELECT set_config('tests.eyes', '{eyes}', false), {_NOBODY}")
    except psycopg.Error:
        # A transaction that failed takes nothing more; its rollback puts this right as well.
        return
