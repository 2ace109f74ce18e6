"""The calendar of a person: its address on the account page, and what is read at it."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from workflow.feeds import addresses
from workflow.feeds.entries import feed_of
from workflow.outbox.letters import address
from workflow.people.person import Person
from workflow.views.access import moment, person_of, seen_by, signed_in


@sensitive_variables("secret")
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The dates of whoever the secret belongs to.

    An address that is unknown, was replaced or removed, or whose person may not sign in or has
    left, is answered alike: there is nothing here.
    """
    on, _ = moment()
    person = addresses.person_behind(secret)
    if person is None or not person.memberships_on(on):
        raise Http404
    return seen_by(person, request, lambda: _feed(person, on))


def _feed(person: Person, on: date) -> HttpResponse:
    entries = feed_of(person, on=on)
    answer = HttpResponse(entries, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="due-dates.ics"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@sensitive_variables("secret", "shown")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def calendar_address(request: HttpRequest) -> HttpResponseBase:
    """Makes, replaces or removes the secret address; a new one is shown this once."""
    _, at = moment()
    person = person_of(request)
    shown = ""
    if request.method == "POST":
        if request.POST.get("act") == "remove":
            addresses.revoke(person, at=at)
            return redirect("account-calendar")
        secret = addresses.make(person, at=at)
        # Shown in the answer itself: kept for a next page, it would have to be stored somewhere.
        shown = address(reverse("calendar-feed", args=[secret]))
    context = {"feed": addresses.in_force(person), "shown": shown}
    answer = render(request, "workflow/account_calendar.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer
