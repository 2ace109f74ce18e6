"""No receiver keeps another back, or the worker, however it behaves."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests import databases
from tests.story import Cast, a_case, cast, day, moment
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.receiver import HOST, Receiver
from workflow import clock
from workflow.models import Outbox, Webhook
from workflow.outbox.delivering import MOST_ATTEMPTS, PATIENCE
from workflow.outbox.given_up import tell_that_it_takes_nothing
from workflow.webhooks import calling, managing
from workflow.webhooks.delivering import MOST_AWAY, call_all
from workflow.webhooks.managing import Registered
from workflow.webhooks.models import AWAY_FOR_LONG, LONGEST_WAIT

Worker = Callable[[], AbstractContextManager[None]]
# A second receiver is called in it, and no third.
A_CALL, A_TURN = 0.8, 1.2


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


@pytest.fixture
def worker(committing_db: str) -> Worker:
    return lambda: databases.as_worker(committing_db)


@pytest.fixture
def hung() -> Iterator[socket.socket]:
    """Connections to it are made, and nobody ever says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        server.setblocking(False)
        yield server


def came(server: socket.socket) -> int:
    """How many came since it was asked last."""
    found = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return found
        found += 1


def registered(everyone: Cast, server: socket.socket, path: str = "") -> Webhook:
    how: Any = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    address = f"https://{HOST}:{server.getsockname()[1]}/{path}"
    return managing.register(address, everyone.northmoor, **how).webhook


def for_hook(hook: Webhook) -> Any:
    return Outbox.objects.filter(webhook=hook.pk)


def test_several_that_hang_cost_the_others_one_turn_at_most(
    everyone: Cast,
    hung: socket.socket,
    receiver: Receiver,
    worker: Worker,
    today: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "SECONDS", A_CALL)
    # First in every other order there is: by number, and by since when their messages wait.
    for path in ("one", "two"):
        registered(everyone, hung, path)
    how: Any = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    good = managing.register(receiver.address, everyone.northmoor, **how).webhook
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    with worker():
        assert call_all(seconds=A_TURN) == 0
        today.shift(timedelta(seconds=1))
        # As if they took what they are told, each time as late as can be.
        Webhook.objects.update(away=0)
        assert call_all(seconds=A_TURN) > 0
    assert for_hook(good).exclude(sent_at=None).exists()


def test_one_that_takes_its_time_shares_a_turn_with_the_others(
    everyone: Cast, receiver: Receiver, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    how: Any = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    first = managing.register(receiver.address, everyone.northmoor, **how).webhook
    second = managing.register(f"{receiver.address}&b", everyone.northmoor, **how).webhook
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    monkeypatch.setattr("workflow.webhooks.delivering.A_SHARE_SECONDS", 0.001)
    with worker():
        call_all()
    assert not for_hook(first).filter(sent_at=None).exists()
    assert not for_hook(second).filter(sent_at=None).exists()
    lines = [one.line for one in receiver.requests]
    assert len(set(lines[:2])) == 2


def test_one_that_is_away_is_left_alone_for_longer_each_time(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker,
    today: time_machine.Traveller,
) -> None:  # fmt: skip
    hook = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    assert for_hook(hook).count() > 2
    calls = []
    with worker():
        for seconds in (0, 29, 1, 59, 1):
            today.shift(timedelta(seconds=seconds))
            call_all()
            calls.append(came(hung))
    assert calls == [1, 0, 1, 0, 1]


def test_its_administrators_are_told_before_anything_is_given_up(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker
) -> None:
    hook = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    told = Outbox.objects.filter(kind="webhook_not_taken")
    for away, told_by_then in ((AWAY_FOR_LONG - 2, 0), (AWAY_FOR_LONG - 1, 1)):
        with worker():
            Webhook.objects.filter(pk=hook.pk).update(away=away, called_at=None)
            call_all()
        assert told.count() == told_by_then
    assert not for_hook(hook).exclude(dead_at=None).exists()


def test_that_one_takes_nothing_is_told_on_five_days_and_then_each_week_until_it_takes_something(
    everyone: Cast, hook: Registered, worker: Worker, today: time_machine.Traveller
) -> None:
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    told = Outbox.objects.filter(kind="webhook_not_taken", person=everyone.adam)
    began = clock.now()

    def days(several: int) -> list[int]:
        for _ in range(several):
            with worker():
                tell_that_it_takes_nothing(hook.webhook, at=clock.now())
                tell_that_it_takes_nothing(hook.webhook, at=clock.now())
            today.shift(timedelta(days=1))
        created = told.order_by("pk").values_list("created_at", flat=True)
        return [(one - began).days for one in created]

    assert days(20) == [0, 1, 2, 3, 4, 11, 18]
    with worker():
        assert call_all() > 0
    today.shift(timedelta(days=1))
    assert days(2)[-2:] == [21, 22]


def test_one_that_is_slow_has_one_share_of_a_turn(
    everyone: Cast, hook: Registered, receiver: Receiver, worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    monkeypatch.setattr("workflow.webhooks.delivering.SLOW_SECONDS", 0)
    with worker():
        assert call_all() == 1


def test_it_is_counted_as_away_no_further_than_can_be_counted(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker
) -> None:
    hook = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    with worker():
        Webhook.objects.filter(pk=hook.pk).update(away=MOST_AWAY, called_at=None)
        call_all()
    assert Webhook.objects.get(pk=hook.pk).away == MOST_AWAY


def test_however_often_it_was_away_it_is_called_every_hour() -> None:
    hook = Webhook(away=32_000, called_at=moment(TODAY))
    assert hook.is_due(moment(TODAY) + LONGEST_WAIT)
    assert not hook.is_due(moment(TODAY) + LONGEST_WAIT - timedelta(seconds=1))


def test_once_it_takes_something_it_is_not_away(
    everyone: Cast, hook: Registered, worker: Worker
) -> None:
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    with worker():
        Webhook.objects.filter(pk=hook.webhook.pk).update(away=3)
        assert call_all() > 0
    assert Webhook.objects.get(pk=hook.webhook.pk).away == 0


def test_what_is_told_again_has_four_days_anew(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker,
    today: time_machine.Traveller,
) -> None:  # fmt: skip
    hook = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    today.shift(PATIENCE)
    away = Webhook.objects.filter(pk=hook.pk)
    with worker():
        for_hook(hook).update(dead_at=moment(TODAY), attempts=MOST_ATTEMPTS)
    managing.tell_again(hook, by=everyone.adam, on=day("2026-11-24"), at=moment("2026-11-24"))
    with worker():
        away.update(away=MOST_ATTEMPTS * 10, called_at=None)
        call_all()
        assert came(hung) == 1
        assert not for_hook(hook).exclude(dead_at=None).exists()
        today.shift(PATIENCE)
        call_all()
        assert not for_hook(hook).filter(dead_at=None).exists()


def test_what_waited_four_days_for_one_that_is_away_is_given_up(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker,
    today: time_machine.Traveller,
) -> None:  # fmt: skip
    hook = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    today.shift(PATIENCE)
    with worker():
        call_all()
        # It may be the service that stood still for four days.
        assert not for_hook(hook).exclude(dead_at=None).exists()
        Webhook.objects.filter(pk=hook.pk).update(away=MOST_ATTEMPTS - 1, called_at=moment(TODAY))
        call_all()
    assert not for_hook(hook).filter(dead_at=None).exists()
    (told,) = Outbox.objects.filter(kind="webhook_not_taken")
    assert told.person == everyone.adam
