"""Database triggers that hold whatever the program does, and whatever a session sets."""

from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

from workflow.audit.content import arrive


class StandingTriggerSql(compiler.UpsertTriggerSql):
    """The SQL of a trigger that fires always.

    The package's own template starts each function with a look at a session setting that skips
    it, and an ordinary trigger sleeps while `session_replication_role` is `replica`. Here neither
    holds.
    """

    def get_template(self) -> str:
        """The install template; frozen, since old migrations render through it."""
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {pgid};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class StandingTrigger(pgtrigger.Trigger):
    """A trigger declared in a model's Meta that no session setting turns off."""

    def compile(self, model: models.Model) -> compiler.Trigger:
        """The compiled trigger, as migrations store it."""
        more: Any = {"referencing": self.referencing} if self.referencing else {}
        return compiler.Trigger(
            name=self.name,
            sql=StandingTriggerSql(
                pgid=self.get_pgid(model),
                declare=self.render_declare(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                when=self.when,
                operation=self.operation,
                level=self.level,
                condition=self.render_condition(model),
                execute=self.render_execute(model),
                **more,
            ),
        )


class KeepRows(StandingTrigger):
    """Rows are only ever added: UPDATE and DELETE are refused."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: models.Model) -> str:
        """Refuses with the table's name; never with a row's content."""
        return f"RAISE EXCEPTION '{model._meta.db_table} is append-only' USING ERRCODE = '23001';"


class KeepUntilDisposed(KeepRows):
    """As `KeepRows`, but what a record held in clear about a child goes when the record ends.

    Of a case whose record was destroyed, which a confirmed step alone says, rows may be removed.
    """

    def get_func(self, model: models.Model) -> str:
        """Refuses with the table's name, unless the row's case is disposed of."""
        return (
            "IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM workflow_case WHERE id = OLD.case_id"
            " AND disposed_on IS NOT NULL) THEN RETURN OLD; END IF; " + super().get_func(model)
        )


# Names one transaction for good: its number alone could come again in a database put back.
THIS_TRANSACTION = "pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text"


class KeepButTakeOut(KeepRows):
    """As `KeepRows`, but words that two people take out of an answer are gone from these columns.

    In the transaction in which that is confirmed alone, of that answer alone, which `of` tells by
    the redaction `r` and the row `OLD`; nothing else of the row changes. The schema is said: a name
    alone is looked for among the temporary tables of whoever asks before anywhere else.
    """

    def __init__(self, *, columns: tuple[str, ...], of: str, name: str = "keep_rows") -> None:
        super().__init__(name=name)
        self.columns, self.of = columns, of

    def get_func(self, model: models.Model) -> str:
        """Refuses with the table's name, unless words are being taken out of the row."""
        but = f"- ARRAY[{', '.join(repr(one) for one in self.columns)}]"
        return (
            f"IF TG_OP = 'UPDATE' AND to_jsonb(NEW) {but} = to_jsonb(OLD) {but} AND EXISTS ("
            "SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id"
            f" AND r.confirmed_in = {THIS_TRANSACTION} AND {self.of}"
            ") THEN RETURN NEW; END IF; " + super().get_func(model)
        )


def of_the_text(document: str) -> str:
    """The condition, in SQL, that a redaction is of this row and that no other column changes.

    Of texts that rest in rows of their own: it names the row by its key, and its column.
    """
    return (
        f"r.document = '{document}' AND r.item = OLD.id::text"
        " AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text"
    )


# What the reasons of acts are known by out of which words are taken: whose each is, it says itself.
REASONS = ("act", "panel-act", "partner-act")
_OF_A_REASON = f"r.document IN ({', '.join(repr(one) for one in REASONS)})"


def of_an_act(by: str = "by_id", at: str = "at", told: str = "at", *, besides: str = "") -> str:
    """The condition, in SQL, that a redaction is of the reason of the act that wrote this row.

    Of rows that repeat it: the act stands in the trail under the same person, and what it says of
    when, in `told`, is what the row says in `at`. `besides` narrows it.
    """
    return (
        f"{_OF_A_REASON} AND EXISTS (SELECT FROM public.workflow_event e"
        " WHERE e.id::text = r.item AND e.case_id = OLD.case_id"
        f' AND e.actor_id = OLD.{by} AND e."{told}" = OLD.{at}{besides})'
    )


# The entries that a correction leaves. The first release wrote each at an instant of its own.
OF_A_CORRECTION = ("facts_corrected", "added_or_corrected")
_CORRECTED = ", ".join(repr(one) for one in OF_A_CORRECTION)
_OF_ONE_ACT = (
    " AND (e.recorded_at = OLD.recorded_at"
    f" OR (e.act IN ({_CORRECTED}) AND OLD.act IN ({_CORRECTED})))"
)
# Words are taken out of a reason only as the redaction's own entry in the trail says what is left,
# and the digest of what the log committed to stays beside it. The entries of one act are written
# down at one instant: another that a person did at the same moment has an instant of its own.
OF_A_REASON = f"""{of_an_act("actor_id", besides=_OF_ONE_ACT)}
AND NEW.reason_was = coalesce(nullif(OLD.reason_was, ''), encode(sha256(OLD.reason), 'hex'))
AND EXISTS (SELECT FROM public.workflow_event t WHERE t.id = r.event_id
    AND t.payload->'left'->>OLD.id::text = encode(sha256(NEW.reason), 'hex'))"""


class KeepTable(StandingTrigger):
    """The table is never emptied: TRUNCATE is refused."""

    when = pgtrigger.Before
    operation = pgtrigger.Truncate
    level = pgtrigger.Statement

    def get_func(self, model: models.Model) -> str:
        """Refuses with the table's name."""
        return f"RAISE EXCEPTION '{model._meta.db_table} is append-only' USING ERRCODE = '23001';"


class AsItComes(StandingTrigger):
    """An entry is added with what somebody said: no words were taken out of it yet.

    The log can't be mended, so whoever adds an entry that it would call changed is refused.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Condition("NEW.reason_was <> ''")

    def __init__(self) -> None:
        super().__init__(name="as_it_comes")

    def get_func(self, model: models.Model) -> str:
        """Refuses with the table's name."""
        table = model._meta.db_table
        return f"RAISE EXCEPTION '{table} is added as it comes' USING ERRCODE = '23001';"


class Arrive(StandingTrigger):
    """Each row that is added waits to be taken into the log, whoever added it and how."""

    when = pgtrigger.After
    operation = pgtrigger.Insert
    level = pgtrigger.Statement
    referencing: Any = pgtrigger.Referencing(new="added")  # type: ignore[no-untyped-call]

    def __init__(self, *, kind: str) -> None:
        super().__init__(name="arrive")
        self.kind = kind

    def get_func(self, model: models.Model) -> str:
        """One statement for all rows of the one that added them."""
        return f"{arrive(self.kind, 'added')} RETURN NULL;"


def append_only(
    *, until_disposed: bool = False, taken_out: KeepButTakeOut | None = None
) -> list[Any]:
    """The triggers of a table that only grows, for a model's `Meta.triggers`.

    `until_disposed` where its rows tell of children in clear: they end with the case's record.
    `taken_out` where its rows hold copies of answers out of which words can be taken.
    """
    keep = KeepUntilDisposed if until_disposed else KeepRows
    return [taken_out or keep(name="keep_rows"), KeepTable(name="keep_table")]


class CountsUp(StandingTrigger):
    """The entries of a case's trail are counted upwards, by no more than one act can make.

    Whoever may count could else leave a number at which nobody can act on the case any more.
    """

    name = "counts_up"
    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("last_sequence")  # type: ignore[no-untyped-call]

    def get_func(self, model: models.Model) -> str:
        """Refuses to count down, or far ahead."""
        return (
            "IF NEW.last_sequence BETWEEN OLD.last_sequence AND OLD.last_sequence + 100"
            " THEN RETURN NEW; END IF; RAISE EXCEPTION 'entries of a trail are counted upwards'"
            " USING ERRCODE = '23514';"
        )
