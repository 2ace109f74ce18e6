"""Who looked at an authority's cases: a list, and the same as a file."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.audit.looked import HEAD, Asked, Looked
from workflow.board import periods, sheets
from workflow.views.access import moment, person_of, signed_in
from workflow.views.step_up import asks_who_it_is


@require_safe
@signed_in
@only_for("view.looks")
def looks(request: HttpRequest) -> HttpResponseBase:
    """One page of the list that the address asks for."""
    on, at = moment()
    asked, looked = Asked.from_address(request.GET.dict()), Looked(person_of(request), on)
    position = {name: request.GET[name] for name in ("before", "after") if request.GET.get(name)}
    page = looked.page(asked, position)
    if position and not page.rows:
        return redirect(_link("looks", asked))
    shown = {
        "asked": asked,
        "rows": [{"look": row, **looked.said(row)} for row in page.rows],
        "bodies": looked.bodies(),
        "periods": periods.offered(on),
        "reset_href": reverse("looks") if asked.as_address() else "",
        "previous_href": _link("looks", asked, before=page.before) if page.before else "",
        "next_href": _link("looks", asked, after=page.after) if page.after else "",
        "file_href": _link("looks-csv", asked),
        "as_at": at,
    }
    return render(request, "workflow/looks.html", shown)


@require_safe
@signed_in
@only_for("view.looks")
@asks_who_it_is
def looks_file(request: HttpRequest) -> HttpResponseBase:
    """The whole of the list asked for, every row of it."""
    on, _ = moment()
    asked, looked = Asked.from_address(request.GET.dict()), Looked(person_of(request), on)
    headers = {"Content-Disposition": f'attachment; filename="who-looked-{on.isoformat()}.csv"'}
    lines = sheets.as_csv(looked.lines(asked), head=HEAD)
    return StreamingHttpResponse(lines, content_type=sheets.CSV, headers=headers)


def _link(name: str, asked: Asked, **position: str) -> str:
    query = urlencode({**asked.as_address(), **position})
    return f"{reverse(name)}?{query}" if query else reverse(name)
