"""Who receives and who owes, and that every sentence names the body in force."""

import datetime as dt
from dataclasses import replace

import pytest

from workflow.law import bodies, citations, duties
from workflow.law.bodies import NotInForce

TODAY = dt.date(2026, 11, 20)


def test_the_panel_receives_and_the_authority_to_come_is_only_expected() -> None:
    assert bodies.notified_body(dt.date(2018, 6, 29)) is bodies.PANEL
    assert bodies.notified_body(dt.date(2099, 1, 1)) is bodies.PANEL
    assert bodies.CHILD_PROTECTION_AUTHORITY.expected
    assert duties.NOTIFY_THE_PANEL.recipients(TODAY) == (bodies.PANEL,)
    with pytest.raises(NotInForce):
        bodies.notified_body(dt.date(2018, 6, 28))


def test_the_sentences_name_whoever_holds_the_panels_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enacted = dt.date(2027, 4, 1)
    ended = replace(bodies.PANEL, until=enacted - dt.timedelta(days=1))
    begun = replace(bodies.CHILD_PROTECTION_AUTHORITY, since=enacted, expected=False)
    monkeypatch.setattr(bodies, "NOTIFIED", (ended, begun))
    for duty in duties.ALL:
        assert "Child Protection Authority" not in duty.sentence(ended.until or enacted)
        assert "Panel" not in duty.sentence(enacted)
        assert "{" not in duty.sentence(enacted)
    assert "must notify the Child Protection Authority." in duties.NOTIFY_THE_PANEL.sentence(
        enacted
    )
    assert duties.PANEL_RESPONSE.sentence(enacted).startswith("The Child Protection Authority is")
    assert "send it to the Child Protection Authority." in duties.RAPID_REVIEW.sentence(enacted)


def test_a_body_ends_on_its_last_day() -> None:
    body = bodies.Body(
        "old", "Old", "Old", dt.date(2020, 1, 1), citations.S16A, until=dt.date(2020, 12, 31)
    )
    assert body.in_force(dt.date(2020, 12, 31))
    assert not body.in_force(dt.date(2021, 1, 1))


def test_a_body_that_is_only_expected_receives_nothing_even_once_it_has_a_date() -> None:
    dated = replace(bodies.CHILD_PROTECTION_AUTHORITY, since=dt.date(2026, 1, 1))
    assert not dated.in_force(TODAY)
