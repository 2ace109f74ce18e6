"""Tables are taken back to an older release, and forward again, with rows that only the newer has.

What an older one can't know goes; what must outlive every release stays, or keeps it from going.
"""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from notifications.attached.tasks import scan_held
from reviews.models import Assessment, SignOff
from tests import databases
from tests.notifications.answers import country
from tests.notifications.documents.conftest import attach
from tests.notifications.redacted import MARK, NAME, answered, proposed
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_reasons import asked, text
from tests.notifications.test_taking_words_out_of_what_was_written import place, told
from tests.reviews.telling import Told
from tests.story import Cast, cast
from workflow import clock
from workflow.models import Outbox, Redaction
from workflow.sealed.models import IndexGap
from workflow.webhooks import managing
from workflow.webhooks.models import Webhook, WebhookAct

__all__ = ["told"]

BEFORE = ("workflow", "0050_let_the_worker_see_what_was_rewritten")
OF_REASONS = "0053_take_words_out_of_reasons"
# Who proposes and who confirms, of which text.
TEXTS = (
    ("polly", "ben", "sign-off", "comment"),
    ("priya", "sol", "panel-findings", "notes"),
    ("ada", "ben", "document", "about"),
)


@pytest.fixture
def everyone(committing_db: str, today: time_machine.Traveller) -> Cast:
    return country(cast())


def moved(name: str, *targets: tuple[str, str]) -> None:
    """The migrations of that database are applied, or undone, up to these, or all; by its owner."""
    who = databases.owner()
    with databases.pointed_at(name, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        executor = MigrationExecutor(connection)
        executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def there(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


def with_rows(told: Told, name: str) -> None:
    """A webhook that was told something and waits for more, a gap, and words that went."""
    how: Any = {"by": told.cast.adam, "on": clock.today(), "at": clock.now()}
    managing.register("https://hooks.northmoor.example/told", told.cast.northmoor, **how)
    attach(told.case, told.cast.ben, b"Minutes.", about=f"Letter on {NAME}")
    for by, other, document, field in TEXTS:
        where = place(told, document, field)
        answered(told.case, proposed(told.case, told.cast, by, where), told.cast, other)
    rows = Outbox.objects.filter(webhook__isnull=False)
    assert rows.count() > len(TEXTS)
    with databases.as_worker(name):
        rows.filter(pk=rows.earliest("pk").pk).update(sent_at=clock.now())
    IndexGap.objects.create(since=clock.today())


def test_webhooks_and_gaps_go_and_come_again_and_what_says_that_words_went_stays(
    told: Told, committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody answers here, and a ring that lies in the broker is a sign of illness to other tests.
    monkeypatch.setattr(scan_held, "delay", lambda: None)
    with_rows(told, committing_db)
    known = applied()
    moved(committing_db, BEFORE)
    assert not there("workflow_webhook")
    assert not there("workflow_indexgap")
    gone = known - applied()
    assert gone >= {one for one in known if one[0] == "workflow" and one[1] > BEFORE[1]}
    assert Redaction.objects.filter(state="confirmed").count() == len(TEXTS)
    moved(committing_db)
    assert applied() == known
    assert not Webhook.objects.exists()
    assert not WebhookAct.objects.exists()
    assert not Outbox.objects.filter(webhook__isnull=False).exists()
    assert Outbox.objects.filter(kind="words_gone").exists()
    # Nobody knows what was saved meanwhile.
    assert IndexGap.objects.count() == 1
    assert MARK in "".join(row.comment for row in SignOff.objects.select_related("case"))
    assert MARK in Assessment.objects.select_related("case").get().notes
    assert not {"reviews_signoff.comment", "reviews_assessment.notes"} & places_with(NAME)
    with pytest.raises(RuntimeError, match="This migration is not undone"):
        moved(committing_db, ("reviews", "0007_take_words_out"))
    # What came after it is about reasons alone, and was undone before.
    assert known - applied() == {("reviews", "0009_take_words_out_of_reasons")}
    moved(committing_db)
    # Once it is about a reason, no step back leads past what says of reasons what is left.
    asked(told.cast, told.case)
    proposed(told.case, told.cast, "ada", text(told.case, "act", "reply").place)
    with pytest.raises(RuntimeError, match="This migration is not undone"):
        moved(committing_db, BEFORE)
    # What came after that forgets nothing, and was undone before.
    after = {one for one in known if one[0] == "workflow" and one[1] > OF_REASONS}
    assert known - applied() == after
