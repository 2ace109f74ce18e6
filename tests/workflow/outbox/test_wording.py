"""Each message says what was done, in words of its own, and never the kind of harm."""

from dataclasses import astuple

import pytest

from tests.workflow.outbox.kinds import ACCOUNT, BESIDE, TRANSITIONS, harm_in
from workflow.outbox.mail import ABOUT_MESSAGES, about_an_account
from workflow.outbox.models import Outbox
from workflow.outbox.wording import ANY_OTHER, WORDINGS, wording
from workflow.reminders.letters import WORDS


@pytest.mark.parametrize("act", [*TRANSITIONS, *BESIDE, *WORDINGS, "anything-else"])
def test_no_act_tells_the_kind_of_harm(act: str) -> None:
    assert harm_in(*astuple(wording(act))) == []


@pytest.mark.parametrize("duty", sorted(WORDS))
def test_no_reminder_tells_the_kind_of_harm(duty: str) -> None:
    assert harm_in(*astuple(WORDS[duty])) == []


@pytest.mark.parametrize("kind", sorted(ABOUT_MESSAGES))
def test_no_message_about_a_message_tells_the_kind_of_harm(kind: str) -> None:
    letter = ABOUT_MESSAGES[kind]()
    assert harm_in(letter.subject, letter.text, letter.html) == []


@pytest.mark.parametrize("kind", ACCOUNT)
def test_no_sign_in_message_tells_the_kind_of_harm(kind: str) -> None:
    note = about_an_account(Outbox(kind=kind))
    assert note.subject
    assert harm_in(note.subject, note.text) == []


@pytest.mark.parametrize("act", ["harm_became_death", "abuse_now_suspected"])
def test_a_new_notification_of_a_case_does_not_tell_why(act: str) -> None:
    assert wording(act).subject == "New notification started: {label}"


@pytest.mark.parametrize("act", [*TRANSITIONS, *BESIDE])
def test_every_act_that_tells_an_organisation_has_words_of_its_own(act: str) -> None:
    words = wording(act)
    assert words != ANY_OTHER
    assert "{label}" in words.subject
    assert "_" not in words.subject + words.happened + words.act


def test_no_words_are_kept_for_an_act_that_is_gone() -> None:
    known = {*TRANSITIONS, *BESIDE}
    assert [kind for kind in WORDINGS if kind not in known and "transfer" not in kind] == []
