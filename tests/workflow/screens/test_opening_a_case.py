"""The page of a case: clocks, whose turn, what one can do, and nothing for anybody else."""

import pytest
from django.test import Client

from tests.story import Cast, Story, a_case, day, moment
from tests.templates.markup import Markup
from tests.workflow.screens.conftest import Read, SignIn
from workflow import services
from workflow.models import Membership, Organisation
from workflow.people.membership import leave

PAGES = ("", "people/", "timeline/", "chronology/", "dates/notify-1/1/")


def at(story: Story, page: str = "") -> str:
    return f"/cases/{story.again().address}/{page}"


def primary_buttons(page: Markup) -> list[str]:
    main = page.one("main")
    return [
        element.text
        for element in main.inside
        if "govuk-button" in element.classes and "govuk-button--secondary" not in element.classes
    ]


@pytest.mark.parametrize("page", PAGES)
def test_anothers_case_looks_exactly_like_one_that_does_not_exist(
    page: str, sent: Story, as_: SignIn
) -> None:
    cara = as_("cara")
    theirs = cara.get(at(sent, page))
    nowhere = cara.get(f"/cases/0000-0000-0000/{page}")
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.content == nowhere.content
    assert dict(theirs.headers) == dict(nowhere.headers)


@pytest.mark.parametrize("page", PAGES)
def test_somebody_signed_out_signs_in_and_comes_back(page: str, sent: Story) -> None:
    address = at(sent, page)
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/account/login/?next={address}"


def test_somebody_whose_account_is_closed_opens_nothing(sent: Story, as_: SignIn) -> None:
    assert as_("otto").get(at(sent)).status_code == 302


def test_a_case_never_sent_is_seen_by_its_authority_and_the_operator_only(
    draft: Story, as_: SignIn
) -> None:
    seen = {name: as_(name).get(at(draft)).status_code for name in draft.cast.people}
    assert {name for name, status in seen.items() if status == 200} == {
        "ada", "ben", "bea", "adam", "lena", "sam",
    }  # fmt: skip


def test_the_author_of_a_draft_is_led_to_it(draft: Story, read: Read) -> None:
    page = read("ada", at(draft))
    assert primary_buttons(page) == ["Continue the notification"]
    assert "waits for you , as Notifier" in page.one("main").text


def test_somebody_with_nothing_to_do_is_told_who_is_waited_for(sent: Story, read: Read) -> None:
    page = read("ada", at(sent))
    assert primary_buttons(page) == []
    text = page.one("main").text
    assert "Nothing needs action from you now. You may also: " in text
    assert "waits for Secretariat , Child Safeguarding Practice Review Panel" in text
    assert "waits for Business unit , Northmoor: Bea" in text


def test_colleagues_are_named_and_other_organisations_people_are_not(
    sent: Story, read: Read
) -> None:
    assert "Bea" not in read("sol", at(sent)).one("main").text


def test_each_side_has_its_own_one_button(sent: Story, read: Read) -> None:
    assert primary_buttons(read("sol", at(sent))) == ["Triage the incident"]
    assert primary_buttons(read("bea", at(sent))) == ["Continue the rapid review"]


def test_a_fallback_is_said_aloud(sent: Story, read: Read) -> None:
    leave(Membership.objects.get(person=sent.cast.bea), on=day("2026-12-09"))
    text = read("ben", at(sent)).one("main").text
    assert "Nobody holds the role Business unit at Northmoor: it passes to Approver." in text
    assert "waits for you , as Business unit" in text


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("adam", ["Overview", "Timeline"]),
        ("sam", ["Overview", "Timeline"]),
        ("olu", ["Overview", "Notification", "Timeline"]),
    ],
)
def test_whoever_reads_only_clocks_or_codes_is_shown_no_way_to_content(
    name: str, ways: list[str], sent: Story, read: Read
) -> None:
    page = read(name, at(sent))
    tabs = [link for link in page.all("a") if "app-tabs__link" in link.classes]
    assert [link.text for link in tabs] == ways
    assert [link.attrs["href"] for link in tabs if link.text == "Notification"] == [
        at(sent, "notification/coded/") for _ in ways[2:]
    ]
    assert "Notify the Panel" in page.one("main").text


def test_every_clock_has_a_row_with_both_verbs_its_date_and_its_standing(
    sent_late: Story, read: Read
) -> None:
    text = read("ada", at(sent_late)).one("main").text
    assert "Northmoor must notify the Child Safeguarding Practice Review Panel." in text
    assert "This should be done within 5 working days." in text
    assert "Monday 9 November 2026" in text
    assert "Met late by 3 working days" in text
    assert "This is expected to be done within 15 working days." in text
    assert "Thursday 3 December 2026" in text
    assert "Overdue by 5 working days" in text


