"""After a restore nothing is sent until somebody has looked; and a broker must drop nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pytest_django import Settings

from tests import databases
from tests.prove.servers import Broker
from tests.story import Cast
from tests.workflow.health.test_answers_for_machines import beat
from tests.workflow.health.test_what_keeps_messages import message, page, unwell
from workflow.models import Outbox
from workflow.outbox.delivering import deliver


@pytest.fixture(autouse=True)
def today() -> None:
    """These signs tell the present."""


@pytest.fixture
def swept(everyone: Cast, committing_db: str) -> Cast:
    beat(committing_db, 5)
    return everyone


def test_while_it_is_held_nothing_is_sent_and_the_page_says_so(
    swept: Cast, committing_db: str, settings: Settings
) -> None:
    message(swept.ada, 60, kind="dead_letter")
    settings.SENDING_HELD = True
    with databases.as_worker(committing_db):
        assert deliver() == 0
    assert Outbox.objects.get().claims == 0
    # Neither the worker nor the mail server is blamed.
    assert unwell() == {"outbox"}
    told = page(swept)
    assert "Sending is held: 1 message waits, and none goes out." in told
    assert "Then set SENDING=on and start every process again." in told
    settings.SENDING_HELD = False
    with databases.as_worker(committing_db):
        assert deliver() == 1
    assert unwell() == set()


@pytest.fixture
def broker(tmp_path: Path, settings: Settings) -> Iterator[redis.Redis]:
    """A real broker of this test's own."""
    server = Broker(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    try:
        with redis.Redis.from_url(server.url, retry=redis.retry.Retry(WAIT, 40)) as line:
            line.ping()
            yield line
    finally:
        server.kill()


WAIT = redis.backoff.ConstantBackoff(0.1)


def test_a_broker_that_would_drop_rings_is_told(swept: Cast, broker: redis.Redis) -> None:
    assert unwell() == set()
    broker.config_set("maxmemory-policy", "allkeys-lru")
    assert unwell() == {"broker"}
    told = page(swept)
    assert "drops rings when its memory is full: its policy is allkeys-lru." in told
    assert "Set its maxmemory-policy to noeviction." in told


def test_a_broker_that_does_not_say_what_it_drops_is_not_blamed(
    swept: Cast, broker: redis.Redis
) -> None:
    broker.acl_setuser("default", enabled=True, nopass=True, commands=["+@all", "-config"])
    assert unwell() == set()
    assert "What it does when its memory is full could not be asked." in page(swept)
