"""What a person typed, kept as typed and sealed, section by section."""

from typing import Any

from django.conf import settings
from django.db import models

from workflow.access.visible import VisibleToQuerySet
from workflow.audit.history import keep_history
from workflow.audit.walls import KeepButTakeOut
from workflow.sealed.fields import SealedJSON
from workflow.sealed.mixin import SealedModel

__all__ = ["Answers", "IndexKey", "KeptPage", "SealedModel"]


class AnswersQuerySet(VisibleToQuerySet["Answers"]):
    """Answers, seen by whoever sees their case."""

    case_path = "case"


# Which document a name stands for, whatever its number: "notification-2" is a notification.
OF_ITS_DOCUMENT = "r.document = regexp_replace(OLD.document, '-[0-9]+$', '')"


@keep_history(
    taken_out=KeepButTakeOut(
        columns=("answers",),
        of=f"{OF_ITS_DOCUMENT} AND r.section = OLD.section AND r.item = OLD.item",
    )
)
class Answers(SealedModel):
    """The answers typed in one section of a document of a case, complete or not.

    `item` tells apart the many children, adults or agencies of a section ("1", "2", ...; empty
    where there is one), `order` sorts them. A removed item stays as a row with `removed_at`, and
    its number is never given again. `version` grows by one with each change.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="answers")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    document = models.CharField(max_length=40)
    section = models.CharField(max_length=60)
    item = models.CharField(max_length=40, blank=True, default="")
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    answers = SealedJSON(default=dict)
    complete = models.BooleanField(default=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = AnswersQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "answers"
        ordering = ("case", "document", "section", "order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "document", "section", "item"], name="answers_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} {self.section} {self.item}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)


class KeptPage(SealedModel):
    """A page of a case as its person sent it when they had been signed out, until they look at it.

    `kept` is what was typed, with the person and the page it was typed on: a row that was given to
    somebody else opens for nobody. It has no history, and goes once it was used or let go.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.CharField(max_length=200)
    kept = SealedJSON(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "person", "page"], name="kept_page_once"),
        )

    def __str__(self) -> str:
        return f"{self.page} of {self.person}"


class IndexKey(models.Model):
    """Which key in the store an organisation's index is written with (see `blind`).

    One is in use, and has no day on which it was retired; those before it are destroyed. `after` is
    how many records had ended when it was made: nothing of those was ever written under it.
    """

    organisation = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    key_id = models.UUIDField(unique=True, editable=False)
    after = models.BigIntegerField(default=0)
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(retired_on__isnull=True),
                name="one_key_of_an_index_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"index key of {self.organisation}"


class IndexGap(models.Model):
    """Since a day, cases may be missing in the indexes of words (see `blind`).

    One stands from the upgrade to the version that first says so where there were cases before, and
    one is added each time an index begins anew with nothing in it, or could not be written. Each
    goes once every case has been written since.
    """

    since = models.DateField()

    def __str__(self) -> str:
        return f"gap since {self.since}"
