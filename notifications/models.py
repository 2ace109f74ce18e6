"""What was notified, in codes: for rules and counts. Names, dates of birth and words are sealed.

A row is written when a notification is sent, and follows later corrections; its history keeps what
was sent. `not-known` stands where the authority answered "Not known yet", empty where a question
was optional or was not asked.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from notifications.attached.models import (
    AttachedDocument,
    QuarantinedContent,
    ScannedContent,
)
from workflow.audit.history import keep_history
from workflow.audit.walls import KeepButTakeOut, append_only, of_an_act
from workflow.machine.case import Abuse, CaseRow, Place
from workflow.people.codes import NOT_KNOWN
from workflow.sealed import blind
from workflow.sealed.fields import SealedJSON, SealedText
from workflow.sealed.mixin import SealedModel

__all__ = [
    "Amendment",
    "AttachedDocument",
    "IncidentChild",
    "Notification",
    "QuarantinedContent",
    "ScannedContent",
]

NATURES = ("child_death", "serious_harm", "other")
BANDS = (
    "unborn",
    "under_1",
    "1_to_5",
    "6_to_10",
    "11_to_15",
    "16_to_17",
    "18_to_24",
    NOT_KNOWN,
)
OLDEST = 24


def _code(**more: Any) -> Any:
    return models.CharField(max_length=40, blank=True, **more)


def _codes() -> Any:
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


@keep_history(until_disposed=True)
class Notification(CaseRow):
    """One notification of a case: a case has one for each cycle that was sent."""

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="sent_notifications")
    cycle = models.PositiveSmallIntegerField(default=1)
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    nature = _code()
    basis = _codes()
    outcome = _code()
    abuse = _code()
    place = _code()
    country = _code()
    partners_agreed = _code()
    aware_on = models.DateField()
    suspected_on = models.DateField(null=True)
    incident_from = models.DateField(null=True)
    incident_until = models.DateField(null=True)
    raised_by = _code()
    location_type = _code()
    harm_types = _codes()
    harm_setting = _code()
    neglect_before = _code()
    weapon = _code()
    cause_of_death = _code()
    criminal_investigation = _code()
    media_interest = _code()
    coroner_informed = _code()
    joint_agency_response = _code()
    others_at_risk = _code()
    parallel_processes = _codes()
    informed = _codes()
    recipients = _codes()
    late_reason = _code()
    children = models.PositiveSmallIntegerField()
    gaps = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle"],
                name="notified_once_a_cycle",
                violation_error_message="This notification was already sent.",
            ),
            models.CheckConstraint(
                condition=Q(nature__in=NATURES),
                name="notified_nature_known",
                violation_error_message="Say whether a child died, was seriously harmed, or other.",
            ),
            models.CheckConstraint(
                condition=Q(abuse__in=[*Abuse.values, NOT_KNOWN]),
                name="notified_abuse_answered",
                violation_error_message="Say whether abuse or neglect is known or suspected.",
            ),
            models.CheckConstraint(
                condition=Q(place__in=[*Place.values, NOT_KNOWN]),
                name="notified_place_answered",
                violation_error_message="Say where the incident happened.",
            ),
            models.CheckConstraint(
                condition=Q(aware_on__lte=F("sent_on")),
                name="notified_after_awareness",
                violation_error_message="The authority became aware before it notified.",
            ),
            models.CheckConstraint(
                condition=Q(incident_from__isnull=True) | Q(incident_from__lte=F("aware_on")),
                name="notified_incident_before_awareness",
                violation_error_message="The incident began before the authority became aware.",
            ),
            models.CheckConstraint(
                condition=Q(incident_until__isnull=True)
                | Q(incident_until__gte=F("incident_from")),
                name="notified_incident_ends_after_it_begins",
                violation_error_message="The incident ended on or after the day it began.",
            ),
            models.CheckConstraint(
                condition=Q(children__gte=1),
                name="notified_with_a_child",
                violation_error_message="A notification is about at least one child.",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "incident_from"], name="notified_by_incident"),
            models.Index(fields=["sent_on"], name="notified_by_day"),
        ]

    def __str__(self) -> str:
        return f"notification {self.cycle} of {self.case}"


@keep_history(until_disposed=True)
class IncidentChild(CaseRow):
    """A child of an incident, by number, in codes alone.

    "Now" is the time of the incident. The age is in whole years then, or at death.
    """

    notification = models.ForeignKey(Notification, models.PROTECT, related_name="about")
    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="notified_children")
    ordinal = models.PositiveSmallIntegerField()
    role = _code()
    identified = models.BooleanField()
    died = models.BooleanField()
    harmed = models.BooleanField()
    died_on = models.DateField(null=True)
    age_basis = _code()
    age = models.PositiveSmallIntegerField(null=True)
    age_band = models.CharField(max_length=20)
    sex = _code()
    ethnicity = _code()
    disabilities = _codes()
    health_condition = _code()
    mental_health = _code()
    school_status = _code()
    residence = _code()
    living_arrangement = _code()
    known_to_social_care = _code()
    child_in_need = _code()
    primary_need = _code(default="", db_default="")
    protection_plan = _code()
    protection_category = _code()
    looked_after = _code()
    legal_status = _code()
    placement = _code()
    placed_out_of_area = _code()
    care_leaver = _code()
    immigration = _code()
    agencies = _codes()

    class Meta:
        ordering = ["notification", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "ordinal"],
                name="child_once_in_a_notification",
                violation_error_message="This child is already in the notification.",
            ),
            models.CheckConstraint(
                condition=Q(age_band__in=BANDS),
                name="child_age_band_known",
                violation_error_message="Give the child's date of birth or age, or say unknown.",
            ),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__lte=OLDEST),
                name="child_is_under_25",
                violation_error_message="Nobody notified is 25 or over.",
            ),
            models.CheckConstraint(
                condition=Q(died=True) | Q(died_on__isnull=True),
                name="child_died_before_a_date_of_death",
                violation_error_message="A date of death belongs to a child who died.",
            ),
        ]

    def __str__(self) -> str:
        return f"child {self.ordinal} of {self.notification}"


class ChildDigest(CaseRow):
    """By which a child of a case is found again among those of its authority (see `index`).

    It is written under the authority's key.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=blind.WORD_BYTES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "case"], name="child_digest_once"),
        ]

    def __str__(self) -> str:
        return f"digest of a child of {self.case}"


