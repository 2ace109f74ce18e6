"""A crowd of cases: every row of a few real ones, copied many times by the database itself.

Copy number k of a row has the key of its pattern plus k strides, a stride being larger than any
key, so that what pointed at a row of the pattern points at its copy by the same sum.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from workflow.models import Case, Organisation

# Each authority has so many, whatever the crowd: full pages of every part of its list. Among
# 100,000 there are then 160 authorities; England has 153.
CASES_OF_ONE = 625
# What has happened lies further back in each copy; what is to come is spread evenly around the
# day of the measurement, whatever the state.
AHEAD = {"agreed_on", "due_on", "expected_on", "next_due_on"}
DAYS = "((k * 11 + k / 40 * 37) %% 240)"
VALUES = {
    "key": "{column} + k * {stride}",
    "place": "CASE {column} WHEN {first} THEN ({places})[k %% {several} + 1] ELSE {column} END",
    "back": f"{{column}} - {DAYS} * interval '1 day'",
    "ahead": f"CASE WHEN {{column}} IS NOT NULL THEN {{on}}::date + {DAYS} - 120 END",
    # The digits of base 16 are all among the 32 symbols of a token.
    "token": "upper(lpad(to_hex(t.id + k * {stride}), 12, '0'))",
    "uuid": "gen_random_uuid()",
    "text": "{column} || '-' || k",
    "same": "{column}",
}


def tables() -> list[type[models.Model]]:
    """The models whose rows belong to a case, and the case itself.

    Row histories are left out, and the log of the trail, in which each entry has one place.
    """
    found = [
        model
        for app in ("workflow", "notifications", "reviews")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model")
        and model._meta.pk.name == "id"
        and any(field.name == "case" for field in model._meta.fields)
    ]
    return [Case, *found]


def multiply(
    server: psycopg.Connection,
    *,
    cases: int,
    of: Sequence[int],
    on: date,
    leaving: Collection[type[models.Model]] = (),
    alike: bool = False,
    authorities: int = 0,
) -> None:
    """The database holds this many cases on a day, copies of those with the keys `of`.

    The patterns belong to one authority; the copies to that and others in turn. Rows of the models
    in `leaving` are not copied. Walls and foreign keys stand as before when this returns, and the
    planner's statistics are fresh. `alike` copies keep the pattern's authority and dates. There are
    as many `authorities` as are asked for, or as many as give each its usual number of cases.
    """
    several = 1 if alike else authorities or max(1, cases // CASES_OF_ONE)
    places, stride = _places(server, of[0], several), _stride(server)
    put_back = lowered(server)
    copied_ones = [model for model in tables() if model not in leaving]
    when, copies = None if alike else on, cases // len(of) - 1
    with without_indexes(server, [model._meta.db_table for model in copied_ones]):
        for model in copied_ones:
            copied = _copy(model, places=places, stride=stride, on=when, copies=copies)
            server.execute(copied, [list(of)])
            server.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {t}"
                ).format(name=model._meta.db_table, t=sql.Identifier(model._meta.db_table))
            )
    for statement in put_back:
        server.execute(statement)
    server.execute("VACUUM ANALYZE")


def _places(server: psycopg.Connection, pattern: int, several: int) -> list[int]:
    """The authorities that the copies are spread over, the patterns' own first."""
    own = "SELECT authority_id FROM workflow_case WHERE id = %s"
    first = [row[0] for row in server.execute(own, [pattern])]
    made = server.execute(
        "INSERT INTO workflow_organisation"
        " (kind, name, dfe_code, region, since, approval_required, contact_email)"
        " SELECT kind, 'Place ' || k, 5000 + k, region, since, false, ''"
        " FROM workflow_organisation, generate_series(2, %s) k WHERE id = %s RETURNING id",
        [several, first[0]],
    )
    return first + [row[0] for row in made]


