"""The pages on which an authority's administrator looks after its webhooks."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import shown
from tests.notifications.answers import errors, sign_in
from tests.story import Cast, a_case, day, moment, person
from tests.workflow.webhooks.conftest import TODAY
from workflow.models import Outbox
from workflow.views.step_up import STALE
from workflow.webhooks import managing, sealing
from workflow.webhooks.models import Webhook

GOOD = "https://hooks.northmoor.example/told"


@pytest.fixture
def adam(everyone: Cast) -> Client:
    client = sign_in(everyone.adam)
    shown.who_it_is(client, everyone.adam)
    return client


def at(name: str, everyone: Cast, **more: int) -> str:
    return reverse(name, kwargs={"place": everyone.northmoor.pk, **more})


def registered(everyone: Cast) -> Webhook:
    how: Any = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    return managing.register(GOOD, everyone.northmoor, **how).webhook


def secret_on(answer: Any) -> str:
    found = re.search(r"whsec_[\w-]+", answer.content.decode())
    assert found
    return found[0]


def test_the_secret_stands_on_the_answer_and_nowhere_after_it(everyone: Cast, adam: Client) -> None:
    answer = adam.post(at("webhook-new", everyone), {"address": GOOD})
    hook = Webhook.objects.get()
    assert sealing.in_force(hook, at=moment(TODAY)) == [secret_on(answer)]
    assert "no-store" in answer["Cache-Control"]
    for name, more in (("webhooks", {}), ("webhook", {"key": hook.pk})):
        page = adam.get(at(name, everyone, **more)).content.decode()
        assert GOOD in page
        assert "whsec_" not in page


def test_what_is_wrong_with_an_address_is_said_on_the_page(everyone: Cast, adam: Client) -> None:
    answer = adam.post(at("webhook-new", everyone), {"address": "http://x/"})
    assert errors(answer) == [f"{managing.NOT_HTTPS}. {managing.NO_NAME}"]
    assert answer.content.decode().count(managing.NO_NAME) == 2
    assert 'value="http://x/"' in answer.content.decode()


def test_the_secret_is_changed_and_the_webhook_ended(everyone: Cast, adam: Client) -> None:
    hook = registered(everyone)
    first = sealing.in_force(hook, at=moment(TODAY))
    answer = adam.post(at("webhook-secret", everyone, key=hook.pk))
    hook.refresh_from_db()
    assert sealing.in_force(hook, at=moment(TODAY)) == [secret_on(answer), *first]
    answer = adam.post(at("webhook-end", everyone, key=hook.pk))
    assert answer["Location"] == at("webhooks", everyone)
    assert Webhook.objects.get().ended_by == everyone.adam
    assert errors(adam.post(at("webhook-end", everyone, key=hook.pk))) == [managing.ENDED]


def test_what_waits_for_it_is_cancelled_when_it_is_ended(everyone: Cast, adam: Client) -> None:
    hook = registered(everyone)
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    rows = Outbox.objects.filter(webhook=hook)
    assert rows.filter(cancelled_at=None).exists()
    adam.post(at("webhook-end", everyone, key=hook.pk))
    assert not rows.filter(cancelled_at=None).exists()
    page = adam.get(at("webhook", everyone, key=hook.pk)).content.decode()
    assert "Registered" in page
    assert "Ended" in page


def test_whoever_did_not_show_lately_who_they_are_changes_nothing(everyone: Cast) -> None:
    hook, stale = registered(everyone), sign_in(everyone.adam)
    before = Webhook.objects.values().get()
    answers = [
        stale.post(at("webhook-new", everyone), {"address": f"{GOOD}/2"}),
        stale.post(at("webhook-secret", everyone, key=hook.pk)),
        stale.post(at("webhook-end", everyone, key=hook.pk)),
    ]
    for answer in answers:
        assert STALE in errors(answer)
        assert "whsec_" not in answer.content.decode()
    assert Webhook.objects.values().get() == before


def test_what_it_was_told_is_listed_with_what_became_of_it(everyone: Cast, adam: Client) -> None:
    hook = registered(everyone)
    case = a_case(everyone, aware="2026-11-19", opened=TODAY).case
    Outbox.objects.filter(webhook=hook).update(dead_at=moment(TODAY), fault="WebhookRedirect")
    page = adam.get(at("webhook", everyone, key=hook.pk)).content.decode()
    assert case.label in page
    assert "Given up" in page
    assert "it led elsewhere, which is not followed" in page
    Outbox.objects.filter(webhook=hook).update(fault="")
    page = adam.get(at("webhook", everyone, key=hook.pk)).content.decode()
    assert "its system was away" in page
    Outbox.objects.filter(webhook=hook).update(dead_at=None, cancelled_at=moment(TODAY))
    page = adam.get(at("webhook", everyone, key=hook.pk)).content.decode()
    assert "The webhook was ended, or nothing more is told of the case." in page


def test_who_changes_a_secret_again_is_told_which_one_signs_no_more(
    everyone: Cast, adam: Client
) -> None:
    here = at("webhook-secret", everyone, key=registered(everyone).pk)
    words = "the one before it signs no more"
    assert words not in adam.get(here).content.decode()
    adam.post(here)
    assert words in adam.get(here).content.decode()


@pytest.mark.parametrize("who", ["ada", "sam", "ben"])
def test_only_an_administrator_finds_or_does_anything(everyone: Cast, who: str) -> None:
    client, person = sign_in(everyone.people[who]), everyone.people[who]
    shown.who_it_is(client, person)
    key = {"key": registered(everyone).pk}
    before = Webhook.objects.values().get()
    for name, more in (
        ("webhooks", {}), ("webhook", key), ("webhook-new", {}), ("webhook-secret", key),
        ("webhook-again", key), ("webhook-end", key),
    ):  # fmt: skip
        assert client.get(at(name, everyone, **more)).status_code == 403
        assert client.post(at(name, everyone, **more), {"address": f"{GOOD}/2"}).status_code in {
            403, 405,
        }  # fmt: skip
    assert Webhook.objects.values().get() == before


def test_what_was_given_up_is_told_again_when_somebody_says_so(
    everyone: Cast, adam: Client
) -> None:
    hook = registered(everyone)
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    page, here = (at(name, everyone, key=hook.pk) for name in ("webhook", "webhook-again"))
    rows = Outbox.objects.filter(webhook=hook)
    assert here not in adam.get(page).content.decode()
    assert errors(adam.post(here)) == [managing.NOTHING]
    rows.update(dead_at=moment(TODAY), fault="WebhookRefused", attempts=10)
    assert here in adam.get(page).content.decode()
    assert STALE in errors(sign_in(everyone.adam).post(here))
    assert rows.filter(dead_at=None).count() == 0
    assert adam.post(here)["Location"] == page
    assert rows.filter(dead_at=None, attempts=0, fault="").count() == rows.count() > 0
    assert "What was given up told again" in adam.get(page).content.decode()


def test_its_administrators_and_approvers_are_told_of_each_change(
    everyone: Cast, adam: Client
) -> None:
    hook = registered(everyone)

    def told() -> list[str]:
        letters = Outbox.objects.filter(kind="webhook_changed").order_by("person__name")
        return list(letters.values_list("person__name", flat=True))

    assert told() == ["Adam", "Ben"]
    adam.post(at("webhook-secret", everyone, key=hook.pk))
    adam.post(at("webhook-end", everyone, key=hook.pk))
    assert told() == ["Adam"] * 3 + ["Ben"] * 3


def test_another_authoritys_are_not_there(everyone: Cast, adam: Client) -> None:
    hook = registered(everyone)
    elsewhere = {"place": everyone.southfen.pk}
    assert adam.get(reverse("webhooks", kwargs=elsewhere)).status_code == 404
    for name in ("webhook", "webhook-secret", "webhook-again", "webhook-end"):
        address = reverse(name, kwargs={**elsewhere, "key": hook.pk})
        assert adam.post(address).status_code in {404, 405}
    assert Webhook.objects.get().ended_at is None
    beth = person("Beth", everyone.southfen, "la_administrator")
    theirs = sign_in(beth)
    shown.who_it_is(theirs, beth)
    for name in ("webhook", "webhook-secret", "webhook-again", "webhook-end"):
        # Their own place, and the number of another's webhook.
        address = reverse(name, kwargs={**elsewhere, "key": hook.pk})
        assert theirs.get(address).status_code == 404
        assert theirs.post(address).status_code in {404, 405}
    assert theirs.get(reverse("webhooks", kwargs=elsewhere)).status_code == 200
    assert Webhook.objects.get().ended_at is None
