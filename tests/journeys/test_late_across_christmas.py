"""An authority became aware three days before Christmas and sends long after its date due."""

from datetime import date, timedelta

from tests.journeys.calendar import before_last_christmas
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft, filled_in
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from workflow import clock
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.words import long_date


def aware() -> date:
    """Three days before a Christmas."""
    return before_last_christmas()


def due() -> date:
    """The fifth working day after it."""
    return duties.NOTIFY_THE_PANEL.due(aware(), COMMITTED)


def late() -> int:
    """Working days since."""
    return COMMITTED.between(due(), clock.today())


HOLIDAYS = ("Christmas Day", "Boxing Day", "Not counted")


def corrects_the_day(ada: Visitor) -> None:
    """The day on which the authority became aware turns out to be before Christmas."""
    ada.follows("Say when the authority became aware")
    ada.answers({"When did the authority become aware of the incident?": aware()})
    ada.presses("Save and continue")
    assert ada.heading == f"Should have been sent by {long_date(due())}"
    ada.sees(f"Overdue by {late()} working days", *HOLIDAYS)
    ada.presses("Continue to the task list")


def finds_it_late(sam: Visitor, reference: str) -> None:
    # Other stories of this service were late too, and this one was so the longest ago.
    sam.opens("/late/list/?standing=met-late")
    rows = sam.page.get_by_role("row").filter(has_text=reference)
    row = rows.filter(has_text="Notify the Panel").inner_text()
    assert f"Met late by {late()} working days" in row
    assert "Waiting for a medical opinion" in row
    assert long_date(due()) in row
    sam.does_not_see("Nia")


def test_a_notification_across_christmas_is_sent_late_and_stands_in_the_list_of_late_cases(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        case = a_draft(everyone, opened=clock.today())
        born = aware() - timedelta(days=900)
        filled_in(everyone, case, aware=aware() + timedelta(days=30), on=clock.today(), born=born)
    ada = signed_in("ada")
    ada.opens(f"/cases/{case.address}/")
    ada.presses("Continue the notification")
    corrects_the_day(ada)
    ada.follows("Say when and where it happened")
    day_before = aware() - timedelta(days=1)
    ada.answers({"When did the incident happen?": "On one day", "Date": day_before})
    ada.presses("Save and continue")
    ada.opens(f"/cases/{case.address}/dates/notify-1/1/")
    ada.sees(*HOLIDAYS, long_date(due()), long_date(aware()), "What this date was before")

    ada.opens(f"/cases/{case.address}/notification/check/")
    ada.presses("Continue")
    assert ada.heading == "You are about to send this after its date due"
    ada.presses("Continue")
    ada.presses("Save and continue")
    assert ada.problems == ["Select the main reason"]
    ada.answers({"What is the main reason?": "Waiting for a medical opinion"})
    ada.presses("Save and continue")
    if ada.heading != "Send the notification":
        ada.opens(f"/cases/{case.address}/notification/send/")
    ada.presses(
        "Send to the Panel, the Department for Education, Ofsted and the safeguarding partners"
    )
    ada.sees("Notification sent", f"Met late by {late()} working days")
    reference = ada.reference

    finds_it_late(signed_in("sam"), reference)
