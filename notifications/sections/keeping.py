"""Views that lose nothing: what is sent after the session ended is kept aside."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from notifications.sections import aside, tickets
from notifications.sections.desk import Desk
from notifications.sections.tickets import Ticket
from notifications.sections.words import when
from workflow.models import Case, Person
from workflow.views.access import moment, signed_in

View = Callable[..., HttpResponseBase]


class Kept(NamedTuple):
    """Something was kept aside for this person."""

    person: int
    words: str


def keeping(view: View) -> View:
    """A decorator for a page of a document: view(request, desk, token, ...).

    A GET signs in first. A POST with a session and a good forgery check goes to the view. Any
    other POST that carries a good save ticket is kept aside for the ticket's person, and nothing
    else happens; without one it is answered as a stranger's.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, token: str, **where: Any) -> HttpResponseBase:
        inside = signed_in(view)
        where = {"desk": desk, "token": token, **where}
        if request.method != "POST":
            return inside(request, **where)
        person = request.user if isinstance(request.user, Person) else None
        refused = _forged(request)
        if person and person.is_active and refused is None:
            return inside(request, **where)
        kept = _keep_aside(request, token)
        if kept and person and kept.person == person.pk:
            return redirect(request.path)
        if kept:
            context = {"words": kept.words, "next": request.path, "stranger": bool(person)}
            return render(request, "notifications/sections/kept.html", context)
        return refused or inside(request, **where)

    return guarded


def _passes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def _forged(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a POST that fails the forgery check; None when it passes."""
    answer = csrf_protect(_passes)(request)
    return None if answer.status_code == 204 else answer


def _keep_aside(request: HttpRequest, token: str) -> Kept | None:
    on, at = moment()
    case = Case.objects.filter(token=token).first()
    ticket = tickets.read(case, request.POST.get("ticket", ""), at=at) if case else None
    if case is None or ticket is None or not _still_theirs(case, ticket, on):
        return None
    aside.put(case, ticket, aside.typed_in(request.POST), at=at)
    return Kept(ticket.person, when(at, on=on))


def _still_theirs(case: Case, ticket: Ticket, on: Any) -> bool:
    """Whoever was deactivated, or lost sight of the case, keeps nothing there any more."""
    person = Person.objects.filter(pk=ticket.person, is_active=True).first()
    return person is not None and Case.objects.visible_to(person, on).filter(pk=case.pk).exists()
