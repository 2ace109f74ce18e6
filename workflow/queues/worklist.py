"""A person's work list: its parts, how many are in each, and one page of one part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from workflow.access.models import Grant
from workflow.access.reach import grants_of
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import ProclaimedHoliday
from workflow.law.calendar import COMMITTED, Calendar
from workflow.machine.case import Case
from workflow.machine.replies import reply_came
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.counts import Capped, count_each
from workflow.queues.filters import Filters
from workflow.queues.keyset import SIZES, Cursor, Order, Slice, sliced
from workflow.queues.mandates import mandates_of
from workflow.queues.rows import QueueRow, queue_rows
from workflow.queues.segments import Segment, segments_for
from workflow.sealed.models import KeptPage

EVERYTHING = Filters()
# No part of a list has this name.
KEPT = "kept"


def _keys(token: str) -> QuerySet[Case, int]:
    return Case.objects.filter(token=token).values("pk")[:1]  # type: ignore[return-value]


def _order(slug: str, title: str, column: str, *, descending: bool) -> Order[Case]:
    return Order(slug, title, column, descending, lambda case: case.token, _keys)


NEAREST = _order("due", "Nearest date first", "next_due_on", descending=False)
NEWEST = _order("newest", "Newest first", "opened_on", descending=True)
SORTS = {order.slug: order for order in (NEAREST, NEWEST)}


@dataclass(frozen=True)
class QueuePage:
    """One page of one part of a work list."""

    rows: list[QueueRow]
    previous: Cursor | None
    next: Cursor | None


class WorkList:
    """What one person has to do, or may look at, on a London date."""

    def __init__(self, person: Person, *, on: date) -> None:
        self.person = person
        self.on = on
        self.mandates = mandates_of(person, on=on)
        self.segments = segments_for(person, self.mandates, on=on)

    def segment(self, slug: str) -> Segment | None:
        """The part of that name, else the first one; None for somebody without a list."""
        named = (segment for segment in self.segments if segment.slug == slug)
        return next(named, self.segments[0] if self.segments else None)

    def orders(self, segment: Segment) -> list[Order[Case]]:
        """How a part may be sorted: what is closed has no date to come."""
        return [NEAREST, NEWEST] if segment.is_open else [NEWEST]

    def page(
        self,
        segment: Segment,
        *,
        filters: Filters = EVERYTHING,
        cursor: Cursor | None = None,
        size: int = SIZES[0],
        sort: str = NEAREST.slug,
    ) -> QueuePage:
        """The page of a part that begins, or ends, at a position."""
        orders = {order.slug: order for order in self.orders(segment)}
        order = orders.get(sort) or next(iter(orders.values()))
        found = self._read(segment, filters, order=order, cursor=cursor, size=size)
        rows = queue_rows(found.rows, self.mandates, on=self.on, calendar=_calendar(found))
        return QueuePage(rows, found.previous, found.next)

    def counts(
        self, segments: Iterable[Segment], *, filters: Filters = EVERYTHING
    ) -> dict[str, Capped]:
        """How many cases each of these parts holds, up to a thousand, in one statement.

        Under `KEPT`, on how many pages something waits that was kept for the person.
        """
        parts: dict[str, list[QuerySet[Any, Any]]] = {
            one.slug: [*self._alternatives(one, filters)] for one in segments
        }
        return count_each({**parts, KEPT: [KeptPage.objects.filter(person=self.person)]})

    def _alternatives(
        self, segment: Segment, filters: Filters, position: Q | None = None
    ) -> list[QuerySet[Case, Case]]:
        shared = filters.condition(on=self.on) & (position or Q())
        # What all of them share is worked out once.
        visible = Case.objects.visible_to(self.person, self.on).filter(shared)
        return [
            visible.filter(place & condition)
            for condition in segment.conditions(self.mandates, on=self.on)
            for place in self._places
        ]

    @cached_property
    def _places(self) -> list[Q]:
        """Where the person's cases are. It narrows nothing: `visible_to` alone decides.

        Said so that the cases of one authority are read from an index by authority, instead of
        being picked out of everybody's.
        """
        own = {
            membership.organisation_id
            for membership in self.person.memberships_on(self.on)
            if membership.organisation.kind == roles.AUTHORITY
        }
        if not own:
            return [Q()]
        given = Grant.objects.active(self.on).filter(grants_of(self.person, self.on))
        elsewhere = list(given.exclude(authority__in=own).values_list("case_id", flat=True))
        return [Q(authority=place) for place in sorted(own)] + (
            [Q(pk__in=elsewhere)] if elsewhere else []
        )

    def _read(
        self,
        segment: Segment,
        filters: Filters,
        *,
        order: Order[Case],
        cursor: Cursor | None,
        size: int,
    ) -> Slice[Case]:
        columns = order.columns(back=cursor is not None and cursor.back)
        position = order.beyond(cursor) if cursor else None
        alternatives = self._alternatives(segment, filters, position)
        # Each alternative walks an index of its own and stops at a page's length.
        first, *rest = [one.order_by(*columns).values("pk")[: size + 1] for one in alternatives]
        keys = first.union(*rest) if rest else first
        newest = ProclaimedHoliday.objects.order_by("-pk").values("pk")[:1]
        cases = (
            Case.objects.filter(pk__in=keys)
            .select_related("authority", "notification")
            .annotate(
                newest_holiday=Coalesce(Subquery(newest), Value(0), output_field=IntegerField()),
                reply_came=reply_came(),
            )
            .order_by(*columns)[: size + 1]
        )
        return sliced(list(cases), order=order, cursor=cursor, size=size)


def queue_page(
    person: Person,
    segment: str,
    filters: Filters = EVERYTHING,
    cursor: Cursor | None = None,
    size: int = SIZES[0],
    sort: str = NEAREST.slug,
    *,
    on: date,
) -> QueuePage:
    """One page of a person's work list; an empty one for somebody who has none."""
    work = WorkList(person, on=on)
    chosen = work.segment(segment)
    if chosen is None:
        return QueuePage([], None, None)
    return work.page(chosen, filters=filters, cursor=cursor, size=size, sort=sort)


def _calendar(found: Slice[Case]) -> Calendar:
    """The calendar in force, as the page's own statement read it."""
    return calendar(found.rows[0].__dict__["newest_holiday"]) if found.rows else COMMITTED
