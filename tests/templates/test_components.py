"""The HTML of each component."""

from datetime import date
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from config import jinja
from tests.templates.gallery import (
    AWARE,
    SENT_AT,
    TODAY,
    clocks,
    component,
    components,
    draw,
    environment,
    gallery,
    queue,
    tasks,
)
from tests.templates.markup import Markup
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.standing import TAGS, standing


def test_the_gallery_is_well_formed_and_prints_no_none() -> None:
    found = Markup(gallery())
    assert "None" not in found.elements[0].text.replace("None of these", "")
    assert len(found.all("h1")) == 1
    assert not [element for element in found.elements if "style" in element.attrs]
    assert not [e for e in found.all("script") if not e.attrs.get("src")]


def test_each_clock_says_its_date_its_days_and_its_standing() -> None:
    found = Markup(component("clocks.html clock_table", "clock_table(clocks)", clocks=clocks()))
    rows = [row for row in found.all("tr") if row.inside[0].attrs.get("scope") == "row"]
    said = [[cell.text for cell in row.inside if cell.tag == "td"] for row in rows]
    assert said[1] == [
        "Due Thursday 24 December 2026 How this date was worked out : Notify the Panel",
        "Working days Due in 2 working days",
        "Status Due soon",
    ]
    assert said[8][0] == "Due Starts when the partners decide"
    assert {element.text for element in found.of_class("govuk-tag")} == {
        words for words, _colour in TAGS.values()
    }
    assert "must notify" in rows[0].text
    assert "should be done within 5 working days" in rows[0].text


def test_a_case_without_clocks_says_so() -> None:
    found = Markup(component("clocks.html clock_table", "clock_table([])"))
    assert not found.all("table")
    assert found.one("p").text == "No date applies to this case yet."


def test_a_list_repeats_each_columns_name_for_narrow_screens() -> None:
    columns = [{"text": name} for name in ("Reference", "Area", "Children", "Due", "Status")]
    call = "stack_table('Incidents', columns, rows)"
    found = Markup(component("tables.html stack_table", call, columns=columns, rows=queue()))
    labels = [element.text for element in found.of_class("app-stack-table__label")]
    assert labels == ["Area", "Children", "Due", "Status"] * 3
    assert found.one("table").attrs["role"] == "table"
    link = found.all("a")[0]
    assert (link.text, link.attrs["href"]) == (
        "SIN-7K2M-Q9XD-4TVB",
        "/cases/SIN-7K2M-Q9XD-4TVB",
    )


def test_a_cell_cannot_bring_its_own_html() -> None:
    call = "stack_table('<b>', [{'text': '<i>'}], [[{'text': '<script>'}]])"
    found = Markup(component("tables.html stack_table", call))
    assert not found.all("script")
    assert not found.all("b")


def test_a_heading_that_sorts_says_how() -> None:
    columns = [{"text": "Due", "href": "?sort=due", "sort": "ascending"}]
    call = "stack_table('Incidents', columns, [[{'text': 'x'}]])"
    found = Markup(component("tables.html stack_table", call, columns=columns))
    assert found.one("th", scope="col").attrs["aria-sort"] == "ascending"


def test_the_head_of_a_case_holds_what_is_next_and_for_whom() -> None:
    case = components()["case"]
    found = Markup(component("case.html case_header", "case_header(case)", case=case))
    assert found.one("h1").text == "SIN-7K2M-Q9XD-4TVB"
    facts = [element.text for element in found.of_class("app-case-header__fact")]
    assert facts == [
        "Area Northmoor",
        "Kind Death",
        "Children 2",
        "Waiting for Panel secretariat",
        "Reviewer Not allocated",
        "Next date: rapid review Tuesday 29 December 2026 Due in 3 working days",
    ]


