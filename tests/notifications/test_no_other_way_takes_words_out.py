"""The database refuses every other way to take words out, to whoever has the program's own role."""

import json
import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.notifications.redacted import (
    NAME,
    SAFETY,
    SUMMARY,
    answered,
    held,
    named_in_error,
    proposed,
    reviewed,
    run,
)
from tests.story import Cast, moment
from workflow import clock
from workflow.models import Case, Event, Redaction
from workflow.retention import redacting
from workflow.sealed import answers


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return named_in_error(draft, everyone)


HISTORY = "workflow_answersevent"


def raw(everyone: Cast, found: Redaction, by: str = "ben", **said: Any) -> int:
    """An answer to a proposal as a program that forgets every rule would write it."""
    values = {
        "state": "confirmed", "words": None, "answered_by_id": everyone.people[by].pk,
        "answered_role": "la_approver", "answered_organisation_id": everyone.northmoor.pk,
        "answered_on": found.not_before, "answered_at": moment(found.not_before), **said,
    }  # fmt: skip
    columns = ", ".join(f"{name} = %s" for name in values)
    statement = f"UPDATE workflow_redaction SET {columns} WHERE id = %s"
    return run(everyone, "ben", statement, *values.values(), found.pk)


def entry(found: Redaction, everyone: Cast, by: str = "ben", **said: Any) -> int:
    """An entry in the trail that says so, but for what is `said` otherwise."""
    on = said.pop("on", found.not_before)
    how = {"act": "take_words_out", "reason_code": found.rule, "at": moment(on), **said}
    payload = {name: getattr(found, name) for name in ("document", "page", "item", "field")}
    how["payload"] = {**payload, "copies": 0, **said.get("payload", {})}
    return Event.objects.create(
        case=found.case, authority=everyone.northmoor, sequence=900 + Event.objects.count(),
        actor=everyone.people[by], capacity="la_approver", organisation=everyone.northmoor, on=on,
        recorded_at=clock.now(), **how,
    ).pk  # fmt: skip


def test_raw_sql_confirms_nothing_that_the_service_would_not(named: Case, everyone: Cast) -> None:
    found = proposed(named, everyone)
    entries = {by: entry(found, everyone, by) for by in ("ada", "ben")}
    elsewhere = ({"page": "safety"}, {"document": "rapid-review"}, {"field": "x"}, {"copies": 1})
    wrongly = [entry(found, everyone, payload=said) for said in ({"item": "1"}, *elsewhere)]
    wrongly += [
        entry(found, everyone, act="decline_redaction"),
        entry(found, everyone, reason_code="other"),
        entry(found, everyone, at=moment("2026-11-20", "09:00")),
    ]
    today = {"answered_on": clock.today(), "answered_at": moment(clock.today())}
    sealed: Any = Redaction.objects.filter(pk=found.pk).values_list("words", flat=True)[0]
    words = bytes(sealed)
    tried: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "the trail has to say so"),
        *(({"event_id": one}, "the trail has to say so") for one in wrongly),
        ({"event_id": entry(found, everyone, on=clock.today()), **today}, "time to hold it"),
        ({"event_id": entries["ada"]}, "the trail has to say so"),
        ({"event_id": entries["ada"], "by": "ada"}, "two people"),
        ({"event_id": entries["ben"], "words": words}, "redaction_waits_or_answered"),
        ({"event_id": entries["ben"], "section": "safety"}, "answered once"),
        ({"event_id": entries["ben"], "by_id": everyone.bea.pk}, "answered once"),
        ({"event_id": entries["ben"], "state": "proposed"}, "answered once"),
    )
    for wrong, said in tried:
        with pytest.raises(DatabaseError, match=said):
            raw(everyone, found, **wrong)
    held(named, everyone, "petra")
    with pytest.raises(DatabaseError, match="legal hold"):
        raw(everyone, found, event_id=entries["ben"])
    answered(named, found, everyone, act=redacting.decline)
    with pytest.raises(DatabaseError, match="answered once"):
        raw(everyone, found, event_id=entries["ben"])
    with pytest.raises(DatabaseError, match="permission denied"):
        run(everyone, "ben", "DELETE FROM workflow_redaction")
    with pytest.raises(DatabaseError, match="legal hold"):
        run(everyone, "ben", "INSERT INTO workflow_redaction SELECT (jsonb_populate_record("
            "NULL::workflow_redaction, to_jsonb(r) || '{\"id\": 999999}')).*"
            " FROM workflow_redaction r")  # fmt: skip


def test_nothing_is_proposed_as_done(named: Case, everyone: Cast) -> None:
    answered(named, proposed(named, everyone), everyone)
    with pytest.raises(DatabaseError, match="first it is proposed"):
        run(everyone, "ben", "INSERT INTO workflow_redaction SELECT (jsonb_populate_record("
            "NULL::workflow_redaction, to_jsonb(r) || '{\"id\": 999999}')).*"
            " FROM workflow_redaction r")  # fmt: skip


