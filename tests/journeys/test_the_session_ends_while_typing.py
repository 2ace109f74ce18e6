"""Somebody types for so long that the session has ended when they press the button."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft
from tests.live import LiveService
from tests.story import Cast
from workflow import clock

LONG = "\n".join(
    f"{number}. Child A was seen by the duty doctor, and Child B." for number in range(60)
)


def test_a_long_text_is_there_again_after_signing_in(
    somebody: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        case = a_draft(everyone, opened=clock.today() - timedelta(days=1))
        email = everyone.ada.email
    address = f"/cases/{case.address}/notification/description/"
    ada = somebody("ada")
    ada.opens(address)
    ada.signs_in(email)
    ada.answers({"What happened?": LONG, "Have you finished this section?": "No"})
    with live_service.data():
        assert Session.objects.all().delete()[0] > 0

    ada.presses("Save and continue")
    assert ada.heading.startswith("Your answers were kept at ")
    ada.does_not_see("duty doctor")
    ada.presses("Sign in to continue")
    ada.signs_in(email)
    assert ada.path == address
    ada.sees("You were signed out before this page was saved")
    assert ada.holds("What happened?") == LONG
    ada.presses("Save and come back later")
    ada.opens(address)
    assert ada.holds("What happened?") == LONG
    ada.does_not_see("You were signed out")
