"""A system is let in by whoever may, asks with a token, and is shut out at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from oauth2_provider.models import get_access_token_model

from tests.story import Cast, day, moment
from tests.workflow.api.conftest import TODAY, bearer, encoded, form, is_problem, let_in, token_of
from workflow.api import clients
from workflow.api.clients import LetIn
from workflow.api.models import ApiClient, ApiUse
from workflow.models import PeopleAct, Person
from workflow.people import managing, roles
from workflow.people.managing import CannotManage
from workflow.people.responsible import responsible_people

AUTHORITIES = "/api/v1/authorities"


def ask(token: str, path: str = AUTHORITIES, **more: Any) -> Any:
    return Client().get(path, headers={**bearer(token), **more.pop("headers", {})}, **more)


def test_a_system_gets_a_token_and_is_answered(northmoor: LetIn) -> None:
    answer = Client().post("/api/v1/token", **encoded(**form(northmoor)))
    said = answer.json()
    assert said["token_type"] == "Bearer"
    assert said["expires_in"] == 600
    assert set(said["scope"].split()) == {"cases.read", "reference.read"}
    assert "refresh_token" not in said
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    found = ask(said["access_token"])
    assert {"code": "9901", "name": "Northmoor", "region": "North East"} in found.json()[
        "authorities"
    ]
    assert found.headers["Cache-Control"] == "no-store"
    assert not found.cookies
    lists = ask(said["access_token"], "/api/v1/codes").json()
    assert lists["not_known"] == "not-known"
    assert all(rows for rows in lists["lists"].values())


def test_the_secret_may_stand_in_a_basic_header(northmoor: LetIn) -> None:
    from base64 import b64encode  # noqa: PLC0415 - only here

    pair = b64encode(f"{northmoor.client.client_id}:{northmoor.secret}".encode()).decode()
    answer = Client().post(
        "/api/v1/token",
        **encoded(grant_type="client_credentials"),
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 200


def test_neither_the_secret_nor_a_token_is_kept(northmoor: LetIn) -> None:
    token = token_of(northmoor)
    row = get_access_token_model().objects.get()
    assert token not in str(vars(row))
    kept = ApiClient.objects.get()
    assert northmoor.secret not in str(vars(kept))
    assert kept.client_secret.startswith("argon2")


def test_a_token_runs_out_after_ten_minutes(
    northmoor: LetIn, today: time_machine.Traveller
) -> None:
    token = token_of(northmoor)
    today.shift(timedelta(minutes=9, seconds=59))
    assert ask(token).status_code == 200
    today.shift(timedelta(seconds=2))
    is_problem(ask(token), 401)


def test_revoking_holds_at_the_next_request(everyone: Cast, northmoor: LetIn) -> None:
    token = token_of(northmoor)
    clients.revoke(northmoor.client, by=everyone.adam, on=day(TODAY), at=moment(TODAY))
    is_problem(ask(token), 401)
    refused = Client().post("/api/v1/token", **encoded(**form(northmoor)))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert not Person.objects.get(pk=northmoor.client.account_id).is_active
    with pytest.raises(CannotManage, match="revoked already"):
        clients.revoke(northmoor.client, by=everyone.adam, on=day(TODAY), at=moment(TODAY))


def test_a_system_whose_row_alone_is_revoked_is_not_answered(northmoor: LetIn) -> None:
    token = token_of(northmoor)
    ApiClient.objects.update(revoked_at=moment(TODAY))
    is_problem(ask(token), 401)


def test_a_system_whose_account_is_closed_on_the_page_of_people_is_not_answered(
    everyone: Cast, northmoor: LetIn
) -> None:
    token = token_of(northmoor)
    managing.deactivate(
        northmoor.client.account, everyone.northmoor, by=everyone.adam, on=day(TODAY),
        at=moment(TODAY),
    )  # fmt: skip
    is_problem(ask(token), 401)


def test_a_token_is_given_back(northmoor: LetIn) -> None:
    token = token_of(northmoor)
    known = {"client_id": northmoor.client.client_id, "client_secret": northmoor.secret}
    answer = Client().post("/api/v1/token/revoke", **encoded(token=token, **known))
    assert answer.status_code == 200
    is_problem(ask(token), 401)


def test_a_token_of_another_system_is_not_given_back(everyone: Cast, northmoor: LetIn) -> None:
    token, other = token_of(northmoor), let_in(everyone, "southfen")
    known = {"client_id": other.client.client_id, "client_secret": other.secret}
    Client().post("/api/v1/token/revoke", **encoded(token=token, **known))
    assert ask(token).status_code == 200


def test_a_scope_narrows_a_token_and_a_system_gets_no_more_than_its_own(everyone: Cast) -> None:
    made = let_in(everyone, "northmoor", "cases.read")
    said = is_problem(ask(token_of(made)), 403)
    assert "reference.read" in said["errors"][0]["detail"]
    wider = Client().post("/api/v1/token", **encoded(**form(made, scope="reference.read")))
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")
    assert wider.json()["remedy"]
    both = let_in(everyone)
    is_problem(ask(token_of(both, scope="cases.read")), 403)
    assert ask(token_of(both, scope="reference.read")).status_code == 200


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer x", "Basic x", "Bearer " + "x" * 10_000, "Bearer \u00e9"]
)
def test_whoever_sends_no_token_in_force_is_told_how_to_get_one(db: None, sent: str) -> None:
    headers = {"Authorization": sent} if sent else {}
    answer = Client().get(AUTHORITIES, headers=headers)
    said = is_problem(answer, 401)
    assert said["errors"][0]["name"] == "Authorization"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="api"')


def test_somebody_signed_in_at_a_browser_is_nobody_here(everyone: Cast) -> None:
    client = Client()
    client.force_login(everyone.ada)
    is_problem(client.get(AUTHORITIES), 401)


def test_the_wrong_method_an_unknown_word_a_repeated_one_and_another_form_are_refused(
    northmoor: LetIn,
) -> None:
    token = token_of(northmoor)
    answer = Client().delete(AUTHORITIES, headers=bearer(token))
    is_problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"
    said = is_problem(ask(token, f"{AUTHORITIES}?a=1&b=2&a=3"), 400)
    assert [one["name"] for one in said["errors"]] == ["a", "a", "b"]
    is_problem(ask(token, headers={"Accept": "application/xml"}), 406)
    is_problem(ask(token, f"{AUTHORITIES}/"), 404)
    is_problem(ask(token, "/api/v1/nothing"), 404)
    assert Client().head(AUTHORITIES, headers=bearer(token)).status_code == 200


def test_the_address_of_tokens_refuses_what_is_no_form_of_its_own(northmoor: LetIn) -> None:
    client, sent = Client(), form(northmoor)
    is_problem(client.get("/api/v1/token"), 405)
    is_problem(client.post("/api/v1/token", sent, content_type="application/json"), 415)
    is_problem(client.post("/api/v1/token", sent), 415)
    is_problem(client.post("/api/v1/token", **encoded(**sent, padding="x" * 5000)), 413)
    said = is_problem(client.post("/api/v1/token", **encoded(**sent, resource="x")), 400)
    assert said["errors"][0]["name"] == "resource"
    twice = encoded(**sent)
    twice["data"] += "&scope=cases.read&scope=reference.read"
    said = is_problem(client.post("/api/v1/token", **twice), 400)
    assert said["errors"][0]["name"] == "scope"
    for grant in ("password", "authorization_code", "refresh_token", ""):
        answer = client.post("/api/v1/token", **encoded(**{**sent, "grant_type": grant}))
        assert answer.status_code == 400, grant
        assert answer.json()["remedy"]
    wrong = client.post("/api/v1/token", **encoded(**{**sent, "client_secret": "guess"}))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_so_many_requests_a_minute_for_each_system_and_no_more(
    everyone: Cast, northmoor: LetIn, today: time_machine.Traveller, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    token, other = token_of(northmoor), token_of(let_in(everyone, "southfen"))
    # What is refused counts too.
    codes = [ask(token, f"{AUTHORITIES}{more}").status_code for more in ("", "?x=1", "", "")]
    assert codes == [200, 400, 200, 429]
    answer = ask(token)
    is_problem(answer, 429)
    assert answer.headers["Retry-After"] == "60"
    assert ask(other).status_code == 200
    assert ApiUse.objects.count() == 2
    today.shift(timedelta(seconds=60))
    assert ask(token).status_code == 200


def test_only_an_administrator_of_the_authority_or_the_operator_lets_a_system_in(
    everyone: Cast,
) -> None:
    on, at = day(TODAY), moment(TODAY)
    for name in ("ada", "ben", "cara", "sol", "olu"):
        with pytest.raises(CannotManage, match="administrator"):
            clients.let_in(
                "X", everyone.northmoor, ["cases.read"], by=everyone.people[name], on=on, at=at
            )
    with pytest.raises(CannotManage) as refusal:
        clients.let_in(" ", everyone.panel, ["everything"], by=everyone.adam, on=on, at=at)
    assert len(refusal.value.reasons) == 4
    with pytest.raises(CannotManage, match="at least one"):
        clients.let_in("X", everyone.northmoor, [], by=everyone.adam, on=on, at=at)
    with pytest.raises(CannotManage, match="administrator"):
        clients.revoke(let_in(everyone).client, by=everyone.ben, on=on, at=at)
    made = clients.let_in("X", everyone.northmoor, ["cases.read"], by=everyone.adam, on=on, at=at)
    clients.revoke(made.client, by=everyone.sam, on=on, at=at)
    acts = PeopleAct.objects.filter(person=made.client.account).order_by("pk")
    assert [(one.did, one.by.name) for one in acts] == [("let_in", "Adam"), ("shut_out", "Sam")]


def test_no_person_is_given_the_role_and_nothing_passes_to_a_system(
    everyone: Cast, northmoor: LetIn
) -> None:
    offered = managing.ceiling(everyone.sam, everyone.northmoor, day(TODAY))
    assert roles.LA_SYSTEM not in offered
    assert roles.LA_NOTIFIER in offered
    with pytest.raises(CannotManage, match="account of a system"):
        managing.give_role(
            northmoor.client.account, everyone.northmoor, "la_notifier", since=day(TODAY),
            by=everyone.adam, on=day(TODAY), at=moment(TODAY),
        )  # fmt: skip
    lonely = let_in(everyone, "southfen").client.account
    everyone.southfen.memberships.exclude(person=lonely).delete()
    found = responsible_people(everyone.southfen, "la_notifier", day(TODAY))
    assert lonely not in list(found)
    assert everyone.sam in list(found)


def test_the_account_has_no_password_and_an_address_that_no_mail_reaches(northmoor: LetIn) -> None:
    account = northmoor.client.account
    assert not account.has_usable_password()
    assert account.email.endswith(".invalid")


def test_the_database_takes_no_system_that_comes_in_another_way(northmoor: LetIn) -> None:
    for change in (
        {"client_type": "public"},
        {"authorization_grant_type": "password"},
        {"hash_client_secret": False},
    ):
        with pytest.raises(IntegrityError, match="by_its_own_secret"), transaction.atomic():
            ApiClient.objects.update(**change)
