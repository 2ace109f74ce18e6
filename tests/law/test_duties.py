"""Each duty as a value: its citation, verbs, limits, lateness and what is unverified."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.law.limits import with_limit
from workflow.law import bodies, citations, duties, instruments, moments, readings
from workflow.law.bodies import NotInForce
from workflow.law.calendar import COMMITTED
from workflow.law.duties import Duty, Limit
from workflow.law.instruments import Citation

TODAY = dt.date(2026, 11, 20)


def every_citation() -> Iterator[Citation]:
    for duty in duties.ALL:
        yield from duty.cites
        yield from (limit.citation for limit in duty.limits)
    yield from (reading.source for reading in readings.ALL)
    yield from (body.citation for body in bodies.ALL)


def test_the_duties_are_the_ten_of_the_process_in_order() -> None:
    assert [duty.slug for duty in duties.ALL] == [
        "notify-the-panel",
        "tell-the-partners",
        "looked-after-child-death",
        "care-leaver-death",
        "rapid-review",
        "panel-response",
        "local-review",
        "advance-copy",
        "national-report-to-sos",
        "keep-report-available",
        "keep-national-report-available",
    ]
    codes = [duty.code for duty in duties.ALL]
    assert codes == [*(f"D{number}" for number in range(1, 11)), "D10N"]


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_a_duty_is_found_by_its_slug_and_cites_what_it_rests_on(duty: Duty) -> None:
    assert duties.by_slug(duty.slug) is duty
    assert duty.cites
    assert duty.limits
    assert duty.readings
    assert duty.clock_starts != duty.clock_stops


def test_an_unknown_slug_is_an_error() -> None:
    with pytest.raises(KeyError):
        duties.by_slug("invented")
    with pytest.raises(KeyError):
        readings.by_slug("invented")


def test_every_citation_says_something_of_a_listed_instrument() -> None:
    for citation in every_citation():
        assert citation.instrument in instruments.ALL
        assert citation.words.endswith((".", '"', ")"))
        assert citation.instrument.url.startswith("https://") or (
            citation.instrument is instruments.THIS_SERVICE
        )


def test_every_reading_asks_answers_and_gives_its_reason_and_source() -> None:
    for reading in readings.ALL:
        assert reading.question.endswith("?")
        assert reading.answer.endswith(".")
        assert reading.because.endswith(".")
        assert readings.by_slug(reading.slug) is reading
    assert len({reading.slug for reading in readings.ALL}) == len(readings.ALL)


def test_every_reading_applied_to_a_duty_is_listed() -> None:
    for duty in duties.ALL:
        assert set(duty.readings) <= set(readings.ALL)


# The verb of the act, the verb of its limit and the kind of lateness.
VERBS = {
    "D1": ("must", "should", "guidance"),
    "D2": ("should", "should", "guidance"),
    "D3": ("must", "should", "guidance"),
    "D4": ("should", "should", "guidance"),
    "D5": ("should", "is expected to", "guidance"),
    "D6": ("is expected to", "is expected to", "service level"),
    "D7": ("must", "should", "guidance"),
    "D8": ("must", "must", "statutory"),
    "D9": ("must", "must", "statutory"),
    "D10": ("must", "must", "statutory"),
    "D10N": ("must", "must", "statutory"),
}


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_the_act_and_its_limit_carry_their_own_verbs(duty: Duty) -> None:
    assert (duty.act_verb, duty.limit_verb, duty.lateness) == VERBS[duty.code]


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_must_is_said_only_where_an_act_or_regulations_or_the_department_say_so(duty: Duty) -> None:
    strict = {"statute", "regulations"}
    if duty.act_verb == "must":
        assert any(citation.instrument.binding in strict for citation in duty.cites)
    for limit in duty.limits:
        if limit.computed:
            binding = limit.citation.instrument.binding
            assert (duty.limit_verb == "must") == (binding in strict)


@pytest.mark.parametrize("instrument", instruments.ALL, ids=lambda one: one.short)
def test_the_binding_of_an_instrument_gives_its_verb_and_lateness(
    instrument: instruments.Instrument,
) -> None:
    assert (instrument.verb, instrument.lateness) in {
        ("must", "statutory"),
        ("should", "guidance"),
        ("is expected to", "service level"),
    }


def test_only_the_care_leavers_death_is_soft() -> None:
    assert [duty.code for duty in duties.ALL if duty.soft] == ["D4"]


def test_what_was_not_read_in_a_text_is_marked_unverified() -> None:
    unverified = [duty.code for duty in duties.ALL if not duty.limit(TODAY).verified]
    assert unverified == ["D4", "D6", "D7", "D8", "D9", "D10", "D10N"]
    assert [duty.code for duty in duties.ALL if not duty.verified(TODAY)] == unverified
    marked = {citation.place for citation in every_citation() if not citation.verified}
    assert {
        "Children Act 2004, section 16C",
        "Children Act 1989, Schedule 2, paragraph 20(1)(a)",
        "Children Act 2004, section 16F",
        "Working Together to Safeguard Children 2023, chapter 5",
    } <= marked
    assert str(citations.S16F) == "Children Act 2004, section 16F (unverified)"
    assert str(citations.S16A) == "Children Act 2004, section 16A(1)"


@pytest.mark.parametrize(
    ("duty", "read_from"),
    [
        (duties.NOTIFY_THE_PANEL, dt.date(2018, 6, 29)),
        (duties.TELL_THE_PARTNERS, dt.date(2023, 12, 15)),
        (duties.LOOKED_AFTER_CHILD_DEATH, dt.date(2025, 12, 31)),
        (duties.RAPID_REVIEW, dt.date(2025, 6, 30)),
    ],
    ids=lambda one: one.code if isinstance(one, Duty) else str(one),
)
def test_a_number_counts_as_read_only_from_the_text_it_was_read_in(
    duty: Duty, read_from: dt.date
) -> None:
    first = min(limit.since for limit in duty.limits)
    assert duty.verified(read_from)
    assert duty.limit(read_from).since == read_from
    if first < read_from:
        before = duty.limit(read_from - dt.timedelta(days=1))
        assert not before.verified
        assert before.words == duty.limit(read_from).words
        assert not duty.verified(first)


def test_words_of_the_source_stand_in_quotation_marks_and_summaries_do_not() -> None:
    assert citations.S16C.text.startswith("“Where a local authority in England knows")
    assert not citations.S16F.text.startswith("“")


def test_a_limit_on_words_not_read_cannot_claim_to_be_verified() -> None:
    with pytest.raises(ValueError, match="unverified citation"):
        Limit(since=TODAY, working_days=5, citation=citations.SIX_MONTHS)


@pytest.mark.parametrize("lengths", [{}, {"working_days": 5, "calendar_months": 6}])
def test_a_limit_has_exactly_one_length(lengths: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one length"):
        Limit(since=TODAY, citation=citations.FIVE_DAYS, **lengths)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("notify-the-panel", "within 5 working days"),
        ("rapid-review", "within 15 working days"),
        ("local-review", "within 6 calendar months"),
        ("advance-copy", "at least 7 working days before"),
        ("keep-report-available", "for at least 1 year"),
        ("keep-national-report-available", "for at least 3 years"),
    ],
)
def test_a_limit_is_said_in_words(slug: str, words: str) -> None:
    assert duties.by_slug(slug).limit(TODAY).words == words


def test_no_limit_applies_before_the_duty_was_in_force() -> None:
    with pytest.raises(NotInForce, match="no time limit applied before 29 June 2018"):
        duties.NOTIFY_THE_PANEL.due(dt.date(2018, 6, 28), COMMITTED)
    assert duties.NOTIFY_THE_PANEL.due(dt.date(2018, 6, 29), COMMITTED) == dt.date(2018, 7, 6)
    with pytest.raises(NotInForce, match="15 December 2023"):
        duties.CARE_LEAVER_DEATH.limit(dt.date(2023, 12, 14))


def test_the_limit_in_force_when_the_clock_started_is_the_one_that_counts() -> None:
    three = Limit(since=dt.date(2027, 1, 1), working_days=3, citation=citations.FIVE_DAYS)
    changed = with_limit(duties.NOTIFY_THE_PANEL, three)
    assert changed.due(dt.date(2026, 12, 31), COMMITTED) == dt.date(2027, 1, 8)
    assert changed.due(dt.date(2027, 1, 1), COMMITTED) == dt.date(2027, 1, 6)
    assert duties.NOTIFY_THE_PANEL.limit(dt.date(2027, 1, 1)).working_days == 5


def test_an_announced_change_is_never_computed() -> None:
    three = Limit(
        since=dt.date(2026, 1, 1), working_days=3, citation=citations.FIVE_DAYS, expected=True
    )
    changed = with_limit(duties.NOTIFY_THE_PANEL, three)
    assert changed.limit(TODAY).working_days == 5


def test_the_panels_service_level_can_be_set_to_another_length_and_stays_one() -> None:
    ten = Limit(
        since=dt.date(2026, 6, 1),
        working_days=10,
        citation=citations.PANEL_RESPONSE,
        verified=False,
    )
    changed = with_limit(duties.PANEL_RESPONSE, ten)
    assert changed.lateness == "service level"
    assert changed.due(dt.date(2026, 11, 2), COMMITTED) == dt.date(2026, 11, 16)


def test_of_two_limits_from_one_day_the_one_added_last_counts() -> None:
    same_day = duties.PANEL_RESPONSE.limits[0].since
    ten = Limit(since=same_day, working_days=10, citation=citations.PANEL_RESPONSE, verified=False)
    assert with_limit(duties.PANEL_RESPONSE, ten).limit(TODAY).working_days == 10


def test_the_coronavirus_relaxation_is_noted_with_its_date_and_not_computed() -> None:
    relaxed = [
        (duty.code, limit.since) for duty in duties.ALL for limit in duty.limits if limit.relaxation
    ]
    assert relaxed == [(code, dt.date(2020, 3, 30)) for code in ("D5", "D7", "D8")]
    during = dt.date(2020, 4, 1)
    assert duties.RAPID_REVIEW.due(during, COMMITTED) == dt.date(2020, 4, 24)
    assert not duties.RAPID_REVIEW.limit(during).relaxation


def test_the_report_stays_available_for_one_year_or_three_beyond_any_horizon() -> None:
    published = dt.date(2028, 2, 29)
    assert duties.KEEP_REPORT_AVAILABLE.due(published, COMMITTED) == dt.date(2029, 2, 28)
    national = duties.KEEP_NATIONAL_REPORT_AVAILABLE.receipt(published, COMMITTED)
    assert national.due == dt.date(2031, 2, 28)
    assert national.words == "3 calendar years after"


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_the_due_date_alone_is_the_one_on_the_receipt(duty: Duty) -> None:
    for number in range(120):
        start = dt.date(2026, 11, 1) + dt.timedelta(days=number)
        assert duty.due(start, COMMITTED) == duty.receipt(start, COMMITTED).due


def test_a_looked_after_childs_death_is_owed_by_who_looked_after_it() -> None:
    duty = duties.LOOKED_AFTER_CHILD_DEATH
    assert duty.owed_by is bodies.AUTHORITY_LOOKING_AFTER
    assert [body.slug for body in duty.recipients(TODAY)] == ["secretary-of-state", "ofsted"]
    assert duties.NOTIFY_THE_PANEL.owed_by is bodies.AUTHORITY_OF_THE_PLACE


def test_the_clocks_hang_together_from_one_moment_to_the_next() -> None:
    assert duties.NOTIFY_THE_PANEL.clock_stops is duties.RAPID_REVIEW.clock_starts
    assert duties.RAPID_REVIEW.clock_stops is duties.PANEL_RESPONSE.clock_starts
    assert duties.LOCAL_REVIEW.clock_starts is moments.REVIEW_DECIDED
    assert duties.LOCAL_REVIEW.clock_stops is duties.KEEP_REPORT_AVAILABLE.clock_starts


def test_a_duty_is_one_sentence_for_the_act_and_one_for_its_limit() -> None:
    assert duties.NOTIFY_THE_PANEL.sentence(TODAY).endswith(
        "must notify the Child Safeguarding Practice Review Panel. This should be done within 5 "
        "working days from the day the authority became aware that the incident had occurred."
    )
    assert duties.ADVANCE_COPY.sentence(TODAY).endswith(
        "This must be done at least 7 working days before the day the local review is to be "
        "published."
    )
    assert "This must be for at least 1 year from" in duties.KEEP_REPORT_AVAILABLE.sentence(TODAY)
