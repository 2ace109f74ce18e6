"""Which dates of a notification do not fit each other. Pure: the answers in, the refusals out."""

from collections.abc import Iterator
from datetime import date

from notifications.facts import incident_days
from notifications.pages import others
from notifications.sections import Paper, Problem
from workflow.law.words import short_date


def problem_at(paper: Paper, page: str, field: str, text: str, item: str = "") -> Problem:
    """What doesn't fit, at the question of a page: the child or adult is named first."""
    leaf = paper.leaf(page, item)
    prefix = f"{leaf.item_name}: " if item else ""
    return Problem(f"{prefix}{text}", leaf, field, leaf.section)


def day_of(paper: Paper, page: str, field: str, item: str = "") -> date | None:
    """The date answered there; None while there is none, or none that is good."""
    value = paper.value(page, field, item)
    return value if isinstance(value, date) else None


def wrong_dates(paper: Paper, *, on: date) -> Iterator[Problem]:
    """Awareness against the day of sending and the incident."""
    aware, suspected = (
        day_of(paper, "awareness", "aware_on"),
        day_of(paper, "awareness", "suspected_on"),
    )
    began, _ended = incident_days(paper)
    if aware and aware > on:
        text = "The date the authority became aware must not be after the day of sending"
        yield problem_at(paper, "awareness", "aware_on", text)
    if suspected and suspected > on:
        text = "The date abuse was first suspected must not be after the day of sending"
        yield problem_at(paper, "awareness", "suspected_on", text)
    if aware and began and aware < began:
        text = (
            f"The authority can’t have become aware before the incident on {short_date(began)}. "
            "Change one of the two dates"
        )
        yield problem_at(paper, "awareness", "aware_on", text)


def wrong_telling(paper: Paper) -> Iterator[Problem]:
    """When the authority told its partners, against its awareness."""
    if days := _told_before_aware(paper):
        aware, _ = days
        text = (
            f"The partners can’t have been told before the authority became aware on "
            f"{short_date(aware)}. Change one of the two dates"
        )
        yield problem_at(paper, "received", "told_on", text)


def wrong_awareness(paper: Paper) -> Iterator[Problem]:
    """The same two dates as above, for whoever answers this page after the other."""
    if days := _told_before_aware(paper):
        _, told = days
        text = (
            f"The authority can’t have become aware after it told its partners on "
            f"{short_date(told)}. Change one of the two dates"
        )
        yield problem_at(paper, "awareness", "aware_on", text)


def _told_before_aware(paper: Paper) -> tuple[date, date] | None:
    """Awareness and when the authority told its partners itself, where they do not fit.

    It says the second where it notified by another way.
    """
    if paper.value("received", "partners") != others.TOLD:
        return None
    aware, told = day_of(paper, "awareness", "aware_on"), day_of(paper, "received", "told_on")
    return (aware, told) if aware and told and told < aware else None


def wrong_beginning(paper: Paper) -> Iterator[Problem]:
    """The same two dates as above, for whoever answers this page after the other."""
    aware, (began, _) = day_of(paper, "awareness", "aware_on"), incident_days(paper)
    if aware and began and aware < began:
        text = (
            f"The incident can’t have begun after the authority became aware on "
            f"{short_date(aware)}. Change one of the two dates"
        )
        yield problem_at(paper, "when", "began_on", text)
