"""What the log of looks should hold of one answer, for walks over every address."""

from typing import Any

from django.http import HttpResponse

from workflow.audit.looks import tokens_in
from workflow.audit.models import Look
from workflow.models import Case


def last() -> int:
    """The key of the last look that was kept; 0 where there is none."""
    return Look.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def kept_since(key: int) -> list[Look]:
    """The looks kept after that one, in order."""
    return list(Look.objects.filter(pk__gt=key).order_by("pk").select_related("case"))


def unaccounted(answer: Any, *, since: int) -> list[str]:
    """What is wrong with the log after one answer: cases shown and not kept, or kept twice."""
    kept = [row.case.token for row in kept_since(since)]
    wrong = [f"{token} twice" for token in set(kept) if kept.count(token) > 1]
    if answer.status_code == 200:
        whole = b"".join(answer) if answer.streaming else answer.content
        # A hint shows what a reference looks like; it is no case's.
        named = Case.objects.filter(token__in=tokens_in(HttpResponse(whole)))
        shown = set(named.values_list("token", flat=True)) - set(kept)
        wrong += [f"{token} shown and not kept" for token in sorted(shown)]
    elif kept:
        wrong += [f"kept at {answer.status_code}"]
    return wrong
