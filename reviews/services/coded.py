"""Codes are data: a record may only hold one that could be chosen on its day."""

from datetime import date

from django.db.models import Q

from reviews import codes
from workflow.people.codes import Code

_CALLED = {
    codes.LCSPR: "the partners’ decision",
    codes.ALTERNATIVE: "what will be done instead",
    codes.LATE_REASON: "the reason for lateness",
    codes.COMPLETENESS: "whether it is complete",
    codes.QUALITY: "how good it is",
    codes.THEME: "the themes",
    codes.OUTCOME: "what the Panel says",
}


def unknown_codes(*chosen: tuple[str, str], on: date) -> list[str]:
    """A sentence for each (list, code) that no list offers on a London date; "" is no choice."""
    wanted = {(name, code) for name, code in chosen if code}
    if not wanted:
        return []
    offered = Code.objects.filter(
        Q(since__isnull=True) | Q(since__lte=on),
        Q(until__isnull=True) | Q(until__gte=on),
        list__in={name for name, _ in wanted},
    )
    missing = wanted - set(offered.values_list("list", "code"))
    return [f"Choose {_CALLED[name]} from the list." for name, _ in sorted(missing)]
