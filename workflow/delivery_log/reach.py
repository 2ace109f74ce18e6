"""Whose messages a person may see, and how the people in them are named.

A deadline administrator sees those of every case; who approves or administers for an authority,
those of its own cases. Nobody is named to another organisation but by role, and no address is
shown to anybody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from workflow import clock
from workflow.machine.case import Case
from workflow.outbox.mail import READERS
from workflow.outbox.models import MAIL, Outbox
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.reminders.models import PlannedRung, Reminder

EVERYWHERE = roles.DEADLINE_ADMINISTRATOR.slug
AT_HOME = frozenset({roles.LA_APPROVER.slug, roles.LA_ADMINISTRATOR.slug})
IN_A_DIGEST = ("reminder", "digest")


@dataclass(frozen=True)
class Reach:
    """What one person may see of the messages on a London date."""

    person: Person
    on: date

    @cached_property
    def everywhere(self) -> bool:
        """Whether they look after the messages of every case."""
        return EVERYWHERE in self.person.roles_on(self.on)

    @cached_property
    def _cases(self) -> QuerySet[Case]:
        cases = Case.objects.visible_to(self.person, self.on)
        return cases if self.everywhere else cases.filter(authority__in=self.homes)

    @cached_property
    def homes(self) -> list[int]:
        """The authorities whose messages they may see."""
        held = self.person.memberships_on(self.on)
        return sorted({one.organisation_id for one in held if one.role in AT_HOME})

    def planned(self) -> QuerySet[PlannedRung]:
        """The steps still to come, of clocks that run, for the date they have now."""
        found = PlannedRung.objects.filter(swept_at=None, deadline__case__in=self._cases)
        in_force = Q(deadline__met_on=None, deadline__cancelled_on=None)
        in_force &= Q(revision=F("deadline__revision"))
        return found.filter(in_force).select_related("deadline__case", "deadline__owed_by")

    def told_to_nobody(self) -> QuerySet[PlannedRung]:
        """The steps whose moment came and of which nobody was reminded."""
        recorded = Reminder.objects.filter(
            deadline=OuterRef("deadline"), revision=OuterRef("revision"), rung=OuterRef("rung")
        )
        found = PlannedRung.objects.filter(swept_at__isnull=False, deadline__case__in=self._cases)
        return found.exclude(Exists(recorded)).select_related("deadline__case")

    def reminders(self) -> QuerySet[Reminder]:
        """Every reminder that was recorded."""
        found = Reminder.objects.filter(deadline__case__in=self._cases)
        return found.select_related("deadline__case", "message", "person")

    def messages(self) -> QuerySet[Outbox]:
        """Every message that carries no reminder; those about no case for administrators alone."""
        seen = Q(case__in=self._cases)
        if self.everywhere:
            seen |= Q(case=None)
        found = Outbox.objects.filter(MAIL, seen).exclude(kind__in=IN_A_DIGEST)
        return found.select_related("case", "person", "organisation")


class Names:
    """How the people of a page are named to its reader: by role; by name to their own people."""

    def __init__(self, reach: Reach, people: Iterable[int | None]) -> None:
        self._held: dict[int, list[Membership]] = defaultdict(list)
        rows = Membership.objects.filter(person__in={one for one in people if one})
        for row in rows.select_related("organisation").order_by("pk"):
            self._held[row.person_id].append(row)
        self._own = set(reach.person.organisation_ids(reach.on))

    def of(self, person: Person, at: datetime) -> str:
        """Somebody by the roles they held at a moment."""
        day = clock.london_date(at)
        held = [
            row
            for row in self._held[person.pk]
            if row.since <= day and (row.until is None or row.until >= day)
        ]
        by_body: dict[str, list[str]] = defaultdict(list)
        for row in held:
            by_body[row.organisation.name].append(roles.by_slug(row.role).title)
        words = "; ".join(f"{' and '.join(titles)}, {body}" for body, titles in by_body.items())
        words = words or "Somebody without a role"
        if any(row.organisation_id in self._own for row in held):
            return f"{person.name} ({words})"
        return words

    def to(self, message: Outbox) -> str:
        """Whom a message goes to."""
        if message.person is not None:
            return self.of(message.person, message.created_at)
        body = message.organisation
        if body is None:
            return "Nobody"
        return f"{roles.by_slug(READERS[body.kind]).title}, {body.name}"
