"""Organisations, the codes they are known by, and the partnerships they form, all dated."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from workflow.people import roles
from workflow.people.dated import DatedQuerySet, DaysCovered, ends_after_it_begins, holds_on


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, narrowed by adjectives."""

    def current(self, on: date) -> Self:
        """Return the organisations that exist on a London date."""
        begun = Q(since__isnull=True) | Q(since__lte=on)
        return self.filter(begun, Q(until__isnull=True) | Q(until__gte=on))

    def of_kind(self, kind: str) -> Self:
        """Return those of one kind."""
        return self.filter(kind=kind)


class Organisation(models.Model):
    """A body that takes part in the process, from its first day to its last.

    A local authority is known by its Department for Education code, which outlives changes of
    name and of statistics code; `key` is the stable name of every organisation the reference
    data loads (`authority:815`, `icb:QOX`, `police:E23000036`, `panel`), empty for others.
    """

    kind = models.CharField(max_length=12, choices=roles.KINDS)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    dfe_code = models.CharField(max_length=8, unique=True, null=True, blank=True)
    region = models.CharField(max_length=40, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    senior = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers_for",
    )
    approval_required = models.BooleanField(default=False)
    contact_email = models.EmailField(blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in roles.KINDS]),
                name="organisation_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=roles.AUTHORITY, dfe_code__isnull=False)
                | (~Q(kind=roles.AUTHORITY) & Q(dfe_code__isnull=True)),
                name="organisation_authority_has_dfe_code",
                violation_error_message="A local authority, and nothing else, has a DfE code.",
            ),
            ends_after_it_begins("organisation_ends_after_it_begins"),
        )
        indexes = (models.Index(fields=["kind", "name"], name="organisation_by_kind"),)

    def __str__(self) -> str:
        return self.name


class OrganisationCode(models.Model):
    """A code an organisation is known by in one scheme, for as long as it was in use."""

    GSS = "gss"
    ODS = "ods"
    PFA = "pfa"
    SCHEMES = (
        (GSS, "Government Statistical Service code"),
        (ODS, "NHS Organisation Data Service code"),
        (PFA, "Police force area code"),
    )

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=3, choices=SCHEMES)
    code = models.CharField(max_length=12)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("scheme", "code")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "scheme", "code"], name="organisation_code_once"
            ),
            ends_after_it_begins("organisation_code_ends_after_it_begins"),
        )
        indexes = (models.Index(fields=["scheme", "code"], name="organisation_code_lookup"),)

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class Coverage(models.Model):
    """The police force or integrated care board that covers an authority's area, with dates.

    `main` is false where a board covers only a part of the authority.
    """

    authority = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="covered_by")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="covers")
    main = models.BooleanField(default=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "coverage"
        constraints = (
            models.UniqueConstraint(
                fields=["authority", "organisation", "since"], name="coverage_once"
            ),
            ends_after_it_begins("coverage_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} covers {self.authority}"


class Partnership(models.Model):
    """The safeguarding partners of one or more areas, acting together, with dates."""

    name = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["name", "since"], name="partnership_once"),
            ends_after_it_begins("partnership_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.name


class PartnershipMember(models.Model):
    """An organisation's part in a partnership, with dates."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="partnerships"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_it_begins("partnership_member_ends_after_it_begins"),
            ExclusionConstraint(
                name="partnership_member_once_a_day",
                expressions=[
                    ("partnership", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (DaysCovered(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This organisation is already in the partnership then.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} in {self.partnership}"


def partnership_of(authority: Organisation, *, on: date) -> Partnership | None:
    """Return the partnership an authority belongs to on a London date, if any."""
    return (
        Partnership.objects.current(on)
        .filter(holds_on(on, path="members__"), members__organisation=authority)
        .order_by("pk")
        .first()
    )


def panel_id() -> int:
    """The key of the Panel."""
    return Organisation.objects.of_kind(roles.PANEL).values_list("pk", flat=True)[0]
