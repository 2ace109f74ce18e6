"""Every kind of sealed value goes to rest and comes back."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps

from tests.workflow.people.cast import a_case
from workflow.models import Case, SealedModel
from workflow.sealed.errors import SealedError
from workflow.sealed.fields import SealedJSON, SealedText

pytestmark = pytest.mark.django_db


@pytest.fixture
def diary() -> Iterator[Any]:
    """A model with a column of each kind, and no table."""
    with isolate_apps("workflow"):

        class Diary(SealedModel):
            case = models.ForeignKey(Case, models.PROTECT, related_name="+")
            text = SealedText(null=True)
            answers = SealedJSON(null=True)

            class Meta:
                app_label = "workflow"

        yield Diary


def there_and_back(diary: Any, column: str, value: Any) -> Any:
    case = a_case()
    field = diary._meta.get_field(column)
    resting = field.pre_save(diary(case=case, **{column: value}), add=True)
    read = None if resting is None else field.from_db_value(bytes(resting))
    return getattr(diary(case=case, **{column: read}), column)


@pytest.mark.parametrize("text", ["", " ", "Zoë", "a\x00b", "\ud800", "x" * 100_000])
def test_text_comes_back_to_the_last_character(diary: Any, text: str) -> None:
    assert there_and_back(diary, "text", text) == text


@pytest.mark.parametrize("value", [{}, [], {"b": ["1"], "a": ["\ud800"]}, "text", 0, False])
def test_json_comes_back_in_the_order_typed(diary: Any, value: Any) -> None:
    assert json.dumps(there_and_back(diary, "answers", value)) == json.dumps(value)


@pytest.mark.parametrize("column", ["text", "answers"])
def test_no_value_is_null_and_not_sealed(diary: Any, column: str) -> None:
    row = diary(case=a_case(), **{column: None})
    assert diary._meta.get_field(column).pre_save(row, add=True) is None
    assert getattr(row, column) is None


def test_an_empty_text_is_sealed_and_is_not_null(diary: Any) -> None:
    row = diary(case=a_case(), text="")
    assert diary._meta.get_field("text").pre_save(row, add=True).startswith(b"v1|")


def test_a_value_taken_away_is_null(diary: Any) -> None:
    row = diary(case=a_case(), text="words")
    field = diary._meta.get_field("text")
    assert field.pre_save(row, add=True) is not None
    row.text = None
    assert field.pre_save(row, add=False) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", 2016),
        ("text", b"2016"),
        ("text", date(2016, 2, 29)),
        ("answers", b"2016"),
    ],
)
def test_a_value_of_another_kind_is_refused_at_once(diary: Any, column: str, value: Any) -> None:
    with pytest.raises(SealedError, match="holds") as refusal:
        diary(**{column: value})
    assert "2016" not in str(refusal.value)


def test_the_origin_is_the_table_and_column_a_value_was_first_written_to(diary: Any) -> None:
    assert diary._meta.get_field("text").deconstruct()[3]["origin"] == "workflow_diary|text"
