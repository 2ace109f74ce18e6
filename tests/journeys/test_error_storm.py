"""Every page sent empty, then with nonsense: each refusal leads to its field, nothing is lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator

from notifications.document import NOTIFICATION
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from workflow import clock

NONSENSE = "<script>alert(1)</script> '; DROP TABLE-- Llŷr ap Gŵyn 👶🏽 %s"
WRONG_DAY = ("31", "13", "20266")
CHILDREN = NOTIFICATION.section("children")
# Pages that ask only where another answer made them apply, and those that may be left empty.
APART = {"received", "late", "ethnicity", "care", "cause", "status", "country", "informed-when"}
# Filled in beforehand, or nothing in it must be answered.
MAY_BE_SENT_EMPTY = {"basis", "contact"}
ONCE = [
    page.slug
    for section in NOTIFICATION.sections
    if section.items is None
    for page in section.pages
    if page.slug not in APART
]
EACH = [page.slug for page in CHILDREN.pages if page.slug not in APART]


def focuses_the_field(who: Visitor) -> None:
    """Each line of the summary leads to an answerable field; the first is followed."""
    links = who.page.locator(".govuk-error-summary__list a")
    assert links.count() == len(who.problems) > 0, who.path
    for link in links.all():
        target = str(link.get_attribute("href"))
        assert who.page.locator(f"{target}:is(input, select, textarea)").count() == 1, target
    links.first.click()
    focused = who.page.evaluate("() => `#${document.activeElement.id}`")
    assert focused == links.first.get_attribute("href")


def boxes(who: Visitor) -> list[Locator]:
    """Every box of the page that is typed in."""
    return who.page.locator("main input[type=text], main input:not([type]), main textarea").all()


def types_nonsense(who: Visitor) -> list[str]:
    """Impossible dates and dangerous text, and what then stands in each box."""
    for box in boxes(who):
        name = str(box.get_attribute("name"))
        part = name.rpartition("-")[2]
        if part in ("day", "month", "year"):
            box.fill(WRONG_DAY[("day", "month", "year").index(part)])
        else:
            box.fill(NONSENSE)
    return [box.input_value() for box in boxes(who)]


def storms(who: Visitor, address: str, *, may_be_empty: bool) -> None:
    who.opens(address)
    who.presses("Save and continue")
    if may_be_empty:
        who.opens(address)
    else:
        assert who.page.title().startswith("Error: "), address
        focuses_the_field(who)
    typed = types_nonsense(who)
    if typed:
        who.presses("Save and continue")
        if not who.problems:
            who.opens(address)
        assert [box.input_value() for box in boxes(who)] == typed, address
        assert who.page.locator("script:not([src])").count() == 0


@pytest.fixture
def address(everyone: Cast, live_service: LiveService) -> str:
    with live_service.data():
        case = a_draft(everyone, opened=clock.today() - timedelta(days=1))
        return f"/cases/{case.address}/notification/"


def test_every_page_of_the_notification_bears_nothing_and_nonsense(
    signed_in: SignedIn, address: str
) -> None:
    ada = signed_in("ada")
    for slug in ONCE:
        storms(ada, f"{address}{slug}/", may_be_empty=slug in MAY_BE_SENT_EMPTY)
    ada.opens(f"{address}check/")
    ada.presses("Continue")
    assert len(ada.problems) > 10
    ada.sees("There is a problem")


def test_every_page_of_a_child_bears_nothing_and_nonsense(
    signed_in: SignedIn, address: str
) -> None:
    ada = signed_in("ada")
    ada.opens(f"{address}children/add/")
    ada.presses("Save and continue")
    focuses_the_field(ada)
    # A page left empty adds nobody: only what was answered makes a child.
    ada.opens(f"{address}children/add/")
    ada.knows_nothing()
    ada.presses("Save and continue")
    for slug in EACH:
        storms(ada, f"{address}children/1/{slug}/", may_be_empty=slug == "name")
    ada.opens(f"{address}children/list/")
    assert ada.page.get_by_role("heading", name="Child A").count() == 1


def test_the_screening_questions_sent_empty_name_each_answer_that_is_missing(
    signed_in: SignedIn,
) -> None:
    ada = signed_in("ada")
    ada.opens("/notifications/new/")
    ada.presses("Continue")
    assert len(ada.problems) == 4
    focuses_the_field(ada)


def test_ten_thousand_words_are_refused_and_kept(signed_in: SignedIn, address: str) -> None:
    ada = signed_in("ada")
    ada.opens(f"{address}description/")
    long = "word " * 10_000
    ada.answers({"What happened?": long, "Have you finished this section?": "Yes"})
    ada.presses("Save and continue")
    (problem,) = ada.problems
    assert "be 2,000 words or less. You have written 10,000 words" in problem
    assert ada.holds("What happened?").split() == long.split()
