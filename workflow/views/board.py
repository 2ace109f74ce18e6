"""The breach board: four figures, by month, by area, region or duty, for one kind of lateness."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.access.policy import may
from workflow.board.asked import LATENESS, Asked, duties_of
from workflow.board.chart import chart
from workflow.board.figures import (
    BESIDE,
    Figures,
    Present,
    by_name,
    figures,
    timed_duty,
    worst_first,
)
from workflow.board.figures import now as present
from workflow.board.periods import Period, before
from workflow.board.table import as_table
from workflow.board.tally import Tally, unit_of
from workflow.deadlines.calendar import calendar
from workflow.forms.watching import SaveFilterForm
from workflow.law import duties
from workflow.law.words import month_words
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.files import FILES, as_file
from workflow.views.narrowing import choices, earlier, link, links
from workflow.views.queue import Areas, areas_and_edition, sees_many_areas
from workflow.views.saved import BOARD, saved
from workflow.views.step_up import asks_who_it_is

GROUPS = {"area": "Area", "region": "Region", "duty": "Date for"}
ORDERS = {"": "Most late first", "name": "By name"}
Words = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What the board shows somebody: the figures asked for, and how its table is grouped."""

    asked: Asked
    period: Period
    now: Moment
    found: Figures
    current: Present
    areas: Areas
    by: str
    order: str

    @classmethod
    def read(cls, request: HttpRequest, now: Moment) -> "Shown":
        """The figures for the cases one may see."""
        person, asked = person_of(request), Asked.from_address(request.GET.dict())
        compares = sees_many_areas(person, on=now.on)
        # Which calendar is in force is read with the areas, where these are shown.
        others, edition = areas_and_edition(on=now.on) if compares else ([], None)
        days, period = calendar(edition), asked.shown_period(on=now.on)
        offered = ways(compares=compares)
        by = request.GET.get("by", "")
        return cls(
            asked,
            period,
            now,
            figures(person, asked, period, on=now.on, calendar=days),
            present(person, asked, period, on=now.on, calendar=days),
            others,
            by if by in offered else offered[0],
            "name" if request.GET.get("order") == "name" else "",
        )

    @property
    def compares(self) -> bool:
        """Whether areas stand side by side."""
        return bool(self.areas)

    @property
    def months(self) -> list[date]:
        """The months of the period; what is due in one to come may have been done already."""
        by_month = self.found.by_month
        return [one for one in self.period.months if one <= self.now.on or one in by_month]

    def by_month(self) -> list[tuple[str, Tally]]:
        """Each month in words with its numbers, all of them last."""
        rows = [(month_words(one), self.found.by_month.get(one, Tally())) for one in self.months]
        return [*rows, ("All months", self.found.total)]

    def groups(self) -> list[tuple[str, Tally, str]]:
        """Each group with its numbers and its median in words, in the order asked for."""
        found = self.found
        tallies = {"area": found.by_area, "region": found.by_region, "duty": found.by_duty}
        sorts = by_name if self.order else worst_first
        return [
            _group(name, tally, self.by, on=self.now.on) for name, tally in sorts(tallies[self.by])
        ]

    def four(self) -> list[Words]:
        """The four figures, each with what it is of."""
        return _four(self.asked, self.period, self.found, self.current, on=self.now.on)


@require_safe
@signed_in
@only_for("view.breaches")
def board(request: HttpRequest) -> HttpResponseBase:
    """The figures for the cases one may see; each with its number, its period and its moment."""
    now = moment()
    return page(request, now, SaveFilterForm(on=now.on))


def page(request: HttpRequest, now: Moment, form: SaveFilterForm) -> HttpResponseBase:
    """The board as it is asked for."""
    shown = Shown.read(request, now)
    asked, period, found = shown.asked, shown.period, shown.found
    as_shown = {"by": shown.by, "order": shown.order}
    context = {
        "form": form,
        "asked": asked,
        "period": period,
        "kinds": _kinds(asked, shown.current),
        "title": LATENESS[asked.kind][1],
        "meaning": LATENESS[asked.kind][2],
        "four": shown.four(),
        "beside": _beside(asked, found),
        "chart": chart(shown.months, found.by_month),
        "months": shown.by_month(),
        **_groups(shown),
        **choices(asked.with_(period=period.slug), shown.areas, on=now.on),
        "links": [*links(asked, period), *_restricted(request, now)],
        "earlier": earlier(asked, period, shown.current.earlier),
        "before": before(period).title,
        "files": [(words, link(f"board-{one}", asked, **as_shown)) for one, words in FILES.items()],
        **saved(request, link("breach-saved", asked, of=BOARD, **as_shown)),
        "compares": shown.compares,
        "as_at": now.at,
    }
    return render(request, "workflow/board.html", context)


def _restricted(request: HttpRequest, now: Moment) -> list[Words]:
    """The way of administrators to what none of these figures counts for them."""
    if not may(person_of(request), "view.restricted", on=now.on):
        return []
    words = "Restricted cases, which are in none of these figures, and their dates"
    return [{"text": words, "href": reverse("restricted-cases")}]


@require_safe
@signed_in
@only_for("view.breaches")
@asks_who_it_is
def board_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The tables of the board as they are shown, as a file."""
    now = moment()
    shown = Shown.read(request, now)
    rows = [("Due in", name, tally, "") for name, tally in shown.by_month()]
    rows += [(GROUPS[shown.by], *group) for group in shown.groups()]
    asked = shown.asked.with_(period=shown.period.slug)
    figures_ = [(one["name"], one["value"], one["note"]) for one in shown.four()]
    table = as_table(asked, rows, figures_, at=now.at, compares=shown.compares)
    return as_file("figures", form, table, now=now, compares=shown.compares)


def ways(*, compares: bool) -> list[str]:
    """What the table may be grouped by."""
    return list(GROUPS) if compares else ["duty"]


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
    asked: Asked, period: Period, found: Figures, current: Present, *, on: date
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


def _groups(shown: Shown) -> Words:
    asked, by, order = shown.asked, shown.by, shown.order
    return {
        "group": GROUPS[by],
        "groups": shown.groups(),
        "median_note": _median_note(by, timed_duty(asked), on=shown.now.on),
        "ways": [
            {
                "text": GROUPS[one].lower(),
                "href": link("breaches", asked, by=one, order=order),
                "active": one == by,
            }
            for one in ways(compares=shown.compares)
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
