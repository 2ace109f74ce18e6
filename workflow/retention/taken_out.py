"""What was taken out of a document, or of one kind of texts, to be said wherever it is read."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.machine.case import Case
from workflow.retention.copies import DOCUMENTS
from workflow.retention.redaction import Redaction, Rule


@dataclass(frozen=True)
class TakenOut:
    """Words are gone from a page of a document since a day: by which rule, and never which."""

    where: str
    rule: str
    on: date


def taken_out(case: Case, document: str, *, since: datetime | None = None) -> list[TakenOut]:
    """Everything that was taken out of a document of a case, or out of it since an instant."""
    rows = Redaction.objects.filter(case=case, document=document, answered_on__isnull=False)
    rows = rows.filter(state=Redaction.State.CONFIRMED)
    if since is not None:
        rows = rows.filter(answered_at__gte=since)
    named = DOCUMENTS[document].named
    found = rows.order_by("pk").values_list("page", "item", "rule", "answered_on")
    return [
        TakenOut(named(page, item), Rule(rule).label, on)
        for page, item, rule, on in found
        if on is not None
    ]
