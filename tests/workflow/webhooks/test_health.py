"""Health says whether webhooks are called at all, and nothing of how their receivers are."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests import databases
from tests.story import Cast, a_case, cast, moment
from tests.workflow.webhooks.conftest import TODAY
from workflow.access import context
from workflow.health import webhooks
from workflow.health.words import said
from workflow.models import Outbox, Webhook
from workflow.webhooks.managing import Registered
from workflow.webhooks.models import AWAY_FOR_LONG

LATER = moment(TODAY) + timedelta(minutes=11)


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


@pytest.fixture
def many(everyone: Cast, hook: Registered) -> int:
    """How many messages wait for it."""
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    several = Outbox.objects.filter(webhook=hook.webhook).count()
    assert several > 2
    return several


def looked(at: Any = LATER) -> Any:
    with context.serving(context.HEALTH):
        return webhooks.sign(at)


def test_a_system_that_nobody_calls_is_not_well(many: int) -> None:
    assert looked(moment(TODAY)).well
    found = looked()
    assert not found.well
    assert found.figures == {"waiting": many, "given_up": 0, "idle": 1, "away": 0}
    assert "1 system waits to be called, and nobody calls." in said(found, at=LATER).wrong


@pytest.mark.parametrize("changed", [{"called_at": LATER}, {"away": 1, "called_at": None}])
def test_one_that_was_called_or_is_away_is_other_peoples_to_see(
    many: int, committing_db: str, changed: dict[str, Any]
) -> None:
    with databases.as_worker(committing_db):
        Webhook.objects.update(**changed)
        Outbox.objects.filter(webhook__isnull=False).update(dead_at=LATER)
        last = Outbox.objects.filter(webhook__isnull=False).latest("pk")
        Outbox.objects.filter(pk=last.pk).update(dead_at=None)
    assert looked().well
    assert looked().figures["given_up"] == many - 1


def test_how_many_are_away_for_long_is_said_and_makes_nothing_ill(
    many: int, committing_db: str
) -> None:
    for away, several in ((AWAY_FOR_LONG - 1, 0), (AWAY_FOR_LONG, 1)):
        with databases.as_worker(committing_db):
            Webhook.objects.update(away=away, called_at=LATER)
        assert looked().well
        assert looked().figures["away"] == several
    assert "1 system has been away for an hour or longer" in said(looked(), at=LATER).state


def test_where_sending_is_held_nobody_is_expected_to_call(many: int, settings: Settings) -> None:
    settings.SENDING_HELD = True
    assert looked().well
