"""Everything typed is kept at once, and errors come after."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from notifications import services
from tests.notifications.answers import CHILD, PAGES, at, errors, fill, sign_in, when
from tests.story import Cast
from tests.templates.markup import Markup
from workflow import clock
from workflow.models import Answers, Case, Deadline, Event, Outbox

WELSH = "Llŷr Siôn ap Gruffydd-Ŵyn"
HOSTILE = {
    "script": "<script>alert(1)</script> {{7*7}} '; DROP TABLE x;--",
    "formula": "=cmd|' /C calc'!A0",
    "emoji": "👩‍👧 fell 🤕",
    "arabic": "محمد الصغير",
    "decomposed": "Zoe\u0308 O\u2019Neill",
}


def kept(case: Case, section: str, item: str = "") -> dict[str, list[str]]:
    """What rests of a page."""
    row = Answers.objects.select_related("case").get(case=case, section=section, item=item)
    return dict(row.answers)


def test_a_saved_page_leads_on_and_shows_again_what_was_typed(draft: Case, ada: Client) -> None:
    href = at("page", draft, page="when")
    answer = fill(ada, href, PAGES["when"])
    assert answer["Location"] == at("page", draft, page="where")
    html = ada.get(href).content.decode()
    assert 'value="11:15pm"' in html
    assert "Last edited by Ada at 10:00am" in html


def test_the_awareness_date_shows_the_date_due_at_once(draft: Case, ada: Client) -> None:
    answer = fill(ada, at("page", draft, page="awareness"), PAGES["awareness"])
    assert answer["Location"] == at("due", draft)
    html = ada.get(at("due", draft)).content.decode()
    assert "Send by Thursday 26 November 2026" in html
    assert "Saturday 21 November 2026" in html, "each day skipped is told"
    deadline = Deadline.objects.get(case=draft, duty="notify-the-panel")
    assert deadline.due_on.isoformat() == "2026-11-26"


def test_a_date_due_that_has_passed_is_told_in_the_past_with_its_tag(
    draft: Case, ada: Client
) -> None:
    fill(
        ada,
        at("page", draft, page="awareness"),
        PAGES["awareness"] | when("aware_on", "2026-11-02"),
    )
    page = Markup(ada.get(at("due", draft)).content.decode())
    assert page.one("h1").text == "Should have been sent by Monday 9 November 2026"
    assert "Monday 9 November 2026 : Overdue by" in page.one("main").text
    assert [one.text for one in page.of_class("govuk-tag--red")] == ["Overdue"]


def test_what_is_wrong_is_kept_and_said(draft: Case, ada: Client) -> None:
    typed = {"exactness": "one_day", "began_on-day": "31", "began_on-month": "2", "time": "25:00"}
    answer = fill(ada, at("page", draft, page="when"), typed)
    assert errors(answer) == [
        "The date of the incident must include a year",
        "The time must be a real time, like 9:32am or 14:05",
    ]
    assert "<title>Error: " in answer.content.decode()
    assert kept(draft, "when")["began_on-day"] == ["31"]
    assert 'value="25:00"' in ada.get(at("page", draft, page="when")).content.decode()


def test_after_an_error_the_same_page_saves_again_without_a_conflict(
    draft: Case, ada: Client
) -> None:
    href = at("page", draft, page="when")
    first = fill(ada, href, {"exactness": "one_day"}).content.decode()
    version = re.search(r'name="version" value="(\d+)"', first)
    assert version
    again = ada.post(href, {"version": version[1], **PAGES["when"]})
    assert again["Location"] == at("page", draft, page="where")


def test_coming_back_later_asks_for_nothing(draft: Case, ada: Client) -> None:
    answer = fill(ada, at("page", draft, page="harm"), {"setting": "both"}, then="later")
    assert answer["Location"] == at("tasks", draft)
    assert "In progress" in ada.get(at("tasks", draft)).content.decode()


def test_a_half_finished_section_of_text_is_not_completed(draft: Case, ada: Client) -> None:
    for page in ("harm", "description"):
        fill(ada, at("page", draft, page=page), {**PAGES[page], "finished": "no"})
    html = ada.get(at("tasks", draft)).content.decode()
    task = html.split("Describe what happened")[1][:600]
    assert "In progress" in task


def test_every_page_left_empty_says_so_and_never_fails(draft: Case, ada: Client) -> None:
    fill(ada, at("page", draft, page="informed"), PAGES["informed"])
    for page in sorted(PAGES, reverse=True):
        answer = fill(ada, at("page", draft, page=page), dict.fromkeys(PAGES[page], ""))
        assert answer.status_code == 200, page
        assert errors(answer), page
        assert len(errors(answer)) == len(set(errors(answer))), page


def test_every_page_of_a_child_left_empty_says_so(draft: Case, ada: Client) -> None:
    fill(ada, at("item-add", draft, section="children"), CHILD["name"])
    group = at("item-page", draft, section="children", item=1, page="ethnic-group")
    fill(ada, group, CHILD["ethnic-group"])
    for page in sorted(set(CHILD) - {"name"}):
        href = at("item-page", draft, section="children", item=1, page=page)
        answer = fill(ada, href, dict.fromkeys(CHILD[page], ""))
        assert answer.status_code == 200, page
        assert errors(answer), page
        fill(ada, href, CHILD[page])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_kept_to_the_letter_and_harmless(
    text: str, draft: Case, ada: Client
) -> None:
    href = at("page", draft, page="description")
    answer = fill(ada, href, {"description": text, "finished": "yes"})
    assert answer.status_code == 302, errors(answer)
    assert kept(draft, "description")["description"] == [text]
    html = ada.get(href).content.decode()
    assert "<script>alert" not in html
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert area
    assert unescape(area[1]) == text


@pytest.mark.parametrize("text", ["\u202egnirts", "a\x00b", "a\x07b"], ids=["bidi", "nul", "bell"])
def test_characters_that_deceive_are_refused_with_the_reason_and_still_kept(
    text: str, draft: Case, ada: Client
) -> None:
    href = at("page", draft, page="description")
    answer = fill(ada, href, {"description": text, "finished": "yes"})
    assert "must not include" in errors(answer)[0]
    assert kept(draft, "description")["description"] == [text]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (3_000, "must be 2,000 words or less. You have written 3,000 words"),
        (10_000, "must be 2,000 words or less. You have written 10,000 words"),
    ],
)
def test_too_many_words_are_kept_and_counted(
    words: int, message: str, draft: Case, ada: Client
) -> None:
    text = "word " * words
    typed = {"description": text, "finished": "yes"}
    answer = fill(ada, at("page", draft, page="description"), typed)
    assert errors(answer) == [f"What happened {message}"]
    assert kept(draft, "description")["description"] == [text]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            when("aware_on", "2026-11-21"),
            "The date the authority became aware must be today or in the past",
        ),
        (
            {"aware_on-day": "13", "aware_on-month": "13", "aware_on-year": "2026"},
            "The date the authority became aware must include a month from 1 to 12, or its name",
        ),
        (
            when("aware_on", "2018-06-28"),
            "The date must be on or after 29 June 2018, when the Panel began",
        ),
        (
            {"aware_on-day": "29", "aware_on-month": "feb", "aware_on-year": "2025"},
            "The date the authority became aware must be a real date. February 2025 has 28 days",
        ),
        (
            {**when("aware_on", "2026-03-29"), "aware_time": "1:30am"},
            "1:30am did not happen on 29 March 2026: the clocks went forward from 1am to 2am",
        ),
    ],
)
def test_a_date_that_cannot_be_says_why(
    typed: dict[str, str], message: str, draft: Case, ada: Client
) -> None:
    answer = fill(ada, at("page", draft, page="awareness"), {**PAGES["awareness"], **typed})
    assert errors(answer) == [message]


def test_a_welsh_name_passes(draft: Case, ada: Client) -> None:
    typed = {**CHILD["name"], "given": WELSH, "family": "D'Arcy-O’Neill"}
    answer = fill(ada, at("item-add", draft, section="children"), typed)
    assert answer.status_code == 302, errors(answer)
    assert kept(draft, "children", "1")["given"] == [WELSH]


def test_nothing_sensitive_leaves_the_sealed_answers(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    sentinel = "Quillfeather"
    fill(ada, at("item-add", draft, section="children"), {**CHILD["name"], "family": sentinel})
    fill(
        ada,
        at("page", draft, page="description"),
        {"description": f"{sentinel} fell", "finished": "yes"},
    )
    for page in (at("tasks", draft), at("items", draft, section="children"), at("children", draft)):
        html = ada.get(page).content.decode()
        assert sentinel not in html
    stored = str(list(Event.objects.values("payload", "act", "reason_code")))
    assert sentinel not in stored + str(list(Outbox.objects.values()))
    raw = b"".join(bytes(row) for row in _columns("answers"))
    assert sentinel.encode() not in raw


def _columns(name: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM workflow_answers")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("who", ["cara", "priya", "sam", "ira"])
def test_a_draft_is_a_404_for_everyone_else(who: str, draft: Case, everyone: Cast) -> None:
    client = sign_in(getattr(everyone, who))
    assert client.get(at("tasks", draft)).status_code == 404
    assert client.get(at("page", draft, page="when")).status_code == 404
    assert client.post(at("page", draft, page="when"), PAGES["when"]).status_code == 404


@pytest.mark.parametrize("page", ["nonsense", "name", "adult"])
def test_a_page_that_is_not_there_is_a_404(page: str, draft: Case, ada: Client) -> None:
    assert ada.get(at("page", draft, page=page)).status_code == 404


@pytest.mark.parametrize("then", ["", "later"])
def test_a_child_is_added_by_an_answer_and_never_by_an_empty_page(
    draft: Case, ada: Client, then: str
) -> None:
    href = at("item-add", draft, section="children")
    empty = {"given": "", "family": " ", "others": ""}
    answer = fill(ada, href, empty, then=then)
    if then:
        assert answer["Location"] == at("items", draft, section="children")
    else:
        assert [words.split(",", maxsplit=1)[0] for words in errors(answer)] == [
            "Enter the child’s first names",
            "Enter the child’s last name",
        ]
        assert "Add a child" in answer.content.decode()
    assert not Answers.objects.filter(case=draft, section="children").exists()
    nobody_knows = {"given-not-known": "not-known", "family-not-known": "not-known"}
    assert fill(ada, href, nobody_knows).status_code == 302
    assert Answers.objects.filter(case=draft, section="children").count() == 1


def test_serious_harm_is_explained_before_it_is_asked_about(ada: Client, everyone: Cast) -> None:
    html = ada.get("/notifications/new/").content.decode()
    assert html.index("What serious harm is") < html.index("What happened to the child?")


def test_a_year_of_two_numbers_is_refused_with_what_to_type(draft: Case, ada: Client) -> None:
    typed = {**PAGES["when"], "began_on-year": "26"}
    answer = fill(ada, at("page", draft, page="when"), typed)
    words = "The date of the incident must include a year with 4 numbers, like 2026"
    assert errors(answer) == [words]


def test_what_nobody_knows_of_a_child_is_said_once(draft: Case, ada: Client) -> None:
    fill(ada, at("item-add", draft, section="children"), CHILD["name"])
    fill(ada, at("item-page", draft, section="children", item=1, page="birth"), CHILD["birth"])
    listed = at("items", draft, section="children")
    assert "pages of Child A" in ada.get(listed).content.decode()
    assert ada.post(listed, {"not-known": "1"})["Location"] == listed
    html = ada.get(listed).content.decode()
    assert "pages of Child A" not in html
    assert "Not yet started" not in html
    paper = services.paper_of(draft, on=clock.today())
    leaves = {
        leaf.page.slug: leaf for leaf in paper.leaves(paper.document.section("children"), "1")
    }
    assert len(leaves) > 8
    for slug, leaf in leaves.items():
        assert paper.form(leaf).is_valid(), slug
        assert bool(paper.form(leaf).not_known()) == (slug not in {"name", "birth"}), slug
    assert html.count("Not known yet") == len(leaves) - 2


def test_of_a_child_that_is_not_listed_nothing_is_said(draft: Case, ada: Client) -> None:
    ada.post(at("items", draft, section="children"), {"not-known": "7"})
    assert not Answers.objects.filter(case=draft, section__startswith="children").exists()
