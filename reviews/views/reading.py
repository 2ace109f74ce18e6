"""Reading: the rapid review in each version that was sent, its print view, and the decision."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from reviews import codes
from reviews.models import A_VIEW, FINDINGS, RESPONSE, Assessment, SentReview, SignOff
from reviews.services import signing
from reviews.services.drafts import WRITABLE
from reviews.services.reading import (
    decisions_of,
    responses_of,
    signatures,
    versions_of,
)
from reviews.views.desk import review_for
from reviews.views.shown import (
    clock_of,
    clocks,
    decision_rows,
    marks_of,
    request_of,
    response_row,
    signature_rows,
)
from workflow.access.policy import Rights
from workflow.law import duties, readings
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import signs_for
from workflow.models import Person
from workflow.people.codes import labels
from workflow.retention.taken_out import taken_out
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.frame import DECISION, RAPID_REVIEW, case_frame

READ = "view.content"


@signed_in
@require_GET
def read(request: HttpRequest, token: str) -> HttpResponse:
    """What was sent, version by version, with the sign-offs as they stood."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, READ, on=now.on)
    rights = Rights(person, review.case, now.on)
    versions = versions_of(review)
    if not versions and review.state in WRITABLE and rights.may("write.rapid_review"):
        return redirect("reviews:tasks", token=token)
    context = _reading(request, review, versions, person, now) | {
        "may_write": review.state in WRITABLE and rights.may("write.rapid_review"),
        "may_sign": bool(signs_for(person, review.case, on=now.on))
        and review.state in signing.SIGNABLE,
        "may_consider": rights.may("panel.consider"),
        "may_respond": rights.may("panel.respond"),
        "may_triage": rights.may("panel.triage"),
        "asked": request_of(review) if review.state in WRITABLE else None,
    }
    context["may_take_out"] = _wrote(context, rights, person, now)
    return render(request, "reviews/read.html", context)


@signed_in
@require_GET
def print_view(request: HttpRequest, token: str) -> HttpResponse:
    """One version on paper."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, READ, on=now.on)
    versions = versions_of(review)
    if not versions:
        raise Http404
    context = _reading(request, review, versions, person, now) | {"by": person.name, "at": now.at}
    return render(request, "reviews/print.html", context)


def _reading(
    request: HttpRequest,
    review: RapidReview,
    versions: list[SentReview],
    person: Person,
    now: Moment,
) -> dict[str, Any]:
    shown = _chosen(request, versions)
    case, of_the_panel = review.case, _of_the_panel(review, person, now)
    return {
        "case": case,
        "review": review,
        "frame": case_frame(case, person, on=now.on, active=RAPID_REVIEW),
        "versions": versions,
        "shown": shown,
        "taken_out": taken_out(case, "rapid-review", since=shown.at) if shown else [],
        "out_of_views": taken_out(case, A_VIEW),
        "out_of_findings": taken_out(case, FINDINGS) if of_the_panel else [],
        "marks": marks_of(shown, given_in(shown)) if shown else [],
        "signed": signature_rows(signatures(review, on=now.on)),
        "late_reason": labels(codes.LATE_REASON).get(shown.late_reason, "") if shown else "",
        "clocks": clocks(case, duties.RAPID_REVIEW.slug, duties.PANEL_RESPONSE.slug, on=now.on),
        "assessments": assessments_of(shown) if of_the_panel else [],
    }


def _wrote(context: dict[str, Any], rights: Rights, person: Person, now: Moment) -> bool:
    """Whether some of what is read here is the reader's own to have words taken out of."""
    if rights.may("redact.propose_panel"):
        return bool(context["assessments"])
    own = set(person.organisation_ids(now.on))
    given = any(row["views"] and row["organisation_id"] in own for row in context["signed"])
    return given and rights.may("redact.propose_view") and not rights.may("redact.propose")


@signed_in
@require_GET
def decision(request: HttpRequest, token: str) -> HttpResponse:
    """What the Panel said, what the partners decided, and what is to be done by when."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, READ, on=now.on)
    case = review.case
    decided, responses = decisions_of(case), responses_of(case)
    rights = Rights(person, case, now.on)
    last = responses[-1] if responses else None
    answered = last is not None and any(row.response_id == last.pk for row in decided)
    undecided = bool(decided) and decided[-1].decision == codes.Decision.UNDECIDED
    context = {
        "case": case,
        "frame": case_frame(case, person, on=now.on, active=DECISION),
        "responses": [response_row(row) for row in reversed(responses)],
        "taken_out": taken_out(case, RESPONSE),
        "may_take_out": rights.may("redact.propose_panel")
        and any(row.outcome != codes.NATIONAL_REVIEW for row in responses),
        "decided": decision_rows(decided),
        "review_clock": clock_of(case, duties.LOCAL_REVIEW.slug, on=now.on),
        "panel_clock": clock_of(case, duties.PANEL_RESPONSE.slug, on=now.on),
        "reading": readings.SIX_MONTHS_START,
        "reply_by": last.reply_by if last and not answered else None,
        "undecided": undecided,
        "may_confirm": bool(decided)
        and rights.may("write.practice_review")
        and (undecided or last is not None),
    }
    return render(request, "reviews/decision.html", context)


def given_in(sent: SentReview) -> dict[int, SignOff]:
    """The sign-offs that a version was sent with, by key."""
    keys = [mark["sign_off"] for mark in sent.signed if "sign_off" in mark]
    found = SignOff.objects.filter(pk__in=keys).select_related("by")
    rows = {row.pk: row for row in found}
    for row in rows.values():
        row.case = sent.case
    return rows


def assessments_of(sent: SentReview | None) -> list[dict[str, Any]]:
    """What the Panel found of a version, in words, with its internal notes. For the Panel only."""
    if sent is None:
        return []
    rows = Assessment.objects.filter(sent=sent).select_related("by").order_by("pk")
    words = {name: labels(name) for name in (codes.COMPLETENESS, codes.QUALITY)}
    themes = labels(codes.THEME)
    found = []
    for row in rows:
        row.case = sent.case
        found.append(
            {
                "by": row.by.name,
                "on": row.on,
                "completeness": words[codes.COMPLETENESS].get(row.completeness, row.completeness),
                "quality": words[codes.QUALITY].get(row.quality, row.quality),
                "agrees_criteria": _sure(row.agrees_criteria),
                "agrees_decision": _sure(row.agrees_decision),
                "learning": row.learning,
                "national": "Yes" if row.national_flag else "No",
                "themes": [themes.get(code, code) for code in row.themes],
                "notes": row.notes,
            }
        )
    return found


def _sure(value: bool | None) -> str:
    return "Not sure" if value is None else "Yes" if value else "No"


def _of_the_panel(review: RapidReview, person: Person, now: Moment) -> bool:
    return Rights(person, review.case, now.on).may("panel.triage")


def _chosen(request: HttpRequest, versions: list[SentReview]) -> SentReview | None:
    """The version asked for in the address, else the newest."""
    wanted = request.GET.get("version", "")
    if wanted:
        for row in versions:
            if str(row.version) == wanted:
                return row
        raise Http404
    return versions[-1] if versions else None
