"""Who may open a page: nobody signed out, and a case out of reach looks like one that is not."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from workflow import clock
from workflow.access import context, shown
from workflow.access.policy import may
from workflow.audit import looks
from workflow.audit.parts import InAFile
from workflow.machine.case import Case
from workflow.machine.refusals import RecordDestroyed
from workflow.people.person import Person
from workflow.views.unreadable import UNREADABLE, unreadable

View = Callable[..., HttpResponseBase]


class Moment(NamedTuple):
    """One moment: the London date it falls on and the instant in UTC."""

    on: date
    at: datetime


def moment() -> Moment:
    """The moment of this request; read it once and pass it on."""
    at = clock.now()
    return Moment(clock.london_date(at), at)


def signed_in(view: View) -> View:
    """A decorator: whoever is signed out signs in first and comes back to the same address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if isinstance(person, Person) and person.is_active:
            return seen_by(person, request, lambda: view(request, *args, **kwargs))
        come_back = _address_to_return_to(request)
        if _session_has_ended(request):
            return redirect(f"{reverse('timed-out')}?{urlencode({'next': come_back})}")
        return redirect_to_login(come_back)

    return guarded


def returning_to(address: Callable[[HttpRequest], str]) -> Callable[[View], View]:
    """A decorator for a view that acts: whoever was signed out comes back to this page instead."""

    def marked(view: View) -> View:
        view.returns_to = address  # type: ignore[attr-defined]
        return view

    return marked


def page_to_return_to(request: HttpRequest) -> str:
    """The page on which the answers of this request were given, where its view names one."""
    match = request.resolver_match
    address: Callable[[HttpRequest], str] | None = getattr(match and match.func, "returns_to", None)
    return address(request) if address else ""


def seen_by(
    person: Person, request: HttpRequest, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The view's answer, made to its last byte while the database shows what the person may see.

    What it shows is in the log of looks, in the same transaction. A view that keeps several
    transactions apart says in each of them whose it is; its looks are kept after it. A case that
    can't be read any more is answered in words.
    """
    today = clock.today()
    if not connection.in_atomic_block:
        try:
            return view()
        except UNREADABLE as fault:
            with context.acting(person, on=today):
                return unreadable(request, person, fault, on=today)
    context.enter(person, on=today)
    try:
        answer = _to_the_last_byte(view())
    except UNREADABLE as fault:
        answer = unreadable(request, person, fault, on=today)
    looks.keep(person, request, answer)
    return answer


def _to_the_last_byte(answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, StreamingHttpResponse):
        # Sent after the transaction it would be empty.
        answer.streaming_content = InAFile(answer)
    elif isinstance(answer, SimpleTemplateResponse):
        answer.render()
    return answer


def person_of(request: HttpRequest) -> Person:
    """The person signed in. Raises TypeError on a page that is open to all."""
    if not isinstance(request.user, Person):
        raise TypeError("This page asks for a person: decorate its view with signed_in.")
    return request.user


def case_for(request: HttpRequest, token: str, act: str, *, on: date | None = None) -> Case:
    """The case of this token, when the signed-in person may do the act on it.

    Raises Http404 alike for a case that is not there, not theirs, or not for their role; and
    RecordDestroyed for one of which the certificate alone is left.
    """
    person, day = person_of(request), on or clock.today()
    case = (
        Case.objects.visible_to(person, day)
        .select_related("notification", "authority")
        .filter(token=token)
        .taken_in_hand()
        .first()
    )
    if case is None or not may(person, act, case, day):
        raise Http404
    shown.asked(case.pk, act)
    refuse_when_gone(case, act)
    case.notification.case = case
    return case


def refuse_when_gone(case: Case, act: str = "") -> None:
    """Raises RecordDestroyed for whatever is asked of a destroyed record but its certificate."""
    if case.disposed_on is not None and act != "view.retention":
        raise RecordDestroyed


def _address_to_return_to(request: HttpRequest) -> str:
    # Coming back is a GET: to the page that was being filled in, not to an address that acts.
    return page_to_return_to(request) or request.get_full_path()


def _session_has_ended(request: HttpRequest) -> bool:
    """Whether the browser still holds the key of a session that is no more."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    return known and request.session.is_empty()
