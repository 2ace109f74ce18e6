"""A correction is refused for what sending would have been refused for; nothing typed is lost."""

import pytest
import time_machine
from django.test import Client

from notifications.models import Amendment
from tests.notifications.answers import CHILD, PAGES, at, errors, fill, sent, sign_in, when
from tests.story import Cast
from workflow.models import Answers, Case

WHY = {"reason": "The hospital found more."}
DIED = {
    "basis": {"happened": "died"},
    "status": {"status": "neither"},
    "cause": {"cause": "maltreatment"},
    "part": {"role": "subject", "fate": "died", **when("died_on", "2026-11-18")},
}


@pytest.fixture
def notified(draft: Case, everyone: Cast) -> Case:
    """A notification that was sent today."""
    return sent(draft, everyone.ada)


def test_awareness_is_not_corrected_to_before_the_incident(notified: Case, ada: Client) -> None:
    href = at("amend-page", notified, page="awareness")
    typed = {**PAGES["awareness"], **when("aware_on", "2026-11-16"), "how": "A letter.", **WHY}
    refused = fill(ada, href, typed)
    assert refused.status_code == 200
    (said,) = errors(refused)
    assert "can’t have become aware before the incident on 18 November 2026" in said
    html = refused.content.decode()
    assert "aware_on-error" in html
    assert "A letter." in html
    assert WHY["reason"] in html
    assert not Amendment.objects.exists()
    assert Answers.objects.filter(case=notified, section="awareness", version=1).exists()


def test_the_incident_is_not_corrected_to_after_awareness(notified: Case, ada: Client) -> None:
    href = at("amend-page", notified, page="when")
    typed = {**PAGES["when"], **when("began_on", "2026-11-20"), "time": "", **WHY}
    (said,) = errors(fill(ada, href, typed))
    assert "can’t have begun after the authority became aware on 19 November 2026" in said
    assert not Amendment.objects.exists()


def test_awareness_is_not_corrected_to_after_the_sending(
    notified: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    today.move_to("2026-11-25T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    href = at("amend-page", notified, page="awareness")
    typed = {**PAGES["awareness"], **when("aware_on", "2026-11-24"), **WHY}
    (said,) = errors(fill(ada, href, typed))
    assert "must not be after the day of sending" in said
    assert not Amendment.objects.exists()


def test_a_death_is_not_corrected_to_long_before_the_incident(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    notified = sent(draft, everyone.ada, DIED)
    href = at("amend-item", notified, page="part", item="1")
    (said,) = errors(fill(ada, href, {**DIED["part"], **when("died_on", "2020-01-01"), **WHY}))
    assert "must not be before" in said
    assert not Amendment.objects.exists()


def test_an_incident_that_would_begin_after_the_death_is_refused_with_its_child(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    died = {**DIED, "part": {**DIED["part"], **when("died_on", "2026-11-17")}}
    notified = sent(draft, everyone.ada, died)
    href = at("amend-page", notified, page="when")
    typed = {**PAGES["when"], **when("began_on", "2026-11-19"), **WHY}
    (said,) = errors(fill(ada, href, typed))
    assert said == "Child A: The date of death must not be before the incident on 19 November 2026"
    assert not Amendment.objects.exists()


def test_what_did_not_fit_before_holds_up_no_other_page(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    notified = sent(draft, everyone.ada)
    kept = Answers.objects.select_related("case")
    part = kept.get(case=notified, section="children.part")
    part.answers = {**part.answers, "fate": ["died"]}
    part.save()
    href = at("amend-page", notified, page="harm")
    done = fill(ada, href, {**PAGES["harm"], "setting": "both", **WHY})
    assert done.status_code == 302, errors(done)


def test_the_draft_of_the_next_notification_is_changed_and_not_corrected(
    notified: Case, ada: Client
) -> None:
    typed = {"happened": "harm_became_death", **when("aware_on", "2026-11-20"), "reason": "Died."}
    assert ada.post(at("continue", notified), typed).status_code == 302
    assert ada.get(at("amend", notified)).status_code == 404
    href = at("amend-page", notified, page="harm")
    answer = ada.post(href, {**PAGES["harm"], "setting": "both", "version": "1", **WHY})
    assert answer.status_code == 404


def test_a_true_birth_date_is_recorded_though_it_is_an_adults(notified: Case, ada: Client) -> None:
    href = at("amend-item", notified, page="birth", item="1")
    typed = {**CHILD["birth"], **when("born_on", "2007-03-27"), **WHY}
    done = fill(ada, href, typed)
    assert done.status_code == 302, errors(done)


def test_a_death_since_sending_is_led_to_where_it_is_said(notified: Case, ada: Client) -> None:
    href = at("amend-item", notified, page="part", item="1")
    typed = {**CHILD["part"], "fate": "died", **when("died_on", "2026-11-19"), **WHY}
    (said,) = errors(fill(ada, href, typed))
    assert "use “Say that something has changed”" in said
