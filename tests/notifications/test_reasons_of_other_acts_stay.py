"""Words go from the reason of one act: of what its person did besides at that moment, none do."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError

from tests.notifications.answers import PAGES, at, errors, fill, sent, sign_in, when
from tests.notifications.redacted import MARK, NAME, again, run
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_reasons import digest, gone, of, texts
from tests.story import Cast, moment
from workflow import clock, services
from workflow.models import Case, Event
from workflow.retention import redacting

BY_NAME = f"{NAME} called."
AS_IT_IS = (
    "UPDATE workflow_event SET reason = reason,"
    " reason_was = coalesce(nullif(reason_was, ''), encode(sha256(reason), 'hex')) WHERE act = %s"
)


@pytest.fixture
def two_acts(everyone: Cast, draft: Case, today: time_machine.Traveller) -> Case:
    """Ada gave one reason for two acts of one moment; the first of them has two entries."""
    how: dict[str, Any] = {"by": everyone.ada, "on": clock.today(), "at": clock.now()}
    how |= {"allowed": ("la_notifier",), "reason": BY_NAME}
    said = services.record_act(again(draft), "said", **how)
    services.record_act(again(draft), "said_too", **how, recorded_at=said.recorded_at)
    today.shift(timedelta(microseconds=1))
    services.record_act(again(draft), "besides", **how)
    return draft


def test_each_of_two_acts_of_one_moment_is_a_text_of_its_own(
    two_acts: Case, everyone: Cast
) -> None:
    first, other = (one for one in texts(two_acts, "act") if NAME in one.text)
    assert (first.row.act, other.row.act) == ("said", "besides")
    gone(two_acts, everyone, "ada", first)
    rows = Event.objects.filter(act__in=["said", "said_too", "besides"]).select_related("case")
    assert [row.reason for row in rows.order_by("pk")] == [f"{MARK} called."] * 2 + [BY_NAME]
    gone(two_acts, everyone, "ada", other)
    assert places_with(NAME) == set()


def test_the_database_keeps_the_other_even_where_the_entry_names_it(
    two_acts: Case, everyone: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = redacting._left

    def naming_another(*args: Any) -> dict[str, Any]:
        found, other = left(*args), of("besides")
        return {"left": {**found["left"], str(other.pk): digest(other)}}

    monkeypatch.setattr(redacting, "_left", naming_another)
    first = next(one for one in texts(two_acts, "act") if one.row.act == "said")
    gone(two_acts, everyone, "ada", first)
    named = of("take_words_out").payload["left"]
    assert named.keys() == {str(of(act).pk) for act in ("said", "said_too", "besides")}
    # Each test is one transaction: what was confirmed in it is confirmed in this one.
    assert [run(everyone, "ben", AS_IT_IS, act) for act in ("said", "said_too")] == [1, 1]
    with pytest.raises(DatabaseError, match="append-only"):
        run(everyone, "ben", AS_IT_IS, "besides")


def test_the_entries_of_an_older_correction_are_one_act_though_each_has_an_instant_of_its_own(
    everyone: Cast, draft: Case, today: time_machine.Traveller
) -> None:
    how: dict[str, Any] = {"by": everyone.ada, "on": clock.today(), "at": clock.now()}
    how |= {"allowed": ("la_notifier",), "reason": BY_NAME}
    for act in ("facts_corrected", "added_or_corrected"):
        services.record_act(again(draft), act, **how)
        today.shift(timedelta(microseconds=1))
    (found,) = (one for one in texts(draft, "act") if NAME in one.text)
    gone(draft, everyone, "ada", found)
    assert places_with(NAME) == set()


def test_a_correction_that_changes_a_fact_too_is_one_act_however_long_it_takes(
    everyone: Cast, draft: Case
) -> None:
    case = sent(draft, everyone.ada)
    with time_machine.travel(moment("2026-11-20", "11:00"), tick=True):
        typed = {**PAGES["awareness"], **when("aware_on", "2026-11-18"), "reason": BY_NAME}
        answer = fill(sign_in(everyone.ada), at("amend-page", case, page="awareness"), typed)
        assert answer.status_code == 302, errors(answer)
    (found,) = (one for one in texts(case, "act") if NAME in one.text)
    assert of("facts_corrected").recorded_at == of("added_or_corrected").recorded_at
    gone(case, everyone, "ada", found)
    assert places_with(NAME) == set()
