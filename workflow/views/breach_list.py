"""The list of missed dates, its files, and keeping and removing a filter of it or the board."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflow.access.gate import only_for
from workflow.board import saving, sheets
from workflow.board.asked import LATENESS, SEEN, STANDINGS, Asked
from workflow.board.listing import SORTS, Breach, BreachList, breaches
from workflow.deadlines.models import Deadline
from workflow.forms.watching import SaveFilterForm
from workflow.machine.refusals import CannotAdvance
from workflow.queues import Cursor
from workflow.queues.keyset import Slice
from workflow.views import board
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.files import FILES, as_file
from workflow.views.narrowing import choices, link
from workflow.views.queue import areas, sees_many_areas
from workflow.views.saved import BOARD, saved
from workflow.views.step_up import asks_who_it_is

Words = dict[str, Any]
NAME = "missed-dates"


@require_safe
@signed_in
@only_for("view.breaches")
def breach_list(request: HttpRequest) -> HttpResponseBase:
    """One page of the missed dates asked for."""
    now, asked = moment(), Asked.from_address(request.GET.dict())
    cursor = Cursor.from_address(request.GET.get("after", ""), request.GET.get("before", ""))
    return _page(request, asked, now, cursor=cursor, form=SaveFilterForm(on=now.on))


@require_POST
@signed_in
@only_for("view.breaches")
def save_filter(request: HttpRequest) -> HttpResponseBase:
    """The filters in the address are kept under the name that was typed."""
    now, asked = moment(), Asked.from_address(request.GET.dict())
    form = SaveFilterForm(request.POST, on=now.on)
    if form.is_valid():
        try:
            saving.save(person_of(request), form.cleaned["name"], _query(request), at=now.at)
            return _back(request)
        except CannotAdvance as refusal:
            form.add_error("name", " ".join(refusal.reasons))
    if _from_board(request):
        return board.page(request, now, form)
    return _page(request, asked, now, cursor=None, form=form)


@require_POST
@signed_in
@only_for("view.breaches")
def remove_filter(request: HttpRequest, key: int) -> HttpResponseBase:
    """The named filter is gone; the page stays as it is."""
    saving.remove(person_of(request), key)
    return _back(request)


def _from_board(request: HttpRequest) -> bool:
    return request.GET.get("of") == BOARD


def _query(request: HttpRequest) -> str:
    """What is kept of an address: what narrows the list, or the board and how it is grouped."""
    asked = Asked.from_address(request.GET.dict())
    if not _from_board(request):
        return asked.as_address()
    by, order = request.GET.get("by", ""), request.GET.get("order", "")
    more = {
        "by": by if by in board.GROUPS else "",
        "order": order if order in board.ORDERS else "",
    }
    return asked.as_address(of=BOARD, **more)


def _back(request: HttpRequest) -> HttpResponseBase:
    name = "breaches" if _from_board(request) else "breach-list"
    return redirect(f"{reverse(name)}?{_query(request)}")


@require_safe
@signed_in
@only_for("view.breaches")
@asks_who_it_is
def breach_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole of the list asked for as a file, every row of it."""
    now, asked = moment(), Asked.from_address(request.GET.dict())
    person = person_of(request)
    rows = (sheets.line(row, at=now.at) for row in BreachList(person, now.on, asked).every())
    compares = sees_many_areas(person, on=now.on)
    table = sheets.missed(rows, sheets.about(asked, at=now.at, compares=compares))
    try:
        return as_file(NAME, form, table, now=now, compares=compares)
    except sheets.TooManyRows:
        context = {"most": sheets.MOST_ROWS, "csv": link("breach-csv", asked)}
        return render(request, "workflow/breach_file_refused.html", context, status=413)


def _page(
    request: HttpRequest, asked: Asked, now: Moment, *, cursor: Cursor | None, form: Any
) -> HttpResponseBase:
    on, at = now
    person = person_of(request)
    sort = request.GET["sort"] if request.GET.get("sort") in SORTS else next(iter(SORTS))
    listed = BreachList(person, on, asked)
    page = listed.page(cursor=cursor, sort=sort)
    if cursor and not page.rows:
        return redirect(link("breach-list", asked, sort=sort))
    compares = sees_many_areas(person, on=on)
    counts = listed.counts()
    context = {
        "form": form,
        "asked": asked,
        "sort": sort,
        "count": counts[asked.kind][asked.standing],
        "kind_title": LATENESS[asked.kind][1],
        "standing_title": STANDINGS[asked.standing],
        "meaning": LATENESS[asked.kind][2],
        "kinds": _kinds(asked, counts),
        "standings": _standings(asked, counts),
        "sorts": _sorts(asked, sort),
        "rows": _rows(breaches(page.rows, person, on=on)),
        "reset_href": link("breach-list", asked.bare) if asked.narrowed else "",
        "board_href": link("breaches", asked),
        "files": [(words, link(f"breach-{one}", asked)) for one, words in FILES.items()],
        **saved(request, link("breach-saved", asked)),
        "seen_choices": list(SEEN.items()),
        **choices(asked, areas(on=on) if compares else [], on=on),
        **_moves(page, asked, sort),
        "compares": compares,
        "as_at": at,
    }
    return render(request, "workflow/breach_list.html", context)


def _moves(page: Slice[Deadline], asked: Asked, sort: str) -> dict[str, str]:
    """The addresses of the pages before and after; "" where there is none."""
    return {
        f"{name}_href": link("breach-list", asked, sort=sort, **there.as_address()) if there else ""
        for name, there in (("previous", page.previous), ("next", page.next))
    }


def _sorts(asked: Asked, sort: str) -> list[Words]:
    return [
        {"text": order.title, "href": link("breach-list", asked, sort=s), "active": s == sort}
        for s, order in SORTS.items()
    ]


def _rows(found: list[Breach]) -> list[Words]:
    return [
        {
            "breach": row,
            "href": reverse("breach", args=[row.case.token, row.duty, row.cycle]),
            "explained": reverse("date-explained", args=[row.case.token, row.duty, row.cycle]),
        }
        for row in found
    ]


def _kinds(asked: Asked, counts: dict[str, dict[str, Any]]) -> list[Words]:
    return [
        {
            "text": f"{title} ({counts[slug][asked.standing]})",
            "href": link("breach-list", asked.with_(kind=slug)),
            "active": slug == asked.kind,
        }
        for slug, (_, title, _) in LATENESS.items()
    ]


def _standings(asked: Asked, counts: dict[str, dict[str, Any]]) -> list[Words]:
    return [
        {
            "text": f"{words} ({counts[asked.kind][slug]})",
            "href": link("breach-list", asked.with_(standing=slug)),
            "active": slug == asked.standing,
        }
        for slug, words in STANDINGS.items()
    ]
