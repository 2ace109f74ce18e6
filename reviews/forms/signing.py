"""A partner's view of the rapid review, given in person or written down as received."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reviews import codes
from reviews.services.signing import Given
from workflow.forms import (
    Choice,
    DateField,
    GovukForm,
    LongTextField,
    NameField,
    RadiosField,
    TextField,
)
from workflow.people.organisations import Organisation


class SignOffForm(GovukForm):
    """Agree or dissent, in the partner's own words."""

    view = RadiosField(
        "Do you agree with this rapid review?",
        choices=(
            Choice(codes.View.AGREE, "Yes, we agree"),
            Choice(codes.View.DISSENT, "No, we do not agree", "Your view is sent with the review"),
        ),
        missing="Select whether you agree with the rapid review",
        short="View",
    )
    comment = LongTextField(
        "Your comment",
        words=500,
        rows=6,
        conditional=True,
        hint="Say why if you do not agree. Your partners and the Panel read this. "
        "It can’t be changed or removed, but you can add another view later.",
    )
    position = TextField("Your job title", called="your job title")

    def clean(self) -> dict[str, Any]:
        """A dissent says why."""
        dissents = self.cleaned_data.get("view") == codes.View.DISSENT
        if dissents and not self.cleaned_data.get("comment"):
            self.refuse("comment", "Enter what you do not agree with, and why")
        return self.cleaned_data

    def given(self, *, name: str, on: date) -> Given:
        """The view of the person who signs today."""
        found = self.cleaned
        return Given(found["view"], name, found["position"], found["comment"], on)


class ReceivedForm(GovukForm):
    """A view that came by letter or telephone, as the business unit writes it down."""

    organisation = RadiosField(
        "Whose view have you received?",
        missing="Select whose view you have received",
        short="Partner",
    )
    view = RadiosField(
        "Does the partner agree with the rapid review?",
        choices=((codes.View.AGREE, "It agrees"), (codes.View.DISSENT, "It does not agree")),
        missing="Select whether the partner agrees",
        short="View",
    )
    name = NameField("Name of the person who gave it", called="the name of the person who gave it")
    position = TextField("Their job title", called="their job title")
    signed_on = DateField(
        "When was it given?", called="the date the view was given", past=True, short="Given on"
    )
    comment = LongTextField(
        "Their comment, in their own words",
        words=500,
        rows=6,
        conditional=True,
        called="their comment",
        hint="Needed if the partner does not agree",
    )

    def __init__(self, *args: Any, partners: Sequence[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {str(number): row for number, row in enumerate(partners, 1)}
        asked = self.fields["organisation"]
        if isinstance(asked, RadiosField):
            asked.choices = [(number, row.name) for number, row in self.partners.items()]

    def clean(self) -> dict[str, Any]:
        """A dissent says why."""
        dissents = self.cleaned_data.get("view") == codes.View.DISSENT
        if dissents and not self.cleaned_data.get("comment"):
            self.refuse("comment", "Enter what the partner does not agree with, and why")
        return self.cleaned_data

    def given(self) -> Given:
        """The view as it was received."""
        found = self.cleaned
        return Given(
            found["view"], found["name"], found["position"], found["comment"], found["signed_on"]
        )
