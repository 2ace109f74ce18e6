"""Words are taken out of the reason of an act and of what repeats it, and the trail says so."""

import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.notifications.answers import sent, sign_in
from tests.notifications.redacted import (
    MARK,
    NAME,
    again,
    answered,
    held,
    left,
    proposed,
    run,
)
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_what_was_written import kinds
from tests.notifications.test_taking_words_out_on_the_pages import TYPED, hidden, in_front
from tests.story import Cast, Story, day, moment
from tests.templates.markup import Markup
from workflow import clock
from workflow.machine.refusals import CannotAdvance
from workflow.models import Case, Event, KeptPage, Redaction
from workflow.retention.copies import FreeText, free_texts
from workflow.retention.taken_out import taken_out
from workflow.sealed.slot import as_stored

ASKS, SAYS = f"Was {NAME} seen by the hospital?", f"{NAME} was seen on Monday."


def asked(everyone: Cast, case: Case) -> Story:
    """The Panel asked, and was answered, by the same words."""
    story = Story(everyone, case)
    until: Any = {"facts": {"reply_on": day("2026-11-30")}}
    process = story.again().notification
    story.act(process, "request_information", "sol", "2026-11-20", reason=ASKS, **until)
    story.act(story.again().notification, "reply", "ada", "2026-11-20", "11:00", reason=SAYS)
    return story


@pytest.fixture
def story(everyone: Cast, draft: Case) -> Story:
    return asked(everyone, sent(draft, everyone.ada))


def texts(case: Case, document: str) -> list[FreeText]:
    return free_texts(again(case), on=clock.today(), of=[document])


def text(case: Case, document: str, act: str) -> FreeText:
    (found,) = (one for one in texts(case, document) if one.row.act == act)
    return found


def of(act: str) -> Event:
    return Event.objects.select_related("case").get(act=act)


def digest(event: Event) -> str:
    """Of its reason as it rests, sealed."""
    with as_stored():
        sealed: Any = event.reason
    return hashlib.sha256(sealed).hexdigest()


def gone(case: Case, everyone: Cast, by: str, found: FreeText, other: str = "ben") -> None:
    """Two people take the name out."""
    answered(case, proposed(case, everyone, by, found.place), everyone, other)


@pytest.mark.parametrize(
    ("document", "act", "by", "other", "strangers"),
    [
        ("panel-act", "request_information", "sol", "petra", ("ada", "ben", "ira", "dele")),
        ("act", "reply", "ada", "ben", ("sol", "petra", "ira", "lena", "adam")),
    ],
)
def test_by_two_people_of_whoever_said_it_and_the_trail_says_what_is_left(
    story: Story, document: str, act: str, by: str, other: str, strangers: tuple[str, ...]
) -> None:
    where, before, everyone = text(story.case, document, act).place, digest(of(act)), story.cast
    for stranger in strangers:
        with pytest.raises(CannotAdvance), transaction.atomic():
            proposed(story.case, everyone, stranger, where)
    found = proposed(story.case, everyone, by, where)
    for stranger in (by, *strangers):
        with pytest.raises(CannotAdvance), transaction.atomic():
            answered(story.case, found, everyone, stranger)
    answered(story.case, found, everyone, other)
    event = of(act)
    assert event.reason == (SAYS if act == "reply" else ASKS).replace(NAME, MARK)
    assert (event.reason_was, digest(event) != before) == (before, True)
    assert of("take_words_out").payload["left"] == {str(event.pk): digest(event)}
    # What the other of both said is a text of its own.
    assert places_with(NAME) == {"workflow_event.reason"}
    (said,) = taken_out(again(story.case), document)
    assert said.where.endswith(", Friday 20 November 2026")


def test_who_received_it_is_told_and_has_two_working_days(story: Story) -> None:
    found = proposed(
        story.case, story.cast, "sol", text(story.case, "panel-act", "request_information").place
    )
    assert found.not_before == day("2026-11-24")
    partners = ["Northmoor Integrated Care Board", "Northmoor Police"]
    told = ["Department for Education", "Northmoor", *partners, "Ofsted"]
    assert kinds("words_wait") == told
    assert kinds("propose_redaction") == ["Petra"]
    proposed(story.case, story.cast, "ada", text(story.case, "act", "reply").place)
    panel = "Child Safeguarding Practice Review Panel"
    received = [panel, "Department for Education", *partners, "Ofsted", "Petra"]
    assert kinds("words_wait") == sorted([*told, *received])


def test_under_a_legal_hold_it_stays(story: Story) -> None:
    reply = text(story.case, "act", "reply")
    found = proposed(story.case, story.cast, "ada", reply.place)
    held(story.case, story.cast, "petra")
    with pytest.raises(CannotAdvance, match="legal hold"), transaction.atomic():
        answered(story.case, found, story.cast)
    assert of("reply").reason == SAYS
    # Why it is held is no text out of which words are taken.
    assert "hold_record" not in {one.row.act for one in texts(story.case, "panel-act")}


def test_a_second_time_the_row_still_knows_what_the_log_committed_to(story: Story) -> None:
    where, before = text(story.case, "act", "reply").place, digest(of("reply"))
    for words in (NAME, "Monday"):
        found = proposed(story.case, story.cast, "ada", where, words=[words])
        answered(story.case, found, story.cast)
    assert of("reply").reason == f"{MARK} was seen on {MARK}."
    assert of("reply").reason_was == before


