"""One page of a document: shown with what was typed, saved at once, then checked."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications.sections.comparing import compared
from notifications.sections.desk import Desk, Saved
from notifications.sections.forms import PageForm
from notifications.sections.paper import Leaf, Paper, Problem
from notifications.sections.words import edited
from workflow.forms.typed import as_lists
from workflow.models import Answers
from workflow.sealed import answers
from workflow.services import CannotAdvance
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.keeping import forget_what_was_kept, keep_what_was_sent, what_was_kept

CONFLICT = 409


class Showing(NamedTuple):
    """What a page is shown with besides its form."""

    leaf: Leaf
    seen: int
    status: int = 200
    title: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: HttpRequest, desk: Desk, token: str, page: str, **where: Any) -> HttpResponse:
    """A page of the document, or of one child or adult in it."""
    now = moment()
    paper = desk.open(person_of(request), token, now.on)
    leaf = leaf_of(paper, page, where)
    if request.method != "POST":
        if elsewhere := desk.closed(paper):
            return redirect(elsewhere)
        return shown(request, desk, paper, leaf, now)
    if desk.closed(paper):
        return too_late(request, desk, paper, leaf, now)
    return save(request, desk, paper, leaf, now)


def leaf_of(paper: Paper, page: str, where: dict[str, Any]) -> Leaf:
    """The page an address names; Http404 when the document has no such page or item."""
    item = str(where["item"]) if "item" in where else ""
    try:
        leaf = paper.leaf(page, item)
    except KeyError:
        raise Http404 from None
    wrong_place = where.get("section", leaf.section.slug) != leaf.section.slug
    if bool(leaf.section.items) != bool(item) or wrong_place:
        raise Http404
    if item and item not in paper.items(leaf.section):
        raise Http404
    return leaf


def shown(request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf, now: Moment) -> HttpResponse:
    """The page with what was saved, or with what waits for this person."""
    waiting = what_was_kept(request)
    begun = paper.typed(leaf) if paper.row(leaf) else leaf.page.prefill(person_of(request), paper)
    typed = waiting.typed if waiting else begun
    seen = seen_in(waiting.typed) if waiting else paper.version(leaf)
    checked = "checked" in request.GET and waiting is None
    form = (
        looked_at(desk, paper, leaf, typed) if checked else paper.bound(leaf, typed, checked=False)
    )
    return drawn(request, desk, paper, form, now, Showing(leaf, seen))


def save(request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf, now: Moment) -> HttpResponse:
    """What was typed is kept first, whatever it is; only then is it looked at."""
    person = person_of(request)
    form = looked_at(desk, paper, leaf, request.POST)
    typed = form.typed()
    if request.POST.get("then") == "edit":
        refilled = paper.bound(leaf, typed, checked=False)
        return drawn(request, desk, paper, refilled, now, Showing(leaf, seen_in(request.POST)))
    if why := desk.forbids(person, paper, leaf):
        if typed == paper.typed(leaf):
            later = request.POST.get("then") == "later"
            onwards = _next_href(request, desk, paper, leaf)
            return redirect(desk.home_href(paper.case) if later else onwards)
        form.add_reasons([why])
        return drawn(request, desk, paper, form, now, Showing(leaf, seen_in(request.POST)))
    try:
        row = answers.save(
            paper.case,
            paper.name,
            *leaf.key,
            typed=typed,
            seen_version=seen_in(request.POST),
            by=person,
            at=now.at,
            complete=form.is_complete(),
        )
    except answers.Conflict as conflict:
        return compared(request, desk, paper, leaf, now, theirs=conflict.theirs, typed=typed)
    forget_what_was_kept(request, person)
    return follow(request, desk, paper, leaf, now, form=form, row=row)


def follow(
    request: HttpRequest,
    desk: Desk,
    paper: Paper,
    leaf: Leaf,
    now: Moment,
    *,
    form: PageForm,
    row: Answers,
) -> HttpResponse:
    """After a save: what follows for the case, then the next page, or the page with its errors."""
    after = paper.with_row(row)
    elsewhere = ""
    try:
        elsewhere = desk.saved(Saved(after, leaf, form, person_of(request), now.on, now.at))
    except CannotAdvance as refusal:
        form.add_reasons(refusal.reasons)
    if request.POST.get("then") == "later":
        return redirect(desk.home_href(paper.case))
    if not form.is_valid():
        return drawn(request, desk, after, form, now, Showing(leaf, row.version))
    return redirect(elsewhere or _next_href(request, desk, after, leaf))


def too_late(
    request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf, now: Moment
) -> HttpResponse:
    """The document was closed meanwhile: what was typed is kept aside, shown, and not put in it."""
    whole = keep_what_was_sent(request, paper.case, person_of(request))
    form = paper.bound(leaf, request.POST)
    context = {"paper": paper, "leaf": leaf, "form": form, "href": desk.closed(paper)}
    context["whole"] = whole
    return render(request, "notifications/sections/closed.html", context, status=CONFLICT)


def drawn(
    request: HttpRequest, desk: Desk, paper: Paper, form: PageForm, now: Moment, what: Showing
) -> HttpResponse:
    """The page with this form."""
    leaf = what.leaf
    row = paper.row(leaf)
    if row is not None:
        prefetch_related_objects([row], "edited_by")
    context = {
        "form": form,
        "leaf": leaf,
        "readers": leaf.page.readers(paper),
        "heading": what.title or leaf.page.title,
        "caption": leaf.item_name or leaf.section.title,
        "reference": paper.case.label,
        "back_href": _back_href(request, desk, paper, leaf),
        "edited": edited(row, on=now.on),
        "hidden": {"version": what.seen},
        "home_href": desk.home_href(paper.case),
    }
    template = "notifications/sections/page.html"
    return render(request, template, context, status=what.status)


def seen_in(typed: Mapping[str, Any]) -> int:
    """The version the page was shown with; one not understood is one that is not the newest."""
    text = as_lists(typed).get("version") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def looked_at(desk: Desk, paper: Paper, leaf: Leaf, typed: Any) -> PageForm:
    """The page's form, refused also where it does not fit what other pages say."""
    form = paper.bound(leaf, typed)
    if form.is_valid():
        refuse_for(form, leaf, desk.refusals(paper.trying(leaf, form), leaf))
    return form


def refuse_for(form: PageForm, leaf: Leaf, problems: Iterable[Problem]) -> None:
    """Each problem is shown at its question; one of another page at the head of this one."""
    for problem in problems:
        if problem.leaf != leaf:
            form.add_reasons([problem.text])
            continue
        words = problem.text.removeprefix(f"{leaf.item_name}: ")
        part = getattr(form.fields[problem.field], "parts", ("",))[0]
        form.refuse(problem.field, words, part=part)


def _back_href(request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf) -> str:
    if request.GET.get("from") == "check":
        return desk.href(desk.check, paper.case)
    pages = paper.leaves(leaf.section, leaf.item)
    earlier = pages[: pages.index(leaf)] if leaf in pages else []
    if earlier:
        return desk.leaf_href(paper.case, earlier[-1])
    if leaf.section.items:
        return desk.items_href(paper.case, leaf.section)
    return desk.home_href(paper.case)


def _next_href(request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf) -> str:
    if request.GET.get("from") == "check":
        return desk.href(desk.check, paper.case)
    following = paper.next_leaf(leaf)
    if following:
        return desk.leaf_href(paper.case, following)
    if leaf.section.items:
        return desk.items_href(paper.case, leaf.section)
    return desk.home_href(paper.case)
