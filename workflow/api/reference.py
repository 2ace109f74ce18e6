"""What the country looks like to this service: authorities and code lists."""

from rest_framework.request import Request
from rest_framework.response import Response

from workflow import clock
from workflow.api import shapes
from workflow.api.base import ApiView
from workflow.people import codes, roles
from workflow.people.codes import Code
from workflow.people.organisations import Organisation


def authority(place: Organisation) -> dict[str, str | None]:
    """A local authority, by the Department for Education's code."""
    return {"code": place.dfe_code, "name": place.name}


class Authorities(ApiView):
    """The local authorities of today, by the Department for Education's code."""

    scope = "reference.read"
    told = shapes.AUTHORITIES

    def get(self, request: Request) -> Response:
        """All of them, by name."""
        found = Organisation.objects.current(clock.today()).of_kind(roles.AUTHORITY)
        rows = [{**authority(one), "region": one.region} for one in found.order_by("name")]
        return Response({"authorities": rows})


class CodeLists(ApiView):
    """The code lists from which questions are answered, with the days their codes hold."""

    scope = "reference.read"
    told = shapes.CODES

    def get(self, request: Request) -> Response:
        """Every list with every code, and the code for what is not known yet."""
        lists: dict[str, list[dict[str, object]]] = {}
        for row in Code.objects.order_by("list", "order", "pk"):
            lists.setdefault(row.list, []).append(
                {
                    "code": row.code,
                    "label": row.label,
                    "group": row.group or None,
                    "since": row.since,
                    "until": row.until,
                    "source": row.source,
                }
            )
        return Response({"not_known": codes.NOT_KNOWN, "lists": lists})
