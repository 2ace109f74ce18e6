"""The business unit finishes a rapid review, its partners agree and dissent, and it is sent."""

from datetime import date, timedelta

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_sent_case, begin_the_review
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from workflow import clock
from workflow.law.calendar import COMMITTED


def sent() -> date:
    """When the notification was sent."""
    return working_days_ago(6)


def day() -> int:
    """Working days since."""
    return COMMITTED.between(sent(), clock.today())


FAMILY = "An invented family of three: Child A, Child B and their mother."
DISSENT = "The police do not agree that the learning is complete."


def gives_its_view(partner: Visitor, reference: str, view: str, comment: str) -> None:
    """A partner finds the review in its own queue, reads it and answers."""
    partner.opens("/home/")
    partner.follows(reference)
    partner.presses("Sign the rapid review: agree or dissent")
    partner.sees(FAMILY)
    partner.answers(
        {
            "Do you agree with this rapid review?": view,
            "Your comment": comment,
            "Your job title": "Head of safeguarding",
        }
    )
    partner.presses(f"Give the view of {partner_of(partner)}")
    assert partner.heading == "Your view is recorded"


def partner_of(visitor: Visitor) -> str:
    """For whom somebody signs."""
    return {"ira": "Northmoor Integrated Care Board", "polly": "Northmoor Police"}[visitor.name]


def finishes_the_pages(bea: Visitor, reference: str) -> None:
    """From the queue to the task list, and what was left to do on it."""
    bea.opens("/home/")
    bea.follows(reference)
    bea.presses("Continue the rapid review")
    bea.sees(f"Due in {15 - day()} working days", "You have completed")
    bea.follows("Describe the child and family")
    bea.answers({FAMILY_QUESTION: FAMILY, "Have you completed this section?": "Yes"})
    bea.presses("Save and continue")
    bea.follows("Record the decision on an LCSPR")
    bea.answers({LCSPR: "No: the rapid review has the learning", REASONS: "It has the learning."})
    bea.presses("Save and continue")
    bea.answers(
        {"When did the partners decide?": clock.today(), "What will be done instead?": "Audit"}
    )
    bea.presses("Save and continue")


FAMILY_QUESTION = "The child or children, their family and other significant adults"
LCSPR = "Will the partners carry out a local child safeguarding practice review (LCSPR)?"
REASONS = "The partners’ reasons"


def test_a_rapid_review_is_signed_and_sent_in_time(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        born = clock.today() - timedelta(days=4000)
        told = a_sent_case(everyone, aware=working_days_ago(8), on=sent(), born=born)
        left = frozenset({"family", "lcspr", "declined"})
        begin_the_review(told, on=working_days_ago(2), leaving=left)
        reference = str(told.case.reference)
    bea = signed_in("bea")
    finishes_the_pages(bea, reference)
    bea.follows("Ask the partners to sign")
    bea.presses("Ask the partners to sign")
    tasks = bea.path

    gives_its_view(signed_in("ira"), reference, "Yes, we agree", "")
    gives_its_view(signed_in("polly"), reference, "No, we do not agree", DISSENT)

    bea.opens(tasks)
    bea.sees("Agrees, Ira", "Does not agree, Polly", DISSENT, "No view yet")
    bea.presses("Check your answers")
    bea.sees("You can send without Northmoor", FAMILY)
    bea.does_not_see("Still to do before sending")
    bea.presses("Send the rapid review to the Panel")
    assert bea.heading == "Check before you send"
    bea.presses("Send the rapid review to the Panel")
    assert bea.heading == "Rapid review sent"
    assert bea.reference == reference
    bea.sees(f"Met, day {day()} of 15", "without a view of Northmoor")

    sol = signed_in("sol")
    sol.opens("/queue/?sort=newest")
    sol.sees(reference)
