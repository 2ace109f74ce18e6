"""Who gave a partner's view is sealed at rest, as are all names of people in a case."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from reviews.models import SignOff
from tests import databases
from tests.reviews.telling import Told, a_rapid_review
from workflow.sealed import keys
from workflow.sealed.errors import SealedError

AFTER = "0006_keep_which_draft_a_view_is_of"
BEFORE = "0004_know_lateness_from_the_dates"


def at_rest() -> list[tuple[bytes | str, bytes | str]]:
    """The two columns as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, position FROM reviews_signoff ORDER BY id")
        return [
            (name, position) if isinstance(name, str) else (bytes(name), bytes(position))
            for name, position in cursor.fetchall()
        ]


def migrated(to: str) -> None:
    call_command("migrate", "reviews", to, verbosity=0)


@pytest.fixture
def told(committing_db: str) -> Iterator[Told]:
    """Two partners have given their view; the database is its owner's to change."""
    story = a_rapid_review()
    story.signed("ira", "agree", "2026-12-01")
    story.signed("polly", "agree", "2026-12-01")
    who = databases.owner()
    with databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        yield story


@pytest.mark.django_db
def test_neither_the_name_nor_the_position_rests_in_clear() -> None:
    row = a_rapid_review().signed("ira", "agree", "2026-12-01")
    again = SignOff.objects.get(pk=row.pk)
    assert (again.name, again.position) == ("Ira", "Head of safeguarding")
    for column, words in zip(at_rest()[0], (b"Ira", b"Head of safeguarding"), strict=True):
        assert isinstance(column, bytes)
        assert column.startswith(b"v1|")
        assert words not in column


def test_what_stood_in_clear_is_sealed_and_can_be_opened_again(told: Told) -> None:
    migrated(BEFORE)
    assert at_rest() == [("Ira", "Head of safeguarding"), ("Polly", "Head of safeguarding")]
    migrated(AFTER)
    assert all(name.startswith(b"v1|") for name, _ in at_rest() if isinstance(name, bytes))
    rows = SignOff.objects.select_related("case").order_by("pk")
    assert [(row.name, row.position) for row in rows] == [
        ("Ira", "Head of safeguarding"),
        ("Polly", "Head of safeguarding"),
    ]
    with pytest.raises(DatabaseError, match="append-only"):
        SignOff.objects.update(received=True)


def test_without_the_cases_key_they_are_gone_in_both_directions(told: Told) -> None:
    keys.destroy(told.case.key_id)
    migrated(BEFORE)
    assert at_rest() == [("", ""), ("", "")]
    migrated(AFTER)
    with pytest.raises(SealedError):
        _ = SignOff.objects.select_related("case").first().name  # type: ignore[union-attr]
