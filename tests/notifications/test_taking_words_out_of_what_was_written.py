"""Words are taken out of a partner's view, of what the Panel wrote and of what a document is."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from notifications.models import AttachedDocument
from reviews.codes import NATIONAL_REVIEW
from reviews.models import Assessment, PanelResponse, SignOff
from reviews.services import considering, signing
from tests.notifications.documents.conftest import attach
from tests.notifications.redacted import (
    MARK,
    NAME,
    WHY,
    again,
    answered,
    held,
    left,
    proposed,
    run,
)
from tests.notifications.searching import places_with
from tests.reviews.telling import Told, given
from tests.story import Cast, a_case, day, moment, person
from workflow import clock
from workflow.machine.refusals import CannotAdvance
from workflow.models import Event, KeptPage, Outbox, Redaction
from workflow.retention import redacting
from workflow.retention.copies import Place, free_texts
from workflow.retention.redaction import Rule
from workflow.retention.taken_out import taken_out

SAID = f"{NAME} was not asked, nor was anybody of the school."
POSITION = f"Social worker of {NAME}"
ANSWER = "We agree, and thank the family."


@pytest.fixture
def told(everyone: Cast) -> Told:
    """Polly dissents in words that name somebody; it was sent, considered and answered."""
    story = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    story.notified("2026-11-03")
    story.filled("2026-11-09")
    story.signed("ira", "agree", "2026-11-10", comment="We read it.")
    story.signed("polly", "dissent", "2026-11-10", comment=SAID)
    story.sent("2026-11-11")
    story.considered("2026-11-12", notes=f"Ask about {NAME}.", learning=f"How {NAME} was heard.")
    return story


def answers(told: Told, text: str) -> PanelResponse:
    """The Panel's answer has gone out."""
    how: Any = {"by": told.cast.sol, "on": day("2026-11-13"), "at": moment("2026-11-13", "15:00")}
    return considering.respond(
        told.rapid_review, outcome="agree_no_lcspr", text=text, reply_by=None, confirmed=True, **how
    )


def place(told: Told, document: str, field: str, words: str = NAME) -> Place:
    """Of which text, of those in rows of their own, these words are."""
    (found,) = (
        one.place
        for one in free_texts(again(told.case), on=clock.today())
        if (one.place.document, one.place.field) == (document, field) and words in one.text
    )
    return found


def refused(told: Told, where: Place, by: str, **more: Any) -> list[str]:
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        proposed(told.case, told.cast, by, where, **more)
    return refusal.value.reasons


def kinds(kind: str) -> list[str]:
    """Whom the messages of a kind are for, each as often as there are."""
    rows = Outbox.objects.filter(kind=kind).select_related("person", "organisation")
    return sorted((row.person or row.organisation).name for row in rows)  # type: ignore[union-attr]


def test_a_partners_comment_loses_the_words_and_its_view_stands(told: Told) -> None:
    assert "reviews_signoff.comment" in places_with(SAID)
    where = place(told, "sign-off", "comment")
    found = proposed(told.case, told.cast, "polly", where)
    answered(told.case, found, told.cast)
    row = SignOff.objects.select_related("case").get(pk=where.item)
    assert row.comment == f"{MARK} was not asked, nor was anybody of the school."
    assert (row.view, row.name, row.by, row.signed_on) == (
        "dissent", "Polly", told.cast.polly, day("2026-11-10"),
    )  # fmt: skip
    # Only of that text: what the Panel noted of the same person stands.
    assert places_with(NAME) == {"reviews_assessment.notes", "reviews_assessment.learning"}
    done = Event.objects.get(act="take_words_out")
    named = {"document": "sign-off", "page": "sign-off", "item": where.item, "field": "comment"}
    assert done.payload == {**named, "copies": 1}
    (said,) = taken_out(again(told.case), "sign-off")
    assert said.where == "Northmoor Police, Tuesday 10 November 2026"
    assert said.on == found.not_before


def test_a_view_that_was_written_down_is_the_partners_and_who_wrote_it_down(told: Told) -> None:
    where = written_down(told)
    for other in ("polly", "ben", "lena"):
        assert refused(told, where, other)
    answered(told.case, proposed(told.case, told.cast, "bea", where), told.cast)
    row = SignOff.objects.select_related("case").get(pk=where.item)
    assert row.position == f"Social worker of {MARK}"
    assert row.comment == "By letter."


