"""Does this need to be notified? The answers, and what starts from them."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.notifications.answers import BASIS, NK, at, errors, sign_in
from tests.story import Cast
from workflow.models import Case, NotificationProcess

NEW = "/notifications/new/"


def asked(client: Client, **answers: str) -> str:
    """The page that these answers lead to."""
    query = urlencode({"asked": "1", "status_asked": "1", **BASIS, **answers})
    return client.get(f"{NEW}?{query}").content.decode()


@pytest.mark.parametrize(
    ("answers", "heading"),
    [
        ({}, "You must notify the Panel"),
        ({"happened": "died", "status": "neither"}, "You must notify the Panel"),
        ({"place": "outside_england"}, "You must notify the Panel"),
        ({"happened": "ongoing_risk"}, "You may notify the Panel"),
        (
            {"happened": "died", "abuse": "neither", "status": "here"},
            "Notify the Secretary of State and Ofsted, not the Panel",
        ),
        (
            {"happened": "died", "abuse": "neither", "age": "18_to_24", "status": "care_leaver"},
            "Notify the Secretary of State and Ofsted, not the Panel",
        ),
        ({"abuse": "neither"}, "This does not need to be notified"),
        ({"place": "elsewhere_in_england"}, "This does not need to be notified"),
        (
            {"happened": "died", "age": "25_or_over", "status": "care_leaver"},
            "This does not need to be notified",
        ),
        ({"abuse": NK}, "It is not certain yet whether this must be notified"),
        ({"happened": NK}, "It is not certain yet whether this must be notified"),
    ],
)
def test_each_set_of_answers_has_its_outcome(
    answers: dict[str, str], heading: str, ada: Client
) -> None:
    assert f"{heading}</h1>" in asked(ada, **answers)


def test_the_outcome_quotes_the_law(ada: Client) -> None:
    html = asked(ada)
    assert "Children Act 2004, section 16C(1)" in html
    assert "Where a local authority in England knows or suspects" in html


def test_what_is_not_known_is_listed(ada: Client) -> None:
    assert "whether abuse or neglect is known or suspected" in asked(ada, abuse=NK)


def test_a_death_asks_one_more_question(ada: Client) -> None:
    html = ada.get(NEW, {**BASIS, "happened": "died"}).content.decode()
    assert "Was the child looked after, or a care leaver?" in html
    assert 'name="abuse" value="suspected"' in html, "the first answers travel along"


def test_every_question_left_empty_is_named(ada: Client) -> None:
    answer = ada.get(NEW, {"asked": "1"})
    assert errors(answer) == [
        "Select what happened to the child",
        "Select whether abuse or neglect is known or suspected",
        "Select where the child died or was harmed",
        "Select how old the child was",
    ]


def test_screening_stores_nothing_until_a_draft_is_started(ada: Client) -> None:
    asked(ada)
    assert not Case.objects.exists()


def test_a_draft_starts_with_the_answers_given(ada: Client) -> None:
    answer = ada.post(f"{NEW}start/", BASIS)
    case = Case.objects.get()
    assert answer["Location"] == at("page", case, page="awareness")
    assert (case.outcome, case.abuse, case.under_18) == ("seriously_harmed", "suspected", True)
    html = ada.get(at("page", case, page="basis")).content.decode()
    assert 'value="seriously_harmed" checked' in html


def test_not_required_leads_to_the_record_of_the_decision(ada: Client) -> None:
    answer = ada.post(f"{NEW}start/", {**BASIS, "abuse": "neither", "then": "not_required"})
    assert answer["Location"] == at("not-notified", Case.objects.get())


def test_a_partner_tells_the_authority_which_takes_it_up(everyone: Cast, ada: Client) -> None:
    answer = sign_in(everyone.polly).post(f"{NEW}start/", BASIS)
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.address}/"
    assert NotificationProcess.objects.get().state == "referred"
    assert (
        "A safeguarding partner raised this incident" in ada.get(at("tasks", case)).content.decode()
    )
    assert ada.post(at("tasks", case), {"then": "take-up"})["Location"] == at("tasks", case)
    case.refresh_from_db()
    assert NotificationProcess.objects.get().state == "draft"
    assert case.outcome == "seriously_harmed", "the partner's answers are the start"


@pytest.mark.parametrize("who", ["priya", "sam", "dele"])
def test_nobody_else_starts_one(who: str, everyone: Cast) -> None:
    client = sign_in(getattr(everyone, who))
    assert client.get(NEW).status_code == 403
    assert client.post(f"{NEW}start/", BASIS).status_code == 403
    assert not Case.objects.exists()


def test_signed_out_it_asks_to_sign_in(everyone: Cast) -> None:
    assert "/account/login/" in Client().get(NEW)["Location"]
