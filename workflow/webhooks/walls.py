"""What the database does by itself for webhooks: no act on a case can forget to tell them."""

from typing import Any

import pgtrigger
from django.db import models

from workflow.audit.walls import StandingTrigger


class Tell(StandingTrigger):
    """Each act that is added to the trail waits in the outbox for each of its authority's webhooks.

    One row for each act and webhook, in the act's own transaction and in the statement that adds
    it: with no webhook in force nothing is written. An act has a number of its own on its case, so
    that none meets a row which is there. Of a restricted case nothing is written, nor that one was
    restricted until now.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert
    level = pgtrigger.Statement
    referencing: Any = pgtrigger.Referencing(new="added")  # type: ignore[no-untyped-call]

    def get_func(self, model: models.Model) -> str:
        """One statement for all acts of the one that added them."""
        return (
            "INSERT INTO public.workflow_outbox (dedupe, kind, case_id, authority_id, webhook_id,"
            " payload, created_at, next_attempt_at, attempts, claims, fault, receipt_id)"
            " SELECT 'case:' || e.case_id || ':' || e.sequence || ':w' || w.id, e.act, e.case_id,"
            " e.authority_id, w.id, jsonb_build_object('at', e.at), e.recorded_at, e.recorded_at,"
            " 0, 0, '', ''"
            " FROM added e JOIN public.workflow_webhook w"
            " ON w.authority_id = e.authority_id AND w.ended_at IS NULL"
            " JOIN public.workflow_case c ON c.id = e.case_id AND NOT c.restricted"
            " WHERE e.act <> 'lift_restriction'; RETURN NULL;"
        )