class NationalDigest(models.Model):
    """By which the Panel finds the same child again in cases of whatever authority (see `index`).

    Which case it is of stands in `place`, sealed as the digest is under the Panel's key, so that
    nobody without it sees which rows are of one case, nor of which.
    """

    place = models.BinaryField(max_length=blind.PLACE_BYTES, primary_key=True)
    digest = models.BinaryField(max_length=blind.WORD_BYTES)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="national_digest")]

    def __str__(self) -> str:
        return "digest of a child"


class Amendment(SealedModel):
    """Something added or corrected after sending: before, after and why. Only ever added."""

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="amendments")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    cycle = models.PositiveSmallIntegerField()
    page = models.CharField(max_length=60)
    item = models.CharField(max_length=40, blank=True)
    before = SealedJSON()
    after = SealedJSON()
    reason = SealedText()
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "pk"]
        triggers = append_only(
            taken_out=KeepButTakeOut(
                columns=("before", "after", "reason"),
                of="((NEW.reason = OLD.reason AND r.document IN ('notification')"
                " AND r.page = OLD.page AND r.item = OLD.item)"
                " OR (NEW.before = OLD.before AND NEW.after = OLD.after"
                f" AND {of_an_act()}))",
            )
        )

    def __str__(self) -> str:
        return f"amendment of {self.case}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)
