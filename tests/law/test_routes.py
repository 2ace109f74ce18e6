"""Which duties follow from which facts, who is told, and what must still be known."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.law.incidents import ALL_FACTS, codes, facts, names
from workflow.law import bodies, duties
from workflow.law.facts import Facts
from workflow.law.routes import route

EVERYONE = ["Panel", "Department for Education", "Ofsted", "Safeguarding partners"]
DEPARTMENT = ["Department for Education", "Ofsted"]


@pytest.mark.parametrize("outcome", ["died", "seriously_harmed"])
@pytest.mark.parametrize("abuse", ["known", "suspected"])
@pytest.mark.parametrize("place", ["in_area", "outside_england"])
def test_death_or_serious_harm_with_abuse_known_or_suspected_goes_to_the_panel(
    outcome: str, abuse: str, place: str
) -> None:
    found = route(facts(outcome=outcome, abuse=abuse, place=place))
    assert codes(found) == ["D1", "D2"]
    assert found.goes_to_panel
    assert found.rapid_review
    assert not found.voluntary
    assert names(found) == EVERYONE
    assert found.undetermined == ()
    assert f"abuse or neglect is {abuse}" in str(found.because[0]).lower()


def test_harm_elsewhere_in_england_is_notified_by_the_authority_of_that_place() -> None:
    found = route(facts(outcome="died", abuse="known", place="elsewhere_in_england"))
    assert codes(found) == []
    assert not found.goes_to_panel
    assert names(found) == []
    assert "another authority’s area in England" in str(found.because[0])


def test_wales_counts_as_outside_england_and_the_reason_says_so() -> None:
    found = route(facts(outcome="seriously_harmed", abuse="known", place="outside_england"))
    cited = {citation.instrument.short for citation in found.because[0].cites}
    assert "while normally resident" in str(found.because[0])
    assert cited == {"CA 2004", "Hansard"}


@pytest.mark.parametrize("place", ["in_area", "outside_england", "elsewhere_in_england", ""])
@pytest.mark.parametrize("abuse", ["neither", ""])
def test_a_looked_after_childs_death_is_notified_whether_or_not_abuse_is_suspected(
    abuse: str, place: str
) -> None:
    found = route(facts(outcome="died", abuse=abuse, place=place, looked_after=True))
    assert codes(found) == ["D3"]
    assert names(found) == DEPARTMENT
    assert not found.goes_to_panel
    assert not found.rapid_review


def test_a_looked_after_childs_death_with_abuse_suspected_is_two_duties() -> None:
    found = route(facts(outcome="died", abuse="suspected", place="in_area", looked_after=True))
    assert codes(found) == ["D1", "D2", "D3"]
    assert names(found) == EVERYONE
    duty = {recipient.slug: recipient.duty for recipient in found.recipients}
    assert duty["ofsted"] is duties.LOOKED_AFTER_CHILD_DEATH
    assert duty["panel"] is duties.NOTIFY_THE_PANEL


def test_a_looked_after_childs_death_elsewhere_leaves_the_panel_to_the_other_authority() -> None:
    found = route(
        facts(outcome="died", abuse="suspected", place="elsewhere_in_england", looked_after=True)
    )
    assert codes(found) == ["D3"]
    assert not found.rapid_review


def test_a_child_looked_after_by_another_authority_leaves_ofsted_to_that_one() -> None:
    found = route(
        facts(
            outcome="died",
            abuse="suspected",
            place="in_area",
            looked_after=True,
            looked_after_by_another=True,
        )
    )
    assert codes(found) == ["D1", "D2"]
    assert "Another authority looked after the child" in str(found.because[-1])


def test_serious_harm_to_a_looked_after_child_is_no_separate_duty() -> None:
    found = route(
        facts(outcome="seriously_harmed", abuse="known", place="in_area", looked_after=True)
    )
    assert codes(found) == ["D1", "D2"]


def test_a_care_leavers_death_up_to_24_is_told_and_needs_no_rapid_review() -> None:
    found = route(
        facts(outcome="died", abuse="neither", place="in_area", care_leaver=True, under_18=False)
    )
    assert codes(found) == ["D4"]
    assert names(found) == DEPARTMENT
    assert not found.rapid_review


def test_a_care_leaver_of_25_is_no_longer_notified() -> None:
    found = route(
        facts(
            outcome="died",
            abuse="known",
            place="in_area",
            care_leaver=True,
            under_18=False,
            under_25=False,
        )
    )
    assert codes(found) == []
    assert "18 or over" in str(found.because[-1])


def test_a_care_leaver_under_18_can_also_be_a_section_16c_case() -> None:
    found = route(facts(outcome="died", abuse="suspected", place="in_area", care_leaver=True))
    assert codes(found) == ["D1", "D2", "D4"]


def test_no_abuse_and_not_looked_after_is_not_notified() -> None:
    found = route(facts(outcome="died", abuse="neither", place="in_area"))
    assert codes(found) == []
    assert names(found) == []
    assert "neither known nor suspected" in str(found.because[0])


def test_another_outcome_with_abuse_may_be_notified_and_is_then_reviewed() -> None:
    found = route(facts(outcome="other", abuse="known", place="in_area"))
    assert codes(found) == []
    assert found.voluntary
    assert found.goes_to_panel
    assert found.rapid_review
    assert names(found) == EVERYONE
    assert all(recipient.duty is None for recipient in found.recipients)


def test_nothing_known_leaves_every_fact_to_be_asked() -> None:
    found = route(Facts())
    assert codes(found) == []
    assert found.undetermined == tuple(ALL_FACTS)
    assert not found.goes_to_panel


def test_an_age_not_known_yet_is_taken_to_be_a_childs() -> None:
    unknown_age = facts(
        outcome="died", abuse="suspected", place="in_area", under_18=None, under_25=None
    )
    found = route(unknown_age)
    assert codes(found) == ["D1", "D2"]
    assert found.undetermined == ("under_18",)
    assert codes(route(replace(unknown_age, under_18=False))) == []


def test_a_care_leaver_of_unknown_age_is_not_taken_to_be_a_child() -> None:
    found = route(
        facts(
            outcome="died",
            abuse="suspected",
            place="in_area",
            care_leaver=True,
            under_18=None,
            under_25=None,
        )
    )
    assert codes(found) == []
    assert found.undetermined == ("under_18", "under_25")


def test_a_fact_that_changes_nothing_is_not_asked_for() -> None:
    found = route(facts(outcome="seriously_harmed", abuse="known", place="in_area", under_25=None))
    assert found.undetermined == ()
    no_place = route(facts(outcome="died", abuse="neither", looked_after=None))
    assert no_place.undetermined == ("looked_after",)


def test_what_a_known_fact_rules_out_is_not_asked_for() -> None:
    looked_after = Facts(outcome="died", abuse="suspected", place="in_area", looked_after=True)
    assert codes(route(looked_after)) == ["D1", "D2", "D3"]
    assert route(looked_after).undetermined == ()
    care_leaver = facts(outcome="died", abuse="neither", care_leaver=True, looked_after=None)
    assert codes(route(care_leaver)) == ["D4"]
    assert route(care_leaver).undetermined == ()


def test_when_another_body_takes_the_panels_place_it_is_the_one_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enacted = dt.date(2027, 4, 1)
    ended = replace(bodies.PANEL, until=enacted - dt.timedelta(days=1))
    begun = replace(bodies.CHILD_PROTECTION_AUTHORITY, since=enacted, expected=False)
    panel = replace(duties.NOTIFY_THE_PANEL, owed_to=(ended,))
    monkeypatch.setattr(bodies, "NOTIFIED", (ended, begun))
    monkeypatch.setattr(bodies, "ALL", (ended, begun, *bodies.ALL[2:]))
    monkeypatch.setattr(duties, "NOTIFY_THE_PANEL", panel)
    route.cache_clear()
    known = facts(outcome="died", abuse="known", place="in_area")
    assert names(route(known, on=enacted - dt.timedelta(days=1))) == EVERYONE
    assert names(route(known, on=enacted)) == ["Child Protection Authority", *EVERYONE[1:]]
    route.cache_clear()


def test_before_the_guidance_of_2023_a_care_leavers_death_was_not_asked_for() -> None:
    care_leaver = facts(
        outcome="died", abuse="neither", place="in_area", care_leaver=True, under_18=False
    )
    assert codes(route(care_leaver, on=dt.date(2023, 12, 14))) == []
    assert codes(route(care_leaver, on=dt.date(2023, 12, 15))) == ["D4"]


def test_before_the_panel_existed_nothing_went_to_it() -> None:
    found = route(facts(outcome="died", abuse="known", place="in_area"), on=dt.date(2018, 6, 28))
    assert codes(found) == []
    assert not found.goes_to_panel
    assert found.recipients == ()


def test_on_a_day_the_panel_is_the_body_notified_that_day() -> None:
    found = route(facts(outcome="died", abuse="known", place="in_area"), on=dt.date(2026, 11, 20))
    assert found.recipients[0].body is bodies.notified_body(dt.date(2026, 11, 20))
