"""What was taken out of a document, or of one kind of texts, to be said wherever it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from workflow.machine.case import Case
from workflow.retention.copies import DOCUMENTS, Page
from workflow.retention.redaction import Redaction, Rule

# A document, and of it a page and an item.
Where = tuple[str, str, str]


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
    found = list(rows.order_by("pk").values_list("page", "item", "rule", "answered_on"))
    names = DOCUMENTS[document].names({(page, item) for page, item, *_ in found})
    return [
        TakenOut(names[page, item], Rule(rule).label, on)
        for page, item, rule, on in found
        if on is not None
    ]


def called(texts: Iterable[Where]) -> dict[Where, str]:
    """What these are called after their documents: the rows of each kind are looked up once."""
    pages: dict[str, set[Page]] = {}
    for document, page, item in texts:
        pages.setdefault(document, set()).add((page, item))
    return {
        (document, page, item): name
        for document, asked in pages.items()
        for (page, item), name in DOCUMENTS[document].names(asked).items()
    }
