"""Of a reason that is not what the log committed to, the log itself says what is left, and by whom.

What stands in its place now is known by a digest in the entry by which two people took words out.
Whoever owns the database can keep the old digest and put other words there: the log says nothing.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests import databases
from tests.notifications.answers import a_draft, country, sent
from tests.notifications.redacted import MARK, answered, proposed
from tests.notifications.test_taking_words_out_of_reasons import asked, of, text
from tests.story import Story, cast, moment
from tests.workflow.audit.test_the_log import VERIFIER, audit, grow, verified
from workflow.audit import keys
from workflow.audit.verify_audit import TakenOut

DIGEST = "encode(sha256(reason), 'hex')"
OTHER = "(SELECT reason FROM workflow_event WHERE act = 'open' LIMIT 1)"
CALL = " check_rewritten(found, taken_out)\n"
NOBODY = "no act of two people in the log says so"


def key() -> str:
    return f"--key={keys.public()}"


@pytest.fixture
def story(committing_db: str) -> Any:
    """Words were taken out of a reply; of what the Panel had asked, none were."""
    with time_machine.travel(moment("2026-11-20", "10:00"), tick=False):
        everyone = country(cast())
        found = asked(everyone, sent(a_draft(everyone), everyone.ada))
        grow(committing_db)
        yield found


def taken(story: Story) -> None:
    where = text(story.case, "act", "reply").place
    answered(story.case, proposed(story.case, story.cast, "ada", where), story.cast)


def exported(story: Story, folder: Path) -> list[Path]:
    """The case's bundle, and the whole log."""
    case, log = folder / "case.json", folder / "log"
    assert audit("export", story.case.reference, "--out", case)[0] == 0
    assert audit("export", "--all", "--out", log)[0] == 0
    return [case, log]


