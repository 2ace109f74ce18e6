"""What stands beside the cases: an emergency, an open transfer, kept pages, messages; and keys.

Each is made by the service that makes it for people, in the case's own words.
"""

from collections import Counter
from datetime import datetime, time
from typing import Any

import psycopg
from django.core import mail
from django.test import override_settings

from tests import databases
from tests.prove.showing import canaries
from tests.prove.sights import Told, World, word
from workflow import clock, services
from workflow.access.emergencies import Emergency
from workflow.access.rows import tables_of_cases
from workflow.api import clients, once
from workflow.board import acknowledging, saving
from workflow.deadlines.calendar import calendar
from workflow.machine import emergencies
from workflow.machine.refusals import CannotAdvance
from workflow.models import Deadline, Person
from workflow.outbox import delivering
from workflow.people import managing
from workflow.reminders import sweeping
from workflow.retention import holding, redacting
from workflow.retention.copies import free_texts
from workflow.retention.redaction import Rule
from workflow.sealed import kept
from workflow.webhooks import managing as webhooks

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
# The names of parts of addresses, and the tables whose keys stand there.
TABLES = {
    "why-reminder": "workflow_reminder",
    "why-message": "workflow_outbox",
    "message-again": "workflow_outbox",
    "message-close": "workflow_outbox",
    "person": "workflow_person",
    "person-role": "workflow_person",
    "person-act": "workflow_person",
    "invitation-again": "workflow_invitation",
    "emergency-review": "workflow_emergency",
    "breach-forget": "workflow_savedfilter",
    "lift-hold": "workflow_legalhold",
    "redact-words": "workflow_answers",
    "redact-answer": "workflow_redaction",
    "webhook": "workflow_webhook",
    "webhook-secret": "workflow_webhook",
    "webhook-end": "workflow_webhook",
    "webhook-again": "workflow_webhook",
}
# Administrators are shown that a restricted case exists and its dates, and that look is kept.
WATCHED = """(case_id = ANY(%(watched)s) AND person_id = %(me)s AND page = ANY(%(dates_alone)s)
    AND fields = 'listed')"""


def fill(world: World) -> None:
    """Every area has one of each."""
    today, now = clock.today(), clock.now()
    for number, area in enumerate(world.areas):
        mine = [
            one for one in world.told if one.area == number and not one.ended and one.named is None
        ]
        sent = next(one for one in mine if one.case.notified_on)
        after = (number + 1) % len(world.areas)
        stranger = world.areas[after].approver
        _in_emergency(sent, stranger)
        sent.touched.add(after)
        for row in Deadline.objects.filter(case=sent.case).late(on=today)[:1]:
            reason = f"We know why, {sent.word}."
            acknowledging.acknowledge(row, by=area.approver, on=today, at=now, reason=reason)
        typed = {"text": [f"Half a sentence of {sent.word}"]}
        page = f"/cases/{sent.case.address}/notification/amend/"
        kept.put(sent.case, area.notifier, page, typed, at=now)
        saving.save(area.approver, f"List of {word(number)}", "state=late", at=now)
        _invite(world, number)
        _register(world, number)
        _answer_a_system(world, number, sent)
        _proposed_to_take_out(sent, area.notifier)
        why = f"A claim about {sent.word} is expected."
        holding.hold(sent.case, by=area.approver, on=today, at=now, reason=why)
    giver = next(
        one for one in world.told
        if one.area == 0 and not one.ended and not one.case.notified_on
    )  # fmt: skip
    # The reason is for the authority that is asked as well, so it holds no word of the case's.
    asked: Any = {"by": world.areas[0].notifier, "on": today, "at": now, "reason": "It was there."}
    services.propose_transfer(giver.case, world.areas[1].authority, **asked)
    giver.touched.add(1)


def _in_emergency(one: Told, stranger: Person) -> None:
    reason = f"Somebody of {one.word} may be in danger tonight."
    how: Any = {"by": stranger, "on": clock.today(), "at": clock.now(), "reason": reason}
    try:
        emergencies.open_in_emergency(one.case.token, **how)
    except CannotAdvance as refusal:
        raise RuntimeError(f"{one.case.label} could not be opened: {refusal}") from refusal


def _proposed_to_take_out(one: Told, by: Person) -> None:
    """A word of the case waits to be taken out of an answer."""
    today, now = clock.today(), clock.now()
    free = next(found for found in free_texts(one.case, on=today) if found.text)
    words, rule = [max(free.text.split(), key=len)], Rule.OTHER
    how: Any = {"by": by, "on": today, "at": now, "reason": "It is no part of it."}
    redacting.propose(one.case, free.place, words=words, rule=rule, **how)


def _administrator(world: World, number: int) -> Person:
    found = next(
        one.person for one in world.readers if (one.role, one.area) == ("la_administrator", number)
    )
    assert found is not None
    return found


def _answer_a_system(world: World, number: int, one: Told) -> None:
    """A system of the area was answered about a case, and may ask for that answer again."""
    today, now = clock.today(), clock.now()
    how: Any = {"by": _administrator(world, number), "on": today, "at": now}
    place, may = world.areas[number].authority, ["notifications.write"]
    made = clients.let_in(f"Files of {word(number)}", place, may, **how)
    asked = once.Asked(made.client.account, word(number), one.word)
    once.keep(asked, one.case, {"said": f"Answer about {one.word}"}, at=now)


