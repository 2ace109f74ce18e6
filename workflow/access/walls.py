"""Database walls of restricted cases: whatever writes a grant or a case, the record decides."""

import pgtrigger
from django.db import models

from workflow.audit.walls import StandingTrigger


class SetAside(StandingTrigger):
    """A grant that names nobody is set aside exactly while its case is restricted."""

    name = "set_aside"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: models.Model) -> str:
        """Worked out anew at each writing; of a case out of sight, refused as not known."""
        return (
            "NEW.set_aside := NEW.named_at_id IS NULL AND"
            " (SELECT restricted FROM workflow_case WHERE id = NEW.case_id); "
            "RETURN NEW;"
        )


class RestrictedByRecord(StandingTrigger):
    """A case is restricted, and is so no longer, only by a record of it."""

    name = "restricted_by_record"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("restricted")  # type: ignore[no-untyped-call]

    def get_func(self, model: models.Model) -> str:
        """Refuses what the newest record does not say."""
        return (
            "IF NEW.restricted = coalesce((SELECT restricts FROM workflow_caserestriction"
            " WHERE case_id = NEW.id ORDER BY id DESC LIMIT 1), false) THEN RETURN NEW; END IF; "
            "RAISE EXCEPTION 'a case is restricted by a record of it alone'"
            " USING ERRCODE = '23514';"
        )
