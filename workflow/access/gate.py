"""A page that only some roles may ask for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from workflow.access.policy import may
from workflow.people.person import Person

View = Callable[..., HttpResponseBase]


def only_for(act: str) -> Callable[[View], View]:
    """A decorator that refuses (403) whoever may not do an act that is on no one case.

    On a case, ask `visible_to` first: a case out of sight is a 404 like any other.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Person) or not may(request.user, act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
