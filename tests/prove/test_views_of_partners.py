"""In the proof's world partners give their views, and its judge tells who was asked in vain."""

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests import databases
from tests.prove.judge import RECORDED
from tests.prove.signing import SIGNED, Signatures
from tests.prove.world import Clerk, Country, settle
from tests.story import moment
from workflow import clock
from workflow.models import Organisation, Person
from workflow.reminders import statements
from workflow.reminders.sweeping import sweep

BEGAN, DAYS, CASES = date(2026, 1, 5), 45, 12
FAULT = ("e.machine = 'rapid review'", "false")


def lived(name: str) -> Country:
    """Six weeks have gone by: each morning a sweep, and afterwards people act."""
    country = settle(1)
    clerk = Clerk(country, Random(3), 0.0)
    for number in range(DAYS):
        day = BEGAN + timedelta(days=number)
        with databases.as_worker(name):
            sweep(at=moment(day, "08:00"))
        with clock.told(moment(day, "10:00")):
            if number == 0:
                for _ in range(CASES):
                    clerk._open(sent_after=(3, 5))
            clerk.act()
    return country


def asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_whoever_gave_a_view_is_asked_for_none_and_whoever_did_not_is(committing_db: str) -> None:
    country = lived(committing_db)
    given = Signatures(asked(SIGNED), country, {})
    rows = [row for row in asked(RECORDED) if row[3] == "sign-offs"]
    assert {row[6] for row in rows} == {"", "signed"}
    assert not [row for row in rows if given.asked_in_vain(row) or given.withheld_without(row)]
    nobody_gave = Signatures([], country, {})
    assert [row for row in rows if nobody_gave.withheld_without(row)]


def test_a_sweep_that_asks_everybody_is_found(
    committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FAULT[0] in statements.RECORD
    monkeypatch.setattr(statements, "RECORD", statements.RECORD.replace(*FAULT))
    country = lived(committing_db)
    given = Signatures(asked(SIGNED), country, {})
    assert [row for row in asked(RECORDED) if given.asked_in_vain(row)]


def test_a_view_excuses_what_left_after_it_and_nothing_that_had_left() -> None:
    made, given, body, person = moment("2026-01-20", "08:00"), moment("2026-01-20"), 7, 3
    partners = {Person(pk=person): Organisation(pk=body)}
    country: Any = SimpleNamespace(areas=[SimpleNamespace(partners=partners)])
    views = Signatures([(1, 5, given, body)], country, {})

    def row(message: int | None, sent: str | None, cancelled: str | None) -> tuple[Any, ...]:
        at = [moment("2026-01-20", one) if one else None for one in (sent, cancelled)]
        step = (1, "rapid-review", 1, "sign-offs", person, made, "signed")
        return (*step, message, at[0], "", at[1])

    assert not views.withheld_without(row(9, "11:00", None))
    assert not views.withheld_without(row(9, None, "11:00"))
    assert views.withheld_without(row(9, "09:00", None))
    assert views.withheld_without(row(9, None, "09:00"))
    assert views.withheld_without(row(None, None, None))