def _stride(server: psycopg.Connection) -> int:
    """A number larger than the key of any row of any case."""
    highest = [
        sql.SQL("(SELECT max(id) FROM {})").format(sql.Identifier(model._meta.db_table))
        for model in tables()
    ]
    found = server.execute(sql.SQL("SELECT greatest({})").format(sql.SQL(", ").join(highest)))
    return 1 + sum(int(row[0]) for row in found)


def lowered(server: psycopg.Connection, *more: type[models.Model]) -> list[sql.Composed]:
    """Takes triggers and constraints across rows down, and returns what puts them back.

    Of every table of cases and of those named besides.

    The copies are right by construction, and checking each would take most of the time.
    """
    names = [model._meta.db_table for model in (*tables(), *more)]
    put_back = []
    for table, key, definition in server.execute(
        "SELECT conrelid::regclass::text, conname,"
        " pg_get_constraintdef(oid) || CASE contype WHEN 'f' THEN ' NOT VALID' ELSE '' END"
        " FROM pg_constraint"
        " WHERE contype IN ('f', 'x') AND conrelid::regclass::text = ANY(%s)",
        [names],
    ).fetchall():
        where = {"t": sql.Identifier(table), "key": sql.Identifier(key)}
        server.execute(sql.SQL("ALTER TABLE {t} DROP CONSTRAINT {key}").format(**where))
        again = "ALTER TABLE {t} ADD CONSTRAINT {key} {how}"
        put_back.append(sql.SQL(again).format(how=sql.SQL(definition), **where))
    for table, trigger, always in server.execute(
        "SELECT tgrelid::regclass::text, tgname, tgenabled = 'A' FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
        [names],
    ).fetchall():
        where = {"t": sql.Identifier(table), "trigger": sql.Identifier(trigger)}
        server.execute(sql.SQL("ALTER TABLE {t} DISABLE TRIGGER {trigger}").format(**where))
        again = f"ALTER TABLE {{t}} ENABLE {'ALWAYS ' if always else ''}TRIGGER {{trigger}}"
        put_back.append(sql.SQL(again).format(**where))
    return put_back


@contextmanager
def without_indexes(server: psycopg.Connection, names: Sequence[str]) -> Iterator[None]:
    """Inside, these tables have no indexes but those of their keys: they are built at the end.

    For millions of rows that is many times quicker than to keep them in order all the while.
    """
    found = server.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
        " WHERE indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)",
        [list(names)],
    ).fetchall()
    for name, _ in found:
        server.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    yield
    server.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in found:
        server.execute(definition)


def _copy(
    model: type[models.Model], *, places: Sequence[int], stride: int, on: date | None, copies: int
) -> sql.Composed:
    fields = model._meta.fields
    values = [
        sql.SQL(VALUES[_how(field, moved=on is not None)]).format(
            column=sql.Identifier("t", str(field.column)),
            stride=stride,
            first=places[0],
            places=list(places),
            several=len(places),
            on=on.isoformat() if on else "",
        )
        for field in fields
    ]
    return sql.SQL(
        "INSERT INTO {t} ({columns}) SELECT {values} FROM {t} t, generate_series(1, {n}) k"
        " WHERE {case} = ANY(%s)"
    ).format(
        t=sql.Identifier(model._meta.db_table),
        case=sql.Identifier("t", "id" if model is Case else "case_id"),
        columns=sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
        values=sql.SQL(", ").join(values),
        n=copies,
    )


def _how(field: "models.Field[object, object]", *, moved: bool) -> str:
    """Which of `VALUES` a column of a copy has."""
    related = field.related_model
    if field.primary_key or related in tables():
        return "key"
    if related is Organisation:
        return "place"
    if isinstance(field, models.DateField):
        return ("ahead" if field.name in AHEAD else "back") if moved else "same"
    alone = {each.fields for each in field.model._meta.total_unique_constraints}
    if field.unique or (field.name,) in alone:
        kinds = {"token": "token", "key_id": "uuid", "mark": "uuid", "opening": "uuid"}
        return kinds.get(field.name, "text")
    return "same"
