"""Opening a case in an emergency, reading of those that were opened, and reviewing them."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from workflow.access import context
from workflow.access.emergencies import EmergencyReview
from workflow.access.gate import only_for
from workflow.forms import GovukForm, LongTextField, RadiosField, TextField
from workflow.machine import emergencies as services
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.people import roles
from workflow.sealed.reading import words
from workflow.views.access import moment, person_of, signed_in
from workflow.views.step_up import asks_who_it_is, refuse_if_stale

SHOWN = 100


class EmergencyForm(GovukForm):
    """Which case, and why now."""

    reference = TextField(
        "Reference of the case",
        called="the reference of the case",
        hint="Like SIN-7K2M-Q9XD-4TVB",
        limit=40,
        width="20",
    )
    reason = LongTextField(
        "Why do you need to open it now?",
        called="why you need to open it now",
        hint="At least 20 characters. The authority and the privacy officer read this. Name nobody",
        words=300,
        rows=5,
    )


class ReviewForm(GovukForm):
    """Whether it was right, and why."""

    finding = RadiosField(
        "Was it right to open the case?",
        called="whether it was right to open the case",
        choices=EmergencyReview.Finding.choices,
    )
    note = LongTextField("Why?", called="why", hint="Name nobody", words=300, rows=5)


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("open.in_emergency")
@asks_who_it_is
def open_case(request: HttpRequest) -> HttpResponseBase:
    """Opens one case for an hour."""
    now = moment()
    form = EmergencyForm(request.POST or None, on=now.on)
    if request.method == "POST" and form.is_valid() and not refuse_if_stale(request, form):
        try:
            made = services.open_in_emergency(
                form.cleaned["reference"],
                reason=form.cleaned["reason"],
                by=person_of(request),
                on=now.on,
                at=now.at,
            )
            return redirect("case", token=made.case.token)
        except CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    shown = {"form": form, "again": request.path}
    return render(request, "workflow/emergency.html", shown)


@require_safe
@signed_in
@only_for("review.emergencies")
def emergencies(request: HttpRequest) -> HttpResponse:
    """Every emergency that the person may review, the newest first."""
    now, person = moment(), person_of(request)
    with context.serving(context.EMERGENCIES):
        rows = [
            {
                "row": row,
                "role": roles.by_slug(row.role).title,
                "why": words(row, "reason"),
                "review": getattr(row, "review", None),
                "note": words(row.review, "note") if hasattr(row, "review") else "",
                "late": row.review_due_on < now.on,
            }
            for row in services.to_review(person, now.on)[:SHOWN]
        ]
        return render(request, "workflow/emergencies.html", {"rows": rows})


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("review.emergencies")
def review(request: HttpRequest, key: int) -> HttpResponseBase:
    """Says whether an emergency was right."""
    now, person = moment(), person_of(request)
    with context.serving(context.EMERGENCIES):
        row = services.to_review(person, now.on).filter(pk=key).first()
    if row is None:
        raise Http404
    form = ReviewForm(request.POST or None, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            services.review(row, by=person, on=now.on, at=now.at, **form.cleaned)
            return redirect("emergencies")
        except NotFound:
            raise Http404 from None
        except CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    shown = {"form": form, "row": row, "role": roles.by_slug(row.role).title}
    with context.serving(context.EMERGENCIES):
        return render(request, "workflow/emergency_review.html", shown)
