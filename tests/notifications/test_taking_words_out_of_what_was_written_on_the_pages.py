"""Partners and the Panel choose what they wrote themselves, and see nothing else there."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.notifications.answers import at, errors, sign_in
from tests.notifications.documents.conftest import attach
from tests.notifications.redacted import MARK, NAME, WHY, answered, proposed
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_what_was_written import (
    ANSWER,
    SAID,
    answers,
    place,
    told,
    written_down,
)
from tests.notifications.test_taking_words_out_on_the_pages import (
    TYPED,
    here,
    hidden,
    in_front,
    text,
)
from tests.reviews.telling import Told
from tests.story import moment
from workflow.models import Case, Redaction
from workflow.views.redactions import TITLE

__all__ = ["told"]

WROTE = "Take words out of what you wrote"


def chosen(client: Client, case: Case) -> str:
    return str(client.get(here("redact", case)).content.decode())


def named_at(told: Told, document: str, field: str) -> str:
    where = place(told, document, field)
    return here("redact-words", told.case, key=int(where.item), field=f"{document}-{field}")


def read(client: Client, told: Told, name: str = "read") -> str:
    return str(client.get(here(f"reviews:{name}", told.case)).content.decode())


def proposes(client: Client, href: str) -> Any:
    page = client.get(href)
    check = client.post(href, {**hidden(page), **TYPED})
    assert MARK in text(check), errors(check)
    return client.post(href, {**hidden(check), "confirmed": "yes"})


def test_from_a_partners_view_to_the_mark_by_two_people(
    told: Told, today: time_machine.Traveller
) -> None:
    polly, case = sign_in(told.cast.polly), told.case
    assert WROTE in read(polly, told)
    href = named_at(told, "sign-off", "comment")
    assert href in chosen(polly, case)
    page = text(polly.get(href))
    assert SAID in page
    assert "read this on its timeline, its partners and the Panel too" in page
    assert "Northmoor Police, Tuesday 10 November 2026" in page
    check = polly.post(href, {**hidden(polly.get(href)), **TYPED})
    assert "until somebody else confirms it: an approver" in text(check)
    done = proposes(polly, href)
    assert done["Location"] == here("redact", case), errors(done)
    found = Redaction.objects.get()
    today.move_to(moment(found.not_before))
    ben = in_front(told.cast.ben)
    assert TITLE in text(ben.get(here("case", case)))
    address = here("redact-answer", case, key=found.pk)
    assert address in chosen(ben, case)
    answer = ben.get(address)
    where = "Partners’ views: Northmoor Police, Tuesday 10 November 2026"
    for words in (where, NAME, MARK, WHY, "Safeguarding partner, Northmoor Police"):
        assert words in text(answer)
    done = ben.post(address, {**hidden(answer), "answer": "confirm"})
    assert done["Location"] == here("redact", case), errors(done)
    assert "reviews_signoff.comment" not in places_with(NAME)
    for who in ("polly", "priya", "bea"):
        html = read(sign_in(told.cast.people[who]), told)
        assert f"{MARK} was not asked" in html
        assert "Northmoor Police, Tuesday 10 November 2026, on 24 November 2026" in html
    assert f"{MARK} was not asked" in read(sign_in(told.cast.priya), told, "print")
    line = text(sign_in(told.cast.ada).get(here("timeline", case)))
    assert "Partners’ views, Northmoor Police, Tuesday 10 November 2026." in line


def test_a_partner_says_no_to_what_is_taken_out_of_its_letter(
    told: Told, today: time_machine.Traveller
) -> None:
    case, where = told.case, written_down(told)
    found = proposed(case, told.cast, "bea", where)
    ira, polly = in_front(told.cast.ira), sign_in(told.cast.polly)
    assert TITLE in text(ira.get(here("case", case)))
    assert TITLE not in text(polly.get(here("case", case)))
    address = here("redact-answer", case, key=found.pk)
    assert address in chosen(ira, case)
    assert address not in chosen(polly, case)
    page = ira.get(address)
    assert "Say no: leave the text as it is" in text(page)
    # The authority's approvers were told that it waits, and are not told of this.
    assert "whoever made it and those who received this view are told so" in text(page)
    assert "that partner can say no" in text(ira.get(here("redact", case)))
    assert "Yes, take them out" not in text(page)
    # Who does not say first who they are is asked to.
    assert errors(sign_in(told.cast.ira).post(address, hidden(page)))
    # Nor is a yes of theirs taken for one.
    done = ira.post(address, {**hidden(page), "answer": "confirm"})
    assert done["Location"] == here("redact", case), errors(done)
    found.refresh_from_db()
    assert (found.state, found.answered_by) == ("declined", told.cast.ira)
    assert TITLE not in text(ira.get(here("case", case)))


def test_the_panel_takes_words_out_of_what_it_wrote_on_its_own_pages(
    told: Told, today: time_machine.Traveller
) -> None:
    answers(told, f"{ANSWER} {NAME} was missed.")
    sol, case = sign_in(told.cast.sol), told.case
    assert WROTE in read(sol, told)
    assert WROTE in read(sol, told, "decision")
    listed = chosen(sol, case)
    texts = (
        ("panel-findings", "notes"),
        ("panel-findings", "learning"),
        ("panel-response", "text"),
    )
    for document, field in texts:
        assert named_at(told, document, field) in listed
    # And nothing that is not its own.
    assert len(re.findall(r"/take-out/[\w-]{32}/", listed)) == len(texts)
    done = proposes(sol, named_at(told, "panel-response", "text"))
    assert done["Location"] == here("redact", case), errors(done)
    found = Redaction.objects.get()
    today.move_to(moment(found.not_before))
    petra = in_front(told.cast.petra)
    assert TITLE in text(petra.get(here("case", case)))
    # No approver is asked about what the Panel wrote.
    ben = sign_in(told.cast.ben)
    assert TITLE not in text(ben.get(here("case", case)))
    assert case.label not in text(ben.get(reverse("redactions")))
    assert case.label in text(petra.get(reverse("redactions")))
    address = here("redact-answer", case, key=found.pk)
    page = petra.get(address)
    done = petra.post(address, {**hidden(page), "answer": "confirm"})
    assert done["Location"] == here("redact", case), errors(done)
    decided = read(sign_in(told.cast.bea), told, "decision")
    assert f"{ANSWER} {MARK} was missed." in decided
    assert "Response of Friday 13 November 2026, on 24 November 2026" in decided


def test_the_list_names_whoever_proposed_to_their_own_people_alone(told: Told) -> None:
    proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    proposed(told.case, told.cast, "priya", place(told, "panel-findings", "notes"))
    lists = {
        name: text(sign_in(told.cast.people[name]).get(reverse("redactions")))
        for name in ("ben", "petra")
    }
    assert "Safeguarding partner, Northmoor Police" in lists["ben"]
    assert "Polly" not in lists["ben"]
    assert "Priya, Panel reviewer" in lists["petra"]


def test_nobody_learns_there_of_what_others_wrote(told: Told) -> None:
    notes = proposed(told.case, told.cast, "sol", place(told, "panel-findings", "notes"))
    view = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    addresses = {
        "notes": here("redact-answer", told.case, key=notes.pk),
        "view": here("redact-answer", told.case, key=view.pk),
        "named": named_at(told, "sign-off", "comment"),
        "noted": named_at(told, "panel-findings", "notes"),
    }
    open_to = {
        "ben": {"view"},
        "polly": {"view", "named"},
        "petra": {"notes", "noted"},
        "priya": {"noted"},
        "ada": set(),
        "ira": set(),
        "dele": set(),
        "cara": set(),
        "sam": set(),
    }
    for name, theirs in open_to.items():
        client = in_front(told.cast.people[name])
        found = {one for one, href in addresses.items() if client.get(href).status_code == 200}
        assert found == theirs, name
        posted = {one for one, href in addresses.items() if client.post(href).status_code != 404}
        assert posted == theirs, name
    told_of = {name: client_says(told, name) for name in ("ada", "petra", "ira")}
    # To those of the Panel it is said that a proposal of theirs waits, to nobody else.
    assert "The Panel’s findings" in told_of["petra"]
    assert "The Panel’s findings" not in told_of["ada"]
    assert "Northmoor Police" not in told_of["ada"] + told_of["petra"] + told_of["ira"]
    # Ira gave a view with a comment: it is hers to choose.
    assert "Northmoor Integrated Care Board" in told_of["ira"]


def client_says(told: Told, name: str) -> str:
    return text(sign_in(told.cast.people[name]).get(here("redact", told.case)))


@pytest.mark.parametrize("name", ["dele", "lena"])
def test_who_wrote_nothing_there_has_no_such_page(told: Told, name: str) -> None:
    client = sign_in(told.cast.people[name])
    assert client.get(here("redact", told.case)).status_code == 404
    assert WROTE not in read(client, told)


def test_what_a_document_is_called_is_chosen_and_said_where_documents_are_listed(
    told: Told, today: time_machine.Traveller
) -> None:
    attach(told.case, told.cast.ben, b"Minutes.", about=f"Letter on {NAME}")
    ada = sign_in(told.cast.ada)
    href = named_at(told, "document", "about")
    assert href in chosen(ada, told.case)
    proposes(ada, href)
    found = Redaction.objects.get()
    answered(told.case, found, told.cast)
    today.move_to(moment(found.not_before))
    html = sign_in(told.cast.priya).get(at("documents", told.case)).content.decode()
    assert f"Document 1: Letter on {MARK}" in html
    assert "Document 1, on 24 November 2026: Somebody is named in error" in html
