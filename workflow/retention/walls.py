"""What the database itself refuses about the end of a record, whoever asks and however."""

import pgtrigger
from django.db import models

from workflow.audit.walls import StandingTrigger
from workflow.law import retention

# Acts about keeping a record. They are no work on the case, so they lengthen no period.
OF_KEEPING = (
    "hold_record",
    "lift_hold",
    "propose_disposal",
    "decline_disposal",
    "confirm_disposal",
    "propose_redaction",
    "decline_redaction",
    "take_words_out",
    # What a scanner said of a document, sooner or later.
    "document_clean",
    "document_refused",
)
# Nor are acts about who may see a case: its record is kept neither longer nor shorter for them.
# Who opens one in an emergency needed what is in it: that counts.
OF_SIGHT = ("restrict", "name_people", "lift_restriction")
LENGTHEN_NOTHING = (*OF_KEEPING, *OF_SIGHT)
_NAMED = ", ".join(f"'{act}'" for act in LENGTHEN_NOTHING)
# As `retention.class_of` has it: where it is not known, the longer period.
_YEARS = (
    "CASE WHEN c.looked_after IS FALSE AND c.care_leaver IS NOT TRUE"
    f" THEN {retention.OTHERS.years} ELSE {retention.LOOKED_AFTER.years} END"
)
# Whoever places a hold and whoever confirms wait for each other: the first to lock the case wins.
STANDS = """
PERFORM 1 FROM workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;
IF NOT FOUND THEN
    RAISE EXCEPTION 'the record was destroyed' USING ERRCODE = '23514';
END IF;
"""


def under_hold(row: str) -> str:
    """The condition, in SQL, that a hold which nobody lifted stands on the case of this row."""
    return f"""EXISTS (
                SELECT FROM workflow_legalhold h WHERE h.case_id = {row}.case_id
                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)
            )"""  # noqa: S608 - of our own words alone


class NotWhenGone(StandingTrigger):
    """Nothing is held that was destroyed."""

    name = "not_when_gone"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model: models.Model) -> str:
        """Refuses where the case's record was destroyed."""
        return f"{STANDS} RETURN NEW;"


class OnlyWhenDue(StandingTrigger):
    """A step follows the one before it, by another person, under no hold, and not too early.

    Too early is while a date of the case is open, or before the years of its class are over since
    its last act. That a day is today and a person is who they say, the service alone knows.
    """

    name = "only_when_due"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("newest", "RECORD")]

    def get_func(self, model: models.Model) -> str:
        """Refuses with what is wrong; never with anything of the case."""
        return f"""{STANDS}
            SELECT kind, by_id INTO newest FROM workflow_disposalstep
                WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1;
            IF (newest.kind IS NOT DISTINCT FROM 'proposed') = (NEW.kind = 'proposed') THEN
                RAISE EXCEPTION 'a proposal waits, or none does' USING ERRCODE = '23514';
            END IF;
            IF NEW.kind = 'declined' THEN RETURN NEW; END IF;
            IF NEW.kind = 'confirmed' AND newest.by_id = NEW.by_id THEN
                RAISE EXCEPTION 'two people destroy a record' USING ERRCODE = '23514';
            END IF;
            IF {under_hold("NEW")} THEN
                RAISE EXCEPTION 'the record is under a legal hold' USING ERRCODE = '23514';
            END IF;
            IF EXISTS (
                SELECT FROM workflow_case c WHERE c.id = NEW.case_id
                AND (c.next_due_on IS NOT NULL OR NEW.years < {_YEARS})
            )
                OR NEW."on" < NEW.due_on
                OR NEW.due_on < NEW.last_act_on + make_interval(years => NEW.years::int)
                OR NEW.last_act_on < coalesce((
                    SELECT max(e."on") FROM workflow_event e
                    WHERE e.case_id = NEW.case_id AND e.act NOT IN ({_NAMED})
                ), 'infinity')
            THEN
                RAISE EXCEPTION 'the record is not due yet' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;"""  # noqa: S608 - made of this program's own words


class LiftsItsOwn(StandingTrigger):
    """A hold ends on its own case, by its own body or by the authority that has the case now."""

    name = "lifts_its_own"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model: models.Model) -> str:
        """Refuses the end of another's hold."""
        return """
            IF EXISTS (
                SELECT FROM workflow_legalhold h JOIN workflow_case c ON c.id = h.case_id
                WHERE h.id = NEW.hold_id AND h.case_id = NEW.case_id
                AND (h.organisation_id = NEW.organisation_id
                    OR h.role = 'la_approver' AND c.authority_id = NEW.organisation_id)
            ) THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'a hold is lifted by whoever placed it' USING ERRCODE = '23514';"""


class Disposes(StandingTrigger):
    """What was confirmed holds from the same moment for the case."""

    name = "disposes"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__kind="confirmed")

    def get_func(self, model: models.Model) -> str:
        """The case says from when its record is gone."""
        return (
            'UPDATE workflow_case SET disposed_on = NEW."on" WHERE id = NEW.case_id; RETURN NULL;'
        )


class DisposedByRecord(StandingTrigger):
    """A case's record is gone, for good, only by a confirmed step."""

    name = "disposed_by_record"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("disposed_on")  # type: ignore[no-untyped-call]

    def get_func(self, model: models.Model) -> str:
        """Refuses what no confirmed step says."""
        return (
            'IF NEW.disposed_on IS NOT DISTINCT FROM (SELECT "on" FROM workflow_disposalstep'
            " WHERE case_id = NEW.id AND kind = 'confirmed') THEN RETURN NEW; END IF; "
            "RAISE EXCEPTION 'a record is destroyed by a record of it alone'"
            " USING ERRCODE = '23514';"
        )
