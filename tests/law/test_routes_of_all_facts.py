"""The route of every whole set of facts, and what holds while some are missing."""

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.law.incidents import ALL_FACTS, codes
from workflow.law.facts import Facts
from workflow.law.routes import route

UNKNOWN: dict[str, Any] = {"outcome": "", "abuse": "", "place": ""}

COMPLETE = [
    Facts(**dict(zip(ALL_FACTS, values, strict=True)))
    for values in itertools.product(*ALL_FACTS.values())
]


def expected(known: Facts) -> list[str]:
    """The three duties written out plainly, a second time."""
    owed: list[str] = []
    if known.under_18 and known.abuse != "neither" and known.place != "elsewhere_in_england":
        owed += ["D1", "D2"] if known.outcome in {"died", "seriously_harmed"} else []
    if known.outcome == "died" and known.looked_after and known.under_18:
        owed.append("D3")
    up_to_24 = known.under_25 or known.under_18
    if known.outcome == "died" and known.care_leaver and up_to_24 and not known.looked_after:
        owed.append("D4")
    return owed


def test_every_whole_set_of_facts_gives_the_duties_written_out_plainly() -> None:
    assert len(COMPLETE) == 27 * 16
    for known in COMPLETE:
        found = route(known)
        assert codes(found) == expected(known)
        assert found.undetermined == ()
        assert ("D1" in codes(found)) <= found.rapid_review
        assert found.rapid_review == found.goes_to_panel
        assert bool(found.recipients) == bool(found.duties or found.voluntary)


PARTIAL = st.fixed_dictionaries(
    {name: st.sampled_from((*values, UNKNOWN.get(name))) for name, values in ALL_FACTS.items()}
).map(lambda known: Facts(**known))


@given(PARTIAL, st.sampled_from(sorted(ALL_FACTS)))
def test_a_fact_is_asked_for_only_when_it_is_missing(known: Facts, name: str) -> None:
    if getattr(known, name) not in {"", None}:
        assert name not in route(known).undetermined


@given(PARTIAL, st.data())
def test_a_duty_once_owed_stays_owed_as_more_becomes_known(known: Facts, data: Any) -> None:
    known = replace(known, under_18=True, under_25=True)
    if known.looked_after and known.care_leaver:
        known = replace(known, care_leaver=False)
    found = route(known)
    if not found.undetermined:
        return
    name = data.draw(st.sampled_from(found.undetermined))
    more = replace(known, **{name: data.draw(st.sampled_from(ALL_FACTS[name]))})
    assert set(codes(found)) - {"D4"} <= set(codes(route(more)))


@given(PARTIAL)
def test_every_reason_cites_what_it_rests_on(known: Facts) -> None:
    for reason in route(known).because:
        assert reason.words.endswith(".")
        assert reason.cites
