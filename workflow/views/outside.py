"""Signing in through an organisation's own provider, and connecting one's account there."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow import clock
from workflow.people.person import Person
from workflow.signing_in import bound, ending, factors, outside, stages
from workflow.signing_in.asking import Refused
from workflow.signing_in.providers import Provider
from workflow.signing_in.recent import showed_lately
from workflow.views.access import moment, person_of, signed_in
from workflow.views.step_up import asks_who_it_is, confirm

logger = logging.getLogger(__name__)
_PENDING = "outside_to_connect"
TAKEN = "That account is connected to somebody else. Ask your organisation’s administrator."
SAID = {"connected": "You can now sign in with your organisation", "removed": "Disconnected"}


def _configured(name: str) -> Provider:
    found = next((one for one in bound.providers() if one.name == name), None)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, provider: Provider, refusal: Refused) -> HttpResponse:
    logger.warning("Sign-in through %s refused: %s", provider.name, refusal.reason)
    context = {"words": refusal.words, "provider": provider}
    return render(request, "workflow/outside_refused.html", context, status=403)


# Whatever asks the provider holds no transaction meanwhile: a slow one would keep a connection, and
# every row that the request locked, from everybody else.
@transaction.non_atomic_requests
@require_safe
def start(request: HttpRequest, name: str) -> HttpResponseBase:
    """The way to the provider."""
    provider = _configured(name)
    if request.user.is_authenticated:
        return redirect("home")
    asked = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    come_back = asked if ours else ""
    return _led(request, provider, purpose=outside.SIGN_IN, come_back=come_back)


def _led(
    request: HttpRequest, provider: Provider, *, purpose: str, come_back: str = ""
) -> HttpResponseBase:
    try:
        return redirect(outside.begin(request, provider, purpose=purpose, come_back=come_back))
    except Refused as refusal:
        return _refused(request, provider, refusal)


@transaction.non_atomic_requests
@require_safe
def back(request: HttpRequest, name: str) -> HttpResponseBase:
    """The provider sent somebody back: whoever it vouches for is signed in, or asked to confirm."""
    provider = _configured(name)
    try:
        word = outside.finish(request, provider)
    except Refused as refusal:
        return _refused(request, provider, refusal)
    if word.purpose == outside.CONNECT:
        return _to_confirm(request, provider, word)
    if request.user.is_authenticated:
        return redirect("home")
    return _signed_in(request, provider, word)


@transaction.atomic
def _signed_in(request: HttpRequest, provider: Provider, word: outside.Word) -> HttpResponseBase:
    person = bound.whose(provider, word.subject, clock.today())
    if person is None:
        logger.warning("Sign-in through %s refused: connected to nobody", provider.name)
        context = {"provider": provider}
        return render(request, "workflow/outside_unknown.html", context, status=403)
    if word.second_factor:
        stages.was_shown_outside(request)
    bound.note_in(request, provider, person)
    answer: HttpResponseBase = perform_login(
        request, person, email_verification="none", redirect_url=word.come_back or None
    )
    bound.used(person, provider, at=clock.now())
    if word.second_factor and request.user == person:
        factors.was_shown_outside(request)
    return answer


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The providers that one may sign in through, and whether one's account there is connected."""
    person, on = person_of(request), moment().on
    rows = {row.provider: row for row in person.outside_accounts.all()}
    offered = [(one, rows.get(one.name)) for one in bound.offered_to(person, on)]
    said = SAID.get(request.GET.get("done", ""))
    context = {"offered": offered, "banner": {"text": said} if said else None}
    return render(request, "workflow/outside.html", context)


def _offered(person: Person, name: str) -> Provider:
    provider = _configured(name)
    if provider not in bound.offered_to(person, clock.today()):
        raise Http404
    return provider


@transaction.non_atomic_requests
@require_safe
@signed_in
@asks_who_it_is
def connect(request: HttpRequest, name: str) -> HttpResponseBase:
    """The way to the provider, to come back with an account that can be connected."""
    return _led(request, _offered(person_of(request), name), purpose=outside.CONNECT)


def _to_confirm(request: HttpRequest, provider: Provider, word: outside.Word) -> HttpResponseBase:
    request.session[_PENDING] = {
        "provider": provider.name,
        "subject": word.subject,
        "person": request.user.pk,
        "at": clock.now().timestamp(),
    }
    return redirect("outside-confirm", name=provider.name)


def _pending(request: HttpRequest, provider: Provider) -> dict[str, Any] | None:
    found: dict[str, Any] | None = request.session.get(_PENDING)
    if found is None or (found["provider"], found["person"]) != (provider.name, request.user.pk):
        return None
    fresh = clock.now().timestamp() <= found["at"] + outside.LASTS_SECONDS
    return found if fresh else None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@asks_who_it_is
def confirm_connection(request: HttpRequest, name: str) -> HttpResponseBase:
    """Asks whether the account there is one's own; pressed, it is connected."""
    person = person_of(request)
    provider = _offered(person, name)
    pending = _pending(request, provider)
    if pending is None:
        return redirect("outside")
    if request.method != "POST":
        return render(request, "workflow/outside_confirm.html", {"provider": provider})
    if not showed_lately(request):
        return confirm(request.path)
    del request.session[_PENDING]
    try:
        bound.bind(person, provider, pending["subject"], at=clock.now())
    except bound.TakenError:
        return _refused(request, provider, Refused("connected to somebody else", TAKEN))
    _changed(request, person, "connected")
    return redirect(f"{reverse('outside')}?done=connected")


@require_POST
@signed_in
def remove(request: HttpRequest, name: str) -> HttpResponseBase:
    """The account there lets nobody in any more."""
    person = person_of(request)
    provider = _configured(name)
    if not showed_lately(request):
        return confirm(reverse("outside"))
    if bound.unbind(person, provider):
        _changed(request, person, "removed")
    return redirect(f"{reverse('outside')}?done=removed")


def _changed(request: HttpRequest, person: Person, how: str) -> None:
    # Like a second factor: it is told by mail, and every other session is over.
    ending.end_elsewhere(request, person)
    get_adapter().send_mail(f"account/email/outside_{how}", person.email, {})
