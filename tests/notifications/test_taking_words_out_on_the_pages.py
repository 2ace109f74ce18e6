"""Choosing an answer, checking what will be left, and the answer of another, on the pages."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import shown
from tests.notifications.answers import at, errors, fill, sent, sign_in
from tests.notifications.redacted import (
    DESCRIPTION,
    MARK,
    NAME,
    SAYS,
    WHY,
    answered,
    free,
    names,
    proposed,
    reviewed,
)
from tests.notifications.searching import places_with
from tests.story import Cast, moment
from tests.templates.markup import Markup
from workflow import clock, services
from workflow.models import Case, Event, KeptPage, Person, Redaction
from workflow.retention import holding

TYPED = {"words": NAME, "rule": "named_in_error", "reason": WHY}


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return sent(draft, everyone.ada, {"description": {"description": SAYS}})


@pytest.fixture
def ben(everyone: Cast) -> Client:
    return in_front(everyone.ben)


def in_front(person: Person) -> Client:
    """A browser of somebody who has just shown who they are."""
    client = sign_in(person)
    shown.who_it_is(client, person)
    return client


def here(name: str, case: Case, **more: Any) -> str:
    return reverse(name, kwargs={"token": case.token, **more})


def words_at(case: Case) -> str:
    return here("redact-words", case, key=free(case, DESCRIPTION).row.pk, field="description")


def text(answer: Any) -> str:
    return " ".join(one.text for one in Markup(answer.content.decode()).all("main"))


def hidden(answer: Any) -> dict[str, str]:
    """What the forms of a page send with their buttons."""
    fields = Markup(answer.content.decode()).all("input")
    return {
        one.attrs["name"]: one.attrs.get("value", "")
        for one in fields
        if one.attrs.get("type") == "hidden" and one.attrs.get("name") != "csrfmiddlewaretoken"
    }


def test_from_the_answer_to_the_mark_by_two_people(
    named: Case, everyone: Cast, ada: Client, today: time_machine.Traveller
) -> None:
    assert here("redact", named) in ada.get(here("case", named)).content.decode()
    chosen = ada.get(here("redact", named)).content.decode()
    assert words_at(named) in chosen
    assert NAME in text(ada.get(words_at(named)))
    check = fill_words(ada, named)
    said = text(check)
    assert f"{MARK} of 4 Zqname Street called." in said
    assert "The words stand in 2 stored copies of this text" in said
    assert f"{MARK} of 4 Zqname Street" in text(ada.post(words_at(named), hidden(check)))
    assert not Redaction.objects.exists()
    done = ada.post(words_at(named), {**hidden(check), "confirmed": "yes"})
    assert done["Location"] == here("redact", named), errors(done)
    found = Redaction.objects.get()
    address = here("redact-answer", named, key=found.pk)
    early = text(in_front(everyone.ben).get(address))
    assert "the words can go from Tuesday 24 November 2026" in early
    assert "Not before" in text(ada.get(here("redact", named)))
    today.move_to(moment(found.not_before))
    ada, ben = sign_in(everyone.ada), in_front(everyone.ben)
    assert address in ben.get(here("redact", named)).content.decode()
    page = ben.get(address)
    for words in (NAME, MARK, WHY, "Ada, Notifier", "Somebody is named in error"):
        assert words in text(page)
    done = ben.post(address, {**hidden(page), "answer": "confirm"})
    assert done["Location"] == here("redact", named), errors(done)
    assert places_with(NAME) == set()
    told = text(ada.get(here("redact", named)))
    for words in ("Taken out", "Ada, Notifier", "Ben, ", "Notification: What happened", WHY):
        assert words in told
    read = sign_in(everyone.priya).get(at("read", named)).content.decode()
    assert MARK in read
    assert "What happened, on 24 November 2026: Somebody is named in error" in read
    assert (
        "Somebody is named in error"
        in sign_in(everyone.priya).get(at("print", named)).content.decode()
    )
    assert NAME not in read


def fill_words(client: Client, case: Case, **more: str) -> Any:
    page = client.get(words_at(case))
    return client.post(words_at(case), {**hidden(page), **TYPED, **more})


def test_the_timeline_says_where_and_by_which_rule_and_why_to_those_who_read_it(
    named: Case, everyone: Cast, ada: Client
) -> None:
    answered(named, proposed(named, everyone), everyone)
    said = text(ada.get(here("timeline", named)))
    for words in ("Words taken out of every version", "Notification, What happened.",
                  "Somebody is named in error.", "Stored copies in which the words stood: 2.",
                  WHY):  # fmt: skip
        assert words in said
    dates = text(sign_in(everyone.sam).get(here("timeline", named)))
    assert "Notification, What happened." in dates
    assert WHY not in dates


def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    named: Case, ada: Client
) -> None:
    empty = ada.post(words_at(named), {"words": "", "reason": ""})
    assert errors(empty) == [
        "Enter the words to take out",
        "Select by which rule they are taken out",
        "Enter why the words are taken out",
    ]
    wrong = fill_words(ada, named, words="Robin")
    assert "“Robin” does not stand in this answer" in errors(wrong)[0]
    assert WHY in wrong.content.decode()
    check = fill_words(ada, named, words=f"{NAME}\r\n4 Zqname Street")
    back = ada.post(words_at(named), {**hidden(check), "then": "change"})
    html = back.content.decode()
    assert f"{NAME}\n4 Zqname Street" in html.replace("\r\n", "\n")
    assert WHY in html
    assert 'value="named_in_error" checked' in html
    assert not Redaction.objects.exists()
    # Sent when the session had ended: kept, and there again.
    ada.logout()
    ada.post(words_at(named), {**hidden(check), "confirmed": "yes"})
    assert KeptPage.objects.get().page == words_at(named)
    assert not Redaction.objects.exists()


def test_a_page_that_somebody_overtook_does_nothing_and_shows_the_answer_as_it_is_now(
    named: Case, everyone: Cast, ada: Client, ben: Client
) -> None:
    check = fill_words(ada, named)
    amend(ben, named, f"{NAME} and others.")
    again = ada.post(words_at(named), {**hidden(check), "confirmed": "yes"})
    assert "Somebody changed this answer since you opened this page" in text(again)
    assert f"{MARK} and others." in text(again)
    assert not Redaction.objects.exists()
    ada.post(words_at(named), {**hidden(again), "confirmed": "yes"})
    address = here("redact-answer", named, key=Redaction.objects.get().pk)
    page = ben.get(address)
    amend(ada, named, f"{NAME} and more.")
    stale = ben.post(address, {**hidden(page), "answer": "confirm"})
    assert "Somebody changed this answer" in errors(stale)[0]
    assert f"{MARK} and more." in text(stale)
    assert Redaction.objects.get().state == "proposed"


def amend(client: Client, case: Case, words: str) -> None:
    typed = {"description": words, "finished": "yes", "reason": "More is known."}
    answer = fill(client, at("amend-page", case, page="description"), typed)
    assert answer.status_code == 302, errors(answer)


def test_whoever_proposed_takes_back_and_whoever_did_not_show_who_they_are_does_nothing(
    named: Case, everyone: Cast, ada: Client
) -> None:
    found = proposed(named, everyone)
    address = here("redact-answer", named, key=found.pk)
    stranger = sign_in(everyone.ben)
    assert "reauthenticate" in stranger.get(address)["Location"]
    stranger.post(address, {"seen": "1", "answer": "confirm"})
    assert Redaction.objects.get().state == "proposed"
    shown.who_it_is(ada, everyone.ada)
    page = ada.get(address)
    assert "Take back the proposal" in text(page)
    ada.post(address, hidden(page))
    assert Redaction.objects.get().state == "declined"
    assert ada.get(address)["Location"] == here("redact", named)
    assert Event.objects.filter(act="decline_redaction").count() == 1


def test_the_pages_are_for_those_who_may_and_nobody_else_learns_of_them(
    named: Case, everyone: Cast
) -> None:
    found = proposed(named, everyone)
    addresses = (
        here("redact", named), words_at(named), here("redact-answer", named, key=found.pk),
    )  # fmt: skip
    for name in ("cara", "sol", "petra", "adam", "sam", "ira"):
        client = sign_in(everyone.people[name])
        shown.who_it_is(client, everyone.people[name])
        assert [client.get(one).status_code for one in addresses] == [404] * 3, name
        assert [client.post(one).status_code for one in addresses[1:]] == [404] * 2, name
        if name != "cara":
            page = client.get(here("case", named)).content.decode()
            assert addresses[0] not in page
    # Of the business unit: it may propose, and does not answer what somebody else proposed.
    bea = sign_in(everyone.bea)
    assert [bea.get(one).status_code for one in addresses] == [200, 200, 404]


def test_under_a_hold_each_page_says_why_not_and_who_can_lift_it(
    named: Case, everyone: Cast, ada: Client, ben: Client
) -> None:
    found = proposed(named, everyone)
    how: Any = {"by": everyone.ben, "on": clock.today(), "at": clock.now(), "reason": "A claim."}
    holding.hold(services.lock_case(named.token, by=everyone.ben, on=clock.today()), **how)
    words = "under a legal hold, so it stays as it stands. The Approver of Northmoor can lift it"
    address = here("redact-answer", named, key=found.pk)
    for client, href in ((ada, here("redact", named)), (ada, words_at(named)), (ben, address)):
        assert words in text(client.get(href))
    page = ben.get(address)
    assert words in errors(ben.post(address, {**hidden(page), "answer": "confirm"}))[0]
    assert Redaction.objects.get().state == "proposed"


def test_pages_that_identify_somebody_are_no_free_text(
    named: Case, everyone: Cast, ada: Client
) -> None:
    chosen = ada.get(here("redact", named)).content.decode()
    assert "Child A, Home" not in chosen
    assert "Child A, Name" not in chosen
    told = reviewed(everyone)
    names(told, "2026-11-12")
    chosen = ada.get(here("redact", told.case)).content.decode()
    assert "Local child safeguarding practice review: The partners’ reasons" in chosen
