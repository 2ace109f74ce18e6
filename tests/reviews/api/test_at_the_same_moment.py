"""While a system writes or sends, a person types or it sends again: one comes after the other."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction

from reviews import filing
from reviews.forms.document import paper_of
from reviews.models import SentReview, SignOff
from reviews.services.drafts import document_of
from reviews.services.reading import signatures
from reviews.services.signing import CHANGED
from tests.notifications.answers import hidden, sign_in
from tests.notifications.api.filed import let_in
from tests.reviews.api.reviewed import SCOPES, TODAY, all_sign, body, put, send_it, tag
from tests.reviews.telling import Told, a_rapid_review
from tests.story import moment
from tests.workflow.api.conftest import is_problem, token_of
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


class Meanwhile:
    """What somebody does over another connection, once it begins."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act
        self.heard: list[Any] = []
        self.thread = threading.Thread(target=self._do)

    def after(self, first: Callable[..., Any]) -> Callable[..., Any]:
        """What is done first, after which this begins, and is done or has to wait."""

        def done(*where: Any, **how: Any) -> Any:
            found = first(*where, **how)
            if not self.thread.ident:
                self.begins()
            return found

        return done

    def begins(self) -> None:
        """It is done, or waits for whoever called this."""
        self.thread.start()
        waits = 0
        while self.thread.is_alive() and not waits:
            time.sleep(0.02)
            with connection.cursor() as cursor:
                cursor.execute(WAITS)
                (waits,) = cursor.fetchone()

    def ended(self) -> Any:
        """What came of it."""
        self.thread.join(timeout=60)
        (heard,) = self.heard
        return heard

    def _do(self) -> None:
        try:
            self.heard.append(self.act())
        finally:
            connections.close_all()


def bea_saves(told: Told, *, seen: int) -> str:
    """Bea types over a page that she saw before."""
    typed = {"text": [OWN], "finished": ["yes"]}
    how: Any = {"by": told.cast.bea, "at": moment(TODAY), "complete": True}
    case, name = Case.objects.get(pk=told.case.pk), document_of(told.rapid_review)
    try:
        answers.save(case, name, "voice", typed=typed, seen_version=seen, **how)
    except answers.Conflict:
        return "told"
    return "saved"


@pytest.mark.parametrize("before", [False, True])
def test_who_types_while_it_is_put_is_told_that_it_changed(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    if before:
        put(told, token, body(voice={"text": "First words."}))
    bea = Meanwhile(partial(bea_saves, told, seen=1 if before else 0))
    monkeypatch.setattr(filing, "paper_of", bea.after(paper_of))
    answer = put(told, token, body())
    assert bea.ended() == "told"
    assert answer.status_code == 200, answer.json()
    assert set(Answers.objects.values_list("edited_by__name", flat=True)) != {"Bea"}


def test_what_is_typed_while_it_is_sent_is_not_sent(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(told, token, body())
    all_sign(told)
    bea = Meanwhile(partial(bea_saves, told, seen=1))
    monkeypatch.setattr(filing, "signatures", bea.after(signatures))
    answer = send_it(told, token)
    assert bea.ended() == "saved"
    assert answer.status_code == 200, answer.json()
    assert OWN not in str(SentReview.objects.get().content)


@pytest.mark.parametrize("ask", [put, send_it])
def test_who_typed_just_before_is_waited_for(told: Told, token: str, ask: Any) -> None:
    put(told, token, body())
    all_sign(told)
    seen = tag(told, token)
    system = Meanwhile(lambda: ask(told, token, {} if ask is send_it else body(), seen=seen))
    with transaction.atomic():
        assert bea_saves(told, seen=1) == "saved"
        system.begins()
        assert not system.heard
    is_problem(system.ended(), 412)
    assert not SentReview.objects.exists()
    assert Answers.objects.get(section="voice").answers["text"] == [OWN]


@pytest.mark.parametrize("ask", [put, send_it])
def test_of_two_at_once_one_is_done(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch, ask: Any
) -> None:
    put(told, token, body())
    all_sign(told)
    seen, said = tag(told, token), {} if ask is send_it else body(summary={"text": "Other words."})
    second = Meanwhile(lambda: ask(told, token, said, seen=seen))
    monkeypatch.setattr(filing, "signatures", second.after(signatures))
    first = send_it(told, token, seen=seen)
    is_problem(second.ended(), 412)
    assert first.status_code == 200, first.json()
    assert SentReview.objects.count() == 1
    assert not Answers.objects.exclude(version=1).exists()


def test_who_signs_while_it_is_put_signs_nothing_unread(
    told: Told, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(told, token, body())
    browser, page = sign_in(told.cast.ira), f"/cases/{told.case.address}/rapid-review/sign/"
    seen = hidden(browser.get(page).content.decode(), "version")
    typed = {"view": "agree", "position": "Chief nurse", "comment": "", "version": seen}
    ira = Meanwhile(partial(browser.post, page, typed))
    monkeypatch.setattr(filing, "paper_of", ira.after(paper_of))
    assert put(told, token, body(summary={"text": "Other words."})).status_code == 200
    assert CHANGED in ira.ended().content.decode()
    assert not SignOff.objects.exists()
