"""Ofsted and the Department's analyst read what was selected: no name, no word of anybody's."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import IncidentChild, Notification
from notifications.recording import CHILD_SEVERAL, CHILD_SINGLE, SEVERAL, SINGLE
from notifications.views.coded import _Words
from tests.notifications.answers import a_draft, at, sent, sign_in, written
from tests.notifications.test_sending import LOOKED_AFTER_DEATH
from tests.story import Cast, moment, person
from workflow.audit.models import Look
from workflow.machine.token import new_token
from workflow.models import Case, Person

# What was typed on the pages: what identifies somebody, and what is in anybody's own words.
NEVER = (
    "Nia", "Sample", "27 March", "2021", "1 Invented Street", "999 000 0018", "The hospital rang",
    "found with bruises", "stays with an aunt", "XY/1", "ZZ1 1AA", "01632", "northmoor.example",
    "Head of safeguarding", "Ada", "English",
)  # fmt: skip


@pytest.fixture
def analyst(everyone: Cast) -> Person:
    return person("Ana", everyone.dfe, "dfe_analyst")


@pytest.fixture
def died(everyone: Cast) -> Case:
    """A looked-after child's death, which goes to the Department and to Ofsted."""
    return sent(a_draft(everyone), everyone.ada, LOOKED_AFTER_DEATH)


def words(client: Client, case: Case, name: str = "coded") -> str:
    """What the page says, without its tags."""
    answer = client.get(at(name, case))
    assert answer.status_code == 200
    html = answer.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def readers(everyone: Cast, analyst: Person) -> list[Client]:
    return [sign_in(everyone.olu), sign_in(analyst)]


def test_they_read_what_was_selected_in_the_words_of_the_questions(
    died: Case, everyone: Cast, analyst: Person
) -> None:
    for reader in readers(everyone, analyst):
        said = words(reader, died)
        assert "Child A" in said
        assert "Age 1 to 5" in said
        assert "What happened to this child Died" in said
        assert "Legal status Full care order" in said
        assert "Placed out of area No" in said
        assert "Looked after" in said
        # An answer of several, and one that nobody knew.
        assert "Physical abuse" in said
        assert "Not known yet" in said


def test_they_read_no_name_and_no_word_that_anybody_wrote(
    died: Case, everyone: Cast, analyst: Person
) -> None:
    ada = words(sign_in(everyone.ada), died, "read")
    assert "found with bruises" in ada
    for reader in readers(everyone, analyst):
        said = words(reader, died)
        assert [word for word in NEVER if word in said] == []


def test_nothing_sealed_is_read_for_them(died: Case, everyone: Cast, analyst: Person) -> None:
    for reader in readers(everyone, analyst):
        with CaptureQueriesContext(connection) as seen:
            words(reader, died)
        assert not [one["sql"] for one in seen if '"workflow_answers"' in one["sql"]]


def test_that_they_looked_is_in_the_log_and_names_no_content(died: Case, everyone: Cast) -> None:
    words(sign_in(everyone.olu), died)
    look = Look.objects.get(case=died, person=everyone.olu)
    assert (look.act, look.page, look.fields) == ("view.coded", "notifications:coded", "record")


def test_the_pages_with_the_story_and_the_names_stay_closed_to_them(
    died: Case, everyone: Cast, analyst: Person
) -> None:
    for reader in readers(everyone, analyst):
        for name in ("read", "print", "children", "documents", "check", "tasks"):
            assert reader.get(at(name, died)).status_code == 404, name
        assert reader.post(at("children", died)).status_code == 404


def test_their_case_leads_to_it_and_nobody_elses_does(
    died: Case, everyone: Cast, analyst: Person
) -> None:
    href = at("coded", died)
    case = f"/cases/{died.address}/"
    for reader in readers(everyone, analyst):
        assert f'href="{href}"' in reader.get(case).content.decode()
    for who in (everyone.ada, everyone.dele, everyone.sam):
        assert href not in sign_in(who).get(case).content.decode()
        assert sign_in(who).get(href).status_code == 404


def test_another_case_is_a_404_like_any_other(everyone: Cast) -> None:
    # Filled in, and not sent to anybody.
    draft = written(a_draft(everyone), everyone.ada, LOOKED_AFTER_DEATH)
    absent = Case(token=new_token())
    for who in (everyone.olu, everyone.cara):
        reader = sign_in(who)
        found = reader.get(at("coded", draft))
        assert found.status_code == 404
        assert reader.get(at("coded", absent)).content == found.content


def test_ofsted_reads_of_a_case_what_it_received_and_the_department_all_of_it(
    died: Case, everyone: Cast, analyst: Person
) -> None:
    Notification.objects.filter(case=died).update(recipients=["panel"])
    assert "Nothing that was sent is for you" in words(sign_in(everyone.olu), died)
    assert "Legal status" in words(sign_in(analyst), died)


def test_every_column_is_told_by_its_question_and_is_an_answer_from_a_list(draft: Case) -> None:
    said = _Words(draft, draft.notification.entered_on)
    known: dict[str, Any] = {"case": draft, "authority_id": draft.authority_id}
    row = Notification(**known, sent_at=moment("2026-11-20"))
    child = IncidentChild(**known, ordinal=1, age_band="1_to_5")
    for one, single, several in ((row, SINGLE, SEVERAL), (child, CHILD_SINGLE, CHILD_SEVERAL)):
        for column in single:
            setattr(one, column, "not-known")
        for column in several:
            setattr(one, column, ["not-known"])
        lines = list(said._lines(one, single, several))
        assert len(lines) == len(single) + len(several)
        assert all(line["key"] for _, line in lines)