def test_a_cancelled_clock_stays_with_its_reason(draft: Story, read: Read) -> None:
    draft.facts("2026-12-08", abuse="neither")
    text = read("ada", at(draft)).one("main").text
    assert "Cancelled on Tuesday 8 December 2026: the facts changed" in text


def test_an_internal_date_is_marked_as_one_and_is_never_red(sent: Story, read: Read) -> None:
    page = read("sol", at(sent))
    text = page.one("main").text
    assert "An internal date of this service, not a legal one. It stands at “Sent”." in text
    # The secretariat was to acknowledge by 7 December.
    assert "Past by 3 working days" in text
    assert not [element for element in page.elements if "govuk-tag--red" in element.classes]


def test_a_date_to_aim_for_is_never_called_late(everyone: Cast, read: Read) -> None:
    story = a_case(
        everyone, aware="2026-11-02", outcome="died", abuse="neither", care_leaver=True,
        under_18=False,
    )  # fmt: skip
    page = read("ada", at(story))
    clocks = page.all("table")[0].text
    assert "Past the date to aim for by 23 working days" in clocks
    assert "Overdue" not in clocks


def test_an_agreed_later_date_stands_beside_the_legal_one(sent: Story, read: Read) -> None:
    services.agree_later_date(
        sent.again(), "rapid-review", 1, day("2027-01-29"), by=sent.cast.sol,
        on=day("2026-12-09"), at=moment("2026-12-09"), reason="Criminal proceedings",
    )  # fmt: skip
    text = read("ada", at(sent)).one("main").text
    assert "Later date agreed: Friday 29 January 2027. The due date above still stands." in text
    assert "Friday 29 December 2026" not in text


def test_the_head_has_no_name_and_the_title_is_the_heading(sent: Story, read: Read) -> None:
    page = read("priya", at(sent))
    assert page.one("h1").text == sent.again().reference
    assert page.one("title").text.startswith(f"{sent.case.reference} – ")


def test_a_draft_is_called_by_its_reference_too(draft: Story, read: Read) -> None:
    page = read("ada", at(draft))
    assert page.one("h1").text == draft.case.label
    assert page.one("title").text.startswith(f"{draft.case.label} – ")


def test_links_beside_one_another_are_set_apart(sent: Story, as_: SignIn) -> None:
    html = as_("adam").get(at(sent)).content.decode()
    assert "Who looked at this case</a>" in html
    assert '</a><span aria-hidden="true">|</span>' not in html


def test_people_with_access_are_listed_with_their_capacity(sent: Story, read: Read) -> None:
    text = read("ada", at(sent, "people/")).one("table").text
    for organisation in ("Northmoor", "Ofsted", "Northmoor Police", "Service operator"):
        assert organisation in text
    assert "Notifying authority" in text
    assert Organisation.objects.get(dfe_code="9902").name not in text


def test_each_partner_who_is_to_sign_is_told_so(sent: Story, read: Read) -> None:
    sent.act(sent.rapid_review, "seek_signatures", "bea", "2026-12-09")
    for name in ("ira", "polly", "lena"):
        page = read(name, at(sent))
        assert "waits for you , as Safeguarding partner" in page.one("main").text
        assert primary_buttons(page) == ["Sign the rapid review: agree or dissent"]
    assert "waits for Safeguarding partner , Northmoor" in read("sol", at(sent)).one("main").text


def test_where_sending_told_no_partner_the_page_asks_for_the_day_they_were_told(
    everyone: Cast, sent: Story, read: Read
) -> None:
    elsewhere = a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-04", by="cara")
    words = "Record when the safeguarding partners were told"
    assert words in read("cara", at(elsewhere)).one("main").text
    assert words not in read("ada", at(sent)).one("main").text


def test_the_head_says_where_each_part_stands_in_the_words_of_the_list(
    sent: Story, read: Read
) -> None:
    def tags(page: Markup) -> list[str]:
        return [found.text for found in page.of_class("govuk-tag--blue")]

    head, listed = tags(read("sol", at(sent))), tags(read("sol", "/home/"))
    assert head[:2] == ["Sent", "Opened"]
    assert listed[-2:] == head[:2]
    assert "Notification Sent Rapid review Opened" in read("sol", at(sent)).one("main").text


@pytest.mark.parametrize(
    ("who", "act", "others"),
    [
        ("sol", "You: Triage the incident as Secretariat", "Continue the rapid review"),
        ("bea", "You: Continue the rapid review as Business unit", "Triage the incident"),
    ],
)
def test_the_list_says_what_its_reader_does_next(
    sent: Story, read: Read, who: str, act: str, others: str
) -> None:
    text = read(who, "/home/").one("main").text
    assert act in text
    assert others not in text
