"""The task list, the date due, and the check before sending."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from notifications import duplicates, receiving, rules, services
from notifications.programs import FINISHED
from notifications.sections import Leaf, Paper, Problem, tasks_of
from notifications.views.desk import DESK, WRITABLE, open_paper
from notifications.views.wording import without_date
from workflow.access.policy import may
from workflow.deadlines.calendar import calendar
from workflow.deadlines.corrected import corrected
from workflow.machine.notification_states import CLOCKS, NotificationState
from workflow.models import Case, Deadline
from workflow.services import AlreadyDone, CannotAdvance, NotFound, advance
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.clocks import sentence_of, shown_standing

NO_DAYS: Mapping[str, date] = {}
THRESHOLD = {"ask-partners": "consider_threshold", "decide-to-notify": "decide_to_notify"}


@signed_in
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, token: str) -> HttpResponse:
    """What there is to do, what is done, and by when."""
    now, person = moment(), person_of(request)
    paper = open_paper(person, token, now.on)
    reasons: list[str] = []
    if request.method == "POST":
        reasons = _moved(request, paper, now)
        if not reasons:
            return redirect("notifications:tasks", token=token)
    referred = paper.case.notification.state == NotificationState.REFERRED
    if paper.case.notification.state not in WRITABLE and not referred:
        return redirect(DESK.closed(paper))
    prefetch_related_objects(list(paper.rows.values()), "edited_by")
    listed = tasks_of(paper, DESK)
    context = {
        "case": paper.case,
        "referred": referred,
        "reasons": reasons,
        "groups": [(group, list(found)) for group, found in groupby(listed, lambda t: t.group)],
        "done": sum(1 for task in listed if task.status == "Completed"),
        "count": len(listed),
        "clocks": clocks_now(paper, now),
        "without_date": without_date(paper.case),
        "decides": may(person, "write.notification", paper.case, now.on),
        "check_href": DESK.href("check", paper.case),
    }
    return render(request, "notifications/tasks.html", context)


def _moved(request: HttpRequest, paper: Paper, now: Moment) -> list[str]:
    """Takes up a referral, asks the partners, or records that it is to be notified."""
    then, case = request.POST.get("then", ""), paper.case
    how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
    try:
        if then == "take-up":
            services.take_up(case.token, **how)
        elif then in THRESHOLD:
            services.keep_facts(paper, of_children=False, **how)
            advance(case.notification, THRESHOLD[then], **how)
    except (CannotAdvance, AlreadyDone, NotFound) as refusal:
        return [str(refusal)]
    return []


@signed_in
@require_GET
def due(request: HttpRequest, token: str) -> HttpResponse:
    """The date due, at once, with every day counted."""
    now = moment()
    paper = open_paper(person_of(request), token, now.on)
    clocks = clocks_now(paper, now)
    context = {
        "case": paper.case,
        "clocks": clocks,
        "without_date": without_date(paper.case),
        "received": receiving.received(paper),
        "next_href": DESK.home_href(paper.case),
        "back_href": DESK.leaf_href(paper.case, paper.leaf("awareness")),
    }
    return render(request, "notifications/due.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Every answer by section, what is missing with links, what is not known yet without blame."""
    now = moment()
    paper = open_paper(person_of(request), token, now.on)
    if elsewhere := DESK.closed(paper):
        return redirect(elsewhere)
    problems = services.problems_of(paper, on=now.on)
    if request.method == "POST" and not problems:
        how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
        services.keep_facts(paper, of_children=False, **how)
        return redirect(DESK.href(next_step(paper, request, now), paper.case))
    context = {
        "case": paper.case,
        "sections": sections_of(paper),
        "missing": [{"text": p.text, "href": problem_href(paper, p)} for p in problems],
        "warnings": [
            {"text": p.text, "href": problem_href(paper, p)} for p in rules.warnings(paper)
        ],
        "unknown": unknown_of(paper),
        "unknown_count": len(paper.not_known()),
        "has_errors": request.method == "POST" and bool(problems),
        "back_href": DESK.home_href(paper.case),
        "clocks": clocks_now(paper, now),
        "as_is": str,
    }
    return render(request, "notifications/check.html", context)


