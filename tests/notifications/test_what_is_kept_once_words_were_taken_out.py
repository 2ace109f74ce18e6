"""What is kept of a page that was opened before words were taken out of it holds them no more."""

from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications import services
from tests.notifications.answers import at, hidden, sign_in, written
from tests.notifications.redacted import DESCRIPTION, MARK, NAME, SAYS, answered, free, proposed
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_what_was_written import SAID, place, told
from tests.notifications.test_when_the_session_ends import opened
from tests.reviews.telling import Told
from tests.story import Cast, moment
from workflow import clock
from workflow.models import Case, KeptPage

__all__ = ["told"]

NOT_WHOLE = "One text was not kept as it was typed"
TYPED = {"description": SAYS, "finished": "yes"}
LEFT = [SAYS.replace(NAME, MARK)]


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return written(draft, everyone.ada, {"description": {"description": SAYS}})


def sends(client: Client, href: str, put_in: dict[str, str], typed: dict[str, str]) -> str:
    """A page that was open is sent when its person had been signed out."""
    client.logout()
    answer = client.post(href, {**put_in, **typed})
    assert answer.status_code == 200
    return str(answer.content.decode())


def kept() -> dict[str, Any]:
    row = KeptPage.objects.select_related("case").get()
    typed: dict[str, Any] = row.kept["typed"]
    return typed


def test_the_text_is_kept_as_it_is_now_and_the_rest_as_typed(
    named: Case, everyone: Cast, ada: Client
) -> None:
    href = at("page", named, page="description")
    put_in = opened(ada, href)
    answered(named, proposed(named, everyone), everyone)
    said = sends(ada, href, put_in, TYPED)
    assert NOT_WHOLE in said
    assert "Nothing you typed was lost" not in said
    assert places_with(NAME) == set()
    assert (kept()["description"], kept()["finished"]) == (LEFT, ["yes"])
    again = sign_in(everyone.ada).get(href).content.decode()
    assert MARK in again
    assert "You were signed out before this page was saved" in again


def test_what_is_typed_on_a_page_opened_afterwards_or_on_another_is_kept_whole(
    named: Case, everyone: Cast, ada: Client, today: time_machine.Traveller
) -> None:
    harm, description = (at("page", named, page=page) for page in ("safety", "description"))
    before = opened(ada, harm)
    answered(named, proposed(named, everyone), everyone)
    assert NOT_WHOLE not in sends(ada, harm, before, {"action": SAYS})
    assert kept()["action"] == [SAYS]
    KeptPage.objects.all().delete()
    today.shift(180)
    ada = sign_in(everyone.ada)
    after = opened(ada, description)
    said = sends(ada, description, after, TYPED)
    assert "Nothing you typed was lost" in said
    assert kept()["description"] == [SAYS]


def test_what_comes_too_late_for_a_document_holds_them_no_more_either(
    named: Case, everyone: Cast, ada: Client
) -> None:
    href = at("page", named, page="description")
    put_in = opened(ada, href)
    answered(named, proposed(named, everyone), everyone)
    how = services.Sending(clock.today(), clock.now())
    services.send(named.token, by=everyone.ada, today=clock.today(), how=how)
    answer = ada.post(href, {**put_in, **TYPED})
    assert answer.status_code == 409
    assert "Your answers were kept, without one text" in answer.content.decode()
    assert kept()["description"] == LEFT
    assert places_with(NAME) == set()


def test_what_comes_too_late_from_a_page_opened_longer_ago_than_a_ticket_is_good_neither(
    named: Case, everyone: Cast, ada: Client, today: time_machine.Traveller
) -> None:
    href = at("page", named, page="description")
    put_in = opened(ada, href)
    answered(named, proposed(named, everyone), everyone)
    how = services.Sending(clock.today(), clock.now())
    services.send(named.token, by=everyone.ada, today=clock.today(), how=how)
    today.shift(14 * 3600)
    assert sign_in(everyone.ada).post(href, {**put_in, **TYPED}).status_code == 409
    assert kept()["description"] == LEFT


