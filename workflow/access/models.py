"""The dated grant: the sole basis of who may see which case."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from workflow import clock
from workflow.access.walls import SetAside
from workflow.audit.history import keep_history
from workflow.people.dated import DaysCovered, ends_after_it_begins, holds_on
from workflow.people.organisations import Organisation


class Capacity(models.TextChoices):
    """As what a person or an organisation sees a case."""

    NOTIFYING_AUTHORITY = "notifying_authority", "Notifying authority"
    PARTNER = "partner", "Safeguarding partner"
    PANEL = "panel", "Panel"
    DFE = "dfe", "Department for Education"
    OFSTED = "ofsted", "Ofsted"
    OPERATOR = "operator", "Service operator (clocks only)"
    OTHER_AREA = "other_area", "Other area"
    REVIEWER = "reviewer", "Reviewer"
    ASKED = "asked_to_take_over", "Authority asked to take the case over"
    EMERGENCY = "emergency", "Emergency (60 minutes)"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, narrowed by adjectives."""

    def active(self, on: date) -> Self:
        """Those that give sight on a London date: in force, and not set aside."""
        return self.in_force(on).filter(set_aside=False)

    def in_force(self, on: date) -> Self:
        """Those in force on a London date, not withdrawn, and with minutes left if counted so.

        They say whom a case concerns. While it is restricted, that is not who sees it.
        """
        has_time = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
        return self.filter(holds_on(on), has_time, withdrawn_at__isnull=True)

    def to_act(self) -> Self:
        """Those under which something may be done: in an emergency a case is read, no more."""
        return self.exclude(capacity=Capacity.EMERGENCY)


def _once_a_day(holder: str, *besides: Any) -> ExclusionConstraint:
    """Two grants of a case to one holder in one capacity share no day."""
    return ExclusionConstraint(
        name=f"grant_once_a_day_{holder}",
        expressions=[
            ("case", RangeOperators.EQUAL),
            (holder, RangeOperators.EQUAL),
            ("capacity", RangeOperators.EQUAL),
            (DaysCovered(), RangeOperators.OVERLAPS),
            *besides,
        ],
        condition=Q(withdrawn_at__isnull=True, **{f"{holder}__isnull": False}),
        violation_error_message="This grant is already in force then.",
    )


# Whoever belongs to two partners is named as somebody of each, and keeps sight when one ends.
_NAMED_AT = Coalesce("named_at", 0, output_field=models.BigIntegerField())


@keep_history()
class Grant(models.Model):
    """Sight of a case for one person or one organisation, from its first day to its last.

    `withdrawn_at` ends it at once, where a last day would let it run on until midnight. What is
    given in an emergency ends by itself, at `expires_at`.

    `named_at` stands where somebody is named to a restricted case as a person of an organisation:
    it gives sight while they belong there. All others are `set_aside` as long as the case is
    restricted, which the database itself keeps true.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="grants")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    named_at = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_aside = models.BooleanField(default=False, db_default=False)
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="grant_to_one_holder",
                violation_error_message="A grant is to a person or to an organisation.",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values), name="grant_capacity_known"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.EMERGENCY, person__isnull=False)
                & Q(expires_at__isnull=False)
                | ~Q(capacity=Capacity.EMERGENCY),
                name="grant_in_an_emergency_ends",
            ),
            models.CheckConstraint(
                condition=Q(named_at__isnull=True) | Q(person__isnull=False),
                name="grant_by_name_is_to_a_person",
            ),
            ends_after_it_begins("grant_ends_after_it_begins"),
            _once_a_day("person", (_NAMED_AT, RangeOperators.EQUAL)),
            _once_a_day("organisation"),
        )
        indexes = (
            # What row security asks of every row that is read, answered from the index alone.
            models.Index(
                fields=["case"],
                include=[
                    "organisation",
                    "person",
                    "named_at",
                    "capacity",
                    "since",
                    "until",
                    "expires_at",
                    "set_aside",
                    # Always nothing here; asked for all the same, inside a condition.
                    "withdrawn_at",
                ],
                name="grant_in_force",
                condition=Q(withdrawn_at__isnull=True),
            ),
        )
        triggers = (SetAside(),)

    def __str__(self) -> str:
        return f"{self.capacity} for {self.organisation or self.person}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)
