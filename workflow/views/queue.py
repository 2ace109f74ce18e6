"""A person's work list: what needs action first, sorted by the nearest date."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.policy import may
from workflow.deadlines.calendar import newest_holiday
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.queues import Cursor, Filters, Segment, WorkList
from workflow.queues.counts import Capped
from workflow.queues.filters import KINDS, REGIONS
from workflow.queues.keyset import SIZES
from workflow.queues.segments import FINISHED, WAITING_ON_OTHERS
from workflow.queues.worklist import KEPT, SORTS
from workflow.views import letting_go
from workflow.views.access import moment, person_of, signed_in
from workflow.views.doing import next_act
from workflow.views.frame import address

# Nobody acts on these, so nobody is told their number before asking.
NOT_COUNTED = {FINISHED.slug, WAITING_ON_OTHERS.slug}
SEES_MANY_AREAS = {roles.PANEL, roles.DFE, roles.OFSTED, roles.OPERATOR}


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """The part of one's own work list that comes first."""
    return _list(request, "")


@require_safe
@signed_in
def queue(request: HttpRequest) -> HttpResponseBase:
    """The part of one's own work list that the address asks for."""
    return _list(request, request.GET.get("part", ""))


@dataclass(frozen=True)
class Asked:
    """What an address asks of a work list."""

    segment: Segment
    filters: Filters
    size: int
    sort: str
    cursor: Cursor | None

    def link(self, **changed: Any) -> str:
        """The address of the same list with something changed; its position is left out."""
        other = replace(self, **{"cursor": None, **changed})
        asked = {"part": other.segment.slug, **other.filters.as_address()}
        if other.size != SIZES[0]:
            asked["size"] = str(other.size)
        if other.sort:
            asked["sort"] = other.sort
        if other.cursor:
            asked |= other.cursor.as_address()
        return f"{reverse('queue')}?{urlencode(asked)}"


def _list(request: HttpRequest, part: str) -> HttpResponseBase:
    on, at = moment()
    person = person_of(request)
    work = WorkList(person, on=on)
    segment = work.segment(part)
    if segment is None:
        return render(request, "workflow/no_list.html")
    asked = _asked(request, segment)
    page = work.page(
        segment, filters=asked.filters, cursor=asked.cursor, size=asked.size, sort=asked.sort
    )
    if asked.cursor and not page.rows:
        # What lay beyond the position has gone: the list begins again.
        return redirect(asked.link())
    counts = work.counts(_counted(work, segment), filters=asked.filters)
    context = {
        "segment": segment,
        "heading": _heading(segment, counts[segment.slug]),
        "parts": _parts(work, asked, counts),
        "rows": page.rows,
        "kept_for_you": letting_go.waiting(person, on=on) if counts[KEPT].number else [],
        "acts": next_act,
        "empty": segment.empty if not asked.filters.any else "Nothing matches these filters.",
        "asked": asked,
        "choices": _choices(person, on=on),
        "reset_href": asked.link(filters=Filters()) if asked.filters.any else "",
        "sorts": _sorts(work, asked),
        "sizes": [
            {"text": str(one), "href": asked.link(size=one), "active": one == asked.size}
            for one in SIZES
        ],
        "previous_href": asked.link(cursor=page.previous) if page.previous else "",
        "next_href": asked.link(cursor=page.next) if page.next else "",
        **_starts(person, on=on),
        "as_at": at,
    }
    return render(request, "workflow/queue.html", context)


def _asked(request: HttpRequest, segment: Segment) -> Asked:
    asked = request.GET
    return Asked(
        segment=segment,
        filters=Filters.from_address(asked.dict()),
        size=SIZES[1] if asked.get("size") == str(SIZES[1]) else SIZES[0],
        sort=asked["sort"] if asked.get("sort") in SORTS else "",
        cursor=Cursor.from_address(asked.get("after", ""), asked.get("before", "")),
    )


def _starts(person: Person, *, on: date) -> dict[str, str]:
    """Where somebody may begin a case."""
    may_notify = may(person, "open.notification", on=on)
    may_enter = may(person, "enter_on_behalf", on=on)
    return {
        "start_href": address("notifications:screening") if may_notify else "",
        "enter_href": address("notifications:enter") if may_enter else "",
    }


def _heading(segment: Segment, count: Capped) -> str:
    return f"{count} {segment.one if count.is_one else segment.many}"


def _counted(work: WorkList, chosen: Segment) -> list[Segment]:
    return [one for one in work.segments if one == chosen or one.slug not in NOT_COUNTED]


def _parts(work: WorkList, asked: Asked, counts: dict[str, Capped]) -> list[dict[str, Any]]:
    return [
        {
            "text": one.title if one.slug not in counts else f"{one.title} ({counts[one.slug]})",
            "href": asked.link(segment=one, sort=""),
            "active": one == asked.segment,
        }
        for one in work.segments
    ]


def _sorts(work: WorkList, asked: Asked) -> list[dict[str, Any]]:
    orders = work.orders(asked.segment)
    chosen = asked.sort if asked.sort in {order.slug for order in orders} else orders[0].slug
    return [
        {
            "text": order.title,
            "href": asked.link(sort=order.slug),
            "active": order.slug == chosen,
        }
        for order in orders
    ]


def _choices(person: Person, *, on: date) -> dict[str, Any]:
    """What the list can be narrowed to; areas only for those who see many of them."""
    kinds = [(slug, title) for slug, (title, _) in KINDS.items()]
    many = sees_many_areas(person, on=on)
    return {
        "kinds": kinds,
        "areas": areas(on=on) if many else [],
        "regions": [(region, region) for region in REGIONS] if many else [],
    }


def sees_many_areas(person: Person, *, on: date) -> bool:
    """Whether a person sees the cases of many authorities, and so may narrow a list by area."""
    held = person.memberships_on(on)
    return any(membership.organisation.kind in SEES_MANY_AREAS for membership in held)


Areas = list[tuple[str | None, str]]


def areas(*, on: date) -> Areas:
    """The authorities of a London date, by their Department for Education code."""
    return areas_and_edition(on=on)[0]


def areas_and_edition(*, on: date) -> tuple[Areas, int | None]:
    """The authorities, and the edition of the calendar that the same statement found, if any."""
    found = Organisation.objects.current(on).of_kind(roles.AUTHORITY).order_by("name")
    rows = list(found.values_list("dfe_code", "name", newest_holiday()))
    return [(code, name) for code, name, _ in rows], rows[0][2] if rows else None
