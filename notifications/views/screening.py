"""Does this need to be notified? The questions, the answer in the law's words, and the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_http_methods

from notifications import services
from notifications.facts import facts_of_basis
from notifications.forms.acts import AuthorityForm
from notifications.pages.basis import BasisForm, StatusForm
from notifications.pages.others import ReceivedForm
from notifications.sections import Lists
from workflow.access.policy import may
from workflow.law import duties
from workflow.law.routes import Facts, Route, route
from workflow.models import Organisation, Person
from workflow.services import CannotAdvance, NoDate
from workflow.views.access import Moment, moment, person_of, returning_to, signed_in
from workflow.views.keeping import asked, carries, what_was_kept

# A form that opens a case holds a key of its own, so that sending it twice opens one.
KEY = "opening"
NOTIFY, VOLUNTARY, TELL, NOT_REQUIRED, UNSURE = "notify", "may", "tell", "not_required", "unsure"
HEADINGS = {
    NOTIFY: "You must notify the Panel",
    VOLUNTARY: "You may notify the Panel",
    TELL: "Notify the Secretary of State and Ofsted, not the Panel",
    NOT_REQUIRED: "This does not need to be notified",
    UNSURE: "It is not certain yet whether this must be notified",
}
MISSING = {
    "outcome": "what happened to the child",
    "abuse": "whether abuse or neglect is known or suspected",
    "place": "where it happened",
    "looked_after": "whether the child was looked after",
    "care_leaver": "whether the young person was a care leaver",
    "under_18": "how old the child or young person was",
    "under_25": "how old the child or young person was",
}


@dataclass(frozen=True)
class Outcome:
    """What the answers lead to."""

    kind: str
    route: Route

    @property
    def heading(self) -> str:
        """The answer, in one line."""
        return HEADINGS[self.kind]

    @property
    def missing(self) -> list[str]:
        """What must still be found out."""
        return list(dict.fromkeys(MISSING[name] for name in self.route.undetermined))


def outcome_of(facts: Facts, now: Moment) -> Outcome:
    """Which of the five answers the facts give."""
    found = route(facts, on=now.on)
    if duties.NOTIFY_THE_PANEL in found.duties:
        return Outcome(NOTIFY, found)
    if found.voluntary:
        return Outcome(VOLUNTARY, found)
    if found.duties:
        return Outcome(TELL, found)
    return Outcome(UNSURE if found.undetermined else NOT_REQUIRED, found)


@signed_in
@require_GET
def screening(request: HttpRequest) -> HttpResponse:
    """Up to five questions. The answers are codes and travel in the address, nothing is stored."""
    now, person = moment(), person_of(request)
    if not (may(person, "open.notification", None, now.on) or may(person, "refer", None, now.on)):
        raise PermissionDenied
    lists = Lists(now.on)
    given: dict[str, Any] = {"on": now.on, "lists": lists}
    if "happened" not in request.GET and "asked" not in request.GET:
        return _questions(request, BasisForm(**given), first=True)
    first = BasisForm(request.GET, **given)
    if not first.is_valid():
        return _questions(request, first, first=True)
    second = StatusForm(request.GET, **given) if first.cleaned["happened"] == "died" else None
    if second is not None and not second.is_valid():
        shown = second if "status_asked" in request.GET else StatusForm(**given)
        return _questions(request, shown, first=False, carried=first.typed())
    status = second.cleaned.get("status") if second else None
    outcome = outcome_of(Facts(**facts_of_basis(first.cleaned, status)), now)
    typed = {**first.typed(), **(second.typed() if second else {})}
    return _outcome(request, outcome, typed, now)


def answers_again(request: HttpRequest) -> str:
    """The page that leads to the start, with the answers sent: they are codes, and stand there."""
    left_out = ("csrfmiddlewaretoken", "then", KEY)
    said = request.POST.copy()
    for name in left_out:
        said.pop(name, None)
    query = said.urlencode()
    return reverse("notifications:screening") + (f"?{query}" if query else "")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@returning_to(answers_again)
def start(request: HttpRequest) -> HttpResponse:
    """A draft is opened with these answers, or what a partner raises is referred."""
    if request.method != "POST":
        # Nothing is shown at this address: whoever comes here by hand is asked first.
        return redirect("notifications:screening")
    now, person = moment(), person_of(request)
    referred = not may(person, "open.notification", None, now.on)
    authority = _authority(person, request.POST.get("authority", ""), now)
    typed, lists = typed_by_page(request, now)
    try:
        case = services.start_once(
            authority=authority,
            by=person,
            on=now.on,
            at=now.at,
            typed=typed,
            lists=lists,
            referred=referred,
            key=request.POST.get(KEY, ""),
        )
    except NoDate as without:
        return _refused(request, without, now)
    except CannotAdvance as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    if referred:
        return redirect("case", token=case.token)
    name = "not-notified" if request.POST.get("then") == NOT_REQUIRED else "page"
    where = {"page": "awareness"} if name == "page" else {}
    return redirect(reverse(f"notifications:{name}", kwargs={"token": case.token, **where}))


@signed_in
@carries
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The secretariat writes down a notification received by telephone or email."""
    now, person = moment(), person_of(request)
    if not may(person, "enter_on_behalf", None, now.on):
        raise PermissionDenied
    lists = Lists(now.on)
    which = asked(request, AuthorityForm, on=now.on)
    current = Organisation.objects.of_kind("authority").current(now.on)
    which.fields["authority"].choices = [  # type: ignore[attr-defined]
        (str(pk), name) for pk, name in current.values_list("dfe_code", "name")
    ]
    received = asked(request, ReceivedForm, on=now.on, lists=lists)
    if request.method == "POST" and which.is_valid() and received.is_valid():
        try:
            case = services.start_once(
                authority=current.get(dfe_code=which.cleaned["authority"]),
                by=person,
                on=now.on,
                at=now.at,
                typed={"received": received.typed()},
                lists=lists,
                key=request.POST.get(KEY, ""),
            )
            return redirect("notifications:page", token=case.token, page="basis")
        except NoDate as without:
            received.add_reasons(without.reasons)
    waiting = what_was_kept(request)
    held = waiting.typed.get(KEY, [""])[-1] if waiting else request.POST.get(KEY)
    context = {
        "which": which,
        "received": received,
        "hidden": {KEY: held or new_key()},
        "has_errors": bool(which.errors or received.errors),
    }
    return render(request, "notifications/enter.html", context)


