"""Adults around the children, agencies told, and what happens besides."""

from typing import Any, ClassVar

from notifications.sections import ListCheckboxes, ListRadios, ListSelect, PageForm, Paper
from workflow.forms import (
    NOT_KNOWN,
    Choice,
    DateField,
    LongTextField,
    NameField,
    RadiosField,
    TextField,
    TimeField,
    YesNoField,
)

NONE = "none"


class AdultForm(PageForm):
    """A parent, carer, household member, or anyone alleged to have caused harm."""

    name = NameField("Name", called="the person’s name", not_known=True)
    relation = ListSelect(
        "Relation to the children",
        of="household_relation",
        missing="Select the relation to the children",
        not_known=True,
    )
    lived_with = YesNoField(
        "Did this person live with the children?",
        short="Lived with the children",
        missing="Select yes if this person lived with the children",
        not_known=True,
    )
    under_18 = YesNoField(
        "Is this person under 18?",
        short="Under 18",
        missing="Select yes if this person is under 18",
        not_known=True,
    )


class AllegedForm(PageForm):
    """Whether this person is thought to have caused the harm, and what was known of them."""

    only_if: ClassVar = {"to_child": ("alleged", (True,))}

    alleged = YesNoField(
        "Is this person alleged or suspected to have caused harm?",
        short="Alleged or suspected",
        missing="Select yes if this person is alleged or suspected to have caused harm",
        not_known=True,
    )
    to_child = ListSelect(
        "If so, what are they to the child who was harmed?",
        of="relation",
        short="To the child who was harmed",
        missing="Select what they are to the child",
        optional=True,
        not_known=True,
    )
    risks = ListCheckboxes(
        "What risk factors were known?",
        of="adult_risk_factor",
        hint="Select all that apply",
        short="Known risk factors",
        missing="Select the risk factors, or “None”",
        not_known=True,
    )

    def clean(self) -> dict[str, Any]:
        """Nothing else stands beside "None"."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("risks") or []
        if NONE in chosen and len(chosen) > 1:
            self.refuse("risks", "Select the risk factors or “None”, not both")
        return cleaned


class InformedForm(PageForm):
    """Who has been told already."""

    informed = ListCheckboxes(
        "Who has been told of the incident?",
        of="informed_agency",
        hint="Select all that apply. Sending this tells those named on the send page",
        short="Told already",
        missing="Select who has been told, or “Nobody yet”",
        none="Nobody yet",
        not_known=True,
        heading=True,
    )


def told(paper: Paper) -> list[str]:
    """The codes of the bodies that were told; none where nobody was, or it is not known yet."""
    answer = paper.value("informed", "informed")
    return [] if answer is NOT_KNOWN else answer or []


class InformedWhenForm(PageForm):
    """When each was told, and under which reference of theirs."""

    def prepare(self) -> None:
        """Two questions for each body that was told."""
        words = dict(self.lists.choices("informed_agency")) if self.lists else {}
        for code in told(self.paper) if self.paper else []:
            name = words.get(code, code)
            self.fields[f"{code}_on"] = DateField(
                f"{name}: date told",
                past=True,
                called=f"the date told ({name})",
                not_known=True,
            )
            self.fields[f"{code}_reference"] = TextField(
                f"{name}: reference", called=f"the reference ({name})", optional=True, limit=60
            )
        for field in self.fields.values():
            field.on = self.on  # type: ignore[attr-defined]


class ReviewsForm(PageForm):
    """What else is under way."""

    processes = ListCheckboxes(
        "What else is under way?",
        of="parallel_process",
        hint="Select all that apply",
        short="Also under way",
        missing="Select what else is under way, or “None”",
        not_known=True,
    )
    other_area = TextField(
        "Another authority involved, if any", called="the other authority", optional=True
    )

    def clean(self) -> dict[str, Any]:
        """Nothing else stands beside "None"."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("processes") or []
        if NONE in chosen and len(chosen) > 1:
            self.refuse("processes", "Select what is under way or “None”, not both")
        return cleaned


class LateForm(PageForm):
    """Why it is sent after the date due."""

    code = ListRadios(
        "What is the main reason?",
        of="late_reason",
        short="Main reason",
        missing="Select the main reason",
    )
    words = LongTextField(
        "What happened",
        words=300,
        rows=5,
        called="what happened",
        short="In your words",
        hint="Needed if it is another reason. A sentence or two is enough",
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """Another reason is said in words."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("code") == "other" and not cleaned.get("words"):
            self.refuse("words", "Enter the reason")
        return cleaned


TOLD, NOT_TOLD = "yes", "no"


class ReceivedForm(PageForm):
    """How and when the secretariat received it, where it did not come through this service."""

    way = ListRadios(
        "How was it received?",
        of="received_way",
        missing="Select how it was received",
        short="Received by",
    )
    received_on = DateField("Date received", past=True, called="the date received", first_year=2018)
    received_time = TimeField("Time received", called="the time received")
    sender = TextField("Who told you", called="who told you", hint="Name and job title")
    partners = RadiosField(
        "Does the authority say that it has told its safeguarding partners?",
        choices=(
            Choice(TOLD, "Yes, it told them itself"),
            Choice(NOT_TOLD, "No", "This service tells them when you record the notification"),
        ),
        missing="Select whether the authority says that it has told its safeguarding partners",
        short="Partners told by the authority",
        not_known=True,
    )
    told_on = DateField(
        "If so, when did it tell them?",
        past=True,
        first_year=2018,
        called="the date the partners were told",
        short="Partners told on",
        conditional=True,
        not_known=True,
    )
    only_if: ClassVar = {"told_on": ("partners", (TOLD,))}

    def clean(self) -> dict[str, Any]:
        """It was received at one moment; what was said then had happened before."""
        cleaned = super().clean() or self.cleaned_data
        self.instant("received_on", "received_time")
        if cleaned.get("partners") == TOLD:
            if cleaned.get("told_on") is None:
                message = "Enter the date the partners were told, or select “Not known yet”"
                self.refuse("told_on", message, part="day")
            received_on, told_on = cleaned.get("received_on"), cleaned.get("told_on")
            if received_on and told_on and told_on > received_on:
                message = "The date the partners were told must not be after the date received"
                self.refuse("told_on", message, part="day")
        return cleaned
