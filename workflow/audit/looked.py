"""Who looked at an authority's cases: page by page, narrowed by what stands in the address."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from workflow import opaque
from workflow.access.models import Capacity
from workflow.access.policy import roles_for
from workflow.audit.models import Look
from workflow.board.periods import of_address
from workflow.clock import LONDON
from workflow.machine import token
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.keyset import Page, newest_first

HEAD = ("When", "Case", "Who", "As", "What was shown", "How", "Page")
# To whoever reviews an emergency a case is shown by the service, not by a grant.
BY_THE_SERVICE = "Shown by the service, for a review"


@dataclass(frozen=True)
class Asked:
    """What the address narrows the list to: one case, an organisation, a period."""

    reference: str = ""
    body: str = ""
    period: str = ""

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "Asked":
        """What an address asks for; what is none of it is left out."""
        body, period = asked.get("body", ""), asked.get("period", "")
        return cls(
            reference=asked.get("reference", "").strip()[:40],
            body=body if opaque.find(opaque.PLACE, body) is not None else "",
            period=period if of_address(period) else "",
        )

    def as_address(self) -> dict[str, str]:
        """As `from_address` reads it."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Looked:
    """The looks at the cases of the authorities for which a person may ask, on a London date."""

    person: Person
    on: date

    @property
    def homes(self) -> list[int]:
        """Those authorities."""
        asks = roles_for("view.looks")
        held = self.person.memberships_on(self.on)
        return sorted({one.organisation_id for one in held if one.role in asks})

    def _in_sight(self) -> QuerySet[Look]:
        return Look.objects.visible_to(self.person, self.on)

    def rows(self, asked: Asked) -> QuerySet[Look]:
        """What is asked for, the newest first.

        A case's own looks are all of them, also from when it was another authority's; in the list
        of all cases stand those made since it is this one's. Of a case that is restricted only
        those named to it read who looked.
        """
        rows = self._in_sight().filter(case__authority__in=self.homes)
        if asked.reference:
            rows = rows.filter(case__token=token.read(asked.reference) or "")
        else:
            rows = rows.filter(authority__in=self.homes)
        if asked.body:
            rows = rows.filter(organisation=opaque.find(opaque.PLACE, asked.body))
        if period := of_address(asked.period):
            rows = rows.filter(at__gte=_begins(period.first))
            rows = rows.filter(at__lt=_begins(period.last + timedelta(days=1)))
        return rows.select_related("case", "person", "organisation").order_by("-pk")

    def page(self, asked: Asked, position: Mapping[str, str]) -> Page:
        """One page that begins, or ends, at a position."""
        return newest_first(self.rows(asked), position)

    def bodies(self) -> list[tuple[str, str]]:
        """The organisations whose people have looked, to choose from."""
        rows = self._in_sight().filter(authority__in=self.homes, organisation__isnull=False)
        found = rows.order_by("organisation__name").values_list(
            "organisation_id", "organisation__name"
        )
        return [(opaque.hide(opaque.PLACE, key), name) for key, name in found.distinct()]

    def lines(self, asked: Asked) -> Iterator[list[str]]:
        """The whole list as the rows of a file."""
        for row in self.rows(asked).iterator(2000):
            when = row.at.astimezone(LONDON).isoformat(" ", "seconds")
            said = self.said(row)
            yield [
                when,
                row.case.label,
                said["who"],
                said["as"],
                said["what"],
                said["how"],
                row.page,
            ]

    def said(self, row: Look) -> dict[str, Any]:
        """A look in words: its own people by name, others by role and organisation."""
        place = row.organisation.name if row.organisation else "No organisation"
        title = roles.by_slug(row.role).title if row.role else "No role"
        own = row.organisation_id in self.homes
        return {
            "who": f"{row.person.name} ({title})" if own else f"{title}, {place}",
            "as": Capacity(row.capacity).label if row.capacity else BY_THE_SERVICE,
            "urgent": row.capacity == Capacity.EMERGENCY,
            "what": row.get_fields_display(),
            "how": row.get_way_display(),
        }


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)
