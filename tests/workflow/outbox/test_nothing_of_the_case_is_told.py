"""Nothing that a case holds leaves with a message, a calendar, a log line or a task."""

import logging
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.template import engines
from jinja2 import ChoiceLoader, DictLoader

from tests.notifications.answers import at, sign_in
from tests.story import moment
from tests.workflow.outbox.conftest import Post
from tests.workflow.outbox.leaving import ALL_KINDS, ON_ITS_PAGES, Filled, everything_told, leaks
from workflow import clock
from workflow.law import duties
from workflow.models import Answers, Case, Outbox
from workflow.outbox import delivering, letters, mail, mime, tasks
from workflow.outbox.letters import Letter, Message, Note
from workflow.outbox.wording import WORDINGS, Wording
from workflow.reminders.letters import WORDS, Words


@pytest.fixture
def filled(committing_db: str) -> Iterator[Filled]:
    with clock.told(moment("2026-11-20")):
        yield Filled(committing_db)


def test_the_case_holds_the_words_that_are_looked_for(filled: Filled) -> None:
    html = sign_in(filled.everyone.ada).get(at("read", filled.sent)).content.decode()
    # Names are shown to whoever asks for them.
    html += sign_in(filled.everyone.ada).post(at("children", filled.sent)).content.decode()
    assert [word for word in ON_ITS_PAGES if word not in html] == []


def test_nothing_of_the_case_stands_in_anything_that_leaves(filled: Filled, post: Post) -> None:
    told = everything_told(filled, post)
    places = {where for where, _ in told}
    assert {f"{kind} Subject" for kind in ALL_KINDS} <= places
    assert {f"webhook {kind}" for kind in ALL_KINDS} <= places
    assert {"sent text/plain", "sent text/html", "calendar", "log", "task"} <= places
    assert any(filled.sent.label in text for _, text in told)
    assert any(filled.draft.label in text for _, text in told)
    assert leaks(told) == set()


class Naming(logging.LoggerAdapter[logging.Logger]):
    """A log that says of every line which area it is about."""

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """The line, with the area behind it."""
        return f"{msg} in {Case.objects.latest('pk').authority.name}", kwargs


def answered(case: Case, section: str) -> dict[str, list[str]]:
    """What was answered in a section of the notification."""
    row = Answers.objects.select_related("case").filter(case=case, section=section).first()
    assert row is not None
    return dict(row.answers)


@dataclass
class Break:
    """A way in which the service is made to tell something, and puts it back."""

    patch: pytest.MonkeyPatch
    filled: Filled

    def act_without_words_of_its_own(self) -> None:
        self.patch.delitem(WORDINGS, "harm_became_death")

    def act_in_capital_letters(self) -> None:
        self.patch.setitem(WORDINGS, "reply", Wording("DEATH: {label}", "Answered.", "Sign in."))

    def webhook_with_the_harm(self) -> None:
        told = mail.about_an_act

        def about(row: Outbox) -> Message | None:
            said = told(row)
            return said and replace(said, words=Note("", f"{said.words.text} {row.kind}"))

        self.patch.setattr(mail, "about_an_act", about)

    def letter_with_the_area(self) -> None:
        def about(row: Outbox) -> Letter:
            assert row.case is not None
            return Letter(
                row.case.authority.name, (row.case.label,), letters.address("/"), "Yours."
            )

        self.patch.setattr(mail, "about_a_case", about)

    def act_with_the_child(self) -> None:
        (given,) = answered(self.filled.sent, "children")["given"]
        self.patch.setitem(WORDINGS, "submit", Wording("Received: {label}", given, "Sign in."))

    def page_with_what_happened(self) -> None:
        (story,) = answered(self.filled.sent, "description")["description"]
        self._template("emails/letter.html", f"<p>{story}</p>")

    def sign_in_with_the_harm(self) -> None:
        self._template("account/email/new_device_message.txt", "About the Abuse: sign in.")

    def duty_by_its_title(self) -> None:
        duty = duties.LOOKED_AFTER_CHILD_DEATH
        self.patch.setitem(WORDS, duty.slug, Words(duty.title, duty.title))

    def log_with_the_area(self) -> None:
        self.patch.setattr(delivering, "log", Naming(delivering.log))

    def task_with_the_area(self) -> None:
        self.patch.setattr(tasks, "waiting", lambda at: [self.filled.sent.authority.name])

    def _template(self, name: str, text: str) -> None:
        env = engines["jinja2"].env  # type: ignore[attr-defined]
        broken = ChoiceLoader([DictLoader({name: text}), env.loader])
        self.patch.setattr(env, "loader", broken)
        self.patch.setattr(env, "cache", {})


@pytest.fixture
def broken(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> Iterator[Break]:
    _forget()
    with monkeypatch.context() as patch:
        yield Break(patch, filled)
    _forget()


def _forget() -> None:
    # Letters written once are kept for copies of them; a broken one must reach nobody else.
    letters._written.cache_clear()
    mime._shared.cache_clear()


Breaks = dict[Callable[[Break], None], set[tuple[str, str]]]
# Of each group all at once: none of them stands where another is looked for.
BY_WORDS: Breaks = {
    Break.act_without_words_of_its_own: {("harm_became_death Subject", "death")},
    Break.act_in_capital_letters: {("reply Subject", "death"), ("reply text/html", "death")},
    Break.act_with_the_child: {("submit text/plain", "Zelda"), ("sent text/html", "Zelda")},
    Break.duty_by_its_title: {
        ("reminder Subject", "looked-after"),
        ("digest text/plain", "death"),
        ("calendar", "death"),
    },
}
BY_WHAT_TELLS_THEM: Breaks = {
    Break.webhook_with_the_harm: {("webhook harm_became_death", "death")},
    Break.letter_with_the_area: {("submit Subject", "Northmoor")},
    Break.page_with_what_happened: {("reminder text/html", "Wyvernholt")},
    Break.sign_in_with_the_harm: {("account/email/new_device text/plain", "abuse")},
    Break.log_with_the_area: {("log", "Northmoor")},
    Break.task_with_the_area: {("task", "Northmoor")},
}


@pytest.mark.parametrize("breaks", [BY_WORDS, BY_WHAT_TELLS_THEM], ids=["words", "tellers"])
def test_the_control_what_is_told_is_found(broken: Break, post: Post, breaks: Breaks) -> None:
    for how in breaks:
        how(broken)
    told = leaks(everything_told(broken.filled, post))
    assert {how.__name__ for how, found in breaks.items() if not found <= told} == set()
