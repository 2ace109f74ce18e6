"""Somebody sees a missed date and says what is being done; the date stays missed."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import on_screen, page_of
from workflow.board.acknowledging import acknowledge
from workflow.models import BreachAcknowledgement, Deadline, Event
from workflow.services import CannotAdvance, NotFound

WORDS = "The duty social worker was ill. A second person sends from now on."


def address(story: Story, duty: str = "notify-the-panel") -> str:
    return reverse("breach", args=[story.case.token, duty, 1])


def test_the_whole_story_of_a_missed_date_stands_on_one_page(sent_late: Story, read: Read) -> None:
    text = read("sam", address(sent_late)).one("main").text
    for words in (
        "Met late by 3 working days",
        "Monday 9 November 2026",
        "Thursday 12 November 2026",
        "Within 5 working days; 2 days on the way are not counted",
        "How this date was worked out",
        "not a breach of the Act",
        "administrative",
        "Nobody has acknowledged it yet",
        "Notification sent By Notifier, Northmoor",
    ):
        assert words in text, words


def test_an_acknowledgement_is_kept_with_its_words_and_the_date_stays_missed(
    sent_late: Story, as_: SignIn, read: Read
) -> None:
    before = on_screen(as_("sam"), "/late/list/?standing=met-late")
    answer = as_("sam").post(address(sent_late), {"reason": WORDS})
    assert answer.status_code == 302
    page = read("sam", address(sent_late))
    assert f"By Sam, Service operator, 10 December 2026 at 9:30am {WORDS}" in page.one("main").text
    assert on_screen(as_("sam"), "/late/list/?standing=met-late") == before
    listed = read("sam", "/late/list/?standing=met-late&seen=yes").one("table").text
    assert "Sam, Service operator 10 December 2026 at 9:30am" in listed
    assert "Nobody yet" not in listed
    assert on_screen(as_("sam"), "/late/list/?standing=met-late&seen=no")[0] == "1"


def test_the_trail_names_the_clock_and_not_the_words(sent_late: Story, as_: SignIn) -> None:
    as_("sam").post(address(sent_late), {"reason": WORDS})
    event = Event.objects.get(case=sent_late.case, act="acknowledge_breach")
    assert event.payload == {"duty": "notify-the-panel", "cycle": 1}
    assert event.reason == ""
    page = page_of(as_("ben"), reverse("timeline", args=[sent_late.case.token]))
    assert "Missed date acknowledged By Deadline administrator" in page.one("main").text


def test_whoever_reads_clocks_only_reads_no_words_of_another_organisation(
    sent_late: Story, as_: SignIn, read: Read
) -> None:
    as_("ben").post(address(sent_late), {"reason": WORDS})
    for name, reads in (("ben", True), ("adam", True), ("sol", True), ("sam", False)):
        text = read(name, address(sent_late)).one("main").text
        assert "Nobody has acknowledged it yet" not in text
        assert (WORDS in text) is reads, name
    assert WORDS not in read("sam", "/late/list/?standing=met-late").one("main").text


def test_the_panel_is_led_to_where_words_are_taken_out_of_its_own(
    sent_late: Story, as_: SignIn
) -> None:
    href = reverse("redact", args=[sent_late.case.token])

    def shows(name: str) -> bool:
        return f'href="{href}"' in as_(name).get(address(sent_late)).content.decode()

    as_("ben").post(address(sent_late), {"reason": WORDS})
    assert not shows("sol")
    as_("petra").post(address(sent_late), {"reason": "The Panel waits."})
    found = {name for name in ("sol", "petra", "ben", "bea", "adam", "sam") if shows(name)}
    assert found == {"sol", "petra"}
    listed = page_of(as_("sol"), href).one("main").text
    assert "Missed dates that the Panel has seen" in listed


def test_an_empty_acknowledgement_is_refused_and_says_what_is_missing(
    sent_late: Story, as_: SignIn
) -> None:
    answer = as_("sam").post(address(sent_late), {"reason": "  "})
    assert answer.status_code == 200
    assert "Enter what is being done about it" in answer.content.decode()
    assert not BreachAcknowledgement.objects.exists()


def test_a_date_that_is_not_missed_has_no_such_page(sent: Story, as_: SignIn) -> None:
    assert as_("sam").get(address(sent)).status_code == 404
    assert as_("sam").get(address(sent, "local-review")).status_code == 404


def test_another_authority_gets_nothing_and_some_roles_may_only_look(
    sent_late: Story, as_: SignIn, everyone: Cast
) -> None:
    assert as_("cara").get(address(sent_late)).status_code == 404
    assert as_("cara").post(address(sent_late), {"reason": WORDS}).status_code == 404
    assert as_("ada").get(address(sent_late)).status_code == 403
    everyone.sam.memberships.update(role="auditor")
    everyone.sam.forget_memberships()
    auditor = as_("sam")
    assert "Acknowledge this missed date" not in auditor.get(address(sent_late)).content.decode()
    assert auditor.post(address(sent_late), {"reason": WORDS}).status_code == 404
    assert not BreachAcknowledgement.objects.exists()


def the_clock(story: Story) -> Deadline:
    return Deadline.objects.select_related("case").get(case=story.case, duty="notify-the-panel")


def test_the_service_itself_refuses_what_the_page_does_not_offer(
    sent_late: Story, everyone: Cast
) -> None:
    when: dict[str, Any] = {"on": day("2026-12-10"), "at": moment("2026-12-10")}
    on_time = the_clock(a_case(everyone, aware="2026-12-01").notified("2026-12-04"))
    with pytest.raises(CannotAdvance, match="not missed"):
        acknowledge(on_time, by=everyone.sam, reason=WORDS, **when)
    with pytest.raises(CannotAdvance, match="Only"):
        acknowledge(the_clock(sent_late), by=everyone.ada, reason=WORDS, **when)
    with pytest.raises(CannotAdvance, match="what is being done"):
        acknowledge(the_clock(sent_late), by=everyone.sam, reason=" ", **when)
    with pytest.raises(NotFound):
        acknowledge(the_clock(sent_late), by=everyone.cara, reason=WORDS, **when)


def test_an_acknowledgement_is_sealed_and_only_ever_added_to(sent_late: Story, as_: SignIn) -> None:
    as_("sam").post(address(sent_late), {"reason": WORDS})
    as_("ben").post(address(sent_late), {"reason": "Seen as well."})
    rows = BreachAcknowledgement.objects.all()
    assert rows.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(role="auditor")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows[0].delete()
