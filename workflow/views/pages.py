"""Pages that are about no case: the start, one's account, and what everyone may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from workflow.access.policy import may
from workflow.feeds.addresses import in_force
from workflow.law import duties
from workflow.law.words import counted
from workflow.people import roles
from workflow.people.person import Person
from workflow.reminders.models import ReminderChoice
from workflow.reminders.recipients import chosen_by
from workflow.views.access import moment, person_of, signed_in


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """What the service is for and who must use it; whoever is signed in goes on to their work."""
    if isinstance(request.user, Person) and request.user.is_active:
        return redirect("home")
    on, _ = moment()
    context = {
        "notify_days": counted(duties.NOTIFY_THE_PANEL.limit(on).working_days or 0, "working day"),
        "review_days": counted(duties.RAPID_REVIEW.limit(on).working_days or 0, "working day"),
        "leaver_days": counted(duties.CARE_LEAVER_DEATH.limit(on).working_days or 0, "working day"),
        "notify": duties.NOTIFY_THE_PANEL,
        "review": duties.RAPID_REVIEW,
    }
    return render(request, "workflow/start.html", context)


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Who one is to this service."""
    on, _ = moment()
    person = person_of(request)
    held = [
        {
            "role": roles.by_slug(membership.role).title,
            "organisation": membership.organisation.name,
            "since": membership.since,
            "until": membership.until,
        }
        for membership in person.memberships_on(on)
    ]
    wants = ReminderChoice.Wants(chosen_by(person)).label
    context = {
        "reader": person,
        "held": held,
        "feed": in_force(person),
        "wants": wants,
        "may_open_in_emergency": may(person, "open.in_emergency", on=on),
        "may_review_emergencies": may(person, "review.emergencies", on=on),
        "may_review_retention": may(person, "review.retention", on=on),
        "may_review_redactions": may(person, "review.redactions", on=on),
    }
    return render(request, "workflow/account.html", context)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """One has signed out."""
    return render(request, "workflow/signed_out.html")


@require_safe
def timed_out(request: HttpRequest) -> HttpResponse:
    """One was signed out for being idle; signing in again leads back to the same page."""
    asked = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    context: dict[str, Any] = {
        "next": asked if ours else reverse("home"),
        "minutes": settings.SESSION_IDLE_MINUTES,
        "panel_minutes": settings.SESSION_IDLE_MINUTES_PANEL,
        "hours": settings.SESSION_LONGEST_HOURS,
    }
    return render(request, "workflow/timed_out.html", context)


@require_safe
def static_page(request: HttpRequest, page: str) -> HttpResponse:
    """One of the pages that everyone may read."""
    return render(request, f"static_pages/{page}.html")
