"""The documents of a case: listed in words, attached, given as a file alone, and removed."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications.attached import services, tasks
from notifications.attached.checking import Cleaned, NotTaken, cleaned
from notifications.attached.limits import KINDS
from notifications.attached.models import A_DOCUMENT, AttachedDocument
from notifications.attached.words import HELD
from notifications.forms.documents import AttachForm, RemoveForm
from workflow.access import context
from workflow.audit.looks import GivenFile
from workflow.machine.refusals import RecordDestroyed
from workflow.models import Case, Person
from workflow.retention.taken_out import taken_out
from workflow.services import CannotAdvance
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.frame import DOCUMENTS, case_frame
from workflow.views.keeping import asked
from workflow.views.trail import author_of

# Were a browser made to show it all the same, it could do nothing there.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Where a browser says what a file is for: to be looked at or saved, never a part of a page.
WHOLE = {"", "document", "empty"}
State = AttachedDocument.State
TAGS = {State.HELD: "yellow", State.CLEAN: "green", State.REFUSED: "red", State.REMOVED: "grey"}


@signed_in
@require_safe
def listed(request: HttpRequest, token: str) -> HttpResponse:
    """Every document of the case with its state in words."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, services.READ, on=now.on)
    frame = case_frame(case, person, on=now.on, active=DOCUMENTS)
    found = services.documents_of(case, by=person, on=now.on)
    authors = {
        (event.act, event.payload["document"]): author_of(event, person, on=now.on)
        for event in services.acts_on(case)
    }
    refused = any(row.state == State.REFUSED for row in found)
    kept = services.kept_of(case) if refused else set()
    shown = {
        "case": case,
        "frame": frame,
        "documents": [
            _shown(row)
            | {"kept": row.pk in kept}
            | {name: authors.get((f"document_{name}", row.number), "") for name in services.ACTS}
            for row in found
        ],
        "may_attach": frame.rights.may(services.ATTACH),
        "may_remove": frame.rights.may(services.REMOVE),
        "taken_out": taken_out(case, A_DOCUMENT),
    }
    return render(request, "notifications/documents.html", shown)


# Reading and cleaning a file takes seconds, and holds no transaction meanwhile: it would keep a
# connection, and the case's row, from everybody else.
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, token: str) -> HttpResponseBase:
    """Takes one file, which is held until it is scanned."""
    now = moment()
    found = None
    if request.method == "POST" and _may_attach(request, token, now):
        form = _attach_form(request, now)
        found = _cleaned(form.cleaned["file"]) if form.is_valid() else None
    return _attach(request, token, now, found)


def _may_attach(request: HttpRequest, token: str, now: Moment) -> bool:
    """Whether the file is worth reading: for nobody else a process is started."""
    person = request.user
    if not (isinstance(person, Person) and person.is_active):
        return False
    with suppress(Http404, RecordDestroyed), context.acting(person, on=now.on):
        case_for(request, token, services.ATTACH, on=now.on)
        return True
    return False


def _cleaned(file: "UploadedFile[Any]") -> Cleaned | NotTaken:
    try:
        return cleaned(file.read())
    except NotTaken as refusal:
        return refusal


def _attach_form(request: HttpRequest, now: Moment) -> AttachForm:
    # A form that is given files, even none, takes itself for sent.
    files = request.FILES if request.method == "POST" else None
    return asked(request, AttachForm, on=now.on, files=files)


@transaction.atomic
@signed_in
def _attach(
    request: HttpRequest, token: str, now: Moment, found: Cleaned | NotTaken | None
) -> HttpResponse:
    case = case_for(request, token, services.ATTACH, on=now.on)
    form = _attach_form(request, now)
    if request.method == "POST" and form.is_valid():
        if isinstance(found, Cleaned):
            file, about = form.cleaned["file"], form.cleaned["about"]
            how: dict[str, Any] = {"name": file.name, "size": file.size, **_now(request, now)}
            try:
                services.attach(case, found, about=about, **how)
                transaction.on_commit(tasks.ring)
                return redirect("notifications:documents", token)
            except CannotAdvance as refusal:
                form.add_reasons(refusal.reasons)
        else:
            form.refuse("file", str(found or "Choose the file again"))
    return render(request, "notifications/document_attach.html", {"case": case, "form": form})


@signed_in
@require_safe
def file(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The document as a file to be saved, under a name that says nothing of its content."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, services.READ, on=now.on)
    if request.headers.get("Sec-Fetch-Dest", "") not in WHOLE:
        raise Http404
    found = services.content_of(case, number, by=person, on=now.on)
    if found is None:
        raise Http404
    kind = KINDS[found.document.kind]
    name = f"{case.reference or 'draft'}-document-{number}.{kind.ending}"
    return GivenFile(
        found.content,
        content_type=kind.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Destroys the content of a document; that it was there, and why it went, stays."""
    now = moment()
    case = case_for(request, token, services.REMOVE, on=now.on)
    document = _standing(request, case, number, now)
    form = asked(request, RemoveForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove(case, number, reason=form.cleaned["reason"], **_now(request, now))
            return redirect("notifications:documents", token)
        except CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    shown = {"case": case, "form": form, "document": _shown(document)}
    return render(request, "notifications/document_remove.html", shown)


def _standing(request: HttpRequest, case: Case, number: int, now: Moment) -> AttachedDocument:
    for row in services.documents_of(case, by=person_of(request), on=now.on):
        if row.number == number and row.state in services.STANDING:
            return row
    raise Http404


def _now(request: HttpRequest, now: Moment) -> dict[str, Any]:
    return {"by": person_of(request), "on": now.on, "at": now.at}


def _shown(row: AttachedDocument) -> dict[str, Any]:
    """A document in words. What is no longer there is not called by its name either."""
    fault = row.fault or ("" if settings.CLAMD else "none")
    return {
        "row": row,
        "kind": KINDS[row.kind].title,
        "size": _size(row.size),
        "state": row.get_state_display(),
        "tag": TAGS[State(row.state)],
        "why": HELD[fault] if row.state == State.HELD else "",
        "ready": row.state == State.CLEAN,
        "stands": row.state in services.STANDING,
    }


def _size(count: int) -> str:
    if count < 1024**2:
        return f"{max(1, round(count / 1024)):,} KB"
    return f"{count / 1024**2:.1f} MB"
