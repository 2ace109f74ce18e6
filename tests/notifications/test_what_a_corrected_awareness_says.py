"""A date says from which awareness it was counted, and what a later correction makes of it."""

import re

import pytest
import time_machine

from tests.notifications.answers import PAGES, at, errors, fill, sent, sign_in, when
from tests.story import Cast
from workflow.models import Case, Deadline, Person

WHY = {"reason": "An earlier letter was found."}
KEPT = ("aware_on", "suspected_on")
SINCE_THE_18TH = {"awareness": when("aware_on", "2026-11-18")}
EARLIER = (
    "Corrected after sending: became aware on Monday 2 November 2026. Counted from that day it was "
    "due on Monday 9 November 2026 and was sent 9 working days late."
)


@pytest.fixture
def notified(draft: Case, everyone: Cast) -> Case:
    """A notification that was sent today, of which the authority had known since 18 November."""
    when_it_was = {"when": when("began_on", "2026-11-02")}
    return sent(draft, everyone.ada, {**when_it_was, **SINCE_THE_18TH})


def corrected_to(case: Case, who: Person, day: str, **more: str) -> None:
    """Awareness is corrected."""
    typed = {**PAGES["awareness"], **when("aware_on", day), "aware_time": "", **more, **WHY}
    done = fill(sign_in(who), at("amend-page", case, page="awareness"), typed)
    assert done.status_code == 302, errors(done)


def page(case: Case, who: Person, part: str = "") -> str:
    """What a page of the case says, without its tags."""
    html = sign_in(who).get(f"/cases/{case.address}/{part}").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def explained(case: Case, who: Person, cycle: int = 1) -> str:
    """How the date of notifying was worked out."""
    row = Deadline.objects.get(case=case, duty="notify-the-panel", cycle=cycle)
    return page(case, who, f"dates/{row.rule.address}/{row.cycle}/")


def test_the_date_says_from_which_awareness_it_was_counted(notified: Case, everyone: Cast) -> None:
    corrected_to(notified, everyone.ada, "2026-11-02")
    said = explained(notified, everyone.ada)
    assert (
        "Became aware Wednesday 18 November 2026. Corrected on 20 November 2026 to Monday 2 "
        "November 2026; the date does not move."
    ) in said


def test_an_earlier_awareness_says_how_late_it_was_sent(notified: Case, everyone: Cast) -> None:
    assert "Corrected after sending" not in page(notified, everyone.ada)
    corrected_to(notified, everyone.ada, "2026-11-02")
    # To the authority, and to the Panel.
    for who in (everyone.ada, everyone.sol):
        assert EARLIER in page(notified, who)
        assert EARLIER in explained(notified, who)
    row = Deadline.objects.get(case=notified, duty="notify-the-panel")
    assert (row.met_on, row.start_on.isoformat()) == (notified.notified_on, "2026-11-18")
    assert "Met, day 2 of 5" in page(notified, everyone.sol)
    assert EARLIER in sign_in(everyone.ada).get(at("sent", notified)).content.decode()


def test_a_later_awareness_says_that_it_was_sent_in_time(notified: Case, everyone: Cast) -> None:
    corrected_to(notified, everyone.ada, "2026-11-19")
    assert (
        "Corrected after sending: became aware on Thursday 19 November 2026. Counted from that day "
        "it was due on Thursday 26 November 2026 and was sent in time."
    ) in page(notified, everyone.sol)


def test_a_suspicion_later_than_awareness_is_what_it_is_counted_from(
    notified: Case, everyone: Cast
) -> None:
    later = when("suspected_on", "2026-11-19")
    corrected_to(notified, everyone.ada, "2026-11-18", **later)
    said = page(notified, everyone.sol)
    assert "abuse or neglect first suspected on Thursday 19 November 2026" in said
    assert (
        "Abuse or neglect first suspected On the same day, or not recorded. Corrected on 20 "
        "November 2026 to Thursday 19 November 2026; the date does not move."
    ) in explained(notified, everyone.sol)


def test_a_correction_that_moves_no_clock_is_not_told_as_one(
    notified: Case, everyone: Cast
) -> None:
    typed = {**PAGES["awareness"], **SINCE_THE_18TH["awareness"], "how": "By letter.", **WHY}
    done = fill(sign_in(everyone.ada), at("amend-page", notified, page="awareness"), typed)
    assert done.status_code == 302, errors(done)
    assert "Corrected after sending" not in page(notified, everyone.sol)
    assert "does not move" not in explained(notified, everyone.sol)


def test_each_notification_of_a_case_has_the_awareness_it_was_counted_from(
    notified: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    today.move_to("2026-11-24T10:00:00+00:00")
    typed = {"happened": "harm_became_death", **when("aware_on", "2026-11-23"), "reason": "Died."}
    assert sign_in(everyone.ada).post(at("continue", notified), typed).status_code == 302
    first, second = (explained(notified, everyone.ada, cycle) for cycle in (1, 2))
    assert "Became aware Wednesday 18 November 2026" in first
    assert "Became aware Monday 23 November 2026" not in first
    assert "Became aware Monday 23 November 2026" in second


def test_an_open_clock_follows_the_dates_of_the_draft(draft: Case, everyone: Cast) -> None:
    ada = sign_in(everyone.ada)
    href = at("page", draft, page="awareness")
    suspected = when("suspected_on", "2026-11-19")
    for aware in ("2026-11-17", "2026-11-18"):
        fill(ada, href, {**PAGES["awareness"], **when("aware_on", aware), **suspected})
    # The start is the suspicion, and has not moved; the awareness has.
    said = explained(draft, everyone.ada)
    assert "Became aware Wednesday 18 November 2026" in said
    assert "first suspected Thursday 19 November 2026" in said


def test_a_clock_from_before_the_dates_were_kept_says_only_what_it_knows(
    notified: Case, everyone: Cast
) -> None:
    row = Deadline.objects.get(case=notified, duty="notify-the-panel")
    kept = {key: said for key, said in row.receipt.items() if key not in KEPT}
    assert len(kept) == len(row.receipt) - len(KEPT)
    Deadline.objects.filter(pk=row.pk).update(receipt=kept)
    said = explained(notified, everyone.ada)
    assert "Became aware" not in said
    assert "Counted from Wednesday 18 November 2026" in said
