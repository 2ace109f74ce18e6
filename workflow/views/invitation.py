"""Accepting an invitation: once, in time, by whoever it was sent to."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from workflow.forms.account import SetPasswordForm
from workflow.people import managing
from workflow.people.invitation import Invitation, by_secret
from workflow.views.access import moment


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Shows who invites whom as what; a first password is set here, and nobody else's is changed.

    Whoever has a password already signs in as themselves and accepts.
    """
    now = moment()
    found = by_secret(secret)
    if found is None or not managing.still_opens(found, at=now.at):
        return _gone(request, found)
    person = found.person
    is_new = not person.has_usable_password()
    form = SetPasswordForm(data=request.POST or None, user=person) if is_new else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if not is_new and request.user != person:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        password = form.cleaned_data["password1"] if form else ""
        try:
            if not managing.accept(found, on=now.on, at=now.at, password=password):
                return _gone(request, found)
        except managing.CannotManage as refusal:
            return _gone(request, found, *refusal.reasons)
        return redirect("account_login" if is_new else "home")
    context = {"made": found, "form": form, "is_them": request.user == person}
    return render(request, "workflow/invitation.html", context)


def _gone(request: HttpRequest, found: Invitation | None, *reasons: str) -> HttpResponse:
    # The same words for a link that is forged and for one that was used: neither opens anything.
    used = bool(found and found.accepted_at)
    context = {"used": used, "reasons": reasons}
    return render(request, "workflow/invitation_gone.html", context, status=410)
