"""Out of what a body wrote that has the case no more, whoever has it now takes words."""

from typing import Any

import pytest
from django.db import transaction

from reviews.models import SignOff
from reviews.services import signing
from tests import sight
from tests.notifications.answers import sign_in
from tests.notifications.redacted import MARK, NAME, again, answered, proposed
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_reasons import text
from tests.notifications.test_taking_words_out_of_what_was_written import (
    kinds,
    place,
    refused,
    told,
)
from tests.notifications.test_taking_words_out_of_what_was_written_on_the_pages import (
    chosen,
    named_at,
    proposes,
)
from tests.notifications.test_who_is_told_of_words_to_take_out import passed_on
from tests.reviews.telling import Told
from tests.story import Cast, a_case, day, moment, organisation, person
from workflow import clock, services
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import Case, PartnershipMember, Redaction

__all__ = ["told"]
VIEW = ("sign-off", "comment")
OURS = "of the body whose words they are"


@pytest.fixture
def southfens(told: Told) -> Told:
    """The case is Southfen's, where Cara writes and Cleo approves too; Polly's police left it."""
    told.cast.people["cleo"] = person("Cleo", told.cast.southfen, "la_approver")
    passed_on(told.case, told.cast)
    return told


def test_two_people_of_who_has_it_now_and_who_received_it_is_told(southfens: Told) -> None:
    where = place(southfens, *VIEW)
    for gone in ("polly", "ben", "bea", "lena"):
        with pytest.raises((CannotAdvance, NotFound)), transaction.atomic():
            proposed(southfens.case, southfens.cast, gone, where)
    found = proposed(southfens.case, southfens.cast, "cara", where)
    assert (found.not_before - found.on).days > 1
    for stranger in ("cara", "ben", "sol"):
        with pytest.raises((CannotAdvance, NotFound)), transaction.atomic():
            answered(southfens.case, found, southfens.cast, stranger)
    answered(southfens.case, found, southfens.cast, "cleo")
    row = SignOff.objects.select_related("case").get(pk=where.item)
    assert (row.comment.startswith(f"{MARK} was not asked"), row.view) == (True, "dissent")
    # Those that have the case still, and of the Panel its chair.
    received = ["Child Safeguarding Practice Review Panel", "Department for Education", "Petra"]
    assert kinds("words_wait") == kinds("words_gone") == received


def test_also_of_a_partner_that_joined_too_late_to_be_given_sight_of_it(everyone: Cast) -> None:
    late = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    late.notified("2026-11-03")
    late.filled("2026-11-09")
    added = {"partnership": again(late.case).partnership, "since": day("2026-11-04")}
    newcomer = organisation("icb", "Board of the newcomers")
    PartnershipMember.objects.create(organisation=newcomer, **added)
    how: dict[str, Any] = {"by": everyone.bea, "on": day("2026-11-10"), "at": moment("2026-11-10")}
    view = signing.Given("agree", "Nan", "Director", f"{NAME} was heard.", day("2026-11-10"))
    signing.record_received(late.rapid_review, newcomer, view, **how)
    late.sent("2026-11-11")
    where = place(late, *VIEW)
    with pytest.raises((CannotAdvance, NotFound)), transaction.atomic():
        proposed(late.case, everyone, "cara", where)
    passed_on(late.case, everyone)
    assert proposed(late.case, everyone, "cara", where).by == everyone.cara


def test_they_choose_it_on_the_page_and_the_panel_does_not(southfens: Told) -> None:
    href = named_at(southfens, *VIEW)
    cara = sign_in(southfens.cast.cara)
    assert href in chosen(cara, southfens.case)
    assert proposes(cara, href).status_code == 302
    assert Redaction.objects.get().by == southfens.cast.cara
    assert href not in chosen(sign_in(southfens.cast.sol), southfens.case)


def test_as_long_as_a_partner_has_the_case_its_view_is_its_own_named_to_it_or_not(
    told: Told,
) -> None:
    where, ben = place(told, *VIEW), told.cast.ben
    assert OURS in refused(told, where, "ben")[0]
    # To restrict the case and to name nobody of a partner ends nothing of what it has.
    people = [told.cast.people[name].pk for name in ("ada", "ben", "petra")]
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now(), "reason": "Staff."}
    with sight.of(ben, on=clock.today()):
        services.restrict(again(told.case), people, by=ben, **how)
    assert OURS in refused(told, where, "ben")[0]


def test_why_an_authority_that_was_asked_declined_goes_by_who_has_the_case(
    everyone: Cast, draft: Case
) -> None:
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now()}
    ask: dict[str, Any] = {"by": everyone.ada, "reason": "Yours.", **how}
    services.propose_transfer(again(draft), everyone.southfen, **ask)
    with sight.of(everyone.cara, on=clock.today()):
        services.decline_transfer(again(draft), by=everyone.cara, reason=f"{NAME} is yours.", **how)
    found = text(draft, "partner-act", "decline_transfer").place
    for other in ("ada", "cara"):
        with pytest.raises((CannotAdvance, NotFound)), transaction.atomic():
            proposed(draft, everyone, other, found)
    answered(draft, proposed(draft, everyone, "bea", found), everyone)
    assert places_with(NAME) == set()
