"""Add or correct what was sent, with a reason; the Panel sees before and after."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from notifications.amending import NEW, DoesNotFit, amend, is_open
from notifications.forms.acts import AmendReasonForm
from notifications.sections import Desk, Leaf, Lists, Paper
from notifications.sections.views import refuse_for, seen_in
from notifications.services import paper_of
from notifications.views.desk import DESK
from notifications.views.wording import READ_AS
from workflow.machine.notification_states import is_sent
from workflow.sealed import answers
from workflow.services import AlreadyDone, CannotAdvance, NotFound
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import what_was_kept


@signed_in
@require_GET
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Which part is added to or corrected."""
    now = moment()
    paper = sent_paper(request, token, now)
    groups = []
    for section in paper.document.sections:
        items = paper.items(section) if section.items else [""]
        links = [
            {"text": leaf.page.title, "item": leaf.item_name, "href": amend_href(paper, leaf)}
            for item in items
            for leaf in paper.leaves(section, item)
            if is_open(paper, leaf)
        ]
        if section.items:
            new = Leaf(section, section.pages[0], NEW)
            links.append(
                {
                    "text": f"Add another {section.items.one}",
                    "item": "",
                    "href": amend_href(paper, new),
                }
            )
        if links:
            groups.append((READ_AS.get(section.slug, section.title), links))
    back = DESK.href("read", paper.case)
    context = {"case": paper.case, "groups": groups, "back_href": back}
    return render(request, "notifications/amend_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(
    request: HttpRequest, desk: Desk, token: str, page: str, item: str = ""
) -> HttpResponse:
    """One page as it stands, to be corrected."""
    now = moment()
    paper = sent_paper(request, token, now)
    leaf = _leaf(paper, page, item)
    if request.method != "POST":
        waiting = what_was_kept(request)
        typed = waiting.typed if waiting else paper.typed(leaf)
        seen = seen_in(waiting.typed) if waiting else paper.version(leaf)
        reason = AmendReasonForm(waiting.typed if waiting else {}, checked=False)
        form = paper.bound(leaf, typed, checked=False)
        return _page(request, paper, leaf, now, form=form, why=reason, seen=seen)
    form, why = paper.bound(leaf, request.POST), AmendReasonForm(request.POST, on=now.on)
    seen = seen_in(request.POST)
    if form.is_valid() and why.is_valid():
        try:
            reasons, seen = _attempt(request, paper, leaf, now, form=form, why=why, seen=seen)
        except DoesNotFit as refusal:
            refuse_for(form, leaf, refusal.problems)
        else:
            if not reasons:
                return redirect(f"{DESK.href('read', paper.case)}?amended=1")
            form.add_reasons(reasons)
    return _page(request, paper, leaf, now, form=form, why=why, seen=seen)


def sent_paper(request: HttpRequest, token: str, now: Moment) -> Paper:
    """What was sent, for someone who may correct it; Http404 before sending."""
    case = case_for(request, token, "write.notification", on=now.on)
    if case.notified_on is None or not is_sent(case):
        raise Http404
    return paper_of(case, on=now.on, lists=Lists(now.on))


def amend_href(paper: Paper, leaf: Leaf) -> str:
    """Where a page is corrected."""
    if leaf.item:
        return DESK.href("amend-item", paper.case, page=leaf.page.slug, item=leaf.item)
    return DESK.href("amend-page", paper.case, page=leaf.page.slug)


def _leaf(paper: Paper, page: str, item: str) -> Leaf:
    try:
        leaf = paper.leaf(page, item)
    except KeyError:
        raise Http404 from None
    if bool(leaf.section.items) != bool(item) or not is_open(paper, leaf):
        raise Http404
    new = item == NEW and leaf.page is leaf.section.pages[0]
    if item and not new and item not in paper.items(leaf.section):
        raise Http404
    return leaf


def _attempt(
    request: HttpRequest,
    paper: Paper,
    leaf: Leaf,
    now: Moment,
    *,
    form: Any,
    why: Any,
    seen: int,
) -> tuple[list[str], int]:
    """Corrects, or says why not and which version is the newest now."""
    try:
        amend(
            paper.case.token,
            leaf,
            typed=form.typed(),
            reason=why.cleaned["reason"],
            seen_version=seen,
            by=person_of(request),
            on=now.on,
            at=now.at,
        )
    except answers.Conflict as conflict:
        theirs = conflict.theirs
        name = theirs.edited_by.name if theirs.edited_by else "The service"
        words = f"{name} corrected this page after you opened it. Check it, then save again."
        return [words], theirs.version
    except (CannotAdvance, AlreadyDone) as refusal:
        return getattr(refusal, "reasons", [str(refusal)]), seen
    except NotFound:
        raise Http404 from None
    return [], seen


def _page(
    request: HttpRequest,
    paper: Paper,
    leaf: Leaf,
    now: Moment,
    *,
    form: Any,
    why: Any,
    seen: int,
) -> HttpResponse:
    context = {
        "case": paper.case,
        "leaf": leaf,
        "form": form,
        "why": why,
        "has_errors": bool(form.errors or why.errors),
        "caption": leaf.item_name if leaf.item not in ("", NEW) else leaf.section.title,
        "hidden": {"version": seen},
        "back_href": DESK.href("amend", paper.case),
        "new": leaf.item == NEW,
    }
    return render(request, "notifications/amend.html", context)
