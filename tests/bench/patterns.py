"""One case for each place where a case may stand, told through the real services.

The crowd of a measurement is made of copies of these, so that its rows are what the service writes.
"""

from collections.abc import Callable

from django.urls import reverse

from tests.notifications.answers import PAGES, add_child, at, errors, fill_all, sign_in, when
from tests.story import Cast, Story, a_case, day, moment
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Case

AWARE, SENT, MET, ANSWERED = "2026-10-01", "2026-10-05", "2026-10-20", "2026-11-02"
# A draft that can still be sent on time.
DATES = {
    "awareness": when("aware_on", "2026-11-13"),
    "when": when("began_on", "2026-11-12"),
    "informed-when": when("police_on", "2026-11-13"),
}


def _draft(cast: Cast) -> Story:
    return a_case(cast, aware=AWARE)


def _not_notified(cast: Cast) -> Story:
    story = _draft(cast)
    process = story.case.notification
    story.act(process, "decide_not_to_notify", "ben", SENT, reason="No serious harm was found.")
    return story


def sent(cast: Cast) -> Story:
    """A notification that the Panel has not yet acknowledged."""
    return _draft(cast).notified(SENT)


def _acknowledged(cast: Cast) -> Story:
    story = sent(cast)
    story.act(story.case.notification, "acknowledge", "sol", SENT, "15:00")
    return story


def _asked(cast: Cast) -> Story:
    story = _acknowledged(cast)
    story.act(
        story.case.notification,
        "request_information",
        "sol",
        "2026-10-06",
        reason="Which hospital?",
        facts={"reply_on": day("2026-10-12")},
    )
    return story


def _criteria_not_met(cast: Cast) -> Story:
    story = _acknowledged(cast)
    services.propose(
        story.case,
        Proposal.CRITERIA_NOT_MET,
        by=cast.ada,
        on=day("2026-10-07"),
        at=moment("2026-10-07"),
        reason="The harm was not serious.",
    )
    process = story.again().notification
    story.act(process, "confirm_criteria_not_met", "sol", "2026-10-08", reason="Agreed.")
    return story


def _signing(cast: Cast) -> Story:
    story = _acknowledged(cast)
    story.act(story.rapid_review, "seek_signatures", "bea", MET)
    return story


def _review_in(cast: Cast) -> Story:
    return _acknowledged(cast).reviewed(MET)


def _considered(cast: Cast) -> Story:
    story = _review_in(cast)
    story.act(story.rapid_review, "consider", "priya", ANSWERED)
    return story


def _no_local_review(cast: Cast) -> Story:
    return _review_in(cast).answered(ANSWERED)


def _local_review(cast: Cast) -> Story:
    return _acknowledged(cast).reviewed(MET, "yes").answered(ANSWERED)


# Nearly half are closed; of the open ones most are local reviews, since these last longest.
EACH: tuple[Callable[[Cast], Story], ...] = (
    *[_draft, _draft, sent, _acknowledged, _asked, _signing, _review_in, _considered],
    *[_local_review] * 4,
    *[_no_local_review] * 5,
    *[_not_notified, _criteria_not_met, _no_local_review],
)


def tell(cast: Cast) -> list[Story]:
    """Twenty cases of Northmoor's, each where it stands on the last day of its story."""
    return [story(cast) for story in EACH]


def complete_draft(cast: Cast) -> Case:
    """A notification of two children, each page filled in through its own address, not yet sent."""
    browser = sign_in(cast.ada)
    answer = browser.post(reverse("notifications:start"), PAGES["basis"])
    assert answer.status_code == 302, answer.content.decode()
    case = Case.objects.latest("pk")
    fill_all(browser, case, DATES)
    add_child(browser, case, DATES, item=2)
    checked = browser.post(at("check", case))
    assert checked.status_code == 302, errors(checked)
    return case
