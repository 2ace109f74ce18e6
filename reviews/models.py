"""What is written down of a rapid review and its answer. Each row is a record: only ever added.

The words people wrote are sealed, the names they typed among them; codes and dates stand in
clear. What changes a record is a later record: the newest counts, and every one is kept.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from reviews.codes import NATIONAL_REVIEW, Decision, Partner, View
from workflow.audit.walls import KeepButTakeOut, append_only, of_an_act, of_the_text
from workflow.machine.rapid_review import RapidReview
from workflow.sealed.fields import SealedJSON, SealedText
from workflow.sealed.mixin import SealedModel

# As the trail and the database know these texts when words are taken out of one.
A_VIEW, FINDINGS, RESPONSE = "sign-off", "panel-findings", "panel-response"


def _one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": sorted(choices.values)}),
        name=f"%(class)s_{field}_known",
    )


def _decided_or_to_be_decided() -> models.CheckConstraint:
    """A decision has the day it was taken; one that is open has a day by which it will be."""
    return models.CheckConstraint(
        condition=Q(decision=Decision.UNDECIDED, decide_by__isnull=False, decided_on__isnull=True)
        | (~Q(decision=Decision.UNDECIDED) & Q(decided_on__isnull=False, decide_by__isnull=True)),
        name="%(class)s_decided_or_to_be_decided",
        violation_error_message="A decision has its day, an open one the day it will be taken by.",
    )


class Record(SealedModel):
    """A row of a case, written once: by whom, and when. `on` is a London date, `at` an instant."""

    case = models.ForeignKey("workflow.Case", models.PROTECT)
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the row under its case's authority; the database refuses a second writing."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **{"force_insert": True, **kwargs})


class SignOff(Record):
    """A statutory partner's view of a rapid review, in its own words: it agrees or dissents.

    `received` when the business unit wrote down a view it was given another way; `by` is then
    the person who wrote it down, and `name` the one whose view it is. `draft` says of which words
    it is the view, as `reviews.services.drafts` tells them apart; empty where nobody kept that.
    """

    review = models.ForeignKey(RapidReview, models.PROTECT, related_name="sign_offs")
    partner = models.CharField(max_length=20, choices=Partner.choices)
    organisation = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    name = SealedText()
    position = SealedText(blank=True)
    view = models.CharField(max_length=10, choices=View.choices)
    comment = SealedText(blank=True)
    signed_on = models.DateField()
    received = models.BooleanField(default=False)
    draft = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        ordering = ("pk",)
        constraints = (
            _one_of("partner", Partner),
            _one_of("view", View),
            models.CheckConstraint(
                condition=Q(signed_on__lte=models.F("on")), name="signoff_not_before_it_was_given"
            ),
        )
        indexes = (models.Index(fields=["review", "organisation"], name="signoff_of_partner"),)
        triggers = append_only(
            taken_out=KeepButTakeOut(columns=("position", "comment"), of=of_the_text(A_VIEW))
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_view_display()}"


class SentReview(Record):
    """A rapid review as it was sent: frozen, whatever is typed afterwards.

    `content` holds the questions with their answers in words, as the Panel reads them; `answers`
    the version of each section that was sent; `signed` for each statutory partner its view, or
    that it was missing.
    """

    review = models.ForeignKey(RapidReview, models.PROTECT, related_name="sent")
    version = models.PositiveSmallIntegerField()
    criteria_met = models.BooleanField()
    decision = models.CharField(max_length=20, choices=Decision.choices)
    decision_code = models.CharField(max_length=40)
    alternative = models.CharField(max_length=40, blank=True)
    decided_on = models.DateField(null=True)
    decide_by = models.DateField(null=True)
    national_suggested = models.BooleanField(null=True)
    late_reason = models.CharField(max_length=60, blank=True)
    content = SealedJSON(default=list)
    answers = models.JSONField(default=dict)
    signed = models.JSONField(default=list)

    class Meta:
        ordering = ("review", "version")
        constraints = (
            models.UniqueConstraint(fields=["review", "version"], name="sentreview_once_a_version"),
            _one_of("decision", Decision),
            _decided_or_to_be_decided(),
        )
        triggers = append_only(
            taken_out=KeepButTakeOut(columns=("content",), of="r.document = 'rapid-review'")
        )

    def __str__(self) -> str:
        return f"version {self.version} of {self.review}"


class Assessment(Record):
    """What the Panel finds of a rapid review that was sent. `notes` never leave the Panel."""

    sent = models.ForeignKey(SentReview, models.PROTECT, related_name="assessments")
    completeness = models.CharField(max_length=40)
    quality = models.CharField(max_length=40)
    agrees_criteria = models.BooleanField(null=True)
    agrees_decision = models.BooleanField(null=True)
    learning = SealedText(blank=True)
    national_flag = models.BooleanField(default=False)
    themes = models.JSONField(default=list)
    notes = SealedText(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["sent", "by"], name="assessment_once_by_each"),
        )
        triggers = append_only(
            taken_out=KeepButTakeOut(columns=("learning", "notes"), of=of_the_text(FINDINGS))
        )

    def __str__(self) -> str:
        return f"assessment of {self.sent}"


class PanelResponse(Record):
    """What the Panel answered to the partnership, and by when it asks for a reply, if it does.

    `differs` when it is not what the partners decided, which whoever issued it confirmed. Only a
    national review may be decided on before anything was sent.
    """

    review = models.ForeignKey(RapidReview, models.PROTECT, related_name="responses")
    sent = models.OneToOneField(SentReview, models.PROTECT, null=True, related_name="response")
    outcome = models.CharField(max_length=40)
    text = SealedText()
    differs = models.BooleanField(default=False)
    reply_by = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sent__isnull=False) | Q(outcome=NATIONAL_REVIEW),
                name="panelresponse_answers_a_review",
            ),
        )
        triggers = append_only(
            taken_out=KeepButTakeOut(
                columns=("text",), of=f"(({of_the_text(RESPONSE)}) OR ({of_an_act()}))"
            )
        )

    def __str__(self) -> str:
        return f"response to {self.review}"


class PartnersDecision(Record):
    """One decision of the partners on a local review, in the order they were taken.

    The first travels in the rapid review; later ones confirm or change it. The six months count
    from `decided_on` of the first yes, not from the Panel's reply; one that repeats it with an
    earlier day puts that day right.
    """

    number = models.PositiveSmallIntegerField()
    sent = models.ForeignKey(SentReview, models.PROTECT, null=True, related_name="decisions")
    response = models.ForeignKey(PanelResponse, models.PROTECT, null=True, related_name="decisions")
    confirms = models.BooleanField(default=False)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    decision_code = models.CharField(max_length=40)
    alternative = models.CharField(max_length=40, blank=True)
    decided_on = models.DateField(null=True)
    decide_by = models.DateField(null=True)
    reason = SealedText(blank=True)

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="partnersdecision_in_order"),
            _one_of("decision", Decision),
            _decided_or_to_be_decided(),
        )
        triggers = append_only(
            taken_out=KeepButTakeOut(
                columns=("reason",),
                of="((r.document IN ('rapid-review') AND r.page IN ('lcspr')"
                " AND r.field IN ('rationale') AND OLD.sent_id IS NOT NULL)"
                f" OR (OLD.sent_id IS NULL AND {of_an_act()}))",
            )
        )

    def __str__(self) -> str:
        return f"decision {self.number} on {self.case}"