def test_what_two_people_took_out_verifies_and_what_was_exported_before_does_too(
    story: Story, committing_db: str, tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    before = exported(story, tmp_path / "before")
    taken(story)
    # Not in the log yet, and waits for it: nobody has tampered.
    assert audit("verify")[0] == 0
    with pytest.raises(Exception, match="was not signed yet"):
        audit("export", story.case.reference, "--out", tmp_path / "too-soon")
    grow(committing_db)
    assert audit("verify")[0] == 0
    after = exported(story, tmp_path)
    for path in (*before, *after):
        code, found = verified(path, key())
        assert code == 0, (path, found)
    assert json.loads(after[0].read_text())["rewritten"].keys() == {str(of("reply").pk)}
    assert "rewritten" not in json.loads(before[0].read_text())
    assert MARK in of("reply").reason


TAMPERED = {
    # With what the log committed to beside it, as if words had been taken out.
    "a reason that nobody took words out of": (
        "request_information",
        f"reason_was = {DIGEST}, reason = {OTHER}",
    ),
    "a reason that two people took words out of": ("reply", f"reason = {OTHER}"),
    "words that two people took out, put back": (
        "reply",
        "reason = (SELECT f.reason FROM first f WHERE f.id = e.id), reason_was = ''",
    ),
    "what it was": ("reply", "reason_was = md5(reason_was) || md5(reason_was)"),
    "a reason alone": ("request_information", f"reason = {OTHER}"),
    "a reason that nobody left": (
        "request_information",
        f"reason_was = {DIGEST}, reason = NULL",
    ),
}


def test_whatever_the_owner_puts_in_its_place_is_found_in_the_database_and_in_what_is_exported(
    story: Story, committing_db: str, tmp_path: Path
) -> None:
    keep = "CREATE TEMPORARY TABLE kept AS SELECT id, reason, reason_was FROM workflow_event"
    back = "UPDATE workflow_event e SET reason = k.reason, reason_was = k.reason_was FROM kept k"
    with databases.as_owner(committing_db) as server:
        server.execute(b"CREATE TEMPORARY TABLE first AS SELECT id, reason FROM workflow_event")
        taken(story)
        grow(committing_db)
        server.execute(b"ALTER TABLE workflow_event DISABLE TRIGGER USER")
        server.execute(b"ALTER TABLE workflow_event ALTER reason DROP NOT NULL")
        server.execute(keep.encode())
        for what, (act, change) in TAMPERED.items():
            server.execute(f"UPDATE workflow_event e SET {change} WHERE act = '{act}'".encode())
            code, said = audit("verify")
            assert code == 1, what
            assert (f"The reason of act {of(act).pk} was changed" in said) == ("two" in what or
                "nobody" in what), (what, said)  # fmt: skip
            # Out of the database the one file tells it too: of the sealed form, or of the entry.
            for path in exported(story, tmp_path):
                code, found = verified(path, key())
                assert (code, found["ok"]) == (1, False), (what, path)
            server.execute(f"{back} WHERE k.id = e.id".encode())
        assert audit("verify")[0] == 0


def test_a_verifier_that_does_not_ask_the_log_finds_nothing(
    story: Story, committing_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, change = TAMPERED["a reason that nobody took words out of"]
    with databases.as_owner(committing_db) as server:
        server.execute(b"ALTER TABLE workflow_event DISABLE TRIGGER USER")
        server.execute(f"UPDATE workflow_event SET {change} WHERE act = '{act}'".encode())
    broken = tmp_path / "broken.py"
    assert VERIFIER.read_text().count(CALL) == 2
    broken.write_text(VERIFIER.read_text().replace(CALL, " pass\n"))
    paths = exported(story, tmp_path)
    assert [verified(path, key())[0] for path in paths] == [1, 1]
    monkeypatch.setattr("tests.workflow.audit.test_the_log.VERIFIER", broken)
    assert [verified(path, key())[0] for path in paths] == [0, 0]


def entry(
    act: str, actor: int | None, *, case: int = 1, sequence: int = 9, **payload: Any
) -> bytes:
    place = {"document": "act", "item": "7", "field": "reason"}
    said = {"kind": "event", "act": act, "actor": actor, "case": case, "sequence": sequence}
    return json.dumps({**said, "payload": {**place, **payload}}).encode()


def the_acts(found: TakenOut) -> TakenOut:
    """Act 7 and what repeats it, act 6; act 8 of somebody else, and act 9 of another case."""
    for key, case, actor in ((7, 1, 3), (6, 1, 3), (8, 1, 4), (9, 2, 3)):
        said = {"id": key, "kind": "event", "case": case, "actor": actor, "at": "10:00"}
        found.did(json.dumps(said).encode())
    return found


@pytest.mark.parametrize(
    ("entries", "explains"),
    [
        ([("propose_redaction", 1), ("take_words_out", 2)], True),
        ([("propose_redaction", 1), ("take_words_out", 1)], False),
        ([("take_words_out", 2)], False),
        ([("propose_redaction", None), ("take_words_out", 2)], False),
        ([("propose_redaction", 1), ("decline_redaction", 3), ("take_words_out", 2)], False),
        ([("propose_redaction", 1), ("take_words_out", 2), ("take_words_out", 2)], True),
    ],
)
def test_one_person_alone_explains_nothing(entries: list[tuple[str, int]], explains: bool) -> None:
    found = TakenOut()
    for act, actor in entries:
        said: dict[str, Any] = {"left": {"7": "ab"}} if act == "take_words_out" else {}
        found.read(entry(act, actor, **said))
    the_acts(found)
    assert (found.unexplained({"7": "ab"}) == []) is explains
    # Neither another act, nor other words of this one, nor none.
    assert found.unexplained({"8": "ab", "7": "cd"}) == ["8", "7"]
    assert found.unexplained({"7": None}) == ["7"]


def taken_out(*entries: bytes) -> TakenOut:
    found = TakenOut()
    for one in entries:
        found.read(one)
    return the_acts(found)


def both(*, left: dict[str, Any], case: int = 1, sequence: int = 9, **more: Any) -> list[bytes]:
    how: Any = {"case": case, **more}
    return [
        entry("propose_redaction", 1, sequence=sequence - 1, **how),
        entry("take_words_out", 2, sequence=sequence, left=left, **how),
    ]


def test_another_text_that_was_asked_for_explains_nothing() -> None:
    asked, taken = both(left={"7": "ab"})
    assert taken_out(asked, taken).unexplained({"7": "ab"}) == []
    other = entry("propose_redaction", 1, item="8")
    assert taken_out(other, taken).unexplained({"7": "ab"}) == ["7"]


def test_it_says_so_of_that_act_and_of_what_repeats_it_alone() -> None:
    found = taken_out(*both(left={"7": "ab", "6": "cd", "8": "ef", "9": "gh"}))
    assert found.unexplained({"7": "ab", "6": "cd"}) == []
    assert found.unexplained({"7": "ab", "6": "cd", "8": "ef", "9": "gh"}) == ["8", "9"]


@pytest.mark.parametrize(
    "more",
    [{"case": 2}, {"document": "notification"}, {"document": "sign-off"}, {"item": "9", "case": 2}],
)
def test_what_is_said_elsewhere_explains_nothing(more: dict[str, Any]) -> None:
    assert taken_out(*both(left={"7": "ab"}, **more)).unexplained({"7": "ab"}) == ["7"]


def test_the_last_in_the_trail_counts_in_whatever_order_they_came_into_the_log() -> None:
    first, then = both(left={"7": "ab"}), both(left={"7": "cd"}, sequence=12)
    for order in ((*first, *then), (*then, *first)):
        assert taken_out(*order).unexplained({"7": "cd"}) == []
        assert taken_out(*order).unexplained({"7": "ab"}) == ["7"]


@pytest.mark.parametrize("odd", [{"document": []}, {"item": {}}, {"field": 3}, {"left": ["7"]}])
def test_what_makes_no_sense_says_nothing_and_stops_nothing(odd: dict[str, Any]) -> None:
    asked, taken = both(**{"left": {"7": "ab"}, **odd})
    assert taken_out(asked, taken).unexplained({}) == []


def test_no_entry_is_added_that_the_log_would_call_changed(story: Story) -> None:
    row = of("reply")
    row.pk, row.sequence, row.reason_was = None, row.sequence + 100, "a" * 64
    with pytest.raises(IntegrityError, match="is added as it comes"), transaction.atomic():
        row.save(force_insert=True)
