"""An administrator invites within a ceiling, gives roles with dates, and closes accounts."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.story import PASSWORD, Cast, day
from tests.templates.markup import Markup
from tests.workflow.signing_in.codes import has_one, set_up
from tests.workflow.signing_in.conftest import SignIn
from workflow import opaque
from workflow.models import Invitation, Membership, Outbox, PeopleAct, Person
from workflow.outbox.mail import compose
from workflow.people import managing
from workflow.people.membership import join

NEW = "nora@northmoor.example"
SET = {"password1": "a-new-invented-passphrase", "password2": "a-new-invented-passphrase"}


def at(name: str, everyone: Cast, about: Any = None) -> str:
    """A page about the people of the authority, or about one person or invitation there."""
    return reverse(name, args=[everyone.northmoor.pk, *([about.pk] if about else [])])


def answers(role: str = "la_notifier", email: str = NEW, **more: str) -> dict[str, str]:
    typed = {"name": "Nora", "email": email, "role": role}
    dates = {"since-day": "10", "since-month": "12", "since-year": "2026"}
    return {**typed, **dates, **more}


def invites(client: Client, everyone: Cast, **more: str) -> Any:
    return client.post(at("people-invite", everyone), answers(**more))


def link_of(email: str) -> str:
    row = Outbox.objects.filter(kind="invitation", person__email=email).latest("pk")
    message = compose(row, on=day("2026-12-10"))
    assert message is not None
    assert email in message.to
    path = next(word for word in message.words.text.split() if "/invitation/" in word)
    return path[path.index("/invitation/") :]


def problems(answer: Any) -> str:
    return Markup(answer.content.decode()).of_class("govuk-error-summary")[0].text


def test_somebody_is_invited_sets_a_password_and_comes_in(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    assert invites(adam, everyone).headers["Location"].endswith("?said=invited")
    nora = Client()
    page = Markup(nora.get(link_of(NEW)).content.decode()).one("main").text
    for words in ("Adam", "Northmoor", "Notifier", "17 December 2026"):
        assert words in page
    assert not Person.objects.get(email=NEW).roles_on(day("2026-12-10")), "not before accepting"
    assert nora.post(link_of(NEW), SET).headers["Location"] == "/account/login/"
    signed_in = nora.post("/account/login/", {"login": NEW, "password": SET["password1"]})
    assert signed_in.headers["Location"] == "/"
    assert Person.objects.get(email=NEW).roles_on(day("2026-12-10")) == {"la_notifier"}
    dids = list(PeopleAct.objects.order_by("pk").values_list("did", "by__name"))
    assert dids == [("invited", "Adam"), ("accepted", "Nora")]


def test_a_link_tells_nobody_how_many_were_invited_before(everyone: Cast, enters_: SignIn) -> None:
    invites(enters_("adam"), everyone)
    said = link_of(NEW).split("/")[2].partition(":")[0]
    named, _ = json.loads(base64.urlsafe_b64decode(f"{said}==="))
    assert named == opaque.hide("invitation", Invitation.objects.get().pk)


def test_a_link_works_once(everyone: Cast, enters_: SignIn) -> None:
    invites(enters_("adam"), everyone)
    link = link_of(NEW)
    Client().post(link, SET)
    other = {"password1": "another-invented-one", "password2": "another-invented-one"}
    answer = Client().post(link, other)
    assert answer.status_code == 410
    assert b"accepted already" in answer.content
    assert Person.objects.get(email=NEW).check_password(SET["password1"])


def test_whoever_comes_second_with_an_old_page_is_told_so_by_the_statement_itself(
    everyone: Cast, enters_: SignIn
) -> None:
    invites(enters_("adam"), everyone)
    first, second = Invitation.objects.get(), Invitation.objects.get()
    at, on = first.sent_at, day("2026-12-10")
    assert managing.accept(first, on=on, at=at, password=SET["password1"])
    assert not managing.accept(second, on=on, at=at, password="another-invented-one")
    assert Person.objects.get(email=NEW).check_password(SET["password1"])


def test_after_seven_days_it_says_what_to_do(
    everyone: Cast, enters_: SignIn, now: time_machine.Traveller
) -> None:
    invites(enters_("adam"), everyone)
    link = link_of(NEW)
    now.shift(timedelta(days=7))
    for answer in (Client().get(link), Client().post(link, SET)):
        assert answer.status_code == 410
        assert b"Ask whoever invited you to send it again" in answer.content
    assert not Person.objects.get(email=NEW).has_usable_password()


def test_sent_again_only_the_new_link_opens(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    invites(adam, everyone)
    old, row = link_of(NEW), Invitation.objects.get()
    with time_machine.travel(row.sent_at + timedelta(minutes=1), tick=False):
        adam.post(at("invitation-again", everyone, row))
        assert Client().get(old).status_code == 410
        assert Client().get(link_of(NEW)).status_code == 200


def test_withdrawn_it_opens_nothing(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    invites(adam, everyone)
    row = Invitation.objects.get()
    adam.post(at("invitation-again", everyone, row), {"withdraw": "yes"})
    assert Client().get(link_of(NEW)).status_code == 410


@pytest.mark.parametrize("link", ["/invitation/1/", "/invitation/WzEsIjIwMjYiXQ:1abc:forged/"])
def test_a_forged_link_opens_nothing(db: None, link: str) -> None:
    assert Client().get(link).status_code == 410


def test_nobody_sets_the_password_of_somebody_who_has_one(everyone: Cast, enters_: SignIn) -> None:
    invites(enters_("adam"), everyone, email=everyone.cara.email, role="reviewer")
    link = link_of(everyone.cara.email)
    stranger = Client().post(link, SET)
    assert stranger.headers["Location"].startswith("/account/login/?next=/invitation/")
    everyone.cara.refresh_from_db()
    assert everyone.cara.check_password(PASSWORD)
    assert enters_("cara").post(link).headers["Location"] == "/home/"
    assert Membership.objects.filter(person=everyone.cara, role="reviewer").exists()


@pytest.mark.parametrize("role", ["panel_chair", "deadline_administrator", "auditor"])
def test_nobody_gives_a_role_beyond_their_ceiling(
    everyone: Cast, enters_: SignIn, role: str
) -> None:
    assert "Select the role" in problems(invites(enters_("adam"), everyone, role=role))
    with pytest.raises(managing.CannotManage, match="cannot give this role here"):
        managing.invite(
            email=NEW, name="Nora", organisation=everyone.northmoor, role=role,
            since=day("2026-12-10"), by=everyone.adam, on=day("2026-12-10"),
            at=everyone.adam.joined_at,
        )  # fmt: skip
    assert not Invitation.objects.exists()


def test_people_of_another_organisation_are_out_of_reach(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    for name in ("people-of", "people-invite", "person", "person-role"):
        about = [everyone.cara.pk] if name.startswith("person") else []
        assert adam.get(reverse(name, args=[everyone.southfen.pk, *about])).status_code == 404
    there = at("person-act", everyone, everyone.cara)
    assert adam.post(there, {"act": "deactivate"}).status_code == 404
    assert adam.get("/people/").headers["Location"] == at("people-of", everyone)


@pytest.mark.parametrize("name", ["ada", "ben", "sol", "priya"])
def test_whoever_administers_nobody_is_refused(everyone: Cast, enters_: SignIn, name: str) -> None:
    assert enters_(name).get(at("people-of", everyone)).status_code == 403


def test_the_operator_invites_the_first_person_of_any_organisation(
    everyone: Cast, enters_: SignIn
) -> None:
    sam = enters_("sam")
    assert b"Child Safeguarding Practice Review Panel" in sam.get("/people/?name=panel").content
    path = reverse("people-invite", args=[everyone.panel.pk])
    assert sam.post(path, answers("panel_member")).status_code == 302


def test_nobody_gives_a_role_to_themselves(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    refused = invites(adam, everyone, email=everyone.adam.email)
    assert "You cannot give a role to yourself" in problems(refused)
    own = at("person-role", everyone, everyone.adam)
    assert "You cannot give a role to yourself" in problems(adam.post(own, answers()))


@pytest.mark.parametrize("act", ["end", "deactivate"])
def test_the_last_administrator_cannot_go(everyone: Cast, enters_: SignIn, act: str) -> None:
    adam = enters_("adam")
    role = opaque.hide("role", Membership.objects.get(person=everyone.adam).pk)
    path = at("person-act", everyone, everyone.adam)
    assert "Invite another one first" in problems(adam.post(path, {"act": act, "role": role}))
    join(everyone.bea, everyone.northmoor, "la_administrator", on=day("2026-12-01"))
    assert adam.post(path, {"act": act, "role": role}).status_code == 302


def test_a_role_is_given_with_its_dates_and_ended(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    path = at("person", everyone, everyone.ada)
    until = {"until-day": "24", "until-month": "12", "until-year": "2026"}
    assert adam.post(f"{path}role/", answers("la_approver", **until)).status_code == 302
    row = Membership.objects.get(person=everyone.ada, role="la_approver")
    assert (row.since, row.until) == (day("2026-12-10"), day("2026-12-24"))
    adam.post(f"{path}do/", {"act": "end", "role": opaque.hide("role", row.pk)})
    row.refresh_from_db()
    assert row.until == day("2026-12-10")


def test_a_closed_account_is_out_at_its_next_request(everyone: Cast, enters_: SignIn) -> None:
    ada, adam = enters_("ada"), enters_("adam")
    adam.post(at("person-act", everyone, everyone.ada), {"act": "deactivate"})
    assert ada.get("/home/").status_code == 302
    typed = {"login": everyone.ada.email, "password": PASSWORD}
    answer = Client().post("/account/login/", typed)
    assert answer.headers["Location"] == "/account/inactive/"


def test_a_lost_device_is_taken_away_and_told_by_mail(everyone: Cast, enters_: SignIn) -> None:
    ada, adam = enters_("ada"), enters_("adam")
    set_up(everyone.ada)
    adam.post(at("person-act", everyone, everyone.ada), {"act": "factor"})
    assert not has_one(everyone.ada)
    assert ada.get("/home/").status_code == 302
    assert Outbox.objects.filter(kind="mfa/email/totp_deactivated", person=everyone.ada).exists()


def test_what_was_done_can_be_neither_changed_nor_removed(everyone: Cast, enters_: SignIn) -> None:
    invites(enters_("adam"), everyone)
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("UPDATE workflow_peopleact SET did = 'ended'")


def test_after_five_minutes_one_shows_again_who_one_is_and_nothing_typed_is_lost(
    everyone: Cast, enters_: SignIn, now: time_machine.Traveller
) -> None:
    adam = enters_("adam")
    path = at("people-invite", everyone)
    assert adam.get(path).status_code == 200
    now.shift(timedelta(minutes=5))
    assert adam.get(path).headers["Location"].startswith("/account/reauthenticate/?next=")
    answer = invites(adam, everyone)
    assert "more than 5 minutes" in problems(answer)
    page = Markup(answer.content.decode())
    assert NEW in [element.attrs.get("value") for element in page.all("input")]
    assert not Invitation.objects.exists()
    act = at("person-act", everyone, everyone.ada)
    sent = adam.post(act, {"act": "deactivate"}).headers["Location"]
    assert sent.startswith("/account/reauthenticate/?next=")
    adam.post("/account/reauthenticate/", {"password": PASSWORD})
    assert invites(adam, everyone).status_code == 302
