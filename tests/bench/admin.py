"""The peer of the lists: the first page of Django's own administration site on the same table.

What is measured is what its list asks the database for, without the page around it: how many rows
match, how many there are at all, and a hundred of them with what they name. It reads as the same
person as the list that it is compared with, so both pay for the same row security; and, told
beside, as the tables' owner, who pays for none.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.test import RequestFactory

from tests.bench import stage
from tests.bench.lines import milliseconds
from workflow import clock
from workflow.access import context
from workflow.models import Person


class _Everything(ModelAdmin):  # type: ignore[type-arg]
    """A list that everybody may see, with the rows that its rows name."""

    def __init__(self, model: type[Model], named: tuple[str, ...]) -> None:
        super().__init__(model, AdminSite())
        self.named = named

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("pk", *self.named)

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return self.named

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


def _first_page(
    place: stage.Stage, model: type[Model], *, named: tuple[str, ...], reader: Person | None = None
) -> float:
    """How many milliseconds its list takes for the first page, for somebody or for the owner."""
    if reader is None:
        place.use_as_owner()
        return _read(model, named)
    place.use()
    with context.acting(reader, on=clock.today()):
        return _read(model, named)


def _read(model: type[Model], named: tuple[str, ...]) -> float:
    site = _Everything(model, named)
    request = RequestFactory().get("/")

    def read() -> None:
        shown: ChangeList = site.get_changelist_instance(request)
        if len(list(shown.result_list)) != site.list_per_page:
            raise RuntimeError("The administration site's page is not full.")

    return milliseconds(read)


def administration(
    place: stage.Stage, model: type[Model], reader: Person, *, named: tuple[str, ...]
) -> list[Callable[[], float]]:
    """Its first page as the reader sees it, and as the owner of the tables does."""
    return [partial(_first_page, place, model, named=named, reader=who) for who in (reader, None)]
