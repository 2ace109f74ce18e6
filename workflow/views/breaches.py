"""Who is late, by how much and on what: three lists, one a kind of lateness."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.queues import Cursor, Filters
from workflow.queues.breaches import LATENESS, SORTS, STANDINGS, BreachList
from workflow.queues.filters import REGIONS
from workflow.views.access import moment, person_of, signed_in
from workflow.views.clocks import late_reasons, title_of
from workflow.views.queue import areas, sees_many_areas

FIRST_KIND = "guidance"


@require_safe
@signed_in
@only_for("view.breaches")
def late(request: HttpRequest) -> HttpResponseBase:
    """The dates missed in the cases one may see; figures carry their number and their moment."""
    on, at = moment()
    person, asked = person_of(request), request.GET
    filters = Filters.from_address(
        {"area": asked.get("area", ""), "region": asked.get("region", "")}
    )
    kind = asked["kind"] if asked.get("kind") in LATENESS else FIRST_KIND
    standing = asked["standing"] if asked.get("standing") in STANDINGS else "open"
    sort = asked["sort"] if asked.get("sort") in SORTS else next(iter(SORTS))
    cursor = Cursor.from_address(asked.get("after", ""), asked.get("before", ""))
    here = {"kind": kind, "standing": standing, "sort": sort, **filters.as_address()}
    breaches = BreachList(person, on, filters)
    page = breaches.page(kind, standing, cursor=cursor, sort=sort)
    if cursor and not page.rows:
        return redirect(_link(here))
    compares = sees_many_areas(person, on=on)
    context = {
        "kind": kind,
        "standing": standing,
        "lists": _lists(breaches, here),
        "title": LATENESS[kind][1],
        "meaning": LATENESS[kind][2],
        "standings": _choices(STANDINGS, "standing", here),
        "sorts": [
            {"text": order.title, "href": _link({**here, "sort": slug}), "active": slug == sort}
            for slug, order in SORTS.items()
        ],
        "rows": _rows(page.rows, on=on),
        "filters": {"area": filters.area, "region": filters.region},
        "reset_href": _link({**here, "area": "", "region": ""}) if filters.any else "",
        "areas": areas(on=on) if compares else [],
        "regions": [(region, region) for region in REGIONS] if compares else [],
        "compares": compares,
        "previous_href": _link({**here, **page.previous.as_address()}) if page.previous else "",
        "next_href": _link({**here, **page.next.as_address()}) if page.next else "",
        "as_at": at,
    }
    return render(request, "workflow/breaches.html", context)


def _rows(found: list[Deadline], *, on: date) -> list[dict[str, Any]]:
    days = calendar()
    reasons = late_reasons() if any(row.late_reason for row in found) else {}
    return [
        {
            "case": row.case,
            "clock": title_of(row, numbered=row.cycle > 1),
            "owed_by": row.owed_by.name,
            "due_on": row.due_on,
            "met_on": row.met_on,
            "standing": row.standing(on=on, calendar=days),
            "reason": reasons.get(row.late_reason, row.late_reason),
            "explained": reverse("date-explained", args=[row.case.token, row.duty, row.cycle]),
        }
        for row in found
    ]


def _lists(breaches: BreachList, here: dict[str, str]) -> list[dict[str, Any]]:
    """The three kinds, each with its own figures."""
    counts = breaches.counts()
    return [
        {
            "title": title,
            "href": _link({**here, "kind": slug}),
            "active": slug == here["kind"],
            "open": str(counts[slug]["open"]),
            "met_late": str(counts[slug]["met-late"]),
        }
        for slug, (_, title, _) in LATENESS.items()
    ]


def _choices(
    offered: dict[str, tuple[str, Any]], name: str, here: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {"text": one[0], "href": _link({**here, name: slug}), "active": slug == here[name]}
        for slug, one in offered.items()
    ]


def _link(asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse('breaches')}?{urlencode(kept)}"