def test_a_draft_is_called_by_its_own_reference_and_may_know_little() -> None:
    case = {
        "reference": "Draft AAAA-BBBB-CCCC",
        "area": "Northmoor",
        "kind": "",
        "children": None,
        "statuses": [{"machine": "Notification", "words": "Draft", "colour": "blue"}],
    }
    found = Markup(component("case.html case_header", "case_header(case)", case=case))
    assert found.one("h1").text == "Draft AAAA-BBBB-CCCC"
    assert found.elements[0].text.count("Not known yet") == 2


def test_the_timeline_says_what_by_whom_and_when() -> None:
    events = components()["events"]
    found = Markup(component("timeline.html timeline", "timeline(events)", events=events))
    assert [e.text for e in found.all("h3")] == ["Notification sent to the Panel", "Reminder sent"]
    assert [e.text for e in found.of_class("app-timeline__byline")] == [
        "By Ada Example, Northmoor, 4 June 2026 at 9:32am . Entered on 4 June 2026 at 9:32am",
        "By system, 4 June 2026 at 9:32am",
    ]
    assert found.all("time")[0].attrs["datetime"] == SENT_AT.isoformat()


def test_pages_lead_only_where_there_is_something() -> None:
    both = Markup(component("paging.html pagination", "pagination('?b=1', '?a=2')"))
    assert [e.attrs["rel"] for e in both.all("a")] == ["prev", "next"]
    last = Markup(component("paging.html pagination", "pagination('?b=1')"))
    assert [e.attrs["rel"] for e in last.all("a")] == ["prev"]
    assert component("paging.html pagination", "pagination()").strip() == ""


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("count_words(1, 'incident')", "1 incident"),
        ("count_words(1000, 'incident', more=true)", "1,000+ incidents"),
    ],
)
def test_a_count_is_said_in_words(call: str, words: str) -> None:
    assert component("paging.html count_words", call) == words


def test_a_task_that_cannot_start_is_no_link_and_leads_to_what_is_missing() -> None:
    found = Markup(component("tasks.html task_list", "task_list(tasks)", tasks=tasks()))
    assert [e.attrs["href"] for e in found.all("a")] == ["#a", "#b", "#c", "#d", "#c"]
    waiting = found.all("li")[4]
    assert waiting.text == "Check and send First finish: say who has been told Cannot start yet"
    assert [e.text for e in found.of_class("govuk-tag")] == ["There is a problem"]


def test_every_day_is_counted_or_skipped_with_its_reason() -> None:
    receipt = duties.NOTIFY_THE_PANEL.receipt(AWARE, COMMITTED)
    found = Markup(component("worked_out.html worked_out", "worked_out(receipt)", receipt=receipt))
    rows = [row.text for row in found.all("tr")[1:]]
    assert rows[0].startswith("Friday 18 December 2026 Count Day 0")
    assert rows[1] == "Saturday 19 December 2026 Count Not counted Why Weekend"
    assert rows[-1].startswith("Tuesday 29 December 2026 Count Day 5")
    assert rows[-1].endswith("the date due")
    assert len(rows) == 12
    assert "is 5 working days after Friday 18 December 2026" in found.elements[0].text + (
        " ".join(element.text for element in found.all("p"))
    )


def test_days_counted_backwards_are_numbered_from_the_start_back() -> None:
    receipt = duties.ADVANCE_COPY.receipt(date(2027, 1, 8), COMMITTED)
    found = Markup(component("worked_out.html worked_out", "worked_out(receipt)", receipt=receipt))
    rows = [row.text for row in found.all("tr")[1:]]
    assert rows[1].startswith("Thursday 7 January 2027 Count Day 1")
    assert rows[-1].startswith("Tuesday 29 December 2026 Count Day 7")


def test_months_are_not_counted_day_by_day() -> None:
    receipt = duties.LOCAL_REVIEW.receipt(date(2026, 8, 31), COMMITTED)
    found = Markup(component("worked_out.html worked_out", "worked_out(receipt)", receipt=receipt))
    assert not found.all("table")
    assert "has no day 31" in " ".join(p.text for p in found.all("p"))


