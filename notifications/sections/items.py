"""Lists within a document: add a child or an adult, change, remove after asking."""

from contextlib import suppress
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications.sections.desk import Desk, Saved
from notifications.sections.document import Section
from notifications.sections.forms import PageForm
from notifications.sections.paper import Leaf, Paper
from notifications.sections.tasks import COMPLETED, IN_PROGRESS, NOT_STARTED
from notifications.sections.views import Showing, drawn, follow, looked_at, too_late
from notifications.sections.words import edited
from workflow.forms import NOT_KNOWN, GovukField, YesNoField
from workflow.forms.typed import NOT_KNOWN_LABEL
from workflow.sealed import answers
from workflow.services import CannotAdvance
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.keeping import asked, forget_what_was_kept, what_was_kept

NEW = "0"
# What the button is called that answers what was not begun of a child or adult.
UNKNOWN = "not-known"


class RemoveForm(PageForm):
    """Whether to remove it."""

    sure = YesNoField("Are you sure you want to remove this?", missing="Select yes to remove it")


class AnotherForm(PageForm):
    """Whether there is another one to add."""

    another = YesNoField(
        "Do you need to add another?", missing="Select yes if you need to add another"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: HttpRequest, desk: Desk, token: str, section: str) -> HttpResponse:
    """The list as cards, and whether there is another to add."""
    now = moment()
    paper = desk.open(person_of(request), token, now.on)
    listed = _section(paper, section)
    if elsewhere := desk.closed(paper):
        return redirect(elsewhere)
    if request.POST.get(UNKNOWN) in paper.items(listed):
        return _not_known_yet(request, desk, paper, listed, now)
    form = asked(request, AnotherForm)
    form.fields["another"].label = f"Do you need to add another {_one(listed)}?"
    if request.method == "POST" and form.is_valid():
        add_more = form.cleaned["another"]
        where = desk.href("item-add", paper.case, section=listed.slug)
        return redirect(where if add_more else desk.home_href(paper.case))
    rows = [row for row in paper.rows.values() if row.section.split(".")[0] == listed.slug]
    prefetch_related_objects(rows, "edited_by")
    context = {
        "form": form,
        "section": listed,
        "heading": listed.title,
        "back_href": desk.home_href(paper.case),
        "cards": [_card(desk, paper, listed, item) for item in paper.items(listed)],
        "add_href": desk.href("item-add", paper.case, section=listed.slug),
        "reference": paper.case.label,
        "edited": edited(max(rows, key=lambda row: row.edited_at, default=None), on=now.on),
    }
    return render(request, "notifications/sections/items.html", context)


def _not_known_yet(
    request: HttpRequest, desk: Desk, paper: Paper, listed: Section, now: Moment
) -> HttpResponse:
    """Every page not begun of one child or adult says "Not known yet", where it may be said."""
    item, person = request.POST[UNKNOWN], person_of(request)
    for page in listed.pages:
        leaf = Leaf(listed, page, item)
        # Asked anew each time: what is asked depends on the answers before it.
        if leaf not in paper.leaves(listed, item) or paper.row(leaf) is not None:
            continue
        form = looked_at(desk, paper, leaf, _unknown(paper, leaf))
        if not form.is_complete():
            continue
        # Where somebody begins the page meanwhile, theirs stays.
        with suppress(answers.Conflict):
            row = answers.save(
                paper.case,
                paper.name,
                *leaf.key,
                typed=form.typed(),
                seen_version=0,
                by=person,
                at=now.at,
                complete=True,
            )
            paper = paper.with_row(row)
            with suppress(CannotAdvance):
                desk.saved(Saved(paper, leaf, form, person, now.on, now.at))
    return redirect(desk.items_href(paper.case, listed))


def _unknown(paper: Paper, leaf: Leaf) -> dict[str, list[str]]:
    """The page as typed by somebody who knows nothing of it yet."""
    asked = paper.bound(leaf, {})
    idle = asked.idle()
    known = {
        name: NOT_KNOWN
        for name, field in asked.fields.items()
        if isinstance(field, GovukField) and field.not_known and name not in idle
        if not field.optional
    }
    return type(asked).filled(known, paper=paper, item=leaf.item, lists=paper.lists).typed()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: HttpRequest, desk: Desk, token: str, section: str) -> HttpResponse:
    """The first page of a child or adult not yet listed; it is listed once anything is answered."""
    now = moment()
    paper = desk.open(person_of(request), token, now.on)
    listed = _section(paper, section)
    new = Leaf(listed, listed.pages[0], NEW)
    title = f"Add {'an' if _one(listed)[0] in 'aeiou' else 'a'} {_one(listed)}"
    if request.method != "POST":
        if elsewhere := desk.closed(paper):
            return redirect(elsewhere)
        waiting = what_was_kept(request)
        form = paper.bound(new, waiting.typed if waiting else {}, checked=False)
        return drawn(request, desk, paper, form, now, Showing(new, 0, title=title))
    if desk.closed(paper):
        return too_late(request, desk, paper, new, now)
    return _added(request, desk, paper, Showing(new, 0, title=title), now)


