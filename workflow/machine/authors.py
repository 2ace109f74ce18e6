"""Who wrote a notification, and who read it a second time: never the same person."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from workflow.machine.notification_states import BEFORE_SENDING
from workflow.people.person import Person
from workflow.sealed.names import document_of


def written_by(person: int) -> Q:
    """The condition on notifications that a person is one of their authors."""
    return Q(author=person) | Q(writers__contains=[person])


ANOTHER_APPROVES = (
    models.CheckConstraint(
        condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
        name="notification_approver_is_not_author",
    ),
    models.CheckConstraint(
        condition=Q(approved_by__isnull=True) | ~Q(writers__contains=[F("approved_by")]),
        name="notification_approver_wrote_nothing",
    ),
)


class Written(models.Model):
    """What has authors, and an approver who is none of them.

    `author` began this cycle, or asked for its approval last. `writers` are the keys of whoever
    else asked, or changed one of its pages before it was sent; and after that, as long as its
    approval is outstanding: nobody approves their own correction either.
    """

    objects: Any
    pk: int
    state: str
    cycle: int
    author_id: int | None

    author = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    writers = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    approval_outstanding = models.BooleanField(default=False)
    approved_by = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)

    class Meta:
        abstract = True

    @property
    def authors(self) -> frozenset[int]:
        """The keys of all its authors: none of them approves it."""
        return frozenset({self.author_id, *self.writers} - {None})  # type: ignore[arg-type]

    def begun_by(self, person: Person | None) -> None:
        """A cycle begins: who wrote an earlier one is no author of this one."""
        self.author, self.writers = person, []
        self.approved_by = self.approved_on = None
        self.approval_outstanding = False

    def asked_by(self, person: Person | None) -> None:
        """Who asks for approval stands for it, and so does still whoever wrote it."""
        self.writers = sorted(self.authors - {person.pk if person else None})
        self.author = person

    def wrote(self, document: str, person: Person | None) -> None:
        """Whoever changes one of its pages is one of its authors, until it is sent and approved."""
        waits = self.state in BEFORE_SENDING or self.approval_outstanding
        written = document == document_of(self.cycle)
        if person is None or not (waits and written) or person.pk in self.authors:
            return
        self.writers = [*self.writers, person.pk]
        # Added to what rests there: nobody's name is lost to who writes in the same moment.
        rows = type(self).objects.filter(pk=self.pk).exclude(writers__contains=[person.pk])
        rows.update(writers=Func(F("writers"), Value(person.pk), function="array_append"))