def next_step(paper: Paper, request: HttpRequest, now: Moment) -> str:
    """Which page comes between the check and sending: each is shown only when it applies."""
    alike = duplicates.looks_like(paper, by=person_of(request), on=now.on)
    if alike and not duplicates.is_settled(paper.case):
        return "duplicate"
    return after_duplicates(paper, now)


def after_duplicates(paper: Paper, now: Moment) -> str:
    """The interruption, when it is late or when no abuse is suspected; else the send page."""
    late = receiving.late_duties(paper, on=now.on)
    return "pause" if late or paper.case.abuse == "neither" else "send"


def clocks_now(paper: Paper, now: Moment) -> list[dict[str, Any]]:
    """The same, each as it stands on the day by which its lateness is judged."""
    return clocks_of(paper.case, on=now.on, days=receiving.days_of(paper, on=now.on))


def clocks_of(case: Case, *, on: date, days: Mapping[str, date] = NO_DAYS) -> list[dict[str, Any]]:
    """The clocks of notifying in the present cycle, as the component `clock_table` draws them."""
    rows = Deadline.objects.filter(
        case=case, duty__in=CLOCKS, cycle=case.notification.cycle, cancelled_on__isnull=True
    )
    merged = calendar()
    in_order = sorted(rows, key=lambda row: CLOCKS.index(row.duty))
    return [
        {
            "title": row.rule.title,
            "sentence": sentence_of(row.rule, case.authority, start_on=row.start_on),
            "due_on": row.due_on,
            "standing": shown_standing(row, on=days.get(row.duty, on), calendar=merged),
            "receipt": row.worked_out,
            "corrected": corrected(row, case, calendar=merged),
            "row": row,
        }
        for row in in_order
    ]


def sections_of(paper: Paper) -> list[dict[str, Any]]:
    """The answers by section, one card for each child or adult, each row with its Change link."""
    found = []
    for section in paper.document.sections:
        items = paper.items(section) if section.items else [""]
        cards = [
            {
                "title": section.items.name(item) if section.items else "",
                "rows": [
                    # The component asks for an address by the row's name.
                    replace(row, name=f"{DESK.leaf_href(paper.case, leaf)}?from=check")
                    for leaf in paper.leaves(section, item)
                    for row in paper.form(leaf).asked_rows()
                    if row.name != FINISHED
                ],
            }
            for item in items
        ]
        if section.items or any(card["rows"] for card in cards):
            found.append({"section": section, "cards": cards})
    return found


def unknown_of(paper: Paper) -> list[dict[str, Any]]:
    """The gaps by section: answered "Not known yet", with where to fill them in later."""
    gaps = [
        (
            leaf.section.title,
            {
                "text": f"{leaf.item_name}: {words}" if leaf.item else words,
                "href": f"{DESK.leaf_href(paper.case, leaf)}?from=check",
            },
        )
        for leaf, words in paper.not_known()
    ]
    by_section = groupby(gaps, key=lambda gap: gap[0])
    return [{"title": title, "links": [link for _, link in found]} for title, found in by_section]


def problem_href(paper: Paper, problem: Problem) -> str:
    """Where a problem is put right."""
    if problem.leaf is None:
        section = problem.section
        return DESK.section_href(paper, section) if section else DESK.home_href(paper.case)
    page = DESK.leaf_href(paper.case, problem.leaf)
    return f"{page}?from=check&checked=1#{_anchor(problem.leaf, problem)}"


def _anchor(leaf: Leaf, problem: Problem) -> str:
    field = leaf.page.form().fields.get(problem.field) if problem.field else None
    first = getattr(field, "parts", ("",))[0] if field else ""
    return f"{problem.field}-{first}" if first else problem.field
