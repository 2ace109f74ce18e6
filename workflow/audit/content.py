"""What of a row the log commits to, as the database writes it: the same text whenever it is asked.

Only what never changes stands in it, so that it can be made again from the row. People and bodies
stand in it by their ids. What people wrote is not in it, but the digest of its sealed form: where
words were taken out of it since, that of what it was before, which is kept beside it.
"""

EVENT, LOOK = "event", "look"
TABLES = {EVENT: "workflow_event", LOOK: "workflow_look"}
# When the row itself says that it was written down.
WRITTEN_AT = {EVENT: "recorded_at", LOOK: "at"}
_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_DAY = "to_char({}, 'YYYY-MM-DD')"
_SEALED = "encode(sha256({}), 'hex')"
_PARTS = {
    EVENT: {
        **{one: one for one in ("id", "sequence", "act", "machine", "number", "capacity")},
        **{one: f"{one}_id" for one in ("case", "authority", "actor", "organisation")},
        **{one: one for one in ("reason_code", "payload")},
        "on": '"on"',
        "at": "at",
        "recorded_at": "recorded_at",
        "reason": "reason",
    },
    LOOK: {
        **{one: one for one in ("id", "role", "capacity", "act", "page", "fields", "way")},
        **{one: f"{one}_id" for one in ("case", "authority", "person", "organisation")},
        "at": "at",
    },
}
_FORMS = {"on": _DAY, "at": _MOMENT, "recorded_at": _MOMENT, "reason": _SEALED}


def content(kind: str, row: str, *, as_it_comes: bool = False) -> str:
    """The text that the log commits to, in SQL, of a row known by this name in the statement.

    `as_it_comes` of a row that is being added: no words were taken out of it, whatever it says.
    """
    parts = [f"'{name}', {_said(name, column, row)}" for name, column in _PARTS[kind].items()]
    if kind == EVENT and not as_it_comes:
        now = f"'reason', {_said('reason', 'reason', row)}"
        was = f"'reason', coalesce(nullif({row}.reason_was, ''), {_said('reason', 'reason', row)})"
        parts = [was if one == now else one for one in parts]
    return f"jsonb_build_object('v', 1, 'kind', '{kind}', {', '.join(parts)})::text"


def _said(name: str, column: str, row: str) -> str:
    return _FORMS.get(name, "{}").format(f"{row}.{column}")


def committed(kind: str, row: str) -> str:
    """The commitment to a row as it comes, in SQL: `verify_audit.commitment` says the same."""
    salted = f"'audit-entry/1'::bytea || uuid_send({row}.salt)"
    text = content(kind, row, as_it_comes=True)
    return f"sha256({salted} || convert_to({text}, 'UTF8'))"


def arrive(kind: str, rows: str) -> str:
    """The statement by which rows wait to be taken into the log."""
    return (
        "INSERT INTO workflow_arrival (kind, entry, case_number, commitment, arrived_at)"  # noqa: S608
        f" SELECT '{kind}', r.id, r.case_id, {committed(kind, 'r')}, r.{WRITTEN_AT[kind]}"
        f" FROM {rows} r ORDER BY r.id;"
    )
