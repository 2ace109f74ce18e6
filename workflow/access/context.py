"""Who the database takes a transaction for: the only place that ever says so.

The tables of cases show and take rows by what stands here (see `rows`), whatever a query asks. It
lasts until its transaction ends and goes no further: on a connection that serves somebody else
next nothing of it is left. A transaction that says nothing sees no row of any case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Func
from django.db.models.expressions import RawSQL

from workflow import clock
from workflow.access.policy import roles_for
from workflow.access.purposes import (
    AUDIT,
    CHILDREN,
    DATES,
    EMERGENCIES,
    HEALTH,
    KEYS,
    PURPOSES,
    RESTRICTED,
)
from workflow.access.reach import PARTNERS, reaches
from workflow.people import roles
from workflow.people.person import Person

__all__ = [
    "AUDIT",
    "CHILDREN",
    "DATES",
    "EMERGENCIES",
    "HEALTH",
    "KEYS",
    "RESTRICTED",
    "AtHand",
    "acting",
    "enter",
    "open_one",
    "serving",
]

_SETTINGS = ("person", "on", "at", "bodies", "partner_bodies", "watched_bodies", "case", "purpose")
_SEES_ANY = sorted(role.slug for role in roles.ALL if reaches(role.slug, ""))
_SEES_AS_PARTNER = sorted(PARTNERS & set(_SEES_ANY))
# Who learns of restricted cases that they exist, and their dates.
_WATCHES = sorted(roles_for("view.restricted"))

# The memberships are the database's own look at them, not the program's.
_ENTER = """SELECT set_config('sight.person', coalesce(p.id::text, ''), true)
    || set_config('sight.on', %s, true)
    || set_config('sight.at', %s, true)
    || set_config('sight.bodies', coalesce(m.bodies::text, '{}'), true)
    || set_config('sight.partner_bodies', coalesce(m.partner_bodies::text, '{}'), true)
    || set_config('sight.watched_bodies', coalesce(m.watched_bodies::text, '{}'), true)
    || set_config('sight.case', '', true)
    || set_config('sight.purpose', '', true)
FROM (SELECT) AS always
LEFT JOIN workflow_person p ON p.id = %s AND p.is_active
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT organisation_id) FILTER (WHERE role = ANY(%s)) AS bodies,
        array_agg(DISTINCT organisation_id) FILTER (WHERE role = ANY(%s)) AS partner_bodies,
        array_agg(DISTINCT organisation_id) FILTER (WHERE role = ANY(%s)) AS watched_bodies
    FROM workflow_membership
    WHERE person_id = p.id AND since <= %s::date AND (until IS NULL OR until >= %s::date)
) m ON true"""
_READ = "SELECT " + ", ".join(f"current_setting('sight.{name}', true)" for name in _SETTINGS)
_WRITE = "SELECT " + ", ".join(f"set_config('sight.{name}', %s, true)" for name in _SETTINGS)
_OPEN = """SELECT set_config(
    'sight.case', nextval(pg_get_serial_sequence('workflow_case', 'id'))::text, true
)"""


class AtHand(Func):
    """The case that a query finds is the one at hand until the transaction ends.

    The database found it among those in sight. From then on its rows are within reach, so that an
    act which ends the actor's own sight, as passing a case on does, is still written to its end.
    """

    template = "set_config('sight.case', (%(expressions)s)::text, true)"
    output_field = CharField()


def enter(person: Person, *, on: date) -> None:
    """The transaction under way is this person's on a London date, until it ends.

    It is said in the statement that reads the person's memberships, which every page asks for.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Outside a transaction nothing would be left of it: use `acting`.")
    said = RawSQL(_ENTER, _values(person, on), CharField())  # noqa: S611 - no text but ours
    if not person.read_memberships(on, said=said):
        # Nobody without a role has a row to say it with.
        _enter(person, on)


@contextmanager
def acting(person: Person, *, on: date) -> Iterator[None]:
    """Inside, a transaction of this person's on a London date; what was before is put back."""
    with _put_back():
        _enter(person, on)
        yield


@contextmanager
def serving(purpose: str) -> Iterator[None]:
    """Inside, a transaction of the service itself for one of its named purposes, and no more.

    Nothing is in sight of the person in whose transaction this happens, until it ends.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose} is not among the purposes that `purposes` names.")
    with _put_back(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sight.purpose', %s, true)", [purpose])
        yield


def open_one() -> int:
    """The key of a case about to be opened, which is at hand until the transaction ends.

    It is new, so that nothing of any other case comes within reach.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return int(cursor.fetchone()[0])


def _values(person: Person, on: date) -> list[Any]:
    day = on.isoformat()
    reached = [_SEES_ANY, _SEES_AS_PARTNER, _WATCHES]
    return [day, clock.now().isoformat(), person.pk, *reached, day, day]


def _enter(person: Person, on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, _values(person, on))


@contextmanager
def _put_back() -> Iterator[None]:
    """A transaction; within a larger one, what it said before is said again at the end."""
    nested = connection.in_atomic_block
    before: Any = None
    with transaction.atomic():
        if nested:
            with connection.cursor() as cursor:
                cursor.execute(_READ)
                before = cursor.fetchone()
        yield
        # After an error the savepoint puts it back by itself.
        if before is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [value or "" for value in before])
