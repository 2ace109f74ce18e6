"""Every address for programs as OpenAPI 3.1, made from the routes and the views themselves.

A view says its scope, what it may be asked, what it takes and what it answers; nothing is said of
it a second time here.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.api import once, tags
from workflow.api.base import ApiView
from workflow.api.problems import KIND
from workflow.api.shapes import OAUTH, PROBLEM, TEXT, Shape
from workflow.api.writing import WritingView

VERSION = "1.0.0"
NAMESPACE = "api"
HERE = "api/v1/"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


class Address(NamedTuple):
    """One address: its name, its path as OpenAPI writes it, and its view."""

    name: str
    path: str
    view: type[ApiView]

    @property
    def methods(self) -> list[str]:
        """What it is asked with, in small letters."""
        return [one for one in ("get", "post") if hasattr(self.view, one)]


class Described(ApiView):
    """What every address takes and answers, as OpenAPI 3.1."""

    scope = "reference.read"
    told: ClassVar[Shape] = {"type": "object"}

    def get(self, request: Request) -> Response:
        """The whole description."""
        return Response(document())


def addresses() -> Iterator[Address]:
    """Every address for programs, as it is routed."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace == NAMESPACE:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)  # noqa: S101 - there are no more levels
                path = _PART.sub(r"{\1}", f"/{HERE}{pattern.pattern}")
                view: Any = pattern.callback
                yield Address(str(pattern.name), path, view.cls)


def document() -> dict[str, Any]:
    """The description; plain JSON, and the same whenever and wherever it is made."""
    paths: dict[str, Any] = {}
    for one in addresses():
        paths[one.path] = {method: _operation(one, method) for method in one.methods}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Serious child safeguarding incidents, for systems of local authorities",
            "version": VERSION,
            "description": "Addresses have no slash at their end, and nothing keeps an answer.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"token": _security()},
            "responses": {"Refused": REFUSED, "RefusedByOAuth": BY_OAUTH},
        },
    }


def _security() -> Shape:
    flow = {"tokenUrl": f"/{HERE}token", "scopes": dict(settings.API_SCOPES)}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}


def _operation(one: Address, method: str) -> dict[str, Any]:
    view, handler = one.view, getattr(one.view, method)
    found = {
        "operationId": one.name,
        "summary": _first_line(view),
        "description": _first_line(getattr(view, "done", handler)),
        "security": [{"token": [view.scope]}] if view.scope else [],
        "parameters": [*_in_path(one.path), *_in_query(view), *_in_headers(view)],
        "responses": {
            str(view.status): {
                **_answer("Done." if method == "post" else "The answer.", view.told),
                **({"headers": {"ETag": {"schema": TEXT}}} if view.tagged else {}),
            },
            "4XX": {"$ref": f"#/components/responses/{view.refused}"},
        },
    }
    if method == "post":
        found["requestBody"] = {
            "required": True,
            "content": {view.reads: {"schema": view.taken()}},
        }
    return found


def _in_path(path: str) -> list[Shape]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": TEXT,
            "description": "A case, by its reference or its token.",
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def _in_query(view: type[ApiView]) -> list[Shape]:
    return [{"name": name, "in": "query", "schema": TEXT} for name in view.asked]


def _in_headers(view: type[ApiView]) -> list[Shape]:
    if not issubclass(view, WritingView):
        return []
    key = {"type": "string", "minLength": once.SHORTEST, "maxLength": once.LONGEST}
    found = [{"name": once.HEADER, "in": "header", "required": True, "schema": key}]
    if view.asks_what_was_seen:
        found.append({"name": tags.HEADER, "in": "header", "required": True, "schema": TEXT})
    return found


def _answer(words: str, shape: Shape, kind: str = "application/json") -> Shape:
    return {"description": words, "content": {kind: {"schema": shape}}}


REFUSED = _answer("What is wrong, and what to do.", PROBLEM, KIND)
BY_OAUTH: Shape = {
    **REFUSED,
    "content": {**REFUSED["content"], "application/json": {"schema": OAUTH}},
}


def _first_line(what: object) -> str:
    return (inspect.getdoc(what) or "").partition("\n")[0]
