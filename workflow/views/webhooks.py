"""The webhooks of an authority: which there are, what each was told, its secret, its end."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from workflow.access.gate import only_for
from workflow.delivery_log import words
from workflow.forms import GovukForm
from workflow.forms.webhooks import NothingAskedForm, WebhookForm
from workflow.machine.case import Case
from workflow.outbox.models import Outbox
from workflow.people.managing import CannotManage
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.queues.keyset import newest_first
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.step_up import asks_who_it_is, refuse_if_stale
from workflow.webhooks import managing
from workflow.webhooks.managing import Registered
from workflow.webhooks.models import Webhook

OPERATOR = "The operator of this service"


def _place(request: HttpRequest, key: int, now: Moment) -> Organisation:
    found = Organisation.objects.filter(pk=key).first()
    if found is None or not managing.looks_after(person_of(request), found, now.on):
        raise Http404
    return found


def _hook(request: HttpRequest, place: int, key: int, now: Moment) -> Webhook:
    authority = _place(request, place, now)
    hook = authority.webhooks.select_related("made_by", "ended_by").filter(pk=key)
    found = hook.first()
    if found is None:
        raise Http404
    found.authority = authority
    return found


@require_safe
@signed_in
@only_for("manage.webhooks")
def webhooks(request: HttpRequest, place: int) -> HttpResponse:
    """Which addresses are told, and which were."""
    authority = _place(request, place, moment())
    found = authority.webhooks.order_by("-ended_at", "pk").select_related("made_by")
    context = {"place": authority, "hooks": found, "most": managing.MOST}
    return render(request, "workflow/webhooks.html", context)


@require_safe
@signed_in
@only_for("manage.webhooks")
def webhook(request: HttpRequest, place: int, key: int) -> HttpResponseBase:
    """What it was told of cases in sight, was not yet, or never will be: the newest first."""
    now = moment()
    hook = _hook(request, place, key, now)
    position = {name: request.GET[name] for name in ("before", "after") if request.GET.get(name)}
    cases = Case.objects.visible_to(person_of(request), now.on)
    rows = Outbox.objects.filter(webhook=hook, case__in=cases).select_related("case")
    page = newest_first(rows, position)
    acts = hook.acts.select_related("by")
    belong = Membership.objects.filter(organisation=hook.authority)
    theirs = set(belong.values_list("person", flat=True))
    here = reverse("webhook", args=[place, key])
    if position and not page.rows:
        return redirect(here)
    context = {
        "place": hook.authority,
        "hook": hook,
        "acts": [(act, _whom(act.by, theirs)) for act in acts],
        "ended_by": _whom(hook.ended_by, theirs) if hook.ended_by else "",
        "given_up": managing.given_up(hook).filter(case__in=cases).exists(),
        "rows": [{"row": row, "story": words.story_of_message(row)} for row in page.rows],
        "next_href": f"{here}?after={page.after}" if page.after else "",
        "previous_href": f"{here}?before={page.before}" if page.before else "",
    }
    return render(request, "workflow/webhook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.webhooks")
@asks_who_it_is
def webhook_new(request: HttpRequest, place: int) -> HttpResponse:
    """Registers an address; its secret stands on the answer, and nowhere after it."""
    now = moment()
    authority = _place(request, place, now)
    form = WebhookForm(request.POST) if request.method == "POST" else WebhookForm()
    how: Any = {"by": person_of(request), "on": now.on, "at": now.at}

    def register() -> Registered:
        return managing.register(form.cleaned["address"], authority, **how)

    made = _done(request, form, register)
    context = {"place": authority, "form": form, "again": request.path}
    if isinstance(made, Registered):
        return _secret(request, made)
    return render(request, "workflow/webhook_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.webhooks")
@asks_who_it_is
def webhook_secret(request: HttpRequest, place: int, key: int) -> HttpResponse:
    """A new secret, which stands on the answer, and nowhere after it."""
    now = moment()
    hook = _hook(request, place, key, now)
    form = NothingAskedForm(request.POST) if request.method == "POST" else NothingAskedForm()
    how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
    made = _done(request, form, lambda: managing.change_secret(hook, **how))
    if isinstance(made, Registered):
        return _secret(request, made)
    context = {"place": hook.authority, "hook": hook, "form": form, "again": request.path}
    context["both"] = hook.both_sign(now.at)
    return render(request, "workflow/webhook_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.webhooks")
@asks_who_it_is
def webhook_end(request: HttpRequest, place: int, key: int) -> HttpResponse:
    """It is told nothing more."""
    now = moment()
    hook = _hook(request, place, key, now)
    form = NothingAskedForm(request.POST) if request.method == "POST" else NothingAskedForm()
    how: Any = {"by": person_of(request), "on": now.on, "at": now.at}

    def end() -> Webhook:
        managing.end(hook, **how)
        return hook

    if _done(request, form, end) is not None:
        return redirect("webhooks", place=place)
    context = {"place": hook.authority, "hook": hook, "form": form, "again": request.path}
    return render(request, "workflow/webhook_end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.webhooks")
@asks_who_it_is
def webhook_again(request: HttpRequest, place: int, key: int) -> HttpResponse:
    """What was given up is told again."""
    now = moment()
    hook = _hook(request, place, key, now)
    form = NothingAskedForm(request.POST) if request.method == "POST" else NothingAskedForm()
    how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
    if _done(request, form, lambda: managing.tell_again(hook, **how)) is not None:
        return redirect("webhook", place=place, key=key)
    context = {"place": hook.authority, "hook": hook, "form": form, "again": request.path}
    return render(request, "workflow/webhook_again.html", context)


def _whom(by: Person, theirs: set[int]) -> str:
    """By name whoever belongs to the authority, or did; nobody else but the operator ends one."""
    return by.name if by.pk in theirs else OPERATOR


def _done(request: HttpRequest, form: GovukForm, act: Callable[[], Any]) -> Any:
    """What the act gives; None where nothing was asked for, or it was refused, as the form says."""
    if request.method != "POST" or not form.is_valid() or refuse_if_stale(request, form):
        return None
    try:
        return act()
    except CannotManage as refusal:
        of_the_address = [one for one in refusal.reasons if one in managing.OF_THE_ADDRESS]
        if of_the_address:
            form.add_error("address", ". ".join(of_the_address))
        form.add_reasons(one for one in refusal.reasons if one not in of_the_address)
        return None


def _secret(request: HttpRequest, made: Registered) -> HttpResponse:
    context = {"place": made.webhook.authority, "hook": made.webhook, "secret": made.secret}
    return render(request, "workflow/webhook_secret.html", context)
