"""Acts for which somebody shows once more that it is they: signed in within five minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from workflow.forms import GovukForm
from workflow.signing_in.recent import showed_lately

View = Callable[..., HttpResponseBase]
STALE = (
    "It is more than 5 minutes since you showed that it is you. Confirm it with the link at the "
    "end of this page, then press the button again"
)


def asks_who_it_is(view: View) -> View:
    """A decorator: whoever did not show lately that it is they does so, and comes back.

    It sends away only what can be asked for again. A page that takes what was typed calls
    `refuse_if_stale` as well, so that nothing typed is lost.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" or showed_lately(request):
            return view(request, *args, **kwargs)
        return confirm(request.get_full_path())

    return guarded


def confirm(come_back: str) -> HttpResponseBase:
    """The way to the page that asks for the password or a code, and back."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': come_back})}")


def refuse_if_stale(request: HttpRequest, form: GovukForm) -> bool:
    """Whether the form is refused because nobody showed lately who it is; it stays as typed."""
    if showed_lately(request):
        return False
    form.add_reasons([STALE])
    return True
