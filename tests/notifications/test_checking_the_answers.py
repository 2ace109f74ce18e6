"""The check page: gaps folded away, only what applies, and answers that contradict each other."""

import re
from typing import Any

import pytest
from django.test import Client

from notifications import rules
from notifications.api import shapes
from notifications.pages import care
from notifications.recipients import names_of
from tests.notifications.answers import CHILD, PAGES, as_typed, at, errors, fill, when, written
from tests.notifications.test_rules import DIED, LEAVER, ON, paper, said
from tests.story import Cast
from workflow.models import Answers, Case

NK = "not-known"
NEED = ("social-care", "Primary need")
LOOKED_AFTER = {"legal": "C2", "placement": "U1", "responsible": "Northmoor", "out_of_area": "no"}


def folded(html: str) -> str:
    """What stands in the folded list of gaps."""
    return html.split('<details class="govuk-details')[1].partition("</details>")[0]


def test_what_is_not_known_is_one_folded_list_by_section(draft: Case, everyone: Cast) -> None:
    gaps = {"response": {"joint_agency": NK}, "background": {"religion": NK}}
    written(draft, everyone.ada, gaps)
    browser = Client()
    browser.force_login(everyone.ada)
    html = browser.get(at("check", draft)).content.decode()
    assert html.count("<details") == 1
    (count,) = re.findall(r"(\d+) things not known yet", html)
    inside = folded(html)
    assert inside.count("<li>") == int(count) > 1
    assert "Say what has been done since" in inside
    assert "Child A: Religion" in inside
    assert "joint agency" in inside.lower()


