"""What waits without a legal clock: on whom, and since when."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.board.unclocked import waiting_cases, waits
from workflow.queues import Cursor, Filters
from workflow.queues.filters import REGIONS
from workflow.views.access import moment, person_of, signed_in
from workflow.views.queue import areas, sees_many_areas


@require_safe
@signed_in
@only_for("view.breaches")
def without_clock(request: HttpRequest) -> HttpResponseBase:
    """The open cases in which no legal date runs; the step expected longest ago comes first."""
    on, at = moment()
    person, asked = person_of(request), request.GET
    filters = Filters.from_address(
        {"area": asked.get("area", ""), "region": asked.get("region", "")}
    )
    cursor = Cursor.from_address(asked.get("after", ""), asked.get("before", ""))
    page = waiting_cases(person, on=on, area=filters.area, region=filters.region, cursor=cursor)
    if cursor and not page.rows:
        return redirect(_link(filters))
    compares = sees_many_areas(person, on=on)
    context = {
        "rows": waits(page.rows),
        "filters": filters,
        "areas": areas(on=on) if compares else [],
        "regions": [(region, region) for region in REGIONS] if compares else [],
        "compares": compares,
        "reset_href": reverse("without-clock") if filters.any else "",
        "previous_href": _link(filters, page.previous) if page.previous else "",
        "next_href": _link(filters, page.next) if page.next else "",
        "as_at": at,
    }
    return render(request, "workflow/without_clock.html", context)


def _link(filters: Filters, cursor: Cursor | None = None) -> str:
    asked = filters.as_address() | (cursor.as_address() if cursor else {})
    return f"{reverse('without-clock')}?{urlencode(asked)}"