def test_without_a_confirmed_redaction_no_copy_can_be_rewritten(
    named: Case, everyone: Cast
) -> None:
    proposed(named, everyone)
    reviewed(everyone)
    copies = {
        HISTORY: "answers", "notifications_amendment": "before", "reviews_sentreview": "content",
        "reviews_partnersdecision": "reason",
    }  # fmt: skip
    for table, column in copies.items():
        for who in ("ben", "ada"):
            with pytest.raises(DatabaseError, match="append-only"):
                run(everyone, who, f"UPDATE {table} SET {column} = {column}")
        with pytest.raises(DatabaseError, match="permission denied"):
            run(everyone, "ben", f"UPDATE {table} SET case_id = case_id")
        with pytest.raises(DatabaseError, match=r"permission denied|append-only"):
            run(everyone, "ben", f"DELETE FROM {table}")
    own = "UPDATE workflow_keptpage SET kept = kept WHERE person_id <> %s"
    assert run(everyone, "ben", own, everyone.ben.pk) == 0


def test_the_application_may_change_these_columns_of_records_and_no_others(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname, a.attname FROM pg_class c JOIN pg_attribute a"
            " ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_trigger t ON t.tgrelid = c.oid"
            " WHERE t.tgname LIKE 'pgtrigger_keep_rows_%%'"
            " AND has_column_privilege(c.oid, a.attnum, 'UPDATE')"
        )
        assert set(cursor.fetchall()) == {
            (HISTORY, "answers"),
            ("notifications_amendment", "before"),
            ("notifications_amendment", "after"),
            ("notifications_amendment", "reason"),
            ("reviews_sentreview", "content"),
            ("reviews_partnersdecision", "reason"),
            ("reviews_signoff", "comment"),
            ("reviews_signoff", "position"),
            ("reviews_assessment", "learning"),
            ("reviews_assessment", "notes"),
            ("reviews_panelresponse", "text"),
            ("workflow_event", "reason"),
            ("workflow_event", "reason_was"),
            ("workflow_caserestriction", "reason"),
            ("workflow_casetransferevent", "reason"),
            ("workflow_casetransferevent", "answer"),
            ("workflow_breachacknowledgement", "reason"),
        }


def test_no_refusal_of_it_looks_for_a_table_where_somebody_else_could_put_one(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid"
            " WHERE NOT t.tgisinternal AND (t.tgrelid = 'workflow_redaction'::regclass"
            " OR p.prosrc ~ 'workflow_redaction r')"
        )
        functions = dict(cursor.fetchall())
    assert len(functions) == 15
    found = {
        name: re.findall(r"(?:FROM|JOIN) +(\w+_\w+)", said) for name, said in functions.items()
    }
    assert {name: tables for name, tables in found.items() if tables} == {}
    with pytest.raises(DatabaseError, match="permission denied to create temporary tables"):
        run_as_nobody("CREATE TEMPORARY TABLE workflow_redaction (case_id bigint)")


def run_as_nobody(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_of_a_case_that_was_notified_nothing_is_proposed_to_go_at_once(
    named: Case, everyone: Cast
) -> None:
    answered(named, proposed(named, everyone), everyone, act=redacting.decline)
    at_once = (
        "INSERT INTO workflow_redaction SELECT (jsonb_populate_record(NULL::workflow_redaction,"
        " to_jsonb(r) || %s || jsonb_build_object('words', r.reason, 'not_before', r.on))).*"
        " FROM workflow_redaction r"
    )
    blank = dict.fromkeys(("answered_by_id", "answered_on", "answered_at", "event_id"))
    said = json.dumps({"id": 999999, "state": "proposed", **blank})
    with pytest.raises(DatabaseError, match="time to hold it"):
        run(everyone, "ben", at_once.replace("%s", "%s::jsonb"), said)


def test_of_decisions_only_the_one_that_was_sent_with_its_reasons_changes(
    everyone: Cast, ada: Any
) -> None:
    told = reviewed(everyone)
    said = f"{NAME} was seen."
    told.typed("summary", {"text": [said], "finished": ["yes"]}, on="2026-11-12")
    answered(told.case, proposed(told.case, everyone, place=SUMMARY), everyone)
    assert run(everyone, "ben", "UPDATE reviews_sentreview SET content = content") == 1
    with pytest.raises(DatabaseError, match="append-only"):
        run(everyone, "ben", "UPDATE reviews_partnersdecision SET reason = reason")


def test_in_the_transaction_itself_only_the_copies_of_that_answer_change(
    named: Case, everyone: Cast
) -> None:
    # Each test is one transaction: what was confirmed in it is confirmed in this one.
    answered(named, proposed(named, everyone), everyone)
    own = f"UPDATE {HISTORY} SET answers = answers WHERE section = %s AND document = %s"
    assert run(everyone, "ben", own, "description", "notification") > 0
    for section, document in (
        ("safety", "notification"), ("children", "notification"), ("harm", "notification-2"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"):
            run(everyone, "ben", own, section, document)
    # Of the same case, in the other document.
    told = reviewed(everyone)
    how: dict[str, Any] = {"typed": {"action": [NAME]}, "seen_version": 0, "by": everyone.ada}
    answers.save(told.case, "notification", "safety", **how, at=clock.now())
    answered(told.case, proposed(told.case, everyone, place=SAFETY), everyone)
    for table, column in (("sentreview", "content"), ("partnersdecision", "reason")):
        with pytest.raises(DatabaseError, match="append-only"):
            run(everyone, "ben", f"UPDATE reviews_{table} SET {column} = {column}")
