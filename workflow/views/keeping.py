"""No page of a case loses what was typed on it: what is sent after the session ended is kept."""

from typing import Any, TypeVar

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
from workflow.sealed import kept
from workflow.sealed.kept import Kept, Ticket
from workflow.views.access import Moment, View, moment

LET_GO, KEEP_ONLY = "let-go", "keep-only"
_FOUND, _REFILLED = "kept.found", "kept.refilled"
Form = TypeVar("Form", bound=GovukForm)


class KeepWhatWasTyped:
    """The middleware around every page of a case; it stands after the one that signs in.

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
        token = _token(request)
        if request.method != "POST" or token is None:
            return None
        person = _person(request)
        if person and LET_GO in request.POST:
            _forget(person, request.path)
            return redirect(request.path)
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
    """For a POST that failed the forgery check: kept for its person, or None without a ticket."""
    token = _token(request)
    if token is None:
        return None
    ticket = kept.read(request.POST.get("ticket", ""), token=token, at=moment().at)
    person = _person(request)
    answer = _keep(request, ticket)
    if answer and ticket and person and ticket.person == person.pk:
        return redirect(request.path)
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
        found = kept.waiting(person, request.path, on=moment().on) if person else None
        request.META[_FOUND] = found
        if found:
            request.META[_REFILLED] = True
    result: Kept | None = request.META[_FOUND]
    return result


def keep_what_was_sent(request: HttpRequest, case: Case, person: Person) -> None:
    """What the signed-in person sent is kept for them: the page could not take it."""
    kept.put(case, person, request.path, kept.typed_in(request.POST), at=moment().at)


def forget_what_was_kept(request: HttpRequest, person: Person) -> None:
    """It was saved, whole or not, so that nothing waits on this page any more."""
    if request.META.pop(_REFILLED, False):
        kept.forget(person, request.path)


def around(request: HttpRequest) -> dict[str, Any]:
    """For every page: the hidden fields of its forms, and what was kept if the page asked for it.

    The fields are made when a form is drawn, so that a page without one costs nothing.
    """
    found: Kept | None = request.META.get(_FOUND)
    shown = found and {"when": when(found.at, on=moment().on), "texts": found.texts, "name": LET_GO}
    return {"csrf_input": _hidden_fields(request), "kept": shown}


def _hidden(request: HttpRequest) -> SafeString:
    person, token = _person(request), _token(request)
    field = csrf_input(request)
    if person is None or token is None:
        return field
    ticket = Ticket(person.pk, token, moment().at, _REFILLED in request.META).sealed()
    return format_html('{}<input type="hidden" name="ticket" value="{}">', field, ticket)


_hidden_fields = lazy(_hidden, SafeString, str)


def _keep(request: HttpRequest, ticket: Ticket | None) -> HttpResponse | None:
    """The page that says it was kept; None when the ticket is none, or is good for nothing now."""
    if ticket is None:
        return None
    now = moment()
    person = Person.objects.filter(pk=ticket.person, is_active=True).first()
    if person is None or not _kept_for(person, request, ticket, now):
        return None
    shown = {
        "words": when(now.at, on=now.on),
        "next": request.path,
        "stranger": _person(request) is not None,
    }
    return render(request, "workflow/kept.html", shown)


def _kept_for(person: Person, request: HttpRequest, ticket: Ticket, now: Moment) -> bool:
    """Whether it was kept: who was deactivated, or lost sight of the case, keeps nothing there."""
    with context.acting(person, on=now.on):
        case = Case.objects.visible_to(person, now.on).filter(token=ticket.token).first()
        if case is not None:
            kept.put(case, person, request.path, kept.typed_in(request.POST), at=now.at)
    return case is not None


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
