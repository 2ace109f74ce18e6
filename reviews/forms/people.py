"""Who took part in the rapid review, and which agencies contributed to it."""

from typing import Any

from notifications.sections.forms import ListSelect, PageForm
from reviews import codes
from workflow.forms import (
    Choice,
    DateField,
    LongTextField,
    NameField,
    RadiosField,
    TextField,
    YesNoField,
)

GAVE, REFUSED, AWAITED = "yes", "no", "awaited"


class Meeting(PageForm):
    """When the partners met, and whether another area takes part."""

    met_on = DateField(
        "When did the partners meet?",
        called="the date of the meeting",
        short="Date of the meeting",
        hint="The meeting at which the partners considered the facts",
        past=True,
        not_known="Not held yet",
    )
    other_areas = YesNoField(
        "Is another local authority area involved?",
        missing="Select yes if another area is involved",
        short="Another area involved",
        not_known=True,
    )
    which_areas = TextField(
        "Which areas, and how",
        hint="Only if another area is involved",
        limit=400,
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """Another area is named when there is one."""
        if self.cleaned_data.get("other_areas") is True and not self.cleaned_data.get(
            "which_areas"
        ):
            self.refuse("which_areas", "Enter which areas are involved, and how")
        return self.cleaned_data


class Participant(PageForm):
    """Somebody who took part: a professional, never a member of the family."""

    name = NameField("Name")
    position = TextField("Job title", called="their job title")
    agency = ListSelect("Agency", of=codes.AGENCY, called="their agency")


class Contribution(PageForm):
    """An agency that was asked, and whether it contributed."""

    agency = ListSelect("Agency", of=codes.AGENCY, called="the agency")
    name = TextField(
        "Name of the organisation",
        hint="For example the name of the trust or the school",
        optional=True,
    )
    contributed = RadiosField(
        "Has it contributed?",
        choices=(
            Choice(GAVE, "Yes"),
            Choice(AWAITED, "Not yet, its information is awaited"),
            Choice(REFUSED, "No"),
        ),
        missing="Select whether the agency has contributed",
        short="Contributed",
    )
    reason = LongTextField(
        "Why not",
        words=150,
        rows=3,
        conditional=True,
        hint="Only if it has not contributed",
        called="why the agency has not contributed",
    )

    def clean(self) -> dict[str, Any]:
        """An agency that has not contributed is named with the reason."""
        missing = self.cleaned_data.get("contributed") in (REFUSED, AWAITED)
        if missing and not self.cleaned_data.get("reason"):
            self.refuse("reason", "Enter why the agency has not contributed")
        return self.cleaned_data