def _added(
    request: HttpRequest, desk: Desk, paper: Paper, what: Showing, now: Moment
) -> HttpResponse:
    """Lists what was typed, whole or not. A page without any answer adds nobody."""
    listed, person = what.leaf.section, person_of(request)
    form = paper.bound(what.leaf, request.POST)
    if not form.is_begun():
        if request.POST.get("then") == "later":
            return redirect(desk.items_href(paper.case, listed))
        return drawn(request, desk, paper, form, now, what)
    row = answers.add_item(
        paper.case,
        paper.name,
        listed.slug,
        typed=form.typed(),
        by=person,
        at=now.at,
        complete=form.is_complete(),
    )
    forget_what_was_kept(request, person)
    leaf = Leaf(listed, listed.pages[0], row.item)
    if form.is_valid() or request.POST.get("then") == "later":
        return follow(request, desk, paper, leaf, now, form=form, row=row)
    # It is listed now, so its errors are shown at its own address: sending again adds no second.
    return redirect(f"{desk.leaf_href(paper.case, leaf)}?checked=1")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove(request: HttpRequest, desk: Desk, token: str, section: str, item: int) -> HttpResponse:
    """Asks before it removes. What was typed stays in the history."""
    now, person = moment(), person_of(request)
    paper = desk.open(person, token, now.on)
    listed = _section(paper, section)
    leaf = Leaf(listed, listed.pages[0], str(item))
    if elsewhere := desk.closed(paper):
        return redirect(elsewhere)
    if leaf.item not in paper.items(listed):
        return redirect(desk.items_href(paper.case, listed))
    form = asked(request, RemoveForm)
    form.fields["sure"].label = f"Are you sure you want to remove {leaf.item_name}?"
    if request.method == "POST" and form.is_valid():
        if form.cleaned["sure"]:
            seen = request.POST.get("version", "")
            return _removed(request, desk, paper, leaf, int(seen) if seen.isdigit() else 0)
        return redirect(desk.items_href(paper.case, listed))
    context = {
        "form": form,
        "heading": f"Remove {leaf.item_name}",
        "back_href": desk.items_href(paper.case, listed),
        "hidden": {"version": paper.version(leaf)},
        "reference": paper.case.label,
    }
    return render(request, "notifications/sections/remove.html", context)


def _removed(request: HttpRequest, desk: Desk, paper: Paper, leaf: Leaf, seen: int) -> HttpResponse:
    now, person = moment(), person_of(request)
    try:
        row = answers.remove_item(
            paper.case, paper.name, *leaf.key, seen_version=seen, by=person, at=now.at
        )
    except answers.Conflict:
        # Somebody changed it since it was shown: their card is looked at before it goes.
        return redirect(desk.items_href(paper.case, leaf.section))
    after = paper.with_row(row)
    # It is removed. What stands in the way of the facts is told by the next save, and by sending.
    with suppress(CannotAdvance):
        desk.saved(Saved(after, leaf, paper.form(leaf), person, now.on, now.at))
    return redirect(desk.items_href(paper.case, leaf.section))


def _card(desk: Desk, paper: Paper, section: Section, item: str) -> dict[str, Any]:
    pages = [
        {
            "title": leaf.page.title,
            "href": desk.leaf_href(paper.case, leaf),
            "status": _status(paper, leaf),
        }
        for leaf in paper.leaves(section, item)
    ]
    return {
        "title": section.items.name(item) if section.items else "",
        "pages": pages,
        "item": item,
        "left": sum(page["status"] == NOT_STARTED for page in pages),
        "remove_href": desk.href("item-remove", paper.case, section=section.slug, item=int(item)),
    }


def _status(paper: Paper, leaf: Leaf) -> str:
    row = paper.row(leaf)
    if row is None:
        return NOT_STARTED
    if not row.complete:
        return IN_PROGRESS
    said = {answer.gap for answer in paper.form(leaf).asked_rows()} - {"empty"}
    return NOT_KNOWN_LABEL if said == {"not known"} else COMPLETED


def _one(section: Section) -> str:
    return section.items.one if section.items else ""


def _section(paper: Paper, slug: str) -> Section:
    try:
        section = paper.document.section(slug)
    except KeyError:
        raise Http404 from None
    if section.items is None:
        raise Http404
    return section
