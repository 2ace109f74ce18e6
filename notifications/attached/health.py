"""Whether documents are scanned, for whoever looks after the service."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min

from notifications.attached.models import AttachedDocument
from workflow.health.signs import Sign
from workflow.health.words import Said, ago
from workflow.law.words import counted

NAME, TITLE = "documents", "Scanner of documents"
# A document waits for a minute in the ordinary way: for the next ring.
SECONDS_TO_STUCK = 600


def sign(at: datetime) -> Sign:
    """Well when no document has been held for long."""
    state = AttachedDocument.State.HELD
    held = AttachedDocument.objects.filter(state=state, case__disposed_on=None)
    found = held.aggregate(count=Count("pk"), first=Min("at"), fault=Max("fault"))
    waits = 0 if found["first"] is None else max(0, int((at - found["first"]).total_seconds()))
    figures = {
        "held": found["count"],
        "oldest_seconds": waits,
        "fault": found["fault"] or "",
        "scanner": bool(settings.CLAMD),
    }
    return Sign(NAME, waits <= SECONDS_TO_STUCK, figures)


def said(figures: dict[str, Any], at: datetime) -> Said:
    """The sign in words."""
    held = counted(figures["held"], "document")
    waits = f"{held} {'is' if figures['held'] == 1 else 'are'} held"
    waits = waits if figures["held"] else "Nothing is held"
    if figures["scanner"]:
        state = f"{waits}."
        to_do = (
            "See that clamd runs where CLAMD says, and takes 20 MB in one stream (StreamMaxLength)."
        )
    else:
        state = f"There is no scanner: whatever is attached stays held. {waits}."
        to_do = "Run clamd and set CLAMD to its address."
    wrong = (
        f"{waits}, the oldest for {ago(figures['oldest_seconds'])}. {WHY.get(figures['fault'], '')}"
    )
    after = "Nobody can open them until then; they are scanned by themselves."
    return Said(TITLE, state, wrong.strip(), f"{to_do} {after}")


WHY = {
    "none": "There is no scanner.",
    "unreachable": "The scanner does not answer.",
    "slow": "The scanner takes too long.",
    "too_large": "The scanner does not take files of that size.",
    "unsure": "The scanner does not say whether they are harmful.",
    "unreadable": "The key of a case is not there to read one.",
    "lost": "The content of one is not there: have it removed, and attached anew.",
}
