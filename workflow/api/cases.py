"""The cases of a system's authority: the list, one case, its dates, its trail."""

from typing import Any
from urllib.parse import urlencode

from django.urls import register_converter, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.api import shapes, telling
from workflow.api.asking import Asked
from workflow.api.base import ApiView
from workflow.api.tags import tag_of
from workflow.audit.models import Event
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.machine import token
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.queues import Cursor, Filters, WorkList
from workflow.queues.filters import KINDS, REGIONS
from workflow.queues.keyset import SIZES
from workflow.queues.mandates import mandates_of
from workflow.queues.rows import queue_rows
from workflow.queues.worklist import SORTS
from workflow.views.access import case_for, moment, person_of

EVENTS = 50


class CaseConverter:
    """A case in an address, as people write it: its reference or its token, in any case."""

    regex = "[0-9A-Za-z-]{12,24}"

    def to_python(self, value: str) -> str:
        """The token; ValueError, and so no such address, for what is none."""
        found = token.read(value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: str) -> str:
        """The token as it stands in addresses."""
        return token.grouped(value)


register_converter(CaseConverter, "case")
# Where a case lies, for whatever is said of it.
CASE = "cases/<case:token>"


class Cases(ApiView):
    """A part of the authority's work list, nearest date first, in pages."""

    scope = "cases.read"
    told = shapes.CASES
    asked = ("part", "area", "region", "kind", "overdue", "size", "sort", "after", "before")

    def get(self, request: Request) -> Response:
        """One page, with the addresses of those before and after it."""
        on, _ = moment()
        work = WorkList(person_of(self.sent), on=on)
        asked = Asked(request)
        part = asked.one_of("part", [one.slug for one in work.segments])
        filters = _filters(asked)
        size = int(asked.one_of("size", map(str, SIZES), str(SIZES[0])))
        sort, cursor = asked.one_of("sort", SORTS), asked.position()
        asked.finish()
        segment = work.segment(part)
        if segment is None:
            return Response({"cases": [], "previous": None, "next": None})
        page = work.page(segment, filters=filters, cursor=cursor, size=size, sort=sort)
        return Response(
            {
                "cases": [telling.case(row) for row in page.rows],
                "previous": _address(request, page.previous),
                "next": _address(request, page.next),
            }
        )


def _filters(asked: Asked) -> Filters:
    areas = Organisation.objects.filter(kind=roles.AUTHORITY).values_list("dfe_code", flat=True)
    return Filters(
        area=asked.one_of("area", (code or "" for code in areas)),
        region=asked.one_of("region", REGIONS),
        kind=asked.one_of("kind", KINDS),
        overdue=asked.one_of("overdue", ("yes", "no")) == "yes",
    )


def _address(request: Request, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    rest = {
        name: value
        for name, value in request.query_params.items()
        if name not in {"after", "before"}
    }
    return f"{reverse('api:cases')}?{urlencode({**rest, **cursor.as_address()})}"


class OneCase(ApiView):
    """One case, by its reference or its token."""

    scope = "cases.read"
    told = shapes.CASE
    tagged = True

    def get(self, request: Request, token: str) -> Response:
        """The case; the same refusal for one that is not there and one that is not theirs."""
        on, _ = moment()
        case = case_for(self.sent, token, "view.case", on=on)
        mandates = mandates_of(person_of(self.sent), on=on)
        (row,) = queue_rows([case], mandates, on=on, calendar=calendar())
        return Response(telling.case(row), headers={"ETag": tag_of(case)})


class Deadlines(ApiView):
    """Every clock of a case, each with how its date was worked out."""

    scope = "cases.read"
    told = shapes.DEADLINES

    def get(self, request: Request, token: str) -> Response:
        """The clocks, the nearest date first, ended ones too."""
        on, _ = moment()
        case = case_for(self.sent, token, "view.clocks", on=on)
        days, found = calendar(), Deadline.objects.filter(case=case).select_related("owed_by")
        rows = [telling.deadline(row, case, on=on, calendar=days) for row in found]
        return Response({"case": _named(case), "deadlines": rows})


class Events(ApiView):
    """What happened on a case, newest first, in pages."""

    scope = "cases.read"
    told = shapes.EVENTS
    asked = ("before",)

    def get(self, request: Request, token: str) -> Response:
        """One page, and the address of the one before it in time."""
        on, _ = moment()
        asked = Asked(request)
        before = asked.number("before")
        asked.finish()
        case = case_for(self.sent, token, "view.timeline", on=on)
        events = Event.objects.filter(case=case).select_related("actor", "organisation")
        if before is not None:
            events = events.filter(sequence__lt=before)
        found = list(events.order_by("-sequence")[: EVENTS + 1])
        shown, older = found[:EVENTS], len(found) > EVENTS
        here = reverse("api:events", args=[case.token])
        return Response(
            {
                "case": _named(case),
                "events": telling.events(shown, person_of(self.sent), on=on),
                "next": f"{here}?before={shown[-1].sequence}" if older else None,
            }
        )


def _named(case: Any) -> str:
    return token.grouped(case.token)
