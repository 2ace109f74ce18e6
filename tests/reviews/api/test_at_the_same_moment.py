"""A person types while a system writes or sends: one comes after the other, and nothing is lost."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from reviews import filing
from reviews.forms.document import paper_of
from reviews.models import SentReview
from reviews.services.drafts import document_of
from reviews.services.reading import signatures
from tests.notifications.api.filed import let_in
from tests.reviews.api.reviewed import SCOPES, TODAY, all_sign, body, put, send_it
from tests.reviews.telling import Told, a_rapid_review
from tests.story import moment
from tests.workflow.api.conftest import token_of
from workflow.models import Answers, Case
from workflow.sealed import answers

OWN = "Bea's own words."
WAITS = """SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND NOT granted"""


@pytest.fixture
def told(committing_db: str) -> Told:
    """The story so far, in a database that several connections see."""
    return a_rapid_review()


@pytest.fixture
def token(told: Told) -> str:
    """A token of a system's."""
    return token_of(let_in(told.cast, "northmoor", *SCOPES))


class Bea:
    """Somebody who saves a page over a connection of her own, once she is asked to."""

    def __init__(self, told: Told, seen: int) -> None:
        self.told, self.seen = told, seen
        self.heard: list[Any] = []
        self.thread = threading.Thread(target=self._save)

    def begins(self, first: Callable[..., Any]) -> Callable[..., Any]:
        """What is done first, and then she saves: until she has, or has to wait."""

        def done(*where: Any, **how: Any) -> Any:
            found = first(*where, **how)
            if not self.thread.ident:
                self.thread.start()
                self._is_done_or_waits()
            return found

        return done

    def _is_done_or_waits(self) -> None:
        waits = 0
        while self.thread.is_alive() and not waits:
            time.sleep(0.02)
            with connection.cursor() as cursor:
                cursor.execute(WAITS)
                (waits,) = cursor.fetchone()

    def _save(self) -> None:
        try:
            typed = {"text": [OWN], "finished": ["yes"]}
            how: Any = {"by": self.told.cast.bea, "at": moment(TODAY), "complete": True}
            case, name = Case.objects.get(pk=self.told.case.pk), document_of(self.told.rapid_review)
            answers.save(case, name, "voice", typed=typed, seen_version=self.seen, **how)
            self.heard.append("saved")
        except answers.Conflict:
            self.heard.append("told")
        finally:
            connections.close_all()


@pytest.mark.parametrize("before", [False, True])
def test_who_types_while_it_is_put_is_told_that_it_changed(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    if before:
        put(told, token, body(voice={"text": "First words."}))
    bea = Bea(told, seen=1 if before else 0)
    monkeypatch.setattr(filing, "paper_of", bea.begins(paper_of))
    answer = put(told, token, body())
    bea.thread.join(timeout=60)
    assert answer.status_code == 200, answer.json()
    assert bea.heard == ["told"]
    assert set(Answers.objects.values_list("edited_by__name", flat=True)) != {"Bea"}


def test_what_is_typed_while_it_is_sent_is_not_sent(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(told, token, body())
    all_sign(told)
    bea = Bea(told, seen=1)
    monkeypatch.setattr(filing, "signatures", bea.begins(signatures))
    answer = send_it(told, token)
    bea.thread.join(timeout=60)
    assert answer.status_code == 200, answer.json()
    assert bea.heard == ["saved"]
    assert OWN not in str(SentReview.objects.get().content)