def written_down(told: Told) -> Place:
    """The Integrated Care Board's view came by letter, and Bea wrote it down."""
    (organisation,) = (row.organisation for row in SignOff.objects.filter(by=told.cast.ira))
    how: Any = {"by": told.cast.bea, "on": day("2026-11-12"), "at": moment("2026-11-12")}
    view = given("dissent", "2026-11-12", comment="By letter.", position=POSITION)
    signing.record_received(told.rapid_review, organisation, view, **how)
    return place(told, "sign-off", "position")


@pytest.mark.parametrize("by", ["ada", "ben", "bea", "lena", "ira", "sol", "petra", "sam", "dele"])
def test_nobody_but_the_partner_itself_proposes_it_of_a_view(told: Told, by: str) -> None:
    why = refused(told, place(told, "sign-off", "comment"), by)
    assert "of the body whose words they are" in why[0]
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("by", ["polly", "ira", "ada", "sol", "petra", "lena"])
def test_nobody_but_an_approver_of_the_authority_confirms_it_of_a_view(told: Told, by: str) -> None:
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    with pytest.raises(CannotAdvance), transaction.atomic():
        answered(told.case, found, told.cast, by)
    assert SAID in {row.comment for row in SignOff.objects.select_related("case")}


def test_what_the_panel_found_and_noted_goes_by_two_people_of_the_panel(told: Told) -> None:
    for field, by, other in (("notes", "priya", "sol"), ("learning", "sol", "petra")):
        where = place(told, "panel-findings", field)
        for stranger in ("ada", "ben", "bea", "polly", "dele"):
            assert refused(told, where, stranger)
        found = proposed(told.case, told.cast, by, where)
        for stranger in (by, "ben", "polly", *(["priya"] if by == "sol" else [])):
            with pytest.raises(CannotAdvance), transaction.atomic():
                answered(told.case, found, told.cast, stranger)
        answered(told.case, found, told.cast, other)
    row = Assessment.objects.select_related("case").get()
    assert (row.notes, row.learning) == (f"Ask about {MARK}.", f"How {MARK} was heard.")
    assert places_with(NAME) == {"reviews_signoff.comment"}
    # Nobody outside the Panel received it, so nobody is told there.
    assert kinds("words_wait") == []
    # Of the notes both who may confirm, of the other Petra alone.
    assert kinds("propose_redaction") == ["Petra", "Petra", "Sol"]
    assert kinds("take_words_out") == ["Priya", "Sol"]


def test_the_panels_response_goes_by_the_panel_and_the_authority_is_told(told: Told) -> None:
    answers(told, f"{ANSWER} {NAME} was missed.")
    person("Bryn", told.cast.northmoor, "la_approver")
    where = place(told, "panel-response", "text")
    assert refused(told, where, "ada")
    found = proposed(told.case, told.cast, "sol", where)
    # From Friday: Monday and Tuesday, in which the authority can have it held.
    assert found.not_before.isoformat() == "2026-11-24"
    answered(told.case, found, told.cast, "petra")
    row = PanelResponse.objects.select_related("case").get()
    assert (row.text, row.outcome) == (f"{ANSWER} {MARK} was missed.", "agree_no_lcspr")
    partners = ["Northmoor Integrated Care Board", "Northmoor Police"]
    # Bryn may place a hold, and Northmoor's post goes to others; that reaches Ben, who may too.
    who = ["Bryn", "Department for Education", "Northmoor", *partners]
    assert kinds("words_wait") == kinds("words_gone") == who


def test_why_the_panel_took_a_case_over_stands_in_the_trail_too_and_is_a_reason_there(
    told: Told,
) -> None:
    how: Any = {"by": told.cast.petra, "on": day("2026-11-13"), "at": moment("2026-11-13")}
    considering.take_into_national_review(told.rapid_review, text=f"{NAME} is known.", **how)
    row = PanelResponse.objects.get(outcome=NATIONAL_REVIEW)
    there = places_with(f"{NAME} is known")
    assert there == {"reviews_panelresponse.text", "workflow_event.reason"}
    texts = free_texts(again(told.case), on=clock.today())
    offered = {(one.place.item, one.place.document) for one in texts}
    assert (str(row.pk), "panel-response") not in offered
    (event,) = Event.objects.filter(act="supersede")
    assert (str(event.pk), "panel-act") in offered


