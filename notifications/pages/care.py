"""What was known about each child: health, school, home, plans, services."""

from typing import Any, ClassVar

from notifications.sections import ListCheckboxes, ListRadios, ListSelect, PageForm
from workflow.forms import (
    LongTextField,
    NhsNumberField,
    PostcodeField,
    TextField,
    UpnField,
    YesNoField,
)

NO_DISABILITY = "NONE"
# "Now" is the time of the incident. Answered before the second code came, it leaves the past open.
NOW, NOW_AND_BEFORE, BEFORE, NEVER = "now", "now_and_before", "before", "never"
AT_THE_TIME = (NOW, NOW_AND_BEFORE)
EVER = (*AT_THE_TIME, BEFORE)
IN_ANOTHER_AREA = "elsewhere"


class HealthForm(PageForm):
    """Disability, health and mental health, each asked apart."""

    disabilities = ListCheckboxes(
        "Does the child have a disability?",
        of="disability",
        hint="Select all that apply",
        short="Disability",
        missing="Select the disabilities, or “No disability”",
        not_known=True,
    )
    condition = ListRadios(
        "Does the child have a physical health condition?",
        of="condition_status",
        short="Physical health condition",
        missing="Select whether there is a physical health condition",
        not_known=True,
    )
    mental = ListRadios(
        "Does the child have a mental health condition?",
        of="condition_status",
        short="Mental health condition",
        missing="Select whether there is a mental health condition",
        not_known=True,
    )
    details = LongTextField(
        "Details",
        words=200,
        rows=4,
        called="the details of health",
        optional=True,
        short="Details of health",
    )

    def clean(self) -> dict[str, Any]:
        """Nothing else stands beside "No disability"."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("disabilities") or []
        if NO_DISABILITY in chosen and len(chosen) > 1:
            self.refuse("disabilities", "Select the disabilities or “No disability”, not both")
        return cleaned


class SchoolForm(PageForm):
    """School, and the numbers the child is known by."""

    status = ListRadios(
        "Was the child at school?",
        of="school_status",
        hint="At the time of the incident",
        short="School status",
        missing="Select whether the child was at school",
        not_known=True,
    )
    setting = TextField("Name of the school or nursery", called="the school", optional=True)
    local_id = TextField("Number in our records", called="the number", optional=True, limit=30)
    nhs_number = NhsNumberField("NHS number", called="the NHS number", optional=True)
    upn = UpnField("Unique pupil number", called="the unique pupil number", optional=True)


class HomeForm(PageForm):
    """Where and with whom the child lived."""

    only_if: ClassVar = {"authority": ("residence", (IN_ANOTHER_AREA,))}

    residence = ListRadios(
        "Where did the child normally live?",
        of="residence",
        short="Normally lived",
        missing="Select where the child normally lived",
        not_known=True,
    )
    authority = TextField(
        "Authority where the child normally lived, if another one in England",
        short="Authority of normal residence",
        called="the authority",
        optional=True,
        not_known=True,
    )
    address = LongTextField("Address", words=40, rows=3, called="the address", optional=True)
    postcode = PostcodeField("Home postcode", called="the home postcode", optional=True)
    confidential = YesNoField(
        "Is the address confidential?",
        hint="It must then not be told to the family or others",
        short="Address confidential",
        missing="Select yes if the address is confidential",
        optional=True,
    )
    living = ListSelect(
        "Whom did the child live with?",
        of="living_arrangement",
        short="Lived with",
        missing="Select whom the child lived with",
        not_known=True,
    )
    moved_from = TextField(
        "Authority the child moved from, if recently", called="the authority", optional=True
    )


class SocialCareForm(PageForm):
    """What was known at the time of the incident, and before it."""

    only_if: ClassVar = {"need": ("in_need", EVER), "category": ("protection", EVER)}

    known = ListRadios(
        "Was the child known to children’s social care?",
        of="now_or_before",
        short="Known to social care",
        missing="Select whether the child was known to children’s social care",
        not_known=True,
    )
    in_need = ListRadios(
        "Was there a child in need plan?",
        of="now_or_before",
        short="Child in need plan",
        missing="Select whether there was a child in need plan",
        not_known=True,
    )
    need = ListSelect(
        "Primary need, if there was a child in need plan",
        of="primary_need",
        hint="As it is recorded for the children in need census",
        short="Primary need",
        optional=True,
        not_known=True,
    )
    protection = ListRadios(
        "Was there a child protection plan?",
        of="now_or_before",
        short="Child protection plan",
        missing="Select whether there was a child protection plan",
        not_known=True,
    )
    category = ListSelect(
        "Category of the child protection plan, if there was one",
        of="cp_category",
        short="Category of the plan",
        optional=True,
        not_known=True,
    )
    looked_after = ListRadios(
        "Was the child looked after?",
        of="now_or_before",
        short="Looked after",
        missing="Select whether the child was looked after",
        not_known=True,
    )
    care_leaver = YesNoField(
        "Is the child or young person a care leaver?",
        short="Care leaver",
        missing="Select yes if the child or young person is a care leaver",
        not_known=True,
    )


class CareForm(PageForm):
    """Asked of a child who was looked after at the time."""

    only_if: ClassVar = {"host": ("out_of_area", (True,))}

    legal = ListSelect(
        "Legal status", of="legal_status", missing="Select the legal status", not_known=True
    )
    placement = ListSelect(
        "Placement", of="placement", missing="Select the placement", not_known=True
    )
    responsible = TextField(
        "Authority looking after the child", called="the authority", not_known=True
    )
    out_of_area = YesNoField(
        "Was the child placed outside that authority’s area?",
        short="Placed out of area",
        missing="Select yes if the child was placed outside that authority’s area",
        not_known=True,
    )
    host = TextField("Authority where the child was placed", called="the authority", optional=True)


class ServicesForm(PageForm):
    """Other services that knew the child."""

    section_47 = YesNoField(
        "Was a section 47 enquiry open?",
        short="Section 47 enquiry open",
        missing="Select yes if a section 47 enquiry was open",
        not_known=True,
    )
    early_help = YesNoField(
        "Was the family receiving early help?",
        short="Early help",
        missing="Select yes if the family was receiving early help",
        not_known=True,
    )
    youth_justice = YesNoField(
        "Was the youth justice service involved?",
        short="Youth justice",
        missing="Select yes if the youth justice service was involved",
        not_known=True,
    )
    agencies = ListCheckboxes(
        "Which agencies knew the child?",
        of="agency",
        hint="At the time or before. Select all that apply",
        short="Known to",
        missing="Select the agencies that knew the child",
        none="None of these",
        not_known=True,
    )
    contact = LongTextField(
        "Last contact with them", words=200, rows=4, called="the last contact", optional=True
    )
