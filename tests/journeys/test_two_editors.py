"""Two colleagues change one page at the same time: neither overwrites the other unseen."""

from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from workflow import clock

QUESTION = "What was done at once to keep children safe"
RISK = "Are other children at risk?"


def opens_and_types(who: Visitor, address: str, words: str, risk: str) -> None:
    """The page is open with this in it, and not sent."""
    who.opens(address)
    who.answers({RISK: risk, QUESTION: words})


def test_the_second_to_save_compares_both_versions_and_chooses(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        case = a_draft(everyone, opened=clock.today())
    address = f"/cases/{case.address}/notification/safety/"
    ada, ben = signed_in("ada"), signed_in("ben")
    opens_and_types(ada, address, "Ada: Child B went to an aunt.", "Yes")
    opens_and_types(ben, address, "Ben: Child B is in hospital.", "Yes")
    ben.presses("Save and continue")

    ada.presses("Save and continue")
    assert ada.heading == "Someone else changed this page"
    ada.sees("Ben saved this page", "Ada: Child B went", "Ben: Child B is in", "Same", "Different")
    ada.presses("Change mine before saving")
    assert ada.holds(QUESTION) == "Ada: Child B went to an aunt."
    ada.answers({QUESTION: "Child B is in hospital and goes to an aunt after."})
    ada.presses("Save and continue")
    ben.opens(address)
    assert ben.holds(QUESTION) == "Child B is in hospital and goes to an aunt after."
    ben.sees("Last edited by Ada")
