"""The task list of the rapid review, the check before sending, and the confirmation."""

from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from notifications.sections import Leaf, Paper, Problem, tasks_of
from reviews.forms.chapter import FINISHED
from reviews.forms.document import paper_of, sections_asked
from reviews.forms.report import report_of
from reviews.services import sending
from reviews.services.drafts import WRITABLE
from reviews.services.reading import newest_sent, signatures
from reviews.services.refusals import AskFirst
from reviews.views.desk import DESK, review_for
from reviews.views.shown import clocks, decision_rows, request_of, signature_rows
from reviews.views.steps import steps_for
from workflow import services
from workflow.law import duties, readings
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.views.access import moment, person_of, signed_in
from workflow.views.frame import RAPID_REVIEW, case_frame

WRITE = "write.rapid_review"


@signed_in
@require_GET
def tasks(request: HttpRequest, token: str) -> HttpResponse:
    """What there is to do, what is done, by when, and who has signed."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, WRITE, on=now.on)
    if review.state not in WRITABLE:
        return redirect("reviews:read", token=token)
    case, paper = review.case, paper_of(review, on=now.on)
    prefetch_related_objects(list(paper.rows.values()), "edited_by")
    asked = {section.title for section in sections_asked(paper)}
    listed = [task for task in tasks_of(paper, DESK) if task.title in asked]
    context = {
        "frame": case_frame(case, person, on=now.on, active=RAPID_REVIEW),
        "case": case,
        "groups": [(group, list(found)) for group, found in groupby(listed, lambda t: t.group)],
        "done": sum(1 for task in listed if task.status == "Completed"),
        "count": len(listed),
        "clocks": clocks(case, duties.RAPID_REVIEW.slug, on=now.on),
        "signed": signature_rows(signatures(review, on=now.on)),
        "steps": steps_for(review, by=person, on=now.on),
        "asked": request_of(review) if review.state == RapidReviewState.RETURNED else None,
        "may_record": "business_unit" in person.roles_on(now.on),
    }
    return render(request, "reviews/tasks.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Every answer and every sign-off as they would be sent; what is missing, with links."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, WRITE, on=now.on)
    if review.state not in WRITABLE and request.method == "GET":
        return redirect("reviews:read", token=token)
    paper = paper_of(review, on=now.on)
    reasons: list[str] = []
    if request.method == "POST":
        confirmed = request.POST.get("confirmed") == "yes"
        report = report_of(paper)
        try:
            sending.send(review, report, confirmed=confirmed, by=person, on=now.on, at=now.at)
        except AskFirst as asked:
            return _pause(request, review, asked)
        except services.CannotAdvance as refusal:
            # What a page of the form asks for is said with a link to it, and once.
            said = {*report.gaps, sending.UNEXPLAINED}
            reasons = [why for why in refusal.reasons if why not in said]
        except services.AlreadyDone as first:
            reasons = [str(first)]
        else:
            return redirect("reviews:sent", token=token)
    return render(request, "reviews/check.html", _checked(request, review, paper, reasons))


def _checked(
    request: HttpRequest, review: RapidReview, paper: Paper, reasons: list[str]
) -> dict[str, Any]:
    problems, signed = paper.problems(), signatures(review, on=paper.on)
    missing = [
        {"text": _problem_text(problem), "href": _problem_href(paper, problem)}
        for problem in problems
    ]
    return {
        "case": review.case,
        "sections": _sections(paper),
        "missing": missing,
        "reasons": [{"text": why} for why in reasons],
        "has_errors": request.method == "POST",
        "unfinished": _unfinished(paper),
        "unknown": _unknown(paper),
        "signed": signature_rows(signed),
        "unsigned": [row.organisation.name for row in signed if row.newest is None],
        "overtaken": [row.organisation.name for row in signed if row.overtaken],
        "clocks": clocks(review.case, duties.RAPID_REVIEW.slug, on=paper.on),
        "back_href": DESK.home_href(review.case),
    }


def _pause(request: HttpRequest, review: RapidReview, asked: AskFirst) -> HttpResponse:
    context = {
        "case": review.case,
        "heading": "Check before you send",
        "reasons": asked.reasons,
        "hidden": {"confirmed": "yes"},
        "button_text": "Send the rapid review to the Panel",
        "text": "The rapid review can be sent. Everything the partners have said goes with it.",
        "back_href": reverse("reviews:check", args=[review.case.token]),
        "back": "Go back without sending",
    }
    return render(request, "reviews/pause.html", context)


@signed_in
@require_GET
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The confirmation: when it was sent, on which day of fifteen, and what happens next."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, WRITE, on=now.on)
    row = newest_sent(review)
    if row is None:
        raise Http404
    case = review.case
    context = {
        "case": case,
        "sent": row,
        "again": row.version > 1,
        "clocks": clocks(
            case,
            duties.RAPID_REVIEW.slug,
            duties.PANEL_RESPONSE.slug,
            duties.LOCAL_REVIEW.slug,
            on=now.on,
        ),
        "decision": decision_rows(row.decisions.select_related("by", "case"))[0],
        "unsigned": [mark["organisation"] for mark in row.signed if mark["view"] == "missing"],
        "reading": readings.SIX_MONTHS_START,
    }
    return render(request, "reviews/sent.html", context)


def _sections(paper: Paper) -> list[dict[str, Any]]:
    return [
        {
            "group": section.group,
            "title": section.title,
            "cards": [
                {
                    "title": leaf.item_name or leaf.page.title,
                    "rows": [row for row in paper.form(leaf).rows() if row.name != FINISHED],
                    "change": f"{DESK.leaf_href(paper.case, leaf)}?from=check",
                }
                for leaf in _leaves(paper, section)
            ],
        }
        for section in sections_asked(paper)
    ]


def _leaves(paper: Paper, section: Any) -> list[Leaf]:
    items = paper.items(section) if section.items else [""]
    return [leaf for item in items for leaf in paper.leaves(section, item)]


def _unfinished(paper: Paper) -> list[dict[str, str]]:
    """The chapters somebody meant to come back to: they hold nothing up."""
    return [
        {"text": leaf.page.title, "href": f"{DESK.leaf_href(paper.case, leaf)}?from=check"}
        for leaf in paper.all_leaves()
        if paper.form(leaf).cleaned.get(FINISHED) is False
    ]


def _unknown(paper: Paper) -> list[dict[str, str]]:
    return [
        {
            "text": f"{leaf.item_name}: {words}" if leaf.item else words,
            "href": f"{DESK.leaf_href(paper.case, leaf)}?from=check",
        }
        for leaf, words in paper.not_known()
    ]


def _problem_text(problem: Problem) -> str:
    """The words; what every chapter asks alike is said with the chapter's title."""
    if problem.leaf and problem.field == FINISHED:
        return f"{problem.leaf.page.title}: {problem.text[:1].lower()}{problem.text[1:]}"
    return problem.text


def _problem_href(paper: Paper, problem: Problem) -> str:
    if problem.leaf is None:
        section = problem.section
        return DESK.section_href(paper, section) if section else DESK.home_href(paper.case)
    return f"{DESK.leaf_href(paper.case, problem.leaf)}?from=check&checked=1"
