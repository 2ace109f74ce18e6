"""The addresses of a desk's pages."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from notifications.sections import items, views
from notifications.sections.desk import Desk

ROUTED: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("<slug:section>/list/", items.show, "items"),
    ("<slug:section>/add/", items.add, "item-add"),
    ("<slug:section>/<int:item>/remove/", items.remove, "item-remove"),
    ("<slug:section>/<int:item>/<slug:page>/", views.page, "item-page"),
    ("<slug:page>/", views.page, "page"),
)


def addresses(desk: Desk, prefix: str) -> list[URLPattern]:
    """The addresses of every page of a desk. They catch any slug: put them after all others."""
    return [path(f"{prefix}{tail}", view, {"desk": desk}, name=name) for tail, view, name in ROUTED]
