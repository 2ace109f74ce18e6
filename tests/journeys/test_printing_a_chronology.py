"""A case is printed: all of it, marked, with its foot, and nothing that only a screen needs."""

from datetime import timedelta

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_sent_case
from tests.live import LiveService
from tests.paper import pages_of
from tests.story import Cast
from workflow import clock
from workflow.models import Event

ONLY_ON_SCREEN = "header, nav, .govuk-back-link, .govuk-breadcrumbs, footer, .govuk-button, main a"


def test_a_printed_chronology_is_complete_and_marked(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        born = clock.today() - timedelta(days=2000)
        sent = working_days_ago(12)
        told = a_sent_case(everyone, aware=working_days_ago(14), on=sent, born=born)
        told.act(told.again().notification, "acknowledge", "sol", working_days_ago(11).isoformat())
        told.filled(working_days_ago(6).isoformat())
        told.sent(working_days_ago(5).isoformat())
        reference, address = str(told.case.reference), told.case.address
        acts = Event.objects.filter(case=told.case).count()
    ada = signed_in("ada")
    ada.opens(f"/cases/{address}/")
    ada.follows("Print the chronology")
    page = ada.page
    shown = page.locator(".app-timeline__item").count()
    assert shown >= 5
    assert shown <= acts
    page.emulate_media(media="print")
    assert page.locator(ONLY_ON_SCREEN).filter(visible=True).count() == 0
    foot = page.locator(".app-print-footer")
    assert foot.is_visible()
    assert f"OFFICIAL-SENSITIVE. {reference}. Printed by Ada" in foot.inner_text()
    ada.sees("OFFICIAL-SENSITIVE", reference, "Notification sent", "acknowledged", "oldest first")
    ada.sees("Rapid review sent", "Legal dates")
    pages = pages_of(page.pdf())
    assert len(pages) > 1
    for number, words in enumerate(pages, 1):
        assert f"Page{number}of{len(pages)}" in words
        assert f"OFFICIAL-SENSITIVE.{reference}.PrintedbyAda" in words, f"page {number}"
