"""A form that is sent twice does once what it says: a double click, or a line cut at the end."""

import pytest
from django.db import IntegrityError
from django.test import Client

from notifications import services
from tests.notifications.answers import PAGES, at, hidden, sign_in, written
from tests.notifications.test_other_channels import BY_PHONE, ENTER
from tests.notifications.test_screening import asked
from tests.story import Cast
from workflow.models import Case, Event

START = "/notifications/new/start/"


def start_form(client: Client) -> dict[str, str]:
    """What the button "Start the notification" sends."""
    return {**PAGES["basis"], "opening": hidden(asked(client), "opening")}


def test_starting_twice_from_one_page_opens_one_case(ada: Client) -> None:
    form = start_form(ada)
    first, second = ada.post(START, form), ada.post(START, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert Event.objects.filter(act="open").count() == 1


def test_each_page_starts_a_case_of_its_own(ada: Client) -> None:
    for _ in range(2):
        assert ada.post(START, start_form(ada)).status_code == 302
    assert Case.objects.count() == 2


def test_what_somebody_elses_form_holds_opens_nothing_of_theirs(
    ada: Client, everyone: Cast
) -> None:
    form = start_form(ada)
    ada.post(START, form)
    answer = sign_in(everyone.cara).post(START, form)
    assert answer.status_code == 302
    assert Case.objects.visible_to(everyone.cara).count() == 1
    assert Case.objects.count() == 2


def test_two_clicks_in_the_same_moment_open_one_case(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, before = start_form(ada), services.opened_before
    first = ada.post(START, form)
    looks: list[int] = []

    def too_early(*args: object, **more: object) -> Case | None:
        looks.append(1)
        return None if len(looks) == 1 else before(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "opened_before", too_early)
    assert ada.post(START, form)["Location"] == first["Location"]
    assert len(looks) == 2
    assert Case.objects.count() == 1


def test_a_fault_of_the_database_that_is_no_second_click_is_not_hidden(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(**how: object) -> Case:
        raise IntegrityError("another constraint")

    monkeypatch.setattr(services, "start", faulty)
    form = start_form(ada)
    with pytest.raises(IntegrityError, match="another constraint"):
        ada.post(START, form)


def test_entering_twice_from_one_page_opens_one_case(everyone: Cast) -> None:
    sol = sign_in(everyone.sol)
    wrong = sol.post(ENTER, {"opening": "a-key"}).content.decode()
    assert hidden(wrong, "opening") == "a-key", "a page with errors keeps its key"
    form = {**BY_PHONE, "opening": hidden(sol.get(ENTER).content.decode(), "opening")}
    first, second = sol.post(ENTER, form), sol.post(ENTER, form)
    assert first.status_code == 302, first.content.decode()
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_sending_again_what_one_has_sent_says_what_was_sent(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    written(draft, everyone.ada)
    for _ in range(2):
        answer = ada.post(at("send", draft), {"then": "send"})
        assert answer["Location"] == at("sent", draft)
    assert Event.objects.filter(case=draft, act="submit").count() == 1
