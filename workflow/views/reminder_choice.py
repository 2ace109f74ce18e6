"""Which reminders a person wants: a wish that holds while two others are told the same."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from workflow.forms import Choice, GovukForm, RadiosField
from workflow.reminders.models import ReminderChoice
from workflow.reminders.recipients import chosen_by
from workflow.views.access import moment, person_of, signed_in

Wants = ReminderChoice.Wants


class ReminderChoiceForm(GovukForm):
    """What one wants to be told."""

    wants = RadiosField(
        "Which reminders do you want?",
        called="which reminders you want",
        choices=[
            Choice(
                Wants.ALL, "All of them", hint="Quiet ones come in one message on a working day"
            ),
            Choice(Wants.URGENT, "Only what is due today, overdue or escalated"),
            Choice(Wants.NONE, "None"),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reminder_choice(request: HttpRequest) -> HttpResponseBase:
    """Keeps what a person wants, each change a row of its own."""
    _, at = moment()
    person = person_of(request)
    if request.method == "POST":
        form = ReminderChoiceForm(request.POST)
        if form.is_valid():
            wants = form.cleaned["wants"]
            ReminderChoice.objects.create(person=person, wants=wants, chosen_at=at)
            return redirect("account")
    else:
        form = ReminderChoiceForm.filled({"wants": chosen_by(person)})
    return render(request, "workflow/account_reminders.html", {"form": form})