def test_change_links_say_what_they_change() -> None:
    rows = [{"key": "Date of birth", "text": "27 March 2019", "change": "/dob"}]
    found = Markup(component("summaries.html summary", "summary(rows, 'Child A')", rows=rows))
    assert found.one("a").text == "Change date of birth (Child A)"


def test_a_post_button_is_a_form_of_its_own() -> None:
    call = "post_button('', 'Acknowledge', '/acknowledge', hidden={'version': 3})"
    found = Markup(component("actions.html post_button", call))
    form = found.one("form")
    assert (form.attrs["method"], form.attrs["action"]) == ("post", "/acknowledge")
    assert found.one("input", type="hidden").attrs["value"] == "3"


def test_a_standing_is_drawn_in_its_own_words_and_colour() -> None:
    late = standing(AWARE, met_on=None, on=TODAY, calendar=COMMITTED)
    found = Markup(component("tags.html tag", "tag(late)", late=late))
    assert found.elements[0].text == "Overdue"
    assert "govuk-tag--red" in found.elements[0].classes


PAGE = '{% extends "base.html" %}{% set heading = "Your incidents" %}'


def test_a_page_says_where_one_is_and_who_one_is() -> None:
    found = Markup(draw(PAGE))
    assert found.one("title").text == (
        "Your incidents – Report a serious child safeguarding incident"
    )
    assert found.one("h1").text == "Your incidents"
    assert found.of_class("app-header__person")[0].text == "Ada Example , Northmoor Council"
    sign_out = found.one("form", action="/account/logout/")
    assert sign_out.attrs["method"] == "post"
    assert [e.attrs["name"] for e in sign_out.inside if e.tag == "input"] == ["csrfmiddlewaretoken"]
    assert found.one("a", aria_current="true").text == "Your incidents"
    assert found.all("a")[0].attrs["href"] == "#main-content"


def test_a_page_for_nobody_has_no_sign_out() -> None:
    assert not Markup(draw(PAGE, person=None)).all("form")


def test_a_page_has_a_back_link_or_breadcrumbs_never_both() -> None:
    crumbs = '{% set breadcrumbs = [{"text": "Home", "href": "/"}] %}'
    both = Markup(draw(PAGE + crumbs + '{% set back_href = "/back" %}'))
    assert both.of_class("govuk-breadcrumbs")
    assert not both.of_class("govuk-back-link")
    back = Markup(draw(PAGE + '{% set back_href = "/back" %}'))
    assert back.of_class("govuk-back-link")[0].attrs["href"] == "/back"


def test_a_page_shows_one_banner() -> None:
    found = Markup(draw(PAGE, messages=["Saved.", "Sent."]))
    (banner,) = found.of_class("govuk-notification-banner")
    assert "govuk-notification-banner--success" in banner.classes
    assert "Saved. Sent." in banner.text
    plain = Markup(draw(PAGE, banner={"text": "Closed on Monday", "success": False}))
    assert plain.of_class("govuk-notification-banner")[0].text == "Important Closed on Monday"
    assert not Markup(draw(PAGE)).of_class("govuk-notification-banner")


@pytest.mark.parametrize(("official", "notices"), [(False, 2), (True, 0)])
def test_a_page_says_that_it_is_not_official_unless_it_is(
    settings: Settings, official: bool, notices: int
) -> None:
    settings.OFFICIAL_SERVICE = official
    loader = environment().loader
    own = jinja.environment(loader=loader, autoescape=True)
    page = own.from_string(PAGE).render()
    assert page.count("not an official government service") == notices


def test_a_person_of_no_organisation_is_still_named() -> None:
    person = SimpleNamespace(name="Sam Example", organisation="")
    found = Markup(draw(PAGE, person=person))
    assert found.of_class("app-header__person")[0].text == "Sam Example"
