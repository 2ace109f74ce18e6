"""What the database itself refuses about taking words out of answers, whoever asks and however."""

import re
from typing import Any

import pgtrigger
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from workflow.access.rights import DatabaseOperation, role
from workflow.audit.walls import THIS_TRANSACTION, StandingTrigger
from workflow.retention.walls import STANDS, under_hold

# A name alone is looked for among the temporary tables of whoever asks before anywhere else.
_OURS = re.compile(r"\b(FROM) (workflow_)")
# What is held is held as it stands: whoever places a hold waits for this, and the other way round.
_NOT_HELD = _OURS.sub(
    r"\1 public.\2",
    f"""{STANDS}
IF {under_hold("NEW")} THEN
    RAISE EXCEPTION 'the record is under a legal hold' USING ERRCODE = '23514';
END IF;
""",
)
# An answer changes nothing else of a proposal.
_ANSWER = (
    "state",
    "words",
    "answered_by_id",
    "answered_role",
    "answered_organisation_id",
    "answered_on",
    "answered_at",
    "event_id",
    "copies",
    "confirmed_in",
)
_SAID_SO = """
                SELECT FROM public.workflow_event e WHERE e.id = NEW.event_id
                AND e.case_id = NEW.case_id AND e.actor_id = NEW.answered_by_id
                AND (NEW.state, e.act) IN (
                    ('confirmed', 'take_words_out'), ('declined', 'decline_redaction')
                )
                AND e.payload->>'document' = OLD.document AND e.payload->>'page' = OLD.page
                AND e.payload->>'item' = OLD.item AND e.payload->>'field' = OLD.field
                AND coalesce(e.payload->>'copies', '0') = NEW.copies::text
                AND e.reason_code = OLD.rule
                AND e."on" = NEW.answered_on AND e.at = NEW.answered_at"""
# Of a case that was notified nothing is confirmed on the day on which it was proposed.
_IN_HASTE = """
            IF NEW.not_before <= NEW."on" AND EXISTS (
                SELECT FROM public.workflow_case c
                WHERE c.id = NEW.case_id AND c.notified_on IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'whoever received it has time to hold it' USING ERRCODE = '23514';
            END IF;"""


class Proposed(StandingTrigger):
    """Words are taken out in two steps: first it is proposed, under no hold."""

    name = "proposed"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model: models.Model) -> str:
        """Refuses what is not a proposal."""
        return f"""{_NOT_HELD}
            IF NEW.state <> 'proposed' OR NEW.confirmed_in <> '' THEN
                RAISE EXCEPTION 'first it is proposed' USING ERRCODE = '23514';
            END IF;
            {_IN_HASTE}
            RETURN NEW;"""


class AnsweredByAnother(StandingTrigger):
    """A proposal is answered once, with its entry in the trail; confirmed by another, unheld.

    The row passes on with its case to another authority, answered or not.
    """

    name = "answered_by_another"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: models.Model) -> str:
        """Refuses with what is wrong; never with anything of the case."""
        but = f"- ARRAY[{', '.join(repr(one) for one in _ANSWER)}]"
        return f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'authority_id' = to_jsonb(OLD) - 'authority_id'
            THEN
                RETURN NEW;
            END IF;
            IF TG_OP IN ('DELETE') OR OLD.state NOT IN ('proposed') OR NEW.state IN ('proposed')
                OR to_jsonb(NEW) {but} <> to_jsonb(OLD) {but}
            THEN
                RAISE EXCEPTION 'a redaction is answered once' USING ERRCODE = '23001';
            END IF;
            NEW.confirmed_in := '';
            IF NOT EXISTS ({_SAID_SO}
            ) THEN
                RAISE EXCEPTION 'the trail has to say so' USING ERRCODE = '23514';
            END IF;
            IF NEW.state = 'declined' THEN RETURN NEW; END IF;
            IF NEW.answered_by_id = OLD.by_id THEN
                RAISE EXCEPTION 'two people take words out' USING ERRCODE = '23514';
            END IF;
            {_IN_HASTE}
            IF NEW.answered_on < OLD.not_before THEN
                RAISE EXCEPTION 'whoever received it has time to hold it' USING ERRCODE = '23514';
            END IF;
            {_NOT_HELD}
            NEW.confirmed_in := {THIS_TRANSACTION};
            RETURN NEW;"""


class WhileTakenOut(DatabaseOperation):
    """Once applied, what anybody typed on a page of a case and has not saved can be rewritten.

    In the transaction alone in which words are taken out of an answer of that case. Otherwise it
    stays its person's own.
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "WhileTakenOut", [self.table], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The policies stand."""
        now = (
            "EXISTS (SELECT FROM workflow_redaction r"
            f" WHERE r.case_id = {self.table}.case_id AND r.confirmed_in = {THIS_TRANSACTION})"
        )
        app = role("app", schema_editor)
        for name, rest in (
            ("take_out_read", f"FOR SELECT TO {app} USING ({now})"),
            ("take_out_write", f"FOR UPDATE TO {app} USING ({now}) WITH CHECK ({now})"),
        ):
            schema_editor.execute(f'CREATE POLICY "{name}" ON "{self.table}" {rest}', params=None)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Each row is its person's own again."""
        for name in ("take_out_read", "take_out_write"):
            schema_editor.execute(f'DROP POLICY "{name}" ON "{self.table}"')

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.table}: rewritten while words are taken out of an answer of the case"


class NotForgotten(DatabaseOperation):
    """A migration with this is not undone while it is known of words that were taken out.

    Of what is known by one of these names; of anything where none is given.
    """

    def __init__(self, *of: str) -> None:
        self.of = list(of)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "NotForgotten", self.of, {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Nothing is to be done."""

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Refuses: nothing would say any more where words were taken out."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM workflow_redaction"
                " WHERE %s::text[] = '{}' OR document = ANY (%s::text[]))",
                [self.of, self.of],
            )
            (known,) = cursor.fetchone()
        if known:
            raise RuntimeError(
                "Words were taken out of what it is about, or that is proposed. This migration is"
                " not undone: what says where and why must outlive it."
            )

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "not undone while it is known of words that were taken out"
