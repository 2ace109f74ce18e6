"""A later date is agreed beside the legal one, which stays, and so does being late."""

import pytest
from django.urls import reverse

from tests.story import Story
from tests.workflow.screens.conftest import SignIn
from workflow.models import Deadline

WHY = "The inquest comes first, says zebra-agate."
TYPED = {"agreed_on-day": "29", "agreed_on-month": "1", "agreed_on-year": "2027", "reason": WHY}


def at(story: Story, name: str = "agree-later-date", duty: str = "rapid-review") -> str:
    return reverse(name, args=[story.case.token, duty, 1])


@pytest.mark.parametrize("who", ["sol", "sam"])
def test_it_stands_beside_the_legal_date_with_who_and_why(
    sent: Story, as_: SignIn, who: str
) -> None:
    before = Deadline.objects.get(duty="rapid-review")
    client = as_(who)
    assert at(sent) in client.get(at(sent, "date-explained")).content.decode()
    assert client.post(at(sent), TYPED)["Location"] == at(sent, "date-explained")
    after = Deadline.objects.get(duty="rapid-review")
    assert (after.due_on, str(after.agreed_on)) == (before.due_on, "2027-01-29")
    html = as_("ada").get(at(sent, "date-explained")).content.decode()
    assert "Friday 29 January 2027. The due date still stands." in html
    assert "on 10 December 2026" in html
    assert WHY in html
    row = as_("ada").get(reverse("case", args=[sent.case.token])).content.decode()
    assert "Later date agreed: Friday 29 January 2027. The due date above still stands." in row


def test_the_words_of_the_reason_are_not_for_who_reads_only_clocks(
    sent: Story, as_: SignIn
) -> None:
    as_("sol").post(at(sent), TYPED)
    assert WHY not in as_("sam").get(at(sent, "date-explained")).content.decode()


def test_a_missed_date_stays_missed(sent_late: Story, as_: SignIn) -> None:
    """Sent on 12 November, so the rapid review was due on 3 December."""
    as_("sol").post(at(sent_late), TYPED)
    html = as_("sol").get(reverse("case", args=[sent_late.case.token])).content.decode()
    assert "Overdue by 5 working days" in html
    assert "Later date agreed" in html


def test_what_is_wrong_is_said_at_once_and_kept(sent: Story, as_: SignIn) -> None:
    html = as_("sol").post(at(sent), {"reason": WHY}).content.decode()
    assert "Enter the later date" in html
    assert WHY in html
    assert "Error: " in html
    early = {**TYPED, "agreed_on-month": "12", "agreed_on-year": "2026", "agreed_on-day": "1"}
    html = as_("sol").post(at(sent), early).content.decode()
    assert "The agreed date must be after the due date." in html
    assert not Deadline.objects.filter(agreed_on__isnull=False).exists()


def test_a_clock_that_has_stopped_has_none(sent: Story, as_: SignIn) -> None:
    address = at(sent, duty="notify-the-panel")
    html = as_("sol").get(address).content.decode()
    assert "This clock has stopped" in html
    answer = as_("sol").post(address, TYPED)
    assert "Choose a clock that is still running." in answer.content.decode()
    explained = at(sent, "date-explained", "notify-the-panel")
    assert address not in as_("sol").get(explained).content.decode()


@pytest.mark.parametrize("who", ["ada", "ben", "bea", "ira", "priya", "cara", "olu"])
def test_nobody_else_may(sent: Story, as_: SignIn, who: str) -> None:
    assert as_(who).get(at(sent)).status_code == 404
    assert as_(who).post(at(sent), TYPED).status_code == 404


def test_a_clock_the_case_does_not_have_is_not_found(sent: Story, as_: SignIn) -> None:
    assert as_("sol").get(at(sent, duty="local-review")).status_code == 404
