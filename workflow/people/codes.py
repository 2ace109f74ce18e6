"""The code lists a form offers: rows, not code, so that a correction is a change of data."""

from datetime import date

from django.db import models
from django.db.models import Q

# How a form keeps "Not known yet": an answer to any question, and so no row of any list.
NOT_KNOWN = "not-known"
NOT_KNOWN_LABEL = "Not known yet"
# The group of the codes under which the national collections count what is not known.
COUNTED_AS_NOT_KNOWN = "Not known"


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

    "Not known yet" is not among them: the form offers it. Raises LookupError for a list that has
    no codes then, so that a question is never shown without answers.
    """
    rows = _offered(list_name, on)
    if group is not None:
        rows = rows.filter(group=group)
    pairs = list(rows.values_list("code", "label"))
    if not pairs:
        message = f"The code list {list_name!r} has no codes on {on}: run load_reference."
        raise LookupError(message)
    return pairs


def groups(list_name: str, *, on: date) -> list[str]:
    """Return the groups of a list, in their own order, for a question asked in two steps."""
    return list(dict.fromkeys(_offered(list_name, on).values_list("group", flat=True)))


def label(list_name: str, code: str) -> str:
    """Return the words for a code, also for one no longer offered; the code itself if unknown."""
    return labels(list_name).get(code, code)


def labels(list_name: str) -> dict[str, str]:
    """Return every code of a list with its words, in one query, "Not known yet" included."""
    rows = Code.objects.filter(list=list_name).order_by("order", "pk")
    return {**dict(rows.values_list("code", "label")), NOT_KNOWN: NOT_KNOWN_LABEL}


def _offered(list_name: str, on: date) -> models.QuerySet[Code]:
    begun = Q(since__isnull=True) | Q(since__lte=on)
    current = Code.objects.filter(begun, Q(until__isnull=True) | Q(until__gte=on), list=list_name)
    return current.exclude(group=COUNTED_AS_NOT_KNOWN).order_by("order", "pk")
