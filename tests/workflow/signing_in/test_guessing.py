"""Whoever guesses too often waits, from there, for that address; nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axes.conf import settings
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client

from tests.story import PASSWORD, Cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.conftest import ELSEWHERE
from workflow import opaque
from workflow.models import Outbox
from workflow.outbox.mail import about_an_account

LIMIT = settings.AXES_FAILURE_LIMIT


def tries(email: str, password: str, *, network: str = "127.0.0.1") -> Any:
    client = Client(REMOTE_ADDR=network)
    return client.post("/account/login/", {"login": email, "password": password})


def guesses(email: str, *, times: int = LIMIT, network: str = "127.0.0.1") -> HttpResponse:
    answer: HttpResponse
    for number in range(times):
        answer = tries(email, f"an invented guess {number}", network=network)
    return answer


def test_the_tenth_wrong_password_closes_the_address_from_there(everyone: Cast) -> None:
    assert guesses(everyone.ada.email, times=LIMIT - 1).status_code == 200
    answer = guesses(everyone.ada.email, times=1)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    text = Markup(answer.content.decode()).one("main").text
    assert "It opens again by itself." in text
    assert tries(everyone.ada.email, PASSWORD).status_code == 429, "the right one waits too"


def test_from_another_network_the_same_person_signs_in(everyone: Cast) -> None:
    guesses(everyone.ada.email, times=LIMIT + 5)
    assert tries(everyone.ada.email, PASSWORD, network=ELSEWHERE).status_code == 302


def test_nobody_else_of_the_same_network_is_kept_out(everyone: Cast) -> None:
    for name in ("ada", "bea", "lena"):
        guesses(everyone.people[name].email, times=LIMIT + 5)
    assert tries(everyone.ben.email, PASSWORD).status_code == 302


def test_a_quarter_of_an_hour_after_the_last_guess_that_counted_it_is_open(
    everyone: Cast, now: time_machine.Traveller
) -> None:
    guesses(everyone.ada.email)
    now.shift(timedelta(minutes=14))
    assert guesses(everyone.ada.email, times=3).status_code == 429, "and these count for nothing"
    now.shift(timedelta(minutes=2))
    assert tries(everyone.ada.email, PASSWORD).status_code == 302


def test_the_right_password_begins_the_count_anew(everyone: Cast) -> None:
    guesses(everyone.ada.email, times=LIMIT - 1)
    assert tries(everyone.ada.email, PASSWORD).status_code == 302
    assert guesses(everyone.ada.email, times=LIMIT - 1).status_code == 200


def test_a_new_password_by_mail_opens_it_at_once(everyone: Cast) -> None:
    guesses(everyone.ada.email)
    client = Client(REMOTE_ADDR=ELSEWHERE)
    client.post("/account/password/reset/", {"email": everyone.ada.email})
    words = about_an_account(Outbox.objects.get(person=everyone.ada)).text
    link = next(word for word in words.split() if "/account/password/reset/key/" in word)
    form = client.get(link[link.index("/account/") :]).headers["Location"]
    assert f"/key/{opaque.hide(opaque.PERSON, everyone.ada.pk)}-" in form
    new = "a-new-invented-passphrase"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert tries(everyone.ada.email, new).status_code == 302


@pytest.mark.parametrize("kind", [opaque.MESSAGE, ""])
def test_a_link_names_a_person_as_addresses_do_or_nobody(everyone: Cast, kind: str) -> None:
    name = opaque.hide(kind, everyone.ada.pk) if kind else user_pk_to_url_str(everyone.ada)
    key = default_token_generator.make_token(everyone.ada)
    answer = Client().get(f"/account/password/reset/key/{name}-{key}/")
    assert answer.status_code == 200, "no step to a new password"
    assert "password1" not in answer.content.decode()


def test_an_address_that_nobody_has_is_closed_in_the_same_words(everyone: Cast) -> None:
    def said(email: str) -> list[tuple[int, str]]:
        answers = [guesses(email, times=1) for _ in range(LIMIT + 1)]
        return [(a.status_code, Markup(a.content.decode()).one("main").text) for a in answers]

    ada, nobody = said(everyone.ada.email), said("nobody@northmoor.example")
    assert ada == nobody
    assert [status for status, _ in ada] == [200] * (LIMIT - 1) + [429, 429]


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{}".upper()])
def test_however_it_is_typed_it_is_one_address(everyone: Cast, spelling: str) -> None:
    guesses(everyone.ada.email, times=LIMIT - 1)
    assert guesses(spelling.format(everyone.ada.email.upper()), times=1).status_code == 429


def test_what_was_typed_rests_nowhere(everyone: Cast) -> None:
    tries("a-password@wrong-field.example", "an invented guess")
    (row,) = AccessAttempt.objects.values_list("username", "get_data", "post_data", "path_info")
    for typed in ("wrong-field", "invented guess"):
        assert typed not in " ".join(map(str, row))


def test_the_log_names_nobody(everyone: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    guesses(everyone.ada.email, times=LIMIT + 1)
    assert everyone.ada.email not in caplog.text
    assert "somebody" in caplog.text
