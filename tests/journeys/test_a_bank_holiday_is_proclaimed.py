"""An administrator proclaims a bank holiday: sees what moves, moves it, and takes it back."""

from datetime import date, timedelta

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_sent_case
from tests.live import LiveService
from tests.story import Cast
from workflow import clock
from workflow.law.calendar import COMMITTED
from workflow.law.words import long_date
from workflow.models import Deadline

TITLE = "Bank holiday for an invented jubilee"


def day() -> date:
    """The day that will be proclaimed."""
    return COMMITTED.add(clock.today(), 3)


def answers() -> dict[str, str | date]:
    """What is said of it."""
    return {
        "Which day is the bank holiday?": day(),
        "What is it for?": TITLE,
        "When was it proclaimed?": clock.today(),
    }


def test_open_dates_move_with_a_trail_and_closed_ones_stay(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    sent_on = working_days_ago(2)
    with live_service.data():
        born = clock.today() - timedelta(days=3333)
        told = a_sent_case(everyone, aware=working_days_ago(4), on=sent_on, born=born)
        notified = Deadline.objects.get(case=told.case, duty="notify-the-panel")
    reference, case = str(told.case.reference), f"/cases/{told.case.address}/"
    due, moved_to = COMMITTED.add(sent_on, 15), COMMITTED.add(sent_on, 16)

    sam = signed_in("sam")
    sam.opens("/working-days/")
    sam.presses("Add a proclaimed bank holiday")
    sam.answers(answers())
    sam.presses("Continue")
    sam.sees(reference, long_date(due), long_date(moved_to), "would move")
    sam.presses("Add the day and move the dates")
    sam.sees("Bank holiday added", long_date(day()))

    ada = signed_in("ada")
    ada.opens(f"{case}dates/rapid-review/1/")
    ada.sees("What this date was before", f"{long_date(moved_to)} (now)", TITLE)
    ada.opens(f"{case}dates/notify-1/1/")
    ada.sees(long_date(notified.due_on))
    ada.does_not_see("What this date was before")
    ada.opens(f"{case}timeline/")
    ada.sees("Due date moved", f"{long_date(due)} became {long_date(moved_to)}")

    sam.follows("Go to deadlines and working days")
    sam.follows(f"Withdraw {long_date(day())}")
    sam.presses("Withdraw the day and move the dates")
    sam.sees("Bank holiday withdrawn")
    ada.opens(case)
    ada.sees(long_date(due))