def gaps_of(changes: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    return {(leaf.page.slug, words) for leaf, words in paper(changes).not_known()}


@pytest.mark.parametrize(
    ("changes", "gap", "applies"),
    [
        ({"part": {"died_on-not-known": NK}}, ("part", "Date of death"), False),
        (
            {**DIED, "part": {"fate": "died", "died_on-not-known": NK}},
            ("part", "Date of death"),
            True,
        ),
        (
            {"social-care": {"protection": "never", "category": NK}},
            ("social-care", "Category of the plan"),
            False,
        ),
        (
            {"social-care": {"protection": "now", "category": NK}},
            ("social-care", "Category of the plan"),
            True,
        ),
        (
            {"social-care": {"protection": "now_and_before", "category": NK}},
            ("social-care", "Category of the plan"),
            True,
        ),
        (
            {"home": {"residence": "here", "authority-not-known": NK}},
            ("home", "Authority of normal residence"),
            False,
        ),
        (
            {"home": {"residence": "elsewhere", "authority-not-known": NK}},
            ("home", "Authority of normal residence"),
            True,
        ),
        ({"social-care": {"in_need": "never", "need": NK}}, NEED, False),
        ({"social-care": {"in_need": "before", "need": NK}}, NEED, True),
        (
            {"birth": {"due_on-not-known": NK}},
            ("birth", "Date the baby is or was due"),
            False,
        ),
    ],
)
def test_a_question_that_does_not_apply_is_no_gap_and_no_line(
    changes: dict[str, dict[str, Any]], gap: tuple[str, str], applies: bool
) -> None:
    assert (gap in gaps_of(changes)) is applies
    form = paper(changes).form(paper(changes).leaf(gap[0], "1"))
    assert (gap[1] in {row.label for row in form.asked_rows()}) is applies


@pytest.mark.parametrize(
    ("page", "question", "said", "lines", "places"),
    [
        (
            "home",
            "authority",
            {"residence": "elsewhere", "authority": "Eastvale"},
            ("Authority of normal residence", "Eastvale"),
            # It tells where a child lives: so it is never on paper, and read with the names.
            ("check", "national-export", "children"),
        ),
        (
            "social-care",
            "need",
            {"in_need": "now", "need": "N4"},
            ("Primary need", "Family in acute stress"),
            ("check", "national-export", "children", "print"),
        ),
    ],
)
def test_what_was_asked_later_is_shown_wherever_its_page_is_and_needs_no_answer(
    draft: Case,
    everyone: Cast,
    page: str,
    question: str,
    said: dict[str, Any],
    lines: tuple[str, str],
    places: tuple[str, ...],
) -> None:
    before = {**CHILD[page], **{name: said[name] for name in said if name != question}}
    assert paper({page: before}).form(paper({page: before}).leaf(page, "1")).is_valid()
    written(draft, everyone.ada, {page: said})
    browser = Client()
    browser.force_login(everyone.ada)
    for place in places:
        ask = browser.post if place == "children" else browser.get
        html = ask(at(place, draft)).content.decode()
        assert all(line in html for line in lines), place
    item = shapes.filing()["properties"]["children"]["items"]["properties"][page]
    assert question in item["properties"]


@pytest.mark.parametrize(("happened", "asked"), [("seriously_harmed", False), ("died", True)])
def test_the_coroner_is_asked_about_where_somebody_died(happened: str, asked: bool) -> None:
    answers = paper({"basis": {"happened": happened}, "status": {"status": "neither"}})
    form = answers.form(answers.leaf("response"))
    assert ("coroner" in form.fields) is asked


@pytest.mark.parametrize(
    ("changes", "page", "words"),
    [
        (
            {"social-care": {"protection": NK, "category": "NEG"}},
            "social-care",
            "“Category of the plan” is answered, but “Child protection plan” is answered",
        ),
        ({"harm": {"weapon": "no", "weapon_what": "A stick"}}, "harm", "“Weapon or poison”"),
        ({"social-care": {"known": "never", "in_need": "now"}}, "social-care", "a plan or being"),
        (
            {"social-care": {"known": "never", "protection": "now_and_before"}},
            "social-care",
            "a plan or being",
        ),
        (
            {"social-care": {"looked_after": "now_and_before", "care_leaver": "yes"}},
            "social-care",
            "A care leaver is no longer looked after",
        ),
        (
            {"social-care": {"looked_after": "now", "care_leaver": "yes"}},
            "social-care",
            "A care leaver is no longer looked after",
        ),
        ({"basis": {"age": "18_to_24"}}, "basis", "You selected “18 to 24”"),
        (LEAVER, "basis", "You selected “18 to 24”"),
        (LEAVER, "status", "nobody here is shown as a care leaver"),
    ],
)
def test_answers_that_contradict_each_other_are_to_be_checked(
    changes: dict[str, dict[str, Any]], page: str, words: str
) -> None:
    found = said(rules.warnings(paper(changes)))
    assert [where for where, text in found if words in text] == [page], found
    assert said(rules.refusals(paper({**changes, "birth": {}}), on=ON)) == []


def test_a_placement_of_a_child_not_looked_after_is_to_be_checked() -> None:
    answers = paper()
    row = Answers(document="notification", section="children.care", item="1")
    row.answers = as_typed(LOOKED_AFTER)
    answers.rows["children.care", "1"] = row
    ((page, words),) = said(rules.warnings(answers))
    assert page == "social-care"
    assert words.endswith("Change “Looked after”, or the placement is left out")


@pytest.mark.parametrize("code", care.AT_THE_TIME)
def test_who_was_looked_after_at_the_time_is_asked_about_the_placement_whatever_was_before(
    code: str,
) -> None:
    answers = paper({**DIED, "status": {"status": "here"}, "social-care": {"looked_after": code}})
    assert "care" in {leaf.page.slug for leaf in answers.all_leaves()}
    row = Answers(document="notification", section="children.care", item="1")
    row.answers = as_typed(LOOKED_AFTER)
    answers.rows["children.care", "1"] = row
    assert said(rules.warnings(answers)) == []


def test_a_plan_at_the_time_and_an_earlier_one_are_said_in_one_answer(
    draft: Case, everyone: Cast
) -> None:
    twice = dict.fromkeys(("known", "in_need", "protection", "looked_after"), "now_and_before")
    written(draft, everyone.ada, {"social-care": {**twice, "category": "NEG"}})
    browser = Client()
    browser.force_login(everyone.ada)
    html = browser.get(at("print", draft)).content.decode()
    assert html.count("At the time of the incident, and also before") == len(twice)


def test_answers_that_agree_are_not_queried() -> None:
    assert said(rules.warnings(paper())) == []
    assert said(rules.warnings(paper(DIED))) == []


def test_the_check_page_links_to_what_should_be_checked(draft: Case, everyone: Cast) -> None:
    written(draft, everyone.ada, {"social-care": {"protection": NK, "category": "NEG"}})
    browser = Client()
    browser.force_login(everyone.ada)
    html = browser.get(at("check", draft)).content.decode()
    part = html.split("Check these answers")[1].split("</ul>")[0]
    assert "Child A: “Category of the plan”" in part
    assert "/children/1/social-care/" in part
    assert "There is a problem" not in html


def test_a_date_that_does_not_fit_is_refused_on_its_own_page(aware: Case, ada: Client) -> None:
    answer = fill(
        ada,
        at("page", aware, page="when"),
        {"exactness": "one_day", **when("began_on", "2026-11-20")},
    )
    (words,) = errors(answer)
    assert words.startswith("The incident can’t have begun after the authority became aware on 19")
    assert 'id="began_on-error"' in answer.content.decode()
    html = ada.get(at("tasks", aware)).content.decode()
    assert "In progress" in html.split("Say when and where it happened")[1][:600]


def test_an_age_that_does_not_fit_is_refused_on_its_own_page(aware: Case, ada: Client) -> None:
    fill(ada, at("page", aware, page="when"), PAGES["when"])
    fill(ada, at("item-add", aware, section="children"), CHILD["name"])
    for page in ("part", "birth"):
        href = at("item-page", aware, section="children", item=1, page=page)
        answer = fill(
            ada, href, {**CHILD[page], **(when("born_on", "2000-01-01") if page == "birth" else {})}
        )
    (words,) = errors(answer)
    assert words.startswith("This person was 26. A child is anyone under 18. Change the date")
    # The link on the check page leads to the same words, beside the field.
    assert words[:20] in ada.get(f"{href}?checked=1").content.decode()


def test_the_first_of_two_children_may_be_the_one_who_lives(aware: Case, ada: Client) -> None:
    fill(ada, at("page", aware, page="basis"), {**PAGES["basis"], "happened": "died"})
    fill(ada, at("item-add", aware, section="children"), CHILD["name"])
    href = at("item-page", aware, section="children", item=1, page="part")
    assert fill(ada, href, CHILD["part"]).status_code == 302


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, "the Panel, the Department for Education, Ofsted and the safeguarding partners"),
        (
            {
                "basis": {"happened": "died", "abuse": "neither"},
                "status": {"status": "here"},
            },
            "the Department for Education and Ofsted",
        ),
    ],
)
def test_beside_a_text_stand_exactly_those_whom_the_button_names(
    draft: Case, everyone: Cast, changes: dict[str, dict[str, Any]], names: str
) -> None:
    case = written(draft, everyone.ada, changes)
    browser = Client()
    browser.force_login(everyone.ada)
    for page in ("description", "safety"):
        html = browser.get(at("page", draft, page=page)).content.decode()
        said_there = html.split('class="app-readers">')[1].split("will read this")[0]
        ours = names_of(case).replace(" and ", ", ").split(", ")
        assert {one.lower() for one in said_there.strip().replace(" and ", ", ").split(", ")} == {
            *(one.lower() for one in ours),
            "your own colleagues on this case",
        }
    assert set(names.replace(" and ", ", ").split(", ")) == set(ours)
