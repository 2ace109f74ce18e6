"""Nothing typed is lost when a session has ended, and nothing rests in plain text."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from tests.notifications.answers import CHILD, PAGES, at, fill, hidden, sent, sign_in, when
from tests.story import Cast
from workflow import clock
from workflow.models import Answers, Case, KeptPage
from workflow.people.membership import leave
from workflow.sealed import kept
from workflow.sealed.carried import opened as opened_again

TEXT = "A long account of what happened to Child A."
TYPED = {"description": TEXT, "finished": "no"}


def opened(client: Client, href: str) -> dict[str, str]:
    """What a page that is open in a browser would send along."""
    html = client.get(href).content.decode()
    names = ("version", "ticket", "csrfmiddlewaretoken")
    return {name: hidden(html, name) for name in names}


def test_a_page_sent_after_the_session_ended_is_kept_and_shown_after_signing_in(
    draft: Case, everyone: Cast
) -> None:
    browser = sign_in(everyone.ada, enforce_csrf_checks=True)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    Session.objects.all().delete()
    answer = browser.post(href, {**put_in, **TYPED})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Your answers were kept at 10:00am" in html
    assert "/account/login/?next=" in html
    assert TEXT not in html, "whoever sits there now is not shown it"
    assert not Answers.objects.filter(document="notification", section="description").exists()
    again = sign_in(everyone.ada).get(href).content.decode()
    assert TEXT in again
    assert "You were signed out before this page was saved" in again


def test_once_saved_it_waits_no_more(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.logout()
    browser.post(href, {**put_in, **TYPED})
    ada = sign_in(everyone.ada)
    fill(ada, href, {"description": TEXT, "finished": "yes"})
    html = ada.get(href).content.decode()
    assert TEXT in html
    assert "You were signed out" not in html


def test_only_its_own_person_sees_what_waits(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.logout()
    browser.post(href, {**put_in, **TYPED})
    assert TEXT not in sign_in(everyone.ben).get(href).content.decode()


def test_what_a_colleague_saved_meanwhile_is_compared_not_overwritten(
    draft: Case, everyone: Cast
) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.logout()
    browser.post(href, {**put_in, **TYPED})
    fill(sign_in(everyone.ben), href, {"description": "Ben's words.", "finished": "yes"})
    answer = fill(sign_in(everyone.ada), href, TYPED)
    assert answer.status_code == 409
    assert "Ben&#39;s words." in answer.content.decode()


def test_signing_in_again_in_another_tab_loses_nothing(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada, enforce_csrf_checks=True)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    Session.objects.all().delete()
    # Signing in again gives the browser a new secret, so the old page's token is no longer good.
    browser.cookies.clear()
    browser.force_login(everyone.ada)
    browser.get(href)
    answer = browser.post(href, {**put_in, **TYPED})
    assert answer["Location"] == href
    assert TEXT in browser.get(href).content.decode()


def test_a_page_opened_by_someone_else_is_kept_for_them(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada, enforce_csrf_checks=True)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.cookies.clear()
    browser.force_login(everyone.ben)
    html = browser.post(href, {**put_in, **TYPED}).content.decode()
    assert "kept for them" in html
    assert TEXT not in browser.get(href).content.decode()
    assert TEXT in sign_in(everyone.ada).get(href).content.decode()


def test_without_a_ticket_a_stranger_changes_nothing(draft: Case, everyone: Cast) -> None:
    href = at("page", draft, page="description")
    answer = Client().post(href, TYPED)
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
    forged = Client(enforce_csrf_checks=True).post(href, {**TYPED, "ticket": "A" * 80})
    assert forged.status_code == 403
    assert not Answers.objects.filter(section="description").exists()
    assert not KeptPage.objects.exists()


def test_a_ticket_ends_and_opens_no_other_case(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    ticket = opened(browser, href)["ticket"]
    at_once, later = clock.now(), clock.now() + kept.LASTS + timedelta(seconds=1)
    assert kept.read(ticket, token=draft.token, at=at_once)
    assert kept.read(ticket, token=draft.token, at=later) is None
    browser.post("/notifications/new/start/", PAGES["basis"])
    other = Case.objects.exclude(pk=draft.pk).get()
    assert kept.read(ticket, token=other.token, at=at_once) is None


def test_a_person_who_may_not_sign_in_any_more_keeps_nothing(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    everyone.ada.is_active = False
    everyone.ada.save()
    browser.post(href, {**put_in, **TYPED})
    assert not KeptPage.objects.exists()


def test_whoever_has_left_the_authority_keeps_nothing_there(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.logout()
    for membership in everyone.ada.memberships.all():
        leave(membership, on=clock.today() - timedelta(days=1))
    answer = browser.post(href, {**put_in, **TYPED})
    assert "Your answers were kept" not in answer.content.decode()
    assert not KeptPage.objects.exists()


def test_a_new_child_typed_after_the_session_ended_is_kept(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("item-add", draft, section="children")
    put_in = opened(browser, href)
    browser.logout()
    browser.post(href, {**put_in, **CHILD["name"]})
    assert "Nia" in sign_in(everyone.ada).get(href).content.decode()


def test_no_session_cache_or_row_holds_it_in_plain_text(draft: Case, everyone: Cast) -> None:
    browser = sign_in(everyone.ada)
    href = at("page", draft, page="description")
    put_in = opened(browser, href)
    browser.logout()
    browser.post(href, {**put_in, **TYPED})
    for table in ("django_session", "workflow_keptpage", "workflow_answersevent", "cache_entry"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [table])
            found = cursor.fetchone()
            if found is None or found[0] is None:
                continue
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert all(TEXT not in str(row[0]) for row in cursor.fetchall()), table
            assert all(TEXT.encode().hex() not in str(row[0]) for row in cursor.fetchall()), table


def test_what_was_typed_while_a_colleague_sent_it_is_kept_and_shown(
    draft: Case, everyone: Cast
) -> None:
    href = at("page", draft, page="description")
    ben = sign_in(everyone.ben)
    put_in = opened(ben, href)
    sent(draft, everyone.ada)
    answer = ben.post(href, {**put_in, **TYPED})
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()


ENTER = "/notifications/enter/"
SENDER = "Ada, head of safeguarding at Northmoor"
BY_PHONE = {
    "authority": "9901",
    "way": "telephone",
    **when("received_on", "2026-11-20"),
    "received_time": "9:15am",
    "sender": SENDER,
    "partners": "no",
}


def entering(browser: Client) -> dict[str, str]:
    """What the page that enters a notification for an authority would send along."""
    html = browser.get(ENTER).content.decode()
    return {name: hidden(html, name) for name in ("opening", "ticket", "csrfmiddlewaretoken")}


def test_what_was_typed_to_enter_a_notification_is_carried_to_after_signing_in(
    everyone: Cast,
) -> None:
    browser = sign_in(everyone.sol, enforce_csrf_checks=True)
    put_in = entering(browser)
    Session.objects.all().delete()
    answer = browser.post(ENTER, {**put_in, **BY_PHONE})
    html = answer.content.decode()
    assert "Your answers were kept at 10:00am" in html
    assert SENDER not in html
    carried = answer.cookies["typed"]
    assert (carried["httponly"], carried["path"]) == (True, ENTER)
    assert SENDER not in carried.value
    assert not Case.objects.exists()

    browser.force_login(everyone.sol)
    html = browser.get(ENTER).content.decode()
    assert "You were signed out before this page was saved" in html
    assert SENDER in html
    assert re.search(r'value="9901"[^>]* selected', html)
    assert hidden(html, "opening") == put_in["opening"], "sent twice it opens one case"
    done = browser.post(ENTER, {**entering(browser), **BY_PHONE})
    assert done["Location"] == at("page", Case.objects.get(), page="basis")
    assert SENDER not in browser.get(ENTER).content.decode(), "used, it waits no more"


def test_what_is_carried_opens_for_its_own_person_and_for_no_more_than_its_time(
    everyone: Cast,
) -> None:
    browser = sign_in(everyone.sol)
    put_in = entering(browser)
    browser.logout()
    carried = browser.post(ENTER, {**put_in, **BY_PHONE}).cookies["typed"].value
    at_once = clock.now()
    for person, page, later, opens in (
        (everyone.sol, ENTER, 0, True),
        (everyone.ada, ENTER, 0, False),
        (everyone.sol, "/notifications/new/", 0, False),
        (everyone.sol, ENTER, 13, False),
    ):
        found = opened_again(carried, person, page, at=at_once + timedelta(hours=later))
        assert (found is not None) is opens, (person, page, later)
    forged = sign_in(everyone.sol)
    forged.cookies["typed"] = "A" * 80
    assert forged.get(ENTER).status_code == 200
    assert not Client().post(ENTER, {**BY_PHONE, "ticket": "A" * 80}).cookies.get("typed")


def test_signing_in_again_in_another_tab_loses_nothing_of_what_opens_a_case(
    everyone: Cast,
) -> None:
    browser = sign_in(everyone.sol, enforce_csrf_checks=True)
    put_in = entering(browser)
    browser.cookies.clear()
    browser.force_login(everyone.sol)
    browser.get(ENTER)
    assert browser.post(ENTER, {**put_in, **BY_PHONE})["Location"] == ENTER
    assert SENDER in browser.get(ENTER).content.decode()
    token = entering(browser)["csrfmiddlewaretoken"]
    html = browser.post(ENTER, {"let-go": "yes", "csrfmiddlewaretoken": token}).content.decode()
    assert SENDER in html, "asked, it is not cleared yet"
    assert SENDER in browser.get(ENTER).content.decode()
    sure = {"let-go": hidden(html, "let-go"), "csrfmiddlewaretoken": token}
    assert browser.post(ENTER, sure)["Location"] == ENTER
    assert SENDER not in browser.get(ENTER).content.decode()


def test_whoever_starts_after_the_session_ended_comes_back_to_their_answers(
    everyone: Cast,
) -> None:
    browser = sign_in(everyone.ada, enforce_csrf_checks=True)
    answers = {**PAGES["basis"], "authority": "9901"}
    html = browser.get("/notifications/new/", answers).content.decode()
    put_in = {name: hidden(html, name) for name in ("opening", "csrfmiddlewaretoken")}
    Session.objects.all().delete()
    away = browser.post("/notifications/new/start/", {**answers, **put_in})["Location"]
    back = parse_qs(urlsplit(away).query)["next"][0]
    assert put_in["csrfmiddlewaretoken"] not in unquote(away)
    browser.cookies.clear()
    browser.force_login(everyone.ada)
    assert "You must notify the Panel</h1>" in browser.get(back).content.decode()
    # Another tab signed in meanwhile: the old page's token is no longer good, its answers are.
    refused = browser.post("/notifications/new/start/", {**answers, **put_in})
    assert refused["Location"] == back
    assert browser.get("/notifications/new/start/")["Location"] == "/notifications/new/"
    assert not Case.objects.exists()
