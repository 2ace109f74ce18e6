"""Why it is notified: what happened, to whom, and what the partners think."""

from typing import Any

from notifications.sections import ListRadios, PageForm
from workflow.forms import (
    Choice,
    EmailField,
    LongTextField,
    PhoneField,
    RadiosField,
    TextField,
)
from workflow.machine.case import Abuse, Place

ABUSE = (
    Choice(Abuse.KNOWN, "Known"),
    Choice(
        Abuse.SUSPECTED, "Suspected", "There is reason to think so, whether or not it is proved"
    ),
    Choice(Abuse.NEITHER, "Neither known nor suspected"),
)
PLACE = (
    Choice(Place.IN_AREA, "In our area"),
    Choice(
        Place.OUTSIDE_ENGLAND,
        "Outside England",
        "And the child normally lives in our area. Wales and Scotland are outside England",
    ),
    Choice(Place.ELSEWHERE, "In another authority’s area in England"),
)
UNDER_18, TO_24, OVER_24 = "under_18", "18_to_24", "25_or_over"
AGES = (
    Choice(UNDER_18, "Under 18", "An unborn child counts as a child"),
    Choice(TO_24, "18 to 24"),
    Choice(OVER_24, "25 or over"),
)


def age_group(age: int) -> str:
    """Which of these an age in years is."""
    return UNDER_18 if age < 18 else TO_24 if age < 25 else OVER_24


HERE, ELSEWHERE, CARE_LEAVER, NEITHER = "here", "elsewhere", "care_leaver", "neither"
STATUSES = (
    Choice(HERE, "Looked after by our authority"),
    Choice(ELSEWHERE, "Looked after by another authority"),
    Choice(CARE_LEAVER, "A care leaver"),
    Choice(NEITHER, "Neither looked after nor a care leaver"),
)
AGREED_NARRATIVE = ("partly", "no")


class BasisForm(PageForm):
    """What happened: the questions on which the duties turn."""

    happened = ListRadios(
        "What happened to the child?",
        of="outcome",
        hint="If there is more than one child, answer for the one most seriously affected",
        short="Death or serious harm",
        missing="Select what happened to the child",
        not_known=True,
    )
    abuse = RadiosField(
        "Is abuse or neglect known or suspected?",
        choices=ABUSE,
        short="Abuse or neglect",
        missing="Select whether abuse or neglect is known or suspected",
        not_known=True,
    )
    place = RadiosField(
        "Where did the child die, or where was the child harmed?",
        choices=PLACE,
        short="Where",
        missing="Select where the child died or was harmed",
        not_known=True,
    )
    age = RadiosField(
        "How old was the child?",
        choices=AGES,
        hint="At the time of the incident, or at death",
        short="Age",
        missing="Select how old the child was",
        not_known=True,
    )


class StatusForm(PageForm):
    """Asked where the child died."""

    status = RadiosField(
        "Was the child looked after, or a care leaver?",
        choices=STATUSES,
        hint="At the time of death",
        short="Looked after or care leaver",
        missing="Select whether the child was looked after or a care leaver",
        not_known=True,
        heading=True,
    )


class CountryForm(PageForm):
    """Asked where it happened outside England."""

    country = ListRadios(
        "In which country did it happen?",
        of="country",
        short="Country",
        missing="Select the country",
        not_known=True,
        heading=True,
    )


class PartnersForm(PageForm):
    """Whether the safeguarding partners agree that it is notified."""

    agreed = ListRadios(
        "Do the safeguarding partners agree that this should be notified?",
        of="partners_agreed",
        hint="The local authority decides. A different view is recorded, and does not hold it up",
        short="Partners agree",
        missing="Select whether the safeguarding partners agree",
    )
    views = LongTextField(
        "Their views",
        words=500,
        rows=5,
        hint="Needed if they agree only partly or not at all. Say who thinks what, and why",
        called="the partners’ views",
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """A differing view is written down."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agreed") in AGREED_NARRATIVE and not cleaned.get("views"):
            self.refuse("views", "Enter who does not agree, and why")
        return cleaned


class ContactForm(PageForm):
    """Whom the Panel may ask."""

    name = TextField("Name", short="Name", called="your name", autocomplete="name")
    job = TextField("Job title", called="your job title", autocomplete="organization-title")
    phone = PhoneField("Work telephone number", called="a work telephone number")
    email = EmailField("Work email address", called="a work email address")
    second_name = TextField("Name of a second person the Panel may ask", optional=True)
    second_phone = PhoneField(
        "Their work telephone number",
        hint="If you name a second person, give this or their email address",
        conditional=True,
        autocomplete="off",
    )
    second_email = EmailField("Their work email address", optional=True, autocomplete="off")

    def clean(self) -> dict[str, Any]:
        """A second person can be reached."""
        cleaned = super().clean() or self.cleaned_data
        reachable = cleaned.get("second_phone") or cleaned.get("second_email")
        if cleaned.get("second_name") and not reachable:
            self.refuse("second_phone", "Enter a telephone number or email address for them")
        return cleaned