def _invite(world: World, number: int) -> None:
    administrator = _administrator(world, number)
    managing.invite(
        email=f"new@{number}.example",
        name=f"New {word(number)}",
        organisation=world.areas[number].authority,
        role="business_unit",
        since=clock.today(),
        by=administrator,
        on=clock.today(),
        at=clock.now(),
    )


def _register(world: World, number: int) -> None:
    """A system of the area is told of each act from now on."""
    how: Any = {"by": _administrator(world, number), "on": clock.today(), "at": clock.now()}
    webhooks.register(f"https://hooks.{number}.example/", world.areas[number].authority, **how)


def told_of_emergencies(world: World) -> None:
    """Privacy officers review what was opened so, whosever it is: its reference and its reason."""
    by_case = {one.case.pk: one for one in world.told}
    for reader in world.readers:
        if reader.role == "privacy_officer":
            for row in Emergency.objects.order_by("pk"):
                reader.tokens.add(by_case[row.case_id].case.token)
                reader.words.add(by_case[row.case_id].word)


def posted(world: World, database: str) -> dict[str, Any]:
    """Whatever waits is sent by the worker, and read: who is told of which case, in which words."""
    on = calendar().add(clock.today(), 1)
    # Some of it waits for the morning of a working day.
    morning = datetime.combine(on, time(10), tzinfo=clock.LONDON)
    with (
        databases.as_worker(database),
        override_settings(EMAIL_BACKEND=LOCMEM),
        clock.told(morning),
    ):
        mail.outbox = []
        sweeping.sweep()
        delivering.deliver()
        sent = list(mail.outbox)
    wrong: Counter[str] = Counter()
    # Whoever gave a case away is told that it was taken, by the reference that they knew.
    allowed = {
        reader.person.email: reader.tokens
        | {one.case.token for one in world.told if reader.area in one.touched and one.named is None}
        for reader in world.readers
        if reader.person is not None
    }
    own = {one.word: one for one in world.told}
    tokens = {one.case.token for one in world.told}
    for message in sent:
        found = canaries(f"{message.message()}\n{message.subject}\n{message.body}")
        found |= {
            c for part, _ in getattr(message, "alternatives", []) for c in canaries(str(part))
        }
        for reader in message.recipients():
            unseen = (found & tokens) - allowed.get(reader, set())
            wrong.update(f"mail to {reader}: {c}" for c in unseen | (found & own.keys()))
    return {"messages": len(sent), "leaks_in_mail": wrong.total(), "examples_in_mail": list(wrong)}


def read_keys(world: World, server: psycopg.Connection) -> None:
    """The keys of each area's rows, by the name of the address in which they stand."""
    for number, area in enumerate(world.areas):
        cases = [one.case.pk for one in world.told if one.area == number]
        people = [one.person.pk for one in world.readers if one.area == number and one.person]
        found: dict[str, list[int]] = {"place": [area.authority.pk]}
        for name, table in TABLES.items():
            found[name] = _keys(server, table, cases, people, area.authority.pk)[:20]
            assert found[name], f"nothing of area {number} in {table}"
        world.keys[number] = found


def _keys(
    server: psycopg.Connection, table: str, cases: list[int], people: list[int], place: int
) -> list[int]:
    conditions = {
        "workflow_reminder": "deadline_id IN (SELECT id FROM workflow_deadline WHERE"
        " case_id = ANY(%(cases)s))",
        "workflow_person": "id = ANY(%(people)s)",
        "workflow_savedfilter": "person_id = ANY(%(people)s)",
        "workflow_invitation": "organisation_id = %(place)s",
        "workflow_webhook": "authority_id = %(place)s",
    }
    condition = conditions.get(table, "case_id = ANY(%(cases)s)")
    values = {"cases": cases, "people": people, "place": place}
    found = f"SELECT id FROM {table} WHERE {condition} ORDER BY id"
    return [key for (key,) in server.execute(found.encode(), values)]


def digests() -> dict[str, str]:
    """For each table of cases, the statement that sums up its rows of some cases.

    Looks of the reader's own at the dates of cases that they watch over are none of them.
    """
    from django.apps import apps  # noqa: PLC0415

    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    guarded = tables_of_cases()
    found = {}
    for table in sorted(guarded):
        columns: dict[str, Any] = {str(field.column): field for field in models[table]._meta.fields}
        if table == "workflow_case":
            condition = "id = ANY(%(cases)s)"
        elif "case_id" in columns:
            condition = "case_id = ANY(%(cases)s)"
        else:
            condition = _through(columns, guarded)
        if table == "workflow_look":
            condition += f" AND NOT {WATCHED}"
        found[table] = (
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            f" FROM {table} t WHERE {condition}"
        )
    return found


def _through(columns: dict[str, Any], guarded: set[str]) -> str:
    if "pgh_obj_id" in columns:
        return "pgh_obj_id = ANY(%(cases)s)"
    for column, field in columns.items():
        other = field.related_model and field.related_model._meta.db_table
        if other in guarded:
            return f"{column} IN (SELECT id FROM {other} WHERE case_id = ANY(%(cases)s))"
    raise AssertionError(f"no way from these columns to a case: {sorted(columns)}")
