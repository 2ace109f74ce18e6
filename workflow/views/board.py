"""The breach board: four figures, by month, by area, region or duty, for one kind of lateness."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.board import periods
from workflow.board.asked import LATENESS, Asked, duties_of
from workflow.board.chart import chart
from workflow.board.figures import (
    BESIDE,
    Figures,
    Present,
    by_name,
    figures,
    now,
    timed_duty,
    worst_first,
)
from workflow.board.periods import Period
from workflow.board.tally import Tally, unit_of
from workflow.deadlines.calendar import calendar
from workflow.law import duties
from workflow.law.words import month_words
from workflow.queues.filters import REGIONS
from workflow.views.access import moment, person_of, signed_in
from workflow.views.queue import areas, sees_many_areas

GROUPS = {"area": "Area", "region": "Region", "duty": "Date for"}
ORDERS = {"": "Most late first", "name": "By name"}
Words = dict[str, Any]


def link(name: str, asked: Asked, **more: str) -> str:
    """The address of a page of the board for what is asked."""
    return f"{reverse(name)}?{asked.as_address(**more)}"


@require_safe
@signed_in
@only_for("view.breaches")
def board(request: HttpRequest) -> HttpResponseBase:
    """The figures for the cases one may see; each with its number, its period and its moment."""
    on, at = moment()
    person, asked = person_of(request), Asked.from_address(request.GET.dict())
    days = calendar()
    period = asked.shown_period(on=on)
    compares = sees_many_areas(person, on=on)
    found = figures(person, asked, period, on=on, calendar=days)
    current = now(person, asked, on=on, calendar=days)
    # What is due in a month to come may have been done already.
    months = [month for month in period.months if month <= on or month in found.by_month]
    context = {
        "asked": asked,
        "period": period,
        "kinds": _kinds(asked, current),
        "title": LATENESS[asked.kind][1],
        "meaning": LATENESS[asked.kind][2],
        "four": _four(asked, period, found, current, on=on, at=at),
        "beside": _beside(asked, found),
        "chart": chart(months, found.by_month),
        "months": [(month_words(each), found.by_month.get(each, Tally())) for each in months],
        "total": found.total,
        **_groups(request, asked, found, compares=compares, on=on),
        **choices(asked, compares=compares, on=on),
        "links": _links(asked, period),
        "compares": compares,
        "as_at": at,
    }
    return render(request, "workflow/board.html", context)


def choices(asked: Asked, *, compares: bool, on: date) -> Words:
    """What the figures and the lists can be narrowed to; areas for those who see many of them."""
    return {
        "areas": areas(on=on) if compares else [],
        "regions": [(region, region) for region in REGIONS] if compares else [],
        "duties": [(slug, duties.by_slug(slug).title) for slug in duties_of(asked.kind)],
        "periods": periods.offered(on),
    }


def _kinds(asked: Asked, current: Present) -> list[Words]:
    """The three kinds, each with its own number: never added together."""
    return [
        {
            "text": f"{title} ({current.overdue[slug]} overdue)",
            "href": link("breaches", asked.with_(kind=slug)),
            "active": slug == asked.kind,
        }
        for slug, (_, title, _) in LATENESS.items()
    ]


def _four(
    asked: Asked, period: Period, found: Figures, current: Present, *, on: date, at: datetime
) -> list[Words]:
    total, timed = found.total, timed_duty(asked)
    took = found.by_duty.get(timed, Tally())
    unit = unit_of(timed, on=on)
    before = duties.by_slug(timed).limit(on).working_days_before is not None
    told = f"{duties.by_slug(timed).title}: {unit}s {'before' if before else 'taken'}"
    percent = "No figure" if total.percent is None else f"{total.percent}%"
    # The number of a figure of now is the figure itself.
    open_list = asked.with_(standing="open", period="")
    return [
        {
            "name": "Overdue now",
            "value": str(current.overdue[asked.kind]),
            "note": "Whenever it was due",
            "href": link("breach-list", open_list),
        },
        {
            "name": "Due in 3 working days",
            "value": str(current.soon[asked.kind]),
            "note": "Due today included",
        },
        {
            "name": "On time",
            "value": percent,
            "note": f"{total.on_time:,} of {total.decided:,}, {period.title}",
        },
        {
            "name": "Median days",
            "value": took.median or "No figure",
            "note": f"{told}, N = {len(took.took):,}, {period.title}",
        },
    ]


def _beside(asked: Asked, found: Figures) -> list[Words]:
    rows = [
        {"key": words, "text": f"{len(found.beside.get(state, ())):,}"}
        for state, words in BESIDE.items()
    ]
    if duties_of(asked.kind, soft=True) and not asked.duty:
        aims = f"{found.aims.due:,}, of which {found.aims.by_the_date:,} by the date to aim for"
        rows.append({"key": "Notices of a care leaver’s death", "text": aims})
    return rows


def _groups(
    request: HttpRequest, asked: Asked, found: Figures, *, compares: bool, on: date
) -> Words:
    offered = list(GROUPS) if compares else ["duty"]
    by = request.GET.get("by", "")
    by = by if by in offered else offered[0]
    order = "name" if request.GET.get("order") == "name" else ""
    tallies = {"area": found.by_area, "region": found.by_region, "duty": found.by_duty}[by]
    sorts = by_name if order else worst_first
    return {
        "group": GROUPS[by],
        "groups": [_group(name, tally, by, on=on) for name, tally in sorts(tallies)],
        "median_note": _median_note(by, timed_duty(asked), on=on),
        "ways": [
            {
                "text": GROUPS[one].lower(),
                "href": link("breaches", asked, by=one, order=order),
                "active": one == by,
            }
            for one in offered
        ],
        "orders": [
            {
                "text": words,
                "href": link("breaches", asked, by=by, order=slug),
                "active": slug == order,
            }
            for slug, words in ORDERS.items()
        ],
    }


def _group(name: str, tally: Tally, by: str, *, on: date) -> tuple[str, Tally, str]:
    if by != "duty":
        return name, tally, tally.median
    unit = f" {unit_of(name, on=on)}s" if tally.median else ""
    return duties.by_slug(name).title, tally, f"{tally.median}{unit}"


def _median_note(by: str, timed: str, *, on: date) -> str:
    if by == "duty":
        return "Median days are those taken, in the days in which each limit is set."
    title, unit = duties.by_slug(timed).title, unit_of(timed, on=on)
    return f"Median days are the {unit}s taken to “{title[0].lower()}{title[1:]}”."


def _links(asked: Asked, period: Period) -> list[Words]:
    due = asked.with_(period=period.slug)
    return [
        {
            "text": "All that is past its date and still open",
            "href": link("breach-list", asked.with_(standing="open", period="")),
        },
        {
            "text": f"Due in this period and still open: {period.title}",
            "href": link("breach-list", due.with_(standing="open")),
        },
        {
            "text": f"Due in this period and met late: {period.title}",
            "href": link("breach-list", due.with_(standing="met-late")),
        },
        {
            "text": f"Due in this period and passed on late to another authority: {period.title}",
            "href": link("breach-list", due.with_(standing="passed-on")),
        },
        {
            "text": "What waits without a legal clock, on whom and since when",
            "href": reverse("without-clock"),
        },
    ]
