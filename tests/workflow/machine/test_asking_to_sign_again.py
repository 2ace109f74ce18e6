"""Whoever answers for a partner whose view fell is asked by mail to sign again, unless they did."""

from datetime import timedelta
from typing import Any

import pytest

from tests import sight
from tests.story import Story, a_case, cast, day, moment, person
from workflow import clock, services
from workflow.api import clients
from workflow.models import Membership, Organisation, Outbox
from workflow.outbox.letters import case_address
from workflow.outbox.mail import compose

# The rapid review began on Tuesday 3 November 2026.
SENT, ON = "2026-11-03", "2026-11-12"


@pytest.fixture
def story(db: None) -> Story:
    return a_case(cast(), aware=SENT).notified(SENT)


def gives_view(story: Story, kind: str, by: str, **more: Any) -> None:
    """A partner's view has come."""
    giver, body = story.cast.people[by], Organisation.objects.exclude(name="Southfen")
    how: Any = {"by": giver, "on": day(ON), "at": moment(ON), **more}
    with sight.of(giver, on=day(ON)):
        services.record_view(story.rapid_review, body.get(kind=kind), "agree", **how)


def written_anew(story: Story) -> None:
    """A system of the authority replaces what was signed."""
    how: Any = {"on": day(ON), "at": moment(ON)}
    name, scopes = f"Invented {story.again().last_sequence}", ["rapid_reviews.write"]
    let_in = clients.let_in(name, story.cast.northmoor, scopes, by=story.cast.sam, **how)
    account = let_in.client.account
    with sight.of(account, on=day(ON)):
        services.record_rewriting(story.rapid_review, by=account, **how)


def asked(*, waiting: bool = True) -> list[str]:
    """Who is asked, or was to be and is not any more, once for each time."""
    rows = Outbox.objects.filter(kind="sign_again", cancelled_at__isnull=waiting)
    return sorted(row.person.name for row in rows if row.person)


def test_each_whose_view_fell_is_asked_and_nobody_else(story: Story) -> None:
    gives_view(story, "icb", "ira")
    gives_view(story, "authority", "lena")
    written_anew(story)
    assert asked() == ["Ira", "Lena"], "the police had given no view"
    for row in Outbox.objects.filter(kind="sign_again"):
        letter: Any = compose(row, on=day(ON))
        assert row.person is not None
        assert letter.to == (row.person.email,)
        assert letter.words.subject == f"Sign again: {story.case.label}"
        assert "Words of a rapid review that you had signed were changed." in letter.words.text
        assert case_address(story.case.token) in letter.words.text
        assert row.payload == {}


def test_who_signs_before_it_is_sent_is_asked_no_more_and_again_when_that_falls_too(
    story: Story,
) -> None:
    gives_view(story, "icb", "ira")
    gives_view(story, "police", "polly")
    written_anew(story)
    gives_view(story, "icb", "ira")
    assert (asked(), asked(waiting=False)) == (["Polly"], ["Ira"])
    written_anew(story)
    assert (asked(), asked(waiting=False)) == (["Ira", "Polly"], ["Ira"])


def test_what_a_sender_has_in_hand_goes_out(story: Story) -> None:
    gives_view(story, "icb", "ira")
    gives_view(story, "police", "polly")
    written_anew(story)
    in_hand = Outbox.objects.filter(kind="sign_again", person=story.cast.polly)
    in_hand.update(lease_until=clock.now() + timedelta(minutes=2))
    gives_view(story, "icb", "ira")
    gives_view(story, "police", "polly")
    assert (asked(), asked(waiting=False)) == (["Polly"], ["Ira"])


def test_a_letter_of_before_the_words_were_changed_leaves_them_asked(story: Story) -> None:
    gives_view(story, "icb", "ira")
    written_anew(story)
    gives_view(story, "icb", "bea", received=True, of_this_draft=False)
    assert (asked(), asked(waiting=False)) == (["Ira"], [])
    gives_view(story, "icb", "bea", received=True)
    assert (asked(), asked(waiting=False)) == ([], ["Ira"])


def test_who_signs_takes_the_mail_of_no_other_partner_although_another_answers_for_that_now(
    story: Story,
) -> None:
    gives_view(story, "icb", "ira")
    gives_view(story, "police", "polly")
    written_anew(story)
    police = Organisation.objects.get(kind="police")
    story.cast.polly.memberships.update(until=day("2026-11-11"))
    person("Pat", police, "safeguarding_partner")
    gives_view(story, "icb", "ira")
    assert (asked(), asked(waiting=False)) == (["Polly"], ["Ira"])


@pytest.fixture
def for_two(story: Story) -> Story:
    """Ira answers for the police too, beside Polly; both views fell."""
    Membership.objects.create(
        person=story.cast.ira, organisation=Organisation.objects.get(kind="police"),
        role="safeguarding_partner", since=day("2026-01-01"),
    )  # fmt: skip
    for kind in ("icb", "police"):
        gives_view(story, kind, "ira")
    written_anew(story)
    assert asked() == ["Ira", "Polly"]
    return story


def test_whoever_answers_for_two_partners_is_asked_once_until_both_gave_their_view(
    for_two: Story,
) -> None:
    gives_view(for_two, "icb", "ira")
    assert asked() == ["Ira", "Polly"]
    gives_view(for_two, "police", "polly")
    assert (asked(), asked(waiting=False)) == ([], ["Ira", "Polly"])


def test_a_letter_of_before_for_one_of_two_partners_leaves_who_answers_for_both_asked(
    for_two: Story,
) -> None:
    gives_view(for_two, "icb", "bea", received=True, of_this_draft=False)
    gives_view(for_two, "police", "polly")
    assert (asked(), asked(waiting=False)) == (["Ira"], ["Polly"])
    gives_view(for_two, "icb", "ira")
    assert (asked(), asked(waiting=False)) == ([], ["Ira", "Polly"])
