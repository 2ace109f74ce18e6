"""The code lists a page offers, read once for all its questions."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q

from workflow.people.codes import COUNTED_AS_NOT_KNOWN, Code


class Coded(NamedTuple):
    """A code that may be chosen."""

    code: str
    label: str
    group: str


class Lists:
    """Every code list as it may be chosen from on a London date; one query, when first asked."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._found: dict[str, list[Coded]] | None = None

    def choices(self, name: str, group: str | None = None) -> list[tuple[str, str]]:
        """Codes with their words; LookupError for a list that has none, so that it is noticed."""
        found = [
            (coded.code, coded.label)
            for coded in self._all().get(name, [])
            if group is None or coded.group == group
        ]
        if not found and group is None:
            raise LookupError(f"The code list {name!r} has no codes on {self.on}.")
        return found

    def groups(self, name: str) -> list[str]:
        """The groups of a list, in their own order."""
        return list(dict.fromkeys(coded.group for coded in self._all().get(name, [])))

    def _all(self) -> dict[str, list[Coded]]:
        if self._found is None:
            self._found = {}
            rows = Code.objects.filter(
                Q(since__isnull=True) | Q(since__lte=self.on),
                Q(until__isnull=True) | Q(until__gte=self.on),
            ).exclude(group=COUNTED_AS_NOT_KNOWN)
            for row in rows.order_by("list", "order", "pk"):
                self._found.setdefault(row.list, []).append(Coded(row.code, row.label, row.group))
        return self._found
