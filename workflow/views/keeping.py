"""No page loses what was typed on it: what is sent after the session ended is kept.

On a page of a case it is kept sealed under the case's key. A page that opens a case has none yet:
its person's browser carries it, sealed, to after the sign-in (see `workflow.sealed.carried`).
"""

from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow.access import context
from workflow.forms import GovukForm
from workflow.forms.times import when
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.retention.unsaved import without_what_went
from workflow.sealed import carried, kept
from workflow.sealed.kept import Kept, Ticket
from workflow.views import letting_go
from workflow.views.access import Moment, View, moment, page_to_return_to

KEEP_ONLY = "keep-only"
_FOUND, _REFILLED = "kept.found", "kept.refilled"
COOKIE = "typed"
Form = TypeVar("Form", bound=GovukForm)


def carries(view: View) -> View:
    """A decorator for a page of no case whose answers its person's browser keeps, sealed."""
    view.carries = True  # type: ignore[attr-defined]
    return view


class KeepWhatWasTyped:
    """The middleware around every page of a case, or that opens one; it stands after signing in.

    A POST without its person's session is kept for them and does nothing else. A page that was
    filled again with what was kept, and then sent with success, forgets it. Where a page can't be
    filled again, because the case went on, what was kept is shown by itself.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page's answer, or what was kept for it."""
        answer = self.get_response(request)
        person = _person(request)
        if person and _carries(request):
            used = _REFILLED in request.META or letting_go.is_sure(request)
            if used and request.method == "POST" and 300 <= answer.status_code < 400:
                answer.delete_cookie(COOKIE, path=request.path)
            return answer
        if person is None or _token(request) is None:
            return answer
        if request.method == "POST":
            if _REFILLED in request.META and 300 <= answer.status_code < 400:
                _forget(person, request.path)
        elif answer.status_code != 200:
            # The view's transaction has ended, and with it whose it was.
            with context.acting(person, on=moment().on):
                found = what_was_kept(request)
            if found:
                return _by_itself(request, found, answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Nothing, for a page that its own person sends; else the answer in the view's place."""
        token = _named(request)
        if request.method != "POST" or token is None:
            return None
        person = _person(request)
        if person and letting_go.NAME in request.POST:
            return _let_go(request, person)
        ticket = kept.read(request.POST.get("ticket", ""), token=token, at=moment().at)
        if KEEP_ONLY in request.POST:
            # Sent by the page itself when its time was up: nothing is done, whoever is signed in.
            return _keep(request, ticket) or redirect(request.path)
        if ticket and person and ticket.person == person.pk:
            if ticket.refilled:
                request.META[_REFILLED] = True
            return None
        return _keep(request, ticket)


def instead_of_refusal(request: HttpRequest) -> HttpResponse | None:
    """For a POST that failed the forgery check: kept for its person, or None without a ticket.

    One whose answers stand in an address goes back there: that page asks who is signed in.
    """
    token = _named(request)
    if token is None:
        before = page_to_return_to(request)
        return redirect(before) if before else None
    ticket = kept.read(request.POST.get("ticket", ""), token=token, at=moment().at)
    person = _person(request)
    answer = _keep(request, ticket)
    if answer and ticket and person and ticket.person == person.pk:
        back = redirect(request.path)
        back.cookies.update(answer.cookies)
        return back
    return answer


def asked(request: HttpRequest, form: type[Form], **options: Any) -> Form:
    """A page's form: with what was sent, with what was kept for this person, or empty."""
    if request.method == "POST":
        return form(request.POST, **options)
    found = what_was_kept(request)
    return form.refill(found.typed, **options) if found else form(**options)


def what_was_kept(request: HttpRequest) -> Kept | None:
    """What waits for the signed-in person on this page; looked up once for a request."""
    if request.method == "POST":
        return None
    if _FOUND not in request.META:
        person = _person(request)
        found = _waiting(person, request) if person else None
        request.META[_FOUND] = found
        if found:
            request.META[_REFILLED] = True
    result: Kept | None = request.META[_FOUND]
    return result


def keep_what_was_sent(request: HttpRequest, case: Case, person: Person) -> bool:
    """What the signed-in person sent is kept for them: the page could not take it.

    Returns whether that is all of it.
    """
    now = moment()
    ticket = kept.read(request.POST.get("ticket", ""), token=case.token, at=now.at)
    return _put(request, case, person, ticket, now)


def forget_what_was_kept(request: HttpRequest, person: Person) -> None:
    """It was saved, whole or not, so that nothing waits on this page any more."""
    if request.META.pop(_REFILLED, False):
        kept.forget(person, request.path)


def around(request: HttpRequest) -> dict[str, Any]:
    """For every page: the hidden fields of its forms, and what was kept if the page asked for it.

    The fields are made when a form is drawn, so that a page without one costs nothing.
    """
    found: Kept | None = request.META.get(_FOUND)
    since = when(found.at, on=moment().on) if found else ""
    shown = found and {"when": since, "texts": found.texts, "name": letting_go.NAME}
    return {"csrf_input": _hidden_fields(request), "kept": shown}


def _hidden(request: HttpRequest) -> SafeString:
    person, token = _person(request), _named(request)
    field = csrf_input(request)
    if person is None or token is None:
        return field
    at, refilled = moment().at, _REFILLED in request.META
    ticket = Ticket(person.pk, token, at, _opened_at(request, person, token, at), refilled)
    return format_html('{}<input type="hidden" name="ticket" value="{}">', field, ticket.sealed())


def _opened_at(request: HttpRequest, person: Person, token: str, at: datetime) -> datetime | None:
    """When what a page shows was read: one that shows again what was sent is as old as that was."""
    if request.method != "POST":
        return at
    sent = kept.read(request.POST.get("ticket", ""), token=token, at=at)
    return sent.opened_at if sent and sent.person == person.pk else None


_hidden_fields = lazy(_hidden, SafeString, str)


def _keep(request: HttpRequest, ticket: Ticket | None) -> HttpResponse | None:
    """The page that says it was kept; None when the ticket is none, or is good for nothing now."""
    if ticket is None:
        return None
    now = moment()
    person = Person.objects.filter(pk=ticket.person, is_active=True).first()
    if person is None:
        return None
    shown = {
        "words": when(now.at, on=now.on),
        "next": request.path,
        "stranger": _person(request) is not None,
        "whole": True,
    }
    if not _carries(request):
        found = _kept_for(person, request, ticket, now)
        if found is None:
            return None
        return render(request, "workflow/kept.html", {**shown, "whole": found})
    sealed = carried.seal(kept.typed_in(request.POST), person, request.path, at=now.at)
    return _with_cookie(render(request, "workflow/kept.html", shown), request, sealed)


def _with_cookie(
    answer: HttpResponse, request: HttpRequest, sealed: str | None
) -> HttpResponse | None:
    if sealed is None:
        return None
    answer.set_cookie(
        COOKIE,
        sealed,
        max_age=kept.LASTS,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _waiting(person: Person, request: HttpRequest) -> Kept | None:
    now = moment()
    if _carries(request):
        text = request.COOKIES.get(COOKIE, "")
        return carried.opened(text, person, request.path, at=now.at)
    return kept.waiting(person, request.path, on=now.on)


def _kept_for(person: Person, request: HttpRequest, ticket: Ticket, now: Moment) -> bool | None:
    """Whether all of it was kept; None where nothing was, as for who lost sight of the case.

    A text out of which words were taken since the page was opened is not kept: they could be
    among it.
    """
    with context.acting(person, on=now.on):
        case = Case.objects.visible_to(person, now.on).filter(token=ticket.token).first()
        return None if case is None else _put(request, case, person, ticket, now)


def _put(
    request: HttpRequest, case: Case, person: Person, ticket: Ticket | None, now: Moment
) -> bool:
    """What was sent waits for the person; whether that is all of it."""
    typed = kept.typed_in(request.POST)
    # Whoever is taking words out has the case in hand: what they did is seen, or they see this.
    Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case.pk).first()
    # A page that says no time of its own may have been open for longer than any ticket is good.
    opened_at = ticket.opened_at if ticket else None
    found = without_what_went(case, person, request.path, typed, opened_at=opened_at)
    kept.put(case, person, request.path, found, at=now.at)
    return found == typed


def _let_go(request: HttpRequest, person: Person) -> HttpResponse:
    if not letting_go.is_sure(request):
        now = moment()
        with context.acting(person, on=now.on):
            return letting_go.ask(request, _waiting(person, request), on=now.on)
    # What the browser carries goes with the answer.
    if not _carries(request):
        _forget(person, request.path)
    return redirect(request.path)


def _forget(person: Person, page: str) -> None:
    with context.acting(person, on=moment().on):
        kept.forget(person, page)


def _by_itself(request: HttpRequest, found: Kept, answer: HttpResponseBase) -> HttpResponse:
    elsewhere = answer.headers.get("Location") or reverse("case", args=[_token(request)])
    return render(request, "workflow/kept_by_itself.html", {"elsewhere": elsewhere})


def _person(request: HttpRequest) -> Person | None:
    person = getattr(request, "user", None)
    return person if isinstance(person, Person) and person.is_active else None


def _token(request: HttpRequest) -> str | None:
    """The token of the case whose page this is; None on a page of no case."""
    match = request.resolver_match
    return match.kwargs.get("token") if match else None


def _carries(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match and getattr(match.func, "carries", False))


def _named(request: HttpRequest) -> str | None:
    """What a save ticket of this page names: its case, or the page itself where it opens one."""
    return request.path if _carries(request) else _token(request)