def new_key() -> str:
    """A key that no other form holds."""
    return get_random_string(32)


def typed_by_page(request: HttpRequest, now: Moment) -> tuple[dict[str, Any], Lists]:
    """The screening answers of a request, by the page of the notification they belong to."""
    lists = Lists(now.on)
    given: dict[str, Any] = {"on": now.on, "lists": lists}
    basis = BasisForm(request.POST, **given)
    if not basis.is_valid():
        raise Http404
    typed = {"basis": basis.typed()}
    if basis.cleaned["happened"] == "died":
        typed["status"] = StatusForm(request.POST, **given).typed()
    return typed, lists


def _questions(
    request: HttpRequest, form: Any, *, first: bool, carried: dict[str, list[str]] | None = None
) -> HttpResponse:
    hidden = {name: texts[-1] for name, texts in (carried or {}).items() if texts}
    context = {"form": form, "first": first, "hidden": hidden}
    return render(request, "notifications/screening.html", context)


def _outcome(
    request: HttpRequest,
    outcome: Outcome,
    typed: dict[str, list[str]],
    now: Moment,
    reasons: Sequence[str] = (),
) -> HttpResponse:
    person = person_of(request)
    context = {
        "outcome": outcome,
        "heading": outcome.heading,
        "hidden": {**{name: texts[-1] for name, texts in typed.items() if texts}, KEY: new_key()},
        "authorities": _authorities(person, now),
        "chosen": (request.POST or request.GET).get("authority"),
        "reasons": reasons,
        "has_errors": bool(reasons),
        "refers": not may(person, "open.notification", None, now.on),
        "on": now.on,
    }
    return render(request, "notifications/screening_outcome.html", context)


def _refused(request: HttpRequest, without: NoDate, now: Moment) -> HttpResponse:
    """The answer again, with why nothing can be opened and what to do; the answers are kept."""
    pages, _ = typed_by_page(request, now)
    lists: dict[str, Any] = {"on": now.on, "lists": Lists(now.on)}
    basis, status = BasisForm(pages["basis"], **lists), None
    if "status" in pages:
        status = StatusForm(pages["status"], **lists).cleaned.get("status")
    outcome = outcome_of(Facts(**facts_of_basis(basis.cleaned, status)), now)
    typed = {name: said for page in pages.values() for name, said in page.items()}
    return _outcome(request, outcome, typed, now, without.reasons)


def _authorities(person: Person, now: Moment) -> list[Organisation]:
    """The authorities for which this person may start: their own, or their partnership's."""
    held = person.memberships_on(now.on)
    own = [m.organisation for m in held if m.role in ("la_notifier", "la_approver")]
    if own:
        return list(dict.fromkeys(own))
    places = Organisation.objects.of_kind("authority").current(now.on)
    mine = [m.organisation_id for m in held if m.role in ("safeguarding_partner", "business_unit")]
    return list(places.filter(partnerships__partnership__members__organisation__in=mine).distinct())


def _authority(person: Person, code: str, now: Moment) -> Organisation:
    found = {authority.dfe_code: authority for authority in _authorities(person, now)}
    if len(found) == 1:
        return next(iter(found.values()))
    if code not in found:
        raise PermissionDenied
    return found[code]