OTHER = "(SELECT reason FROM workflow_event WHERE act = 'open' LIMIT 1)"


def test_the_database_rewrites_no_other_reason_and_this_one_to_no_other_words(story: Story) -> None:
    proposed(story.case, story.cast, "ada", text(story.case, "act", "reply").place)
    with pytest.raises(DatabaseError, match="append-only"):
        run(story.cast, "ben", "UPDATE workflow_event SET reason = reason WHERE act = 'reply'")
    gone(
        story.case, story.cast, "sol", text(story.case, "panel-act", "request_information"), "petra"
    )
    # Each test is one transaction: what was confirmed in it is confirmed in this one.
    own = "UPDATE workflow_event SET reason = reason WHERE act = 'request_information'"
    assert run(story.cast, "ben", own) == 1
    for statement in (
        f"UPDATE workflow_event SET reason = {OTHER} WHERE act = 'request_information'",
        "UPDATE workflow_event SET reason_was = '' WHERE act = 'request_information'",
        "UPDATE workflow_event SET reason = reason WHERE act = 'reply'",
        f"UPDATE workflow_event SET reason = {OTHER} WHERE act = 'submit'",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            run(story.cast, "ben", statement)
    for column in ("payload", "reason_code", "salt", "act"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(story.cast, "ben", f"UPDATE workflow_event SET {column} = {column}")
    with pytest.raises(DatabaseError, match="permission denied"):
        run(story.cast, "ben", "DELETE FROM workflow_event")


@pytest.mark.parametrize("typed_as", ["reason", "note", "absent"])
def test_what_whoever_gave_it_typed_again_and_left_goes_with_it(
    story: Story, typed_as: str
) -> None:
    page = f"/cases/{story.case.token}/reply/"
    for name in ("ada", "ben"):
        left(story.case, story.cast.people[name], page, SAYS, typed_as)
    left(story.case, story.cast.ada, f"{page}other/", SAYS, "description")
    gone(story.case, story.cast, "ada", text(story.case, "act", "reply"))
    rows = KeptPage.objects.select_related("case", "person")
    said = {(row.person.name, row.page == page): str(row.kept["typed"]) for row in rows}
    assert MARK in said["Ada", True]
    assert NAME in said["Ben", True]
    assert NAME in said["Ada", False]


def test_on_the_timeline_the_mark_stands_and_no_query_more_is_asked(
    story: Story, today: Any
) -> None:
    sol, here = sign_in(story.cast.sol), reverse("timeline", args=[story.case.token])
    assert "Take words out of what you wrote" in sol.get(here).content.decode()
    today.move_to(moment("2026-11-25"))
    sol = sign_in(story.cast.sol)

    def asks() -> int:
        with CaptureQueriesContext(connection) as found:
            sol.get(here)
        return len(found)

    asks()
    before = asks()
    gone(
        story.case, story.cast, "sol", text(story.case, "panel-act", "request_information"), "petra"
    )
    gone(story.case, story.cast, "ada", text(story.case, "act", "reply"))
    assert asks() == before
    today.move_to(moment("2026-11-30"))
    html = sign_in(story.cast.priya).get(here).content.decode()
    assert f"Was {MARK} seen by the hospital?" in html
    assert f"{MARK} was seen on Monday." in html
    assert NAME not in html
    assert "Reasons of the Panel’s acts, " in html
    reader = sign_in(story.cast.ira)
    assert "Take words out of what you wrote" not in reader.get(here).content.decode()


@pytest.mark.parametrize(
    ("document", "act", "by"),
    [("panel-act", "request_information", "sol"), ("act", "reply", "ada")],
)
def test_on_each_page_the_act_is_called_an_act(
    story: Story, document: str, act: str, by: str
) -> None:
    found, client = text(story.case, document, act), in_front(story.cast.people[by])
    href = reverse("redact-words", args=[story.case.token, found.row.pk, found.address])
    page = client.get(href)
    check = client.post(href, {**hidden(page), **TYPED})
    client.post(href, {**hidden(check), "confirmed": "yes"})
    waits = reverse("redact-answer", args=[story.case.token, Redaction.objects.get().pk])
    for answer in (page, check, client.get(waits)):
        keys = [one.text for one in Markup(answer.content.decode()).all("dt")]
        assert (keys[0], "Page" in keys) == ("Act", False)


def test_each_chooses_the_reasons_of_their_own_body_and_sees_no_other(story: Story) -> None:
    here = reverse("redact", args=[story.case.token])
    asks, says = (
        reverse("redact-words", args=[story.case.token, found.row.pk, found.address])
        for found in (
            text(story.case, "panel-act", "request_information"),
            text(story.case, "act", "reply"),
        )
    )
    for name, theirs in {"sol": {asks}, "ada": {says}, "ben": {says}}.items():
        client = sign_in(story.cast.people[name])
        listed = client.get(here).content.decode()
        assert {href for href in (asks, says) if href in listed} == theirs, name
        found = {href for href in (asks, says) if client.get(href).status_code == 200}
        assert found == theirs, name
    assert sign_in(story.cast.ira).get(here).status_code == 404