def test_what_comes_too_late_for_a_document_out_of_which_nothing_went_is_kept_whole(
    named: Case, everyone: Cast, ada: Client
) -> None:
    href = at("page", named, page="description")
    put_in = opened(ada, href)
    how = services.Sending(clock.today(), clock.now())
    services.send(named.token, by=everyone.ada, today=clock.today(), how=how)
    said = ada.post(href, {**put_in, **TYPED}).content.decode()
    assert "Your answers were kept. They" in said
    assert kept()["description"] == [SAYS]


def test_words_that_somebody_was_about_to_name_are_not_kept_once_they_went(
    named: Case, everyone: Cast, ada: Client
) -> None:
    parts = {"key": free(named, DESCRIPTION).row.pk, "field": "description"}
    href = reverse("redact-words", kwargs={"token": named.token, **parts})
    html = ada.get(href).content.decode()
    ticket = html.split('name="ticket" value="')[1].split('"')[0]
    answered(named, proposed(named, everyone), everyone)
    sends(ada, href, {"ticket": ticket}, {"words": NAME, "rule": "other", "reason": "In error."})
    assert (kept()["words"], kept()["reason"]) == ([], ["In error."])
    assert places_with(NAME) == set()


def test_a_partner_finds_its_comment_empty_where_words_went_from_one_meanwhile(
    told: Told, today: time_machine.Traveller
) -> None:
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    today.move_to(moment(found.not_before))
    polly, href = sign_in(told.cast.polly), reverse("reviews:sign", args=[told.case.token])
    put_in = opened(polly, href)
    answered(told.case, found, told.cast)
    typed = {"view": "dissent", "position": "Superintendent", "comment": SAID}
    assert NOT_WHOLE in sends(polly, href, put_in, typed)
    assert (kept()["comment"], kept()["position"]) == ([], ["Superintendent"])


def test_a_page_that_shows_again_what_was_sent_is_as_old_as_the_page_before(
    told: Told, today: time_machine.Traveller
) -> None:
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    today.move_to(moment(found.not_before))
    polly, href = sign_in(told.cast.polly), reverse("reviews:sign", args=[told.case.token])
    put_in = opened(polly, href)
    answered(told.case, found, told.cast)
    typed = {"view": "dissent", "position": "", "comment": SAID}
    for _ in range(2):
        today.shift(180)
        refused = polly.post(href, {**put_in, **typed}).content.decode()
        assert SAID in refused
        put_in = {name: hidden(refused, name) for name in put_in}
    assert NOT_WHOLE in sends(polly, href, put_in, typed)
    assert kept()["comment"] == []


def test_a_page_from_before_tickets_said_when_it_was_opened_is_kept_without_the_text(
    named: Case, everyone: Cast, ada: Client, today: time_machine.Traveller
) -> None:
    href = at("page", named, page="description")
    answered(named, proposed(named, everyone), everyone)
    today.shift(180)
    parts = [everyone.ada.pk, named.token, clock.now().isoformat(), False]
    before = signing.dumps(parts, salt="save-ticket")
    assert NOT_WHOLE in sends(ada, href, {"ticket": before}, TYPED)
    assert kept()["description"] == LEFT


def test_whoever_is_taking_words_out_is_waited_for(named: Case, ada: Client) -> None:
    href = at("page", named, page="description")
    put_in = opened(ada, href)
    with CaptureQueriesContext(connection) as asked:
        sends(ada, href, put_in, TYPED)
    said = [one["sql"] for one in asked.captured_queries]
    locks = [n for n, sql in enumerate(said) if "FOR NO KEY UPDATE" in sql]
    looks = [n for n, sql in enumerate(said) if "workflow_redaction" in sql]
    assert len(locks) == len(looks) == 1
    assert locks < looks
