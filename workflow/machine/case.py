"""The case: what the machines turn around, and the plain facts their rules read."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from workflow.access import shown
from workflow.access.context import AtHand
from workflow.access.visible import VisibleToQuerySet
from workflow.access.walls import RestrictedByRecord
from workflow.audit.history import keep_history
from workflow.audit.walls import CountsUp
from workflow.law.routes import Facts, Route, route
from workflow.machine import token as tokens
from workflow.retention.walls import DisposedByRecord


class Outcome(models.TextChoices):
    """What happened to the child; of several children, the gravest."""

    DIED = "died", "Death"
    SERIOUSLY_HARMED = "seriously_harmed", "Serious harm"
    OTHER = "other", "Other"


class Abuse(models.TextChoices):
    """Whether abuse or neglect is known or suspected: section 16C(1)."""

    KNOWN = "known", "Known"
    SUSPECTED = "suspected", "Suspected"
    NEITHER = "neither", "Neither known nor suspected"


class Place(models.TextChoices):
    """Where it happened, as section 16C(1)(a) and (b) tell places apart."""

    IN_AREA = "in_area", "In this authority's area"
    OUTSIDE_ENGLAND = "outside_england", "Outside England"
    ELSEWHERE = "elsewhere_in_england", "Elsewhere in England"


class CaseQuerySet(VisibleToQuerySet["Case"]):
    """Cases, narrowed by adjectives."""

    def sent(self) -> "CaseQuerySet":
        """Those whose notification has been sent at least once."""
        return self.filter(notified_on__isnull=False)

    def waiting(self) -> "CaseQuerySet":
        """Those on which something is still to be done by a date."""
        return self.filter(next_due_on__isnull=False)

    def overdue(self, *, on: date) -> "CaseQuerySet":
        """Those whose nearest date has passed."""
        return self.filter(next_due_on__lt=on)

    def taken_in_hand(self) -> "CaseQuerySet":
        """The same; the case that is read is the one at hand in its transaction."""
        return self.annotate(at_hand=AtHand("pk"))


@keep_history()
class Case(models.Model):
    """A serious child safeguarding case. It holds codes and dates, never a name or a story.

    `next_due_on` is the nearest date on which something is due (a date, not a standing), kept in
    the transaction that moves a deadline; `next_due` is the duty's slug, or empty when the date is
    internal to this service.
    """

    FACTS: ClassVar[tuple[str, ...]] = (
        "outcome",
        "abuse",
        "place",
        "looked_after",
        "care_leaver",
        "under_18",
        "under_25",
        "looked_after_by_another",
    )

    token = models.CharField(max_length=tokens.LENGTH, unique=True, default=tokens.new_token)
    key_id = models.UUIDField(unique=True)
    # Which sending of which form opened it: the same form sent again opens no second case.
    opening = models.UUIDField(unique=True, null=True)
    authority = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, related_name="notified_cases"
    )
    partnership = models.ForeignKey(
        "workflow.Partnership", models.PROTECT, null=True, related_name="cases"
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    abuse = models.CharField(max_length=20, choices=Abuse.choices, blank=True)
    place = models.CharField(max_length=20, choices=Place.choices, blank=True)
    looked_after = models.BooleanField(null=True)
    care_leaver = models.BooleanField(null=True)
    under_18 = models.BooleanField(null=True)
    under_25 = models.BooleanField(null=True)
    looked_after_by_another = models.BooleanField(default=False)
    # Staff or relatives may be implicated: only people named to it see it (`CaseRestriction`).
    restricted = models.BooleanField(default=False, db_default=False)
    # From then on its record is destroyed, which a confirmed step alone says (`DisposalStep`).
    disposed_on = models.DateField(null=True)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    aware_on = models.DateField(null=True)
    aware_time = models.TimeField(null=True)
    suspected_on = models.DateField(null=True)
    incident_on = models.DateField(null=True)
    children_count = models.PositiveSmallIntegerField(default=0)
    notified_on = models.DateField(null=True)
    notified_at = models.DateTimeField(null=True)
    next_due_on = models.DateField(null=True)
    next_due = models.CharField(max_length=40, blank=True)
    last_sequence = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    # Set on the instance that holds the row lock, for as long as its transaction lasts.
    is_locked = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="case_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(abuse__in=["", *Abuse.values]), name="case_abuse_known"
            ),
            models.CheckConstraint(
                condition=Q(place__in=["", *Place.values]), name="case_place_known"
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True, notified_at__isnull=True)
                | Q(notified_on__isnull=False, notified_at__isnull=False),
                name="case_sent_has_date_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(next_due_on__isnull=False) | Q(next_due=""),
                name="case_next_duty_has_a_date",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_on", "id"],
                name="case_waiting",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(
                fields=["authority", "next_due_on", "id"],
                name="case_waiting_by_authority",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(
                fields=["next_due_on", "id"],
                name="case_without_clock",
                condition=Q(next_due_on__isnull=False, next_due=""),
            ),
            models.Index(fields=["authority", "-opened_on", "-id"], name="case_by_authority"),
            models.Index(fields=["authority", "incident_on"], name="case_by_incident"),
            models.Index(fields=["-opened_on", "-id"], name="case_newest"),
            models.Index(
                fields=["opened_on", "id"],
                name="case_still_kept",
                condition=Q(disposed_on__isnull=True),
            ),
        ]
        triggers = [RestrictedByRecord(), DisposedByRecord(), CountsUp()]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def from_db(cls, *args: Any, **more: Any) -> Self:
        """The case as it was read, which is noted for the log of looks."""
        found = super().from_db(*args, **more)
        if {"token", "authority_id"} <= found.__dict__.keys():
            shown.loaded(found.token, found.pk, found.authority_id)
        return found

    @property
    def reference(self) -> str | None:
        """The public reference, issued at sending; None until then."""
        return f"SIN-{tokens.grouped(self.token)}" if self.notified_on else None

    @property
    def label(self) -> str:
        """What a person calls the case: its reference, or its draft's."""
        return self.reference or f"Draft {tokens.grouped(self.token)}"

    @property
    def address(self) -> str:
        """The token as it stands in addresses."""
        return tokens.grouped(self.token)

    @property
    def facts(self) -> Facts:
        """The facts that decide which duties arise."""
        return Facts(**{name: getattr(self, name) for name in self.FACTS})

    @property
    def route(self) -> Route:
        """Which duties arise, who receives the notification, and whether a rapid review follows."""
        return route(self.facts, on=self.aware_on or self.opened_on)

    @property
    def kind(self) -> str:
        """In a few words, what kind of incident this is: for lists, never a story."""
        if self.care_leaver and not self.looked_after:
            return "Care leaver’s death"
        if self.looked_after and self.outcome == Outcome.DIED:
            return "Looked-after child’s death"
        return Outcome(self.outcome).label if self.outcome else "Not known yet"


class CaseRow(models.Model):
    """A row of a case; the authority stands on it too, so that rows can be held apart by it."""

    authority_id: int

    case = models.ForeignKey(Case, models.PROTECT)
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)