def test_of_a_view_the_partner_and_who_received_it_are_told(told: Told) -> None:
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    panel, department = "Child Safeguarding Practice Review Panel", "Department for Education"
    theirs = [panel, department, "Northmoor Police", "Petra"]
    assert kinds("propose_redaction") == ["Ben"]
    assert kinds("words_wait") == theirs
    answered(told.case, found, told.cast, act=redacting.decline)
    assert kinds("decline_redaction") == ["Polly"]
    assert kinds("words_stay") == theirs


def test_under_a_hold_nothing_of_them_is_taken_out(told: Told) -> None:
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    held(told.case, told.cast, "petra")
    with pytest.raises(CannotAdvance, match="legal hold"), transaction.atomic():
        answered(told.case, found, told.cast)
    notes = place(told, "panel-findings", "notes")
    assert "legal hold" in refused(told, notes, "sol")[0]


def test_what_is_said_of_a_document_loses_the_words_also_once_it_was_removed(
    told: Told, everyone: Cast
) -> None:
    attach(told.case, everyone.ben, b"Minutes.", name=f"{NAME}.txt", about=f"Letter on {NAME}")
    texts = {"notifications_attacheddocument.about", "notifications_attacheddocument.name"}
    assert places_with(NAME) >= texts
    for field in ("about", "name"):
        where = place(told, "document", field)
        assert refused(told, where, "polly")
        answered(told.case, proposed(told.case, everyone, "ada", where), everyone)
    row = AttachedDocument.objects.select_related("case").get()
    assert (row.about, row.name) == (f"Letter on {MARK}", f"{MARK}.txt")
    assert not places_with(NAME) & texts
    assert [one.where for one in taken_out(again(told.case), "document")] == ["Document 1"] * 2


def test_what_whoever_wrote_it_typed_again_and_left_goes_with_it(told: Told) -> None:
    page = f"/cases/{told.case.token}/rapid-review/sign/"
    for name in ("polly", "ira"):
        left(told.case, told.cast.people[name], page, SAID, "comment")
    left(told.case, told.cast.polly, f"/cases/{told.case.token}/rapid-review/description/", SAID)
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    answered(told.case, found, told.cast)
    rows = KeptPage.objects.select_related("case", "person")
    said = {(row.person.name, row.page == page): str(row.kept["typed"]) for row in rows}
    assert MARK in said["Polly", True]
    # What another partner typed is theirs, and so is another page.
    assert NAME in said["Ira", True]
    assert NAME in said["Polly", False]


TEXTS = (
    ("reviews_signoff", "comment", "position"),
    ("reviews_assessment", "learning", "notes"),
    ("reviews_panelresponse", "text", ""),
)


def test_without_a_confirmed_redaction_the_database_rewrites_none_of_them(told: Told) -> None:
    answers(told, ANSWER)
    attach(told.case, told.cast.ben, b"Minutes.")
    proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    for table, *columns in (*TEXTS, ("notifications_attacheddocument", "about", "name")):
        for column in filter(None, columns):
            with pytest.raises(DatabaseError, match="append-only"):
                run(told.cast, "ben", f"UPDATE {table} SET {column} = {column}")
    for table, *_ in TEXTS:
        with pytest.raises(DatabaseError, match="permission denied"):
            run(told.cast, "ben", f"UPDATE {table} SET by_id = by_id")


def test_in_the_transaction_itself_only_that_column_of_that_row_changes(told: Told) -> None:
    # Each test is one transaction: what was confirmed in it is confirmed in this one.
    where = place(told, "sign-off", "comment")
    answered(told.case, proposed(told.case, told.cast, "polly", where), told.cast)
    own = "UPDATE reviews_signoff SET comment = position WHERE id = %s"
    (other,) = SignOff.objects.filter(by=told.cast.ira).values_list("pk", flat=True)
    wrong = (
        (own, other),
        ("UPDATE reviews_signoff SET position = comment WHERE id = %s", where.item),
        ("UPDATE reviews_assessment SET notes = learning WHERE id <> %s", 0),
    )
    for statement, key in wrong:
        with pytest.raises(DatabaseError, match="append-only"):
            run(told.cast, "ben", statement, key)
    assert run(told.cast, "ben", own, where.item) == 1


def test_a_proposal_of_one_text_is_none_of_another(told: Told) -> None:
    notes = place(told, "panel-findings", "notes")
    proposed(told.case, told.cast, "sol", notes)
    assert redacting.PROPOSED in refused(told, notes, "priya")
    learning = place(told, "panel-findings", "learning")
    how: Any = {"words": [NAME], "rule": Rule.OTHER, "reason": WHY}
    assert proposed(told.case, told.cast, "priya", learning, **how).pk
