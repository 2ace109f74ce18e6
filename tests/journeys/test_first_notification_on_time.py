"""A safeguarding lead files a first notification on time, leaving halfway and coming back."""

from datetime import date

from tests.journeys import incident
from tests.journeys.calendar import day_before, working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from workflow import clock
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.words import long_date, short_date


def aware() -> date:
    """When the authority became aware."""
    return working_days_ago(2)


def due() -> date:
    """When the notification is due."""
    return duties.NOTIFY_THE_PANEL.due(aware(), COMMITTED)


def day() -> int:
    """Working days since."""
    return COMMITTED.between(aware(), clock.today())


def review_due() -> date:
    """When the rapid review is due if it is sent today."""
    return duties.RAPID_REVIEW.due(clock.today(), COMMITTED)


RECIPIENTS = (
    "Child Safeguarding Practice Review Panel",
    "Department for Education",
    "Ofsted",
    "safeguarding partners",
)


def starts(ada: Visitor, email: str) -> None:
    """From the front door to the date due."""
    ada.opens("/")
    ada.presses("Sign in to start")
    ada.signs_in(email)
    assert ada.path == "/home/"
    ada.presses("Start a notification")
    ada.answers(incident.screening())
    ada.presses("Continue")
    assert ada.heading == "You must notify the Panel"
    ada.sees("5 working days")
    ada.presses("Start the notification")
    ada.answers(incident.awareness(aware()))
    ada.presses("Save and continue")
    assert ada.heading == f"Send by {long_date(due())}"
    ada.presses("Continue to the task list")


def fills_in(ada: Visitor, task: str) -> None:
    """One task, page by page."""
    ada.follows(task)
    for said in incident.pages(day_before(aware()), aware())[task]:
        ada.answers(said)
        ada.presses("Save and continue")


def adds_a_child_who_is_known(ada: Visitor) -> None:
    ada.follows("Add each child")
    ada.presses("Add a child")
    for said in incident.child(incident.born()):
        ada.answers(said)
        ada.presses("Save and continue")
    ada.sees("Child A")


def adds_a_child_whom_nobody_could_identify(ada: Visitor) -> None:
    ada.answers({"Do you need to add another child?": "Yes"})
    ada.presses("Continue")
    while ada.heading != "Add each child":
        ada.knows_nothing()
        ada.presses("Save and continue")
    ada.sees("Child B")
    ada.answers({"Do you need to add another child?": "No"})
    ada.presses("Continue")


def goes_home_and_returns(ada: Visitor, email: str, page: str) -> None:
    ada.presses("Sign out")
    assert ada.heading == "You have signed out"
    ada.opens(page)
    assert ada.heading == "Sign in"
    ada.signs_in(email)
    assert ada.path == page


def prints_a_copy(ada: Visitor, reference: str) -> None:
    ada.follows("Print or save a copy")
    ada.sees("OFFICIAL-SENSITIVE", reference, "Printed by Ada", incident.NARRATIVE)
    ada.does_not_see("Nia", "Invented Street", "999 000 0018")


def test_a_notification_of_two_children_is_filed_on_time_over_two_sittings(
    somebody: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    ada = somebody("ada")
    email = everyone.ada.email
    starts(ada, email)
    home = ada.path
    fills_in(ada, "Say why you are notifying")
    ada.follows("Describe what happened")
    ada.answers(incident.pages(aware(), aware())["Describe what happened"][0])
    ada.presses("Save and come back later")
    ada.sees("In progress", "Completed")
    goes_home_and_returns(ada, email, home)
    for task in list(incident.pages(aware(), aware()))[1:]:
        fills_in(ada, task)
    adds_a_child_who_is_known(ada)
    adds_a_child_whom_nobody_could_identify(ada)
    ada.follows("Check your answers and send")
    ada.sees(incident.NARRATIVE, "things not known yet", long_date(due()))
    ada.does_not_see("You can send with these")
    ada.page.click("summary:has-text('things not known yet')")
    ada.sees("You can send with these")
    ada.does_not_see("Still to do before sending")
    ada.presses("Continue")
    assert ada.heading == "Send the notification"
    ada.sees("you confirm that", *RECIPIENTS)
    ada.presses(
        "Send to the Panel, the Department for Education, Ofsted and the safeguarding partners"
    )

    assert ada.heading == "Notification sent"
    reference = ada.reference
    ada.sees(f"Met, day {day()} of 5", long_date(review_due()), *RECIPIENTS)
    prints_a_copy(ada, reference)
    ada.opens("/queue/?part=waiting")
    ada.sees(reference)
    ada.follows(reference)
    ada.sees(f"Met, day {day()} of 5", short_date(review_due()))
    ada.does_not_see("Nia")
