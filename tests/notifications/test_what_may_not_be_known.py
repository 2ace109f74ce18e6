"""A fact that may be unknown on the first day has "Not known yet", and each page its own name."""

from collections import Counter

import pytest

from notifications.document import NOTIFICATION
from notifications.facts import many
from notifications.sections import Document
from reviews.forms.document import RAPID_REVIEW
from tests.notifications.test_rules import paper
from workflow.people import codes

NK = "not-known"


def test_who_has_been_told_may_be_not_known_yet_and_then_nobody_is_asked_about() -> None:
    answers = paper({"informed": {"informed": [NK]}})
    assert answers.form(answers.leaf("informed")).is_valid()
    assert ("informed", "Told already") in {(at.page.slug, of) for at, of in answers.not_known()}
    assert "informed-when" not in {leaf.page.slug for leaf in answers.all_leaves()}
    assert many(answers.value("informed", "informed")) == [codes.NOT_KNOWN]


def test_a_fact_that_may_be_unknown_offers_not_known_yet() -> None:
    """All else is optional, follows from another answer, or is what a person says of themselves."""
    said_by_who_files = {"received", "contact", "late", "partners"}
    the_act_itself = {"aware_on", "description", "finished"}
    without = {
        (page.slug, name)
        for section in NOTIFICATION.sections
        for page in section.pages
        if page.slug not in said_by_who_files
        for name, field in page.form.base_fields.items()
        if field.required and not field.not_known  # type: ignore[attr-defined]
    }
    assert {name for _, name in without} == the_act_itself, without


@pytest.mark.parametrize("document", [NOTIFICATION, RAPID_REVIEW])
def test_no_two_pages_of_a_document_are_called_alike(
    document: Document,
) -> None:
    titles = [page.title for section in document.sections for page in section.pages]
    assert [title for title, often in Counter(titles).items() if often > 1] == []
