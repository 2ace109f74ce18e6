"""A person says which reminders they want, and is told when it holds."""

import pytest
from django.urls import reverse

from tests.notifications.answers import sign_in
from tests.story import Cast, cast
from workflow.reminders.recipients import chosen_by


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


def test_all_reminders_are_wanted_until_one_chooses(everyone: Cast) -> None:
    page = sign_in(everyone.ada).get(reverse("account")).content.decode()
    assert "All reminders" in page
    assert reverse("account-reminders") in page


def test_a_choice_is_kept_and_shown_and_can_be_changed_back(everyone: Cast) -> None:
    ada = sign_in(everyone.ada)
    address = reverse("account-reminders")
    for wants, words in (("urgent", "Only what is due today"), ("all", "All reminders")):
        assert ada.post(address, {"wants": wants}).status_code == 302
        assert chosen_by(everyone.ada) == wants
        assert words in ada.get(reverse("account")).content.decode()
    assert everyone.ada.reminder_choices.count() == 2
    assert 'value="all" checked' in ada.get(address).content.decode()


def test_the_page_says_that_two_others_must_get_them(everyone: Cast) -> None:
    page = sign_in(everyone.ada).get(reverse("account-reminders")).content.decode()
    assert "always goes to at least 2 people" in page


def test_choosing_nothing_asks_for_a_choice(everyone: Cast) -> None:
    page = sign_in(everyone.ada).post(reverse("account-reminders"), {}).content.decode()
    assert "Select which reminders you want" in page
    assert not everyone.ada.reminder_choices.exists()
