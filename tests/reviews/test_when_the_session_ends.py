"""What is typed on the pages of an act is not lost when the session ends, and is nobody else's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.notifications.answers import hidden
from tests.reviews.telling import Told, a_rapid_review
from tests.story import moment
from workflow.models import Case, Event, KeptPage

TEXT = "A long invented account, zebra-topaz."


@pytest.fixture
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(moment("2026-12-14"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(db: None, today: time_machine.Traveller) -> Told:
    """Sent to the Panel on 7 December; the rapid review followed on 10 December."""
    return a_rapid_review()


def with_the_panel(told: Told) -> None:
    told.filled("2026-12-10").sent("2026-12-10")


def considered(told: Told) -> None:
    with_the_panel(told)
    told.considered("2026-12-11")


def undecided(told: Told) -> None:
    told.filled("2026-12-10", "undecided").sent("2026-12-10")


def asked(told: Told) -> None:
    told.act(
        told.case.notification,
        "request_information",
        "sol",
        "2026-12-10",
        reason="Invented question.",
        facts={"reply_on": moment("2026-12-20").date()},
    )


def nothing(told: Told) -> None:
    """The notification is sent, and no more."""


PAGES: list[tuple[str, dict[str, str], str, str, Callable[[Told], None]]] = [
    ("reviews:consider", {}, "priya", "notes", with_the_panel),
    ("reviews:respond", {}, "sol", "text", considered),
    ("reviews:triage-act", {"act": "request-information"}, "sol", "reason", nothing),
    ("reviews:triage-act", {"act": "return-for-information"}, "sol", "reason", with_the_panel),
    ("reviews:sign", {}, "ira", "comment", nothing),
    ("reviews:confirm", {}, "bea", "reason", undecided),
    ("notifications:reply", {}, "ada", "reason", asked),
    ("notifications:propose", {}, "ada", "reason", nothing),
    ("notifications:amend-page", {"page": "description"}, "ada", "reason", nothing),
    ("notifications:partners-told", {}, "ada", "note", nothing),
]
NAMES = [f"{name} {where.get('act', '')}".strip() for name, where, *_ in PAGES]


def browser_of(told: Told, who: str, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(told.cast.people[who])
    return client


def put_in(client: Client, address: str) -> dict[str, str]:
    """What a page that is open in a browser sends of itself."""
    html = client.get(address).content.decode()
    return {name: hidden(html, name) for name in ("ticket", "csrfmiddlewaretoken")}


def lost(told: Told, who: str, address: str, field: str) -> Any:
    """The page is sent after the session has ended."""
    client = browser_of(told, who, enforce_csrf_checks=True)
    sent = {**put_in(client, address), field: TEXT}
    Session.objects.all().delete()
    return client.post(address, sent)


@pytest.mark.parametrize(("name", "where", "who", "field", "before"), PAGES, ids=NAMES)
def test_it_is_kept_and_given_back_to_its_own_person(
    story: Told,
    name: str,
    where: dict[str, str],
    who: str,
    field: str,
    before: Callable[[Told], None],
) -> None:
    before(story)
    events = Event.objects.count()
    address = reverse(name, kwargs={"token": story.case.token, **where})
    answer = lost(story, who, address, field)
    html = answer.content.decode()
    assert "Your answers were kept at 10:00am" in html
    assert TEXT not in html, "whoever sits there now is not shown it"
    assert Event.objects.count() == events, "nothing was done without a session"
    again = browser_of(story, who).get(address).content.decode()
    assert f">{TEXT}</textarea>" in again
    assert "You were signed out before this page was saved" in again


def consider(story: Told) -> str:
    with_the_panel(story)
    return reverse("reviews:consider", args=[story.case.token])


def test_nobody_else_is_given_it(story: Told) -> None:
    address = consider(story)
    lost(story, "priya", address, "notes")
    assert TEXT not in browser_of(story, "petra").get(address).content.decode()
    assert browser_of(story, "cara").get(address).status_code == 404


def test_a_row_moved_to_another_person_opens_for_neither(story: Told) -> None:
    address = consider(story)
    lost(story, "priya", address, "notes")
    KeptPage.objects.update(person=story.cast.petra)
    assert TEXT not in browser_of(story, "petra").get(address).content.decode()


def test_it_rests_in_clear_nowhere(story: Told) -> None:
    lost(story, "priya", consider(story), "notes")
    assert KeptPage.objects.count() == 1
    # What has arrived and is not in the log yet is named by number, as what the log counted is, and
    # what no scanner has seen is sealed: these are read by the worker alone.
    workers = {"workflow_arrival", "workflow_counted", "notifications_quarantinedcontent"}
    for table in set(connection.introspection.table_names()) - workers:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = "".join(str(row[0]) for row in cursor.fetchall())
        assert TEXT not in rows, table
        assert TEXT.encode().hex() not in rows, table


def test_a_token_that_has_expired_loses_nothing_of_whoever_is_signed_in(story: Told) -> None:
    address = consider(story)
    browser = browser_of(story, "priya", enforce_csrf_checks=True)
    sent = {**put_in(browser, address), "notes": TEXT}
    # Signing in again, in another tab, gives the browser a new secret.
    browser.cookies.clear()
    browser.force_login(story.cast.priya)
    answer = browser.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert f">{TEXT}</textarea>" in browser.get(address).content.decode()


def test_what_one_person_opened_another_never_does_in_their_place(story: Told) -> None:
    address = consider(story)
    sent = {**put_in(browser_of(story, "priya"), address), "notes": TEXT}
    events = Event.objects.count()
    html = browser_of(story, "petra").post(address, sent).content.decode()
    assert "kept for them" in html
    assert Event.objects.count() == events
    assert TEXT in browser_of(story, "priya").get(address).content.decode()


def reply(story: Told) -> str:
    asked(story)
    return reverse("notifications:reply", args=[story.case.token])


def test_once_the_act_is_done_it_is_forgotten(story: Told) -> None:
    address = reply(story)
    lost(story, "ada", address, "reason")
    browser = browser_of(story, "ada")
    refused = browser.post(address, {**put_in(browser, address), "reason": ""})
    assert KeptPage.objects.exists(), "a refusal forgets nothing"
    ticket = hidden(refused.content.decode(), "ticket")
    assert browser.post(address, {"ticket": ticket, "reason": TEXT}).status_code == 302
    assert not KeptPage.objects.exists()


def test_it_is_cleared_in_two_steps_the_first_of_which_says_what_will_be_lost(story: Told) -> None:
    address = reply(story)
    lost(story, "ada", address, "reason")
    browser = browser_of(story, "ada")
    html = browser.post(address, {"let-go": "yes"}).content.decode()
    assert "Clear what you typed?</h1>" in html
    assert TEXT in html
    assert "nobody can bring it back" in html
    assert KeptPage.objects.exists(), "asked, it is not cleared yet"
    assert f">{TEXT}</textarea>" in browser.get(address).content.decode()
    assert browser.post(address, {"let-go": hidden(html, "let-go")})["Location"] == address
    assert TEXT not in browser.get(address).content.decode()
    assert not KeptPage.objects.exists()
    assert browser.post(address, {"let-go": "yes"})["Location"] == address, "nothing waits"


def test_the_first_page_tells_its_own_person_alone_what_waits_and_where(story: Told) -> None:
    address = reply(story)
    ada = browser_of(story, "ada")
    words = "What you typed was kept and is not saved"
    assert words not in ada.get("/home/").content.decode()
    lost(story, "ada", address, "reason")
    ada = browser_of(story, "ada")
    for page in ("/home/", "/queue/?part=closed"):
        html = ada.get(page).content.decode()
        assert words in html
        link = f'href="{address}">Reply to the request for information: {story.case.label}</a>'
        assert f"{link}, kept at 10:00am" in html
        assert TEXT not in html
    assert words not in browser_of(story, "ben").get("/home/").content.decode()
    story.case.grants.update(withdrawn_at=moment("2026-12-14"))
    # Of a case that is seen no longer nothing is said.
    assert words not in ada.get("/home/").content.decode()


def test_where_the_case_went_on_it_is_shown_by_itself(story: Told) -> None:
    address = consider(story)
    lost(story, "priya", address, "notes")
    story.considered("2026-12-14", by="petra")
    html = browser_of(story, "priya").get(address).content.decode()
    assert "This page can no longer be used" in html
    assert TEXT in html
    assert reverse("reviews:read", args=[story.case.token]) in html


def test_whoever_no_longer_sees_the_case_is_given_nothing(story: Told) -> None:
    address = reply(story)
    lost(story, "ada", address, "reason")
    story.case.grants.update(withdrawn_at=moment("2026-12-14"))
    answer = browser_of(story, "ada").get(address)
    assert answer.status_code == 404
    assert TEXT not in answer.content.decode()


def test_a_stranger_without_a_ticket_keeps_nothing(story: Told) -> None:
    address = reply(story)
    assert Client().post(address, {"reason": TEXT}).status_code == 302
    assert Client().post(address, {"reason": TEXT, "ticket": "A" * 90}).status_code == 302
    forged = Client(enforce_csrf_checks=True).post(address, {"reason": TEXT, "ticket": "A" * 90})
    assert forged.status_code == 403
    assert not KeptPage.objects.exists()
    assert Case.objects.count() == 1
