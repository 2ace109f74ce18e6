"""The Panel answers that it does not agree; the partners read it and change their decision."""

from datetime import date, timedelta

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_sent_case
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.reviews.telling import text
from tests.story import Cast
from workflow import clock
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.words import long_date

NOTES = "Invented internal notes that only the Panel reads."
ADVICE = "The Panel advises a local review of how the agencies worked together."


def reply_by() -> date:
    """When the partners are asked to have replied."""
    return clock.today() + timedelta(days=30)


def decided() -> date:
    """The day the partners decide otherwise."""
    return working_days_ago(1)


def review_due() -> date:
    """The six months after it."""
    return duties.LOCAL_REVIEW.due(decided(), COMMITTED)


def considers(priya: Visitor, reference: str) -> None:
    """The reviewer reads the rapid review and writes down what the Panel found."""
    priya.opens("/home/")
    priya.follows(reference)
    priya.presses("Record the Panel’s view")
    priya.sees(text("practice"))
    priya.answers(
        {
            "Is it complete?": "Complete",
            "How good is it?": "Good",
            "Does the Panel agree about the criteria?": "Yes",
            "Does the Panel agree with the decision on an LCSPR?": "No",
            "Might it be of national importance?": "No",
            "Themes": ["Vulnerability of babies"],
            "Internal notes": NOTES,
        }
    )
    priya.presses("Record the Panel’s view")
    priya.sees(NOTES)


def responds(sol: Visitor, reference: str) -> None:
    """The secretariat issues the answer, and is asked once more because it differs."""
    sol.opens("/home/")
    sol.follows(reference)
    sol.presses("Issue the Panel’s response")
    sol.answers(
        {
            "What does the Panel say?": "Advises a local review",
            "What the partnership will read": ADVICE,
        }
    )
    sol.presses("Issue the Panel’s response")
    sol.answers({"By when does the Panel ask for a reply?": reply_by()})
    sol.presses("Issue the Panel’s response")
    assert sol.heading == "The Panel does not agree with the partners’ decision"
    sol.presses("Go back and change the response")
    assert sol.holds("What the partnership will read") == ADVICE
    sol.presses("Issue the Panel’s response")
    assert sol.heading == "By when does the Panel ask for a reply?"
    sol.presses("Issue the Panel’s response")
    sol.presses("Issue the Panel’s response")
    assert sol.heading == "Response issued"
    sol.sees(long_date(reply_by()))


def changes_the_decision(ben: Visitor) -> None:
    """For the partners: there will be a local review after all."""
    ben.presses("Confirm or change the decision")
    ben.answers(
        {
            "What have the partners decided?": "Yes: carry out a local child safeguarding "
            "practice review",
            "When did they decide?": decided(),
            "The partners’ reasons": "The partners follow the Panel’s advice.",
        }
    )
    ben.presses("Record the partners’ decision")


def test_the_partners_change_their_decision_and_the_six_months_begin(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        born = clock.today() - timedelta(days=500)
        aware, sent = working_days_ago(20), working_days_ago(17)
        told = a_sent_case(everyone, aware=aware, on=sent, born=born)
        told.filled(working_days_ago(6).isoformat())
        told.sent(working_days_ago(5).isoformat())
        told.act(told.rapid_review, "triage", "sol", working_days_ago(4).isoformat())
        reference, decision = str(told.case.reference), f"/cases/{told.case.address}/decision/"
    considers(signed_in("priya"), reference)
    responds(signed_in("sol"), reference)

    ada = signed_in("ada")
    ada.opens(decision)
    ada.sees("Advises a local review", ADVICE, long_date(reply_by()))
    ada.does_not_see(NOTES, "The six months")

    ben = signed_in("ben")
    ben.opens(decision)
    changes_the_decision(ben)
    ben.sees(
        "Yes: carry out a local child safeguarding practice review",
        "No: the rapid review has the learning",
        f"The six months run from {long_date(decided())}, the day the partners decided",
        long_date(review_due()),
    )
    ben.opens(f"/cases/{told.case.address}/dates/local-review/1/")
    ben.sees(long_date(decided()), long_date(review_due()), "6 calendar months after")
