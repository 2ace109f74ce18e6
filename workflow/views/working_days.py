"""Deadlines and working days: the rules, the bank holidays, and proclaiming or withdrawing one."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from workflow.access.gate import only_for
from workflow.deadlines.calendar import calendar, proclaimed_days
from workflow.deadlines.models import DatesMoved, ProclaimedHoliday
from workflow.deadlines.preview import Preview, behind, preview
from workflow.deadlines.proclaiming import CannotProclaim, Change, addition, withdrawal
from workflow.forms.working_days import ProclaimForm
from workflow.law import duties
from workflow.law.words import counted
from workflow.machine.moving_dates import Moved, change_calendar, work_out_again
from workflow.views.access import Moment, moment, person_of, signed_in

SHOWN = 100
# More than a page can move while somebody waits for it: the command does it, with its progress.
MOST_CASES = 1000
COMING_DAYS = 400


@require_safe
@signed_in
@only_for("manage.calendar")
def working_days(request: HttpRequest) -> HttpResponse:
    """The limits in force, the calendar, what was proclaimed, and what was moved because of it."""
    on, at = moment()
    days = calendar()
    standing = proclaimed_days()
    until = date.fromordinal(on.toordinal() + COMING_DAYS)
    published = [(one.day, one.reason) for one in days.holidays if on <= one.day <= until]
    added = [(row.day, row.title) for row in standing.values() if on <= row.day <= until]
    moves = {row.holiday_id: row for row in DatesMoved.objects.exclude(holiday=None)}
    rows = ProclaimedHoliday.objects.select_related("added_by").order_by("-pk")
    context = {
        "as_at": at,
        "days": days,
        "rules": [(duty, duty.limit(on)) for duty in duties.ALL],
        "coming": sorted(published + added),
        "proclaimed": [
            {
                "row": row,
                "moved": moves.get(row.pk),
                "can_go": standing.get(row.day) == row and row.day >= on,
            }
            for row in rows
        ],
        "behind": behind(),
        "reworked": DatesMoved.objects.filter(holiday=None).select_related("moved_by"),
    }
    return render(request, "workflow/working_days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.calendar")
def proclaim(request: HttpRequest) -> HttpResponseBase:
    """Asks which day; good answers go on to the page that shows what would move."""
    on, at = moment()
    known = {"proclaimed": on} if "title" not in request.GET else None
    form = ProclaimForm.filled(known, on=on) if known else ProclaimForm.refill(request.GET, on=on)
    if request.method == "POST":
        form = ProclaimForm(request.POST, on=on)
        if form.is_valid():
            try:
                _addition(form, request, Moment(on, at))
                query = urlencode(form.typed(), doseq=True)
                return redirect(f"{reverse('proclaim-check')}?{query}")
            except CannotProclaim as refusal:
                form.refuse("day", str(refusal), part="day")
    return render(request, "workflow/proclaim.html", {"form": form})


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.calendar")
def proclaim_check(request: HttpRequest) -> HttpResponseBase:
    """Shows which open dates would move, then adds the day and moves them."""
    now = moment()
    form = ProclaimForm(request.GET, on=now.on)
    back = f"{reverse('proclaim')}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(back)
    return _checked(request, lambda: _addition(form, request, now), now, back=back)


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.calendar")
def withdraw(request: HttpRequest, key: int) -> HttpResponseBase:
    """Shows which open dates would move back, then withdraws the day and moves them."""
    now = moment()
    row = ProclaimedHoliday.objects.filter(pk=key, withdrawn=False).first()
    if row is None:
        raise Http404
    day, by = row.day, person_of(request)
    back = reverse("working-days")
    return _checked(request, lambda: withdrawal(day, by=by, on=now.on, at=now.at), now, back=back)


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.calendar")
def rework(request: HttpRequest) -> HttpResponseBase:
    """Shows which open dates the calendar and limits in force would move, then moves them."""
    return _checked(request, lambda: None, moment(), back=reverse("working-days"))


@require_safe
@signed_in
@only_for("manage.calendar")
def moved(request: HttpRequest, key: int) -> HttpResponse:
    """The confirmation: what was done, and how many dates moved. It can be opened again."""
    found = DatesMoved.objects.select_related("holiday", "moved_by").filter(pk=key).first()
    if found is None:
        raise Http404
    return render(request, "workflow/dates_moved.html", {"moved": found, **_counts(found)})


def _checked(
    request: HttpRequest, change_of: Callable[[], Change | None], now: Moment, *, back: str
) -> HttpResponseBase:
    reasons: list[str] = []
    change: Change | None = None
    shown = Preview("", [])
    try:
        change = change_of()
        shown = preview(change)
        if shown.cases > MOST_CASES:
            reasons = [_too_many(shown)]
        elif request.method == "POST":
            if request.POST.get("edition") == shown.edition:
                done = _apply(change, request, now)
                return redirect("dates-moved", key=done.record.pk)
            reasons = ["The calendar has changed since you looked. Check again what would move."]
    except CannotProclaim as refusal:
        reasons = [str(refusal)]
    context = {
        "change": change.row if change else None,
        "lines": shown.part(0, SHOWN),
        "more": max(len(shown.rows) - SHOWN, 0),
        "clocks_words": counted(len(shown.rows), "open date"),
        "cases_words": counted(shown.cases, "case"),
        "edition": shown.edition,
        "reasons": reasons,
        "possible": bool(shown.edition) and shown.cases <= MOST_CASES,
        "back": back,
        "as_at": now.at,
    }
    return render(request, "workflow/proclaim_check.html", context)


def _apply(change: Change | None, request: HttpRequest, now: Moment) -> Moved:
    said: dict[str, Any] = {"by": person_of(request), "on": now.on, "at": now.at}
    return change_calendar(change, **said) if change else work_out_again(**said)


def _addition(form: ProclaimForm, request: HttpRequest, now: Moment) -> Change:
    said = form.cleaned
    return addition(
        said["day"],
        said["title"],
        by=person_of(request),
        on=now.on,
        at=now.at,
        proclaimed_on=said["proclaimed"],
    )


def _too_many(shown: Preview) -> str:
    return (
        f"{counted(shown.cases, 'case')} are more than this page can move at once. Ask whoever "
        "runs the service to use the command bank_holidays."
    )


def _counts(found: DatesMoved) -> dict[str, str]:
    return {
        "clocks_words": counted(found.clocks, "open date"),
        "cases_words": counted(found.cases, "case"),
    }
