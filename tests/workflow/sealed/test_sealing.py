"""Sealed columns: what is written, what rests, and what opens again."""

import copy
import pickle
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import CaptureQueriesContext, isolate_apps

from tests.workflow.people.cast import MORNING, a_case
from workflow.models import Answers, Case, SealedModel
from workflow.sealed import keys
from workflow.sealed.errors import CannotOpenError, KeyMissingError, SealedError
from workflow.sealed.fields import SealedJSON
from workflow.sealed.slot import Ciphertext

pytestmark = pytest.mark.django_db
WORDS = "Wren Fallowfield-Quince of Larkspur Row"


def kept(case: Case, typed: Any, item: str = "") -> Answers:
    return Answers.objects.create(
        case=case,
        document="notification",
        section="children",
        item=item,
        answers=typed,
        edited_at=MORNING,
    )


def at_rest(row: models.Model, column: str = "answers") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def put_at_rest(row: models.Model, content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workflow_answers SET answers = %s WHERE id = %s", [content, row.pk])


def test_what_was_typed_is_read_back_and_never_rests_in_words() -> None:
    with CaptureQueriesContext(
        connection,
    ) as sent:
        row = kept(a_case(), {"name": [WORDS]})
    assert Answers.objects.get().answers == {"name": [WORDS]}
    assert at_rest(row).startswith(b"v1|")
    assert b"Wren" not in at_rest(row)
    assert not any("Wren" in query["sql"] for query in sent.captured_queries)


def test_the_same_words_are_never_sealed_to_the_same_bytes() -> None:
    case = a_case()
    assert at_rest(kept(case, {"a": ["x"]}, "1")) != at_rest(kept(case, {"a": ["x"]}, "2"))


def test_a_row_saved_unchanged_keeps_its_ciphertext_and_leaves_no_history() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    before = at_rest(row)
    unread = Answers.objects.get()
    unread.save()
    read_and_set_to_the_same = Answers.objects.get()
    read_and_set_to_the_same.answers = {"name": [WORDS]}
    read_and_set_to_the_same.save()
    row.refresh_from_db()
    row.save()
    assert at_rest(row) == before
    assert apps.get_model("workflow", "AnswersEvent").objects.count() == 1


def test_a_change_inside_an_opened_value_is_saved() -> None:
    kept(a_case(), {"name": ["first"]})
    row = Answers.objects.get()
    row.answers["name"].append("second")
    row.save()
    assert Answers.objects.get().answers == {"name": ["first", "second"]}


def test_a_value_set_without_being_read_is_saved() -> None:
    kept(a_case(), {"name": ["first"]})
    row = Answers.objects.get()
    row.answers = {"name": ["second"]}
    row.save(update_fields=["answers"])
    assert Answers.objects.get().answers == {"name": ["second"]}


def test_refreshing_a_row_shows_what_somebody_else_saved_and_saving_it_changes_nothing() -> None:
    row = kept(a_case(), {"name": ["mine"]})
    theirs = Answers.objects.get()
    theirs.answers = {"name": ["theirs"]}
    theirs.save()
    resting = at_rest(row)
    row.refresh_from_db()
    assert row.answers == {"name": ["theirs"]}
    row.save()
    assert at_rest(row) == resting


def test_a_deferred_value_opens_when_it_is_read() -> None:
    kept(a_case(), {"name": [WORDS]})
    assert Answers.objects.defer("answers").get().answers == {"name": [WORDS]}


def test_many_rows_at_once_are_sealed_one_by_one() -> None:
    case = a_case()
    Answers.objects.bulk_create(
        Answers(
            case=case,
            authority=case.authority,
            document="notification",
            section="adults",
            item=str(number),
            answers={"name": [f"Adult {number}"]},
            edited_at=MORNING,
        )
        for number in range(3)
    )
    rows = Answers.objects.order_by("item")
    assert [row.answers["name"] for row in rows] == [["Adult 0"], ["Adult 1"], ["Adult 2"]]
    assert all(at_rest(row).startswith(b"v1|") for row in rows)


def test_a_value_copied_to_another_case_does_not_open() -> None:
    mine = kept(a_case(), {"name": [WORDS]})
    other = kept(a_case(), {})
    put_at_rest(other, at_rest(mine))
    with pytest.raises(CannotOpenError, match=r"Answers\.answers does not open"):
        _ = Answers.objects.get(pk=other.pk).answers


def test_a_value_moved_to_another_case_under_one_key_does_not_open() -> None:
    mine = kept(a_case(), {"name": [WORDS]})
    other = kept(a_case(), {})
    put_at_rest(other, at_rest(mine))
    moved = Answers.objects.get(pk=other.pk)
    moved.case.key_id = mine.case.key_id
    with pytest.raises(CannotOpenError):
        _ = moved.answers


def test_a_value_from_another_column_or_table_does_not_open() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    with isolate_apps("workflow"):

        class Elsewhere(SealedModel):
            case = models.ForeignKey(Case, models.PROTECT, related_name="+")
            answers = SealedJSON()
            notes = SealedJSON(origin="workflow_answers|notes")

            class Meta:
                app_label = "workflow"

        stolen = Ciphertext(at_rest(row))
        copied = Elsewhere(case=row.case, answers=stolen, notes=stolen)
        for column in ("answers", "notes"):
            with pytest.raises(CannotOpenError):
                getattr(copied, column)


def test_a_damaged_value_does_not_open() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    resting = at_rest(row)
    put_at_rest(row, resting[:-1] + bytes([resting[-1] ^ 1]))
    with pytest.raises(CannotOpenError) as refusal:
        _ = Answers.objects.get().answers
    assert "Wren" not in str(refusal.value)


def test_a_damaged_value_can_be_typed_again() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    put_at_rest(row, at_rest(row)[:-1] + b"?")
    again = Answers.objects.get()
    again.answers = {"name": ["typed again"]}
    again.save()
    assert Answers.objects.get().answers == {"name": ["typed again"]}


def test_an_unread_row_copied_into_another_case_is_refused() -> None:
    kept(a_case(), {"name": [WORDS]})
    row = Answers.objects.get()
    row.pk, row.case, row._state.adding = None, a_case(), True
    with pytest.raises(CannotOpenError):
        row.save()


def test_a_row_read_and_then_copied_is_sealed_anew_for_its_case() -> None:
    kept(a_case(), {"name": [WORDS]})
    row = Answers.objects.get()
    assert row.answers
    row.pk, row.case, row._state.adding = None, a_case(), True
    row.save()
    assert Answers.objects.get(pk=row.pk).answers == {"name": [WORDS]}


def test_history_opens_what_rested_before() -> None:
    kept(a_case(), {"name": ["before"]})
    row = Answers.objects.get()
    row.answers = {"name": ["after"]}
    row.version = 2
    row.save()
    history = apps.get_model("workflow", "AnswersEvent").objects.order_by("pgh_id")
    assert [past.answers for past in history] == [{"name": ["before"]}, {"name": ["after"]}]
    assert [past.version for past in history] == [1, 2]


def test_when_the_key_is_destroyed_neither_row_nor_history_opens() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    keys.destroy(row.case.key_id)
    past = apps.get_model("workflow", "AnswersEvent").objects.get()
    for holder in (Answers.objects.get(), past):
        with pytest.raises(KeyMissingError, match="not in the key store"):
            _ = holder.answers


@pytest.mark.parametrize("value", [{"name": [WORDS]}, WORDS, b"v1|" + bytes(40)])
def test_setting_a_value_through_a_queryset_is_refused(value: Any) -> None:
    kept(a_case(), {})
    with pytest.raises(SealedError, match="set it on an instance") as refusal:
        Answers.objects.update(answers=value)
    assert "Wren" not in str(refusal.value)


def test_a_bulk_update_is_refused() -> None:
    row = kept(a_case(), {})
    row.answers = {"name": [WORDS]}
    with pytest.raises(SealedError):
        Answers.objects.bulk_update([row], ["answers"])


@pytest.mark.parametrize("question", ["answers", "answers__contains", "answers__name"])
def test_searching_in_a_sealed_column_is_refused(question: str) -> None:
    with pytest.raises(SealedError, match="can’t be searched"):
        Answers.objects.filter(**{question: "Wren"}).exists()


def test_asking_whether_a_sealed_column_is_null_is_allowed() -> None:
    kept(a_case(), {})
    assert not Answers.objects.filter(answers__isnull=True).exists()


def test_the_database_itself_refuses_what_was_not_sealed() -> None:
    row = kept(a_case(), {})
    for words in (WORDS.encode(), b"v1|short"):
        with pytest.raises(IntegrityError, match="violates check"), transaction.atomic():
            put_at_rest(row, words)


def test_a_row_without_a_case_is_not_sealed() -> None:
    with pytest.raises(SealedError, match="before its case has an id"):
        Answers(authority_id=1, section="a", answers={"a": ["b"]}, edited_at=MORNING).save()


def test_a_pickled_row_holds_no_words_and_opens_later() -> None:
    kept(a_case(), {"name": [WORDS]})
    row = Answers.objects.select_related("case").get()
    assert row.answers
    pickled = pickle.dumps(row)
    assert b"Wren" not in pickled
    assert pickle.loads(pickled).answers == {"name": [WORDS]}


def test_a_row_not_yet_saved_is_not_pickled() -> None:
    with pytest.raises(SealedError, match="Save an instance"):
        pickle.dumps(Answers(case=a_case(), answers={"name": [WORDS]}))


def test_a_row_shown_to_a_programmer_holds_no_words() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    assert "Wren" not in repr(row) + str(row) + str(row.__dict__)
    assert Answers.objects.values_list("answers", flat=True).get().__repr__() == "<sealed>"


def test_a_copy_in_memory_is_a_copy() -> None:
    row = kept(a_case(), {"name": ["first"]})
    twin = copy.deepcopy(row)
    twin.answers["name"].append("second")
    assert row.answers == {"name": ["first"]}


def test_migrations_see_a_plain_binary_column() -> None:
    row = kept(a_case(), {"name": [WORDS]})
    state = ProjectState(real_apps={"contenttypes", "auth"})
    for model in apps.get_app_config("workflow").get_models():
        state.add_model(ModelState.from_model(model))
    past = state.apps.get_model("workflow", "Answers").objects.get(pk=row.pk)
    assert past.answers == at_rest(row)
    past.section = "renamed"
    past.save()
    assert Answers.objects.get().answers == {"name": [WORDS]}
