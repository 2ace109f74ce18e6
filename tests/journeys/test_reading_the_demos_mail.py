"""Whoever tries the demo reads what it would have sent, on a page."""

import pytest

from tests.journeys.conftest import SignedIn
from tests.live import LiveService
from tests.workflow.screens.test_the_demos_mail import received

SUBJECT = "Send the notification by Friday 27 November 2026: SIN-0000-0000-0000"
LINK = f"https://service.example/account/password/reset/key/{'Ab3-' * 8}-{'d34db33f' * 5}/"


@pytest.mark.parametrize("width", [1280, 320])
def test_a_message_is_read_on_a_page_and_its_link_can_be_followed(
    somebody: SignedIn, live_service: LiveService, width: int
) -> None:
    received(live_service.mail, 1, SUBJECT, f"It is due soon.\n\n{LINK}\n\nGet help.\n")
    received(live_service.mail, 2, SUBJECT, "The same again.\n")
    reader = somebody("anybody", width=width)
    reader.opens("/demo/mail/")
    reader.sees("Mail in this demo", SUBJECT, "somebody@northmoor.example", "The same again.")
    assert reader.page.get_by_role("link", name=LINK).get_attribute("href") == LINK
    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
