"""Where one is signed in, ending it there, and staying signed in here."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflow.signing_in import ending
from workflow.views.access import person_of, signed_in

ENDED = {
    "one": "That session has ended",
    "others": "You are signed out everywhere else",
}


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Every place in which the person is signed in."""
    said = ENDED.get(request.GET.get("ended", ""))
    context = {
        "places": ending.places(request, person_of(request)),
        "banner": {"text": said} if said else None,
    }
    return render(request, "workflow/account_sessions.html", context)


@require_POST
@signed_in
def end_session(request: HttpRequest, key: int) -> HttpResponseBase:
    """One of the person's own sessions is over; 404 for any other."""
    if not ending.end_one(person_of(request), key):
        raise Http404
    return redirect(f"{reverse('account-sessions')}?ended=one")


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """Every session of the person is over but this one."""
    ending.end_elsewhere(request, person_of(request))
    return redirect(f"{reverse('account-sessions')}?ended=others")


@require_POST
@signed_in
def stay(request: HttpRequest) -> HttpResponse:
    """Nothing is shown: that it was asked for keeps the session going."""
    return HttpResponse(status=204)
