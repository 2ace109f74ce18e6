"""What is asked twice with one key is done once, and answered alike."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from tests import databases, sight
from tests.notifications.answers import country
from tests.notifications.api.filed import FILE, body, keys_of_cases, let_in, send
from tests.story import Cast, cast, day
from tests.workflow.api.conftest import bearer, is_problem, token_of
from workflow.api import once
from workflow.api.clients import LetIn
from workflow.models import ApiWrite, Case, Event, Grant, Look

KEY = "the-key-of-a-test"
RACERS = 8


def test_the_same_again_is_answered_alike_and_files_nothing(token: str) -> None:
    first, second = send(token, FILE, body(), key=KEY), send(token, FILE, body(), key=KEY)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert first["ETag"] == second["ETag"]
    assert Case.objects.count() == Event.objects.filter(act="submit").count() == 1


def test_a_new_key_files_anew(token: str) -> None:
    send(token, FILE, body())
    assert send(token, FILE, {**body(), "different_because": "It is."}).status_code == 201
    assert Case.objects.count() == 2


def test_another_question_with_the_same_key_is_refused(token: str) -> None:
    address = send(token, FILE, body(), key=KEY).json()["address"]
    other = {**body(), "different_because": "It is."}
    elsewhere = f"{address}/withdrawal"
    for answer in (send(token, FILE, other, key=KEY), send(token, elsewhere, body(), key=KEY)):
        assert is_problem(answer, 422)["errors"][0]["name"] == "Idempotency-Key"
    assert Case.objects.count() == 1


def test_the_same_written_otherwise_is_the_same(token: str) -> None:
    first = send(token, FILE, body(), key=KEY)
    turned = dict(reversed(body().items()))
    assert send(token, FILE, turned, key=KEY).content == first.content


def test_a_refusal_does_not_use_the_key_up(token: str) -> None:
    is_problem(send(token, FILE, {}, key=KEY), 422)
    assert send(token, FILE, body(), key=KEY).status_code == 201


def test_the_key_of_another_system_says_nothing(everyone: Cast, token: str) -> None:
    send(token, FILE, body(), key=KEY)
    other = token_of(let_in(everyone, "southfen"))
    assert send(other, FILE, body(), key=KEY).status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "é" * 20, "a\tb" * 5])
def test_a_write_needs_a_key(token: str, key: str) -> None:
    headers = {**bearer(token), **({"Idempotency-Key": key} if key else {})}
    answer = Client().post(FILE, body(), content_type="application/json", headers=headers)
    assert is_problem(answer, 400)["errors"][0]["name"] == "Idempotency-Key"
    assert not Case.objects.exists()


def test_neither_the_key_nor_what_was_sent_is_kept(token: str) -> None:
    send(token, FILE, body(), key=KEY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(w)::text FROM workflow_apiwrite w")
        (row,) = cursor.fetchone()
    case = Case.objects.get()
    for word in (KEY, "Nia", "bruises", str(case.token), str(case.reference)):
        assert word not in row
        assert word.encode().hex() not in row


def test_the_answer_is_shown_to_its_own_system_alone(
    everyone: Cast, system: LetIn, token: str
) -> None:
    send(token, FILE, body(), key=KEY)
    for who, shown in ((system.client.account, 1), (everyone.ada, 0), (everyone.cara, 0)):
        with sight.of(who, on=day("2026-11-20")):
            assert ApiWrite.objects.count() == shown, who


def test_what_a_system_sees_no_more_is_not_answered_and_not_done_again(
    everyone: Cast, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    send(token, FILE, body(), key=KEY)
    Grant.objects.filter(organisation=everyone.northmoor).update(until=day("2026-11-20"))
    today.shift(timedelta(days=1))
    answer = send(token_of(system), FILE, body(), key=KEY)
    assert is_problem(answer, 409)["errors"][0]["name"] == "Idempotency-Key"
    assert Case.objects.count() == 1


def test_an_answer_is_kept_for_a_week_and_its_key_opens_nothing_after_that(
    committing_db: str, today: time_machine.Traveller
) -> None:
    made = let_in(country(cast()))
    send(token_of(made), FILE, body(), key=KEY)
    for days, kept in ((7, 1), (1, 0)):
        today.shift(timedelta(days=days))
        with databases.as_worker(committing_db):
            once.sweep()
        assert ApiWrite.objects.count() == kept
    late = {"late": {"code": "other", "words": "Nobody was there."}}
    is_problem(send(token_of(made), FILE, body(**late), key=KEY), 409)
    assert Case.objects.count() == 1
    # The key that was made for the case that there already is opens nothing, and is gone.
    assert len(keys_of_cases()) == 1


def test_a_changed_secret_of_the_service_forgets_no_key(
    everyone: Cast, system: LetIn, settings: Settings
) -> None:
    token = token_of(system)
    first = send(token, FILE, body(), key=KEY)
    settings.SECRET_KEY = "another invented secret, which signs whatever is signed from now on"
    again = send(token_of(system), FILE, body(), key=KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    other = {**body(), "different_because": "It is."}
    assert is_problem(send(token, FILE, other, key=KEY), 422)["title"] == "The key was used"
    assert Case.objects.count() == 1


def test_what_was_asked_is_told_by_no_digest_that_could_be_tried(token: str) -> None:
    for key in (KEY, f"{KEY}-2"):
        said = {**body(), "different_because": "It is."}
        assert send(token, FILE, said, key=key).status_code == 201
    assert len(set(ApiWrite.objects.values_list("asked", flat=True))) == 2


def test_the_worker_reads_nothing_of_an_answer_but_its_age(
    committing_db: str, today: time_machine.Traveller
) -> None:
    send(token_of(let_in(country(cast()))), FILE, body())
    with databases.as_worker(committing_db):
        assert ApiWrite.objects.values_list("at").count() == 1
        with pytest.raises(Exception, match="permission denied"):
            ApiWrite.objects.get()


def at_once(count: int, ask: Callable[[], Any]) -> list[Any]:
    """What several connections were answered that asked in one moment."""
    start, told = threading.Barrier(count), []

    def one() -> None:
        try:
            start.wait(timeout=20)
            told.append(ask())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def test_of_many_at_once_one_files_and_the_others_are_told_so(
    committing_db: str, today: time_machine.Traveller
) -> None:
    token = token_of(let_in(country(cast())))
    told = at_once(RACERS, lambda: send(token, FILE, body(), key=KEY))
    assert len(told) == RACERS
    filed = [answer.content for answer in told if answer.status_code == 201]
    waiting = [answer for answer in told if answer.status_code == 409]
    assert len(filed) + len(waiting) == RACERS, [answer.status_code for answer in told]
    assert len(set(filed)) == 1
    assert Case.objects.count() == Event.objects.filter(act="submit").count() == 1
    for answer in waiting:
        assert is_problem(answer, 409)["errors"][0]["name"] == "Idempotency-Key"
        assert answer["Retry-After"] == "1"
    assert send(token, FILE, body(), key=KEY).content == filed[0]


def test_of_two_who_correct_what_both_have_seen_one_is_told_to_read_it_again(
    committing_db: str, today: time_machine.Traveller
) -> None:
    everyone = country(cast())
    tokens = [token_of(let_in(everyone)) for _ in range(2)]
    filed = send(tokens[0], FILE, body())
    here, seen = f"{filed.json()['address']}/amendments", filed["ETag"]
    places = iter(tokens)

    def correct() -> int:
        token = next(places)
        said = {"page": "partners", "answers": {"agreed": "yes", "views": token}, "reason": "Why."}
        return int(send(token, here, said, If_Match=seen).status_code)

    assert sorted(at_once(2, correct)) == [200, 412]
    assert Event.objects.filter(act="added_or_corrected").count() == 1


def test_without_the_lock_the_database_still_lets_one_file(
    committing_db: str, today: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "hold", lambda asked: None)
    token = token_of(let_in(country(cast())))
    told = at_once(4, lambda: send(token, FILE, body(), key=KEY).status_code)
    assert told.count(201) >= 1
    assert set(told) <= {201, 409}
    assert Case.objects.count() == 1


def test_what_is_shown_again_is_in_the_log_of_looks(token: str) -> None:
    send(token, FILE, body(), key=KEY)
    before = Look.objects.count()
    send(token, FILE, body(), key=KEY)
    assert Look.objects.count() == before + 1
