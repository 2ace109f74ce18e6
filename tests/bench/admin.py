"""The peer of the lists: the first page of Django's own administration site on the same table.

What is measured is what its list asks the database for, without the page around it: how many rows
match, how many there are at all, and a hundred of them with what they name. It reads as the
tables' owner, so that it pays for no row security.
"""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.test import RequestFactory

from tests.bench import stage
from tests.bench.lines import milliseconds


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


def first_page(place: stage.Stage, model: type[Model], *, named: tuple[str, ...]) -> float:
    """How many milliseconds its list takes for the first page."""
    place.use_as_owner()
    site = _Everything(model, named)
    request = RequestFactory().get("/")

    def read() -> None:
        shown: ChangeList = site.get_changelist_instance(request)
        if len(list(shown.result_list)) != site.list_per_page:
            raise RuntimeError("The administration site's page is not full.")

    return milliseconds(read)
