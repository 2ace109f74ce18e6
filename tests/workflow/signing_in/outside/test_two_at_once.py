"""Two people confirm one account at the same moment: it is the first one's, and nothing breaks."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from tests.provider.running import Running
from tests.story import cast
from workflow import clock
from workflow.models import OutsideAccount, Person
from workflow.signing_in import bound


@pytest.mark.usefixtures("committing_db")
def test_the_second_is_told_that_it_is_somebody_elses() -> None:
    everyone, entry = cast(), Running("http://127.0.0.1:1", None).entry()  # type: ignore[arg-type]
    got: list[Exception | None] = []

    def confirms(person: Person) -> None:
        try:
            bound.bind(person, entry, "one subject", at=clock.now())
            got.append(None)
        except (bound.TakenError, IntegrityError) as fault:
            got.append(fault)
        finally:
            connection.close()

    second = threading.Thread(target=confirms, args=(everyone.ben,))
    with transaction.atomic():
        bound.bind(everyone.ada, entry, "one subject", at=clock.now())
        second.start()
        # It sees no account yet, and then waits for the row that is not yet stored.
        until = time.monotonic() + 20
        while not _somebody_waits():
            assert time.monotonic() < until, got
            time.sleep(0.05)
    second.join(timeout=20)
    assert [type(one) for one in got] == [bound.TakenError], got
    assert OutsideAccount.objects.get().person == everyone.ada


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        (found,) = cursor.fetchone() or (False,)
    return bool(found)
