"""The code lists a form offers: rows, not code, so that a correction is a change of data."""

from datetime import date

from django.db import models
from django.db.models import Q

NOT_KNOWN = "not_known"
NOT_KNOWN_LABEL = "Not known yet"


class Code(models.Model):
    """One entry of a code list, with the dates it may be chosen and where it comes from."""

    list = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    group = models.CharField(max_length=80, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=80)

    class Meta:
        ordering = ("list", "order", "pk")
        constraints = (models.UniqueConstraint(fields=["list", "code"], name="code_once"),)

    def __str__(self) -> str:
        return f"{self.list} {self.code}"


def choices(list_name: str, *, on: date, group: str | None = None) -> list[tuple[str, str]]:
    """Return the codes and labels that may be chosen on a London date, in their own order.

    Where a fact may be unknown the list itself holds the code `not_known`, last.
    Raises LookupError for a list that isn't loaded.
    """
    rows = Code.objects.filter(list=list_name)
    if group is not None:
        rows = rows.filter(group=group)
    begun = Q(since__isnull=True) | Q(since__lte=on)
    found = rows.filter(begun, Q(until__isnull=True) | Q(until__gte=on))
    pairs = list(found.order_by("order", "pk").values_list("code", "label"))
    if not pairs:
        message = f"The code list {list_name!r} has no codes on {on}. Run load_reference."
        raise LookupError(message)
    return pairs


def label(list_name: str, code: str) -> str:
    """Return the words for a code, also for one no longer offered; the code itself if unknown."""
    found = Code.objects.filter(list=list_name, code=code).values_list("label", flat=True).first()
    return code if found is None else found


def labels(list_name: str) -> dict[str, str]:
    """Return every code of a list with its words, in one query, also those no longer offered."""
    rows = Code.objects.filter(list=list_name).order_by("order", "pk")
    return dict(rows.values_list("code", "label"))
