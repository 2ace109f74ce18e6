"""When, where and what: the incident itself, and what has been done since."""

from datetime import date
from typing import Any, ClassVar

from notifications.sections import ListCheckboxes, ListRadios, ListSelect, PageForm
from workflow.forms import (
    NOT_KNOWN,
    Choice,
    DateField,
    LongTextField,
    PostcodeField,
    RadiosField,
    TextField,
    TimeField,
    YesNoField,
)
from workflow.law.bodies import PANEL_ESTABLISHED
from workflow.law.words import short_date
from workflow.models import Organisation

ONE_DAY, PERIOD = "one_day", "period"
# The outcomes after which nobody died.
HARMED = ("life_threatening", "seriously_harmed")
EXACTNESS = (Choice(ONE_DAY, "On one day"), Choice(PERIOD, "Over a period"))


class AwareForm(PageForm):
    """The date that starts the clock."""

    aware_on = DateField(
        "When did the authority become aware of the incident?",
        hint="The day children’s services first knew, like {example}. It starts the clock",
        past=True,
        called="the date the authority became aware",
        short="Became aware on",
    )
    aware_time = TimeField(
        "At what time?", called="the time", short="Became aware at", optional=True
    )
    raised_by = ListSelect(
        "Who told the authority?",
        of="raised_by",
        short="Raised by",
        missing="Select who told the authority",
        not_known=True,
    )
    how = LongTextField(
        "How it became aware",
        words=200,
        rows=4,
        called="how the authority became aware",
        optional=True,
    )
    suspected_on = DateField(
        "When was abuse or neglect first suspected, if that was later?",
        hint="Leave empty if it was suspected from the start",
        past=True,
        called="the date abuse or neglect was first suspected",
        short="Abuse or neglect first suspected on",
        optional=True,
    )

    def clean(self) -> dict[str, Any]:
        """The dates are ones on which a notification could be owed."""
        cleaned = super().clean() or self.cleaned_data
        self.instant("aware_on", "aware_time")
        first = f"must be on or after {short_date(PANEL_ESTABLISHED)}, when the Panel began"
        for name in ("aware_on", "suspected_on"):
            day = cleaned.get(name)
            if isinstance(day, date) and day < PANEL_ESTABLISHED:
                self.refuse(name, f"The date {first}", part="year")
        return cleaned


class WhenForm(PageForm):
    """When it happened, as exactly as is known."""

    only_if: ClassVar = {
        "began_on": ("exactness", (ONE_DAY, PERIOD)),
        "ended_on": ("exactness", (PERIOD,)),
    }

    exactness = RadiosField(
        "When did the incident happen?",
        choices=EXACTNESS,
        missing="Select when the incident happened",
        short="Happened",
        not_known=True,
    )
    began_on = DateField(
        "Date",
        hint="Or the first day of the period, like {example}. Leave empty after “Not known yet”",
        past=True,
        called="the date of the incident",
        short="Date",
        conditional=True,
    )
    ended_on = DateField(
        "Last day of the period",
        hint="Only if it happened over a period",
        past=True,
        called="the last day of the period",
        conditional=True,
    )
    time = TimeField("Time", hint="If it is known", called="the time", optional=True)

    def clean(self) -> dict[str, Any]:
        """The dates fit how exactly it is known."""
        cleaned = super().clean() or self.cleaned_data
        for name, (_, answers) in self.only_if.items():
            if cleaned.get("exactness") in answers and cleaned.get(name) is None:
                self.refuse(name, f"Enter {self.fields[name].called}", part="day")  # type: ignore[attr-defined]
        self.before(
            "began_on", "ended_on", "The last day of the period must not be before the first"
        )
        self.instant("began_on", "time")
        return cleaned


class WhereForm(PageForm):
    """Where it happened."""

    location = ListRadios(
        "What kind of place was it?",
        of="location_type",
        short="Kind of place",
        missing="Select what kind of place it was",
        not_known=True,
    )
    authority = ListSelect(
        "In which authority’s area was it?",
        of="",
        short="Authority of the place",
        missing="Select the authority",
        not_known=True,
    )
    postcode = PostcodeField(
        "Postcode",
        hint="The first part is enough, like SW1A",
        partial=True,
        called="the postcode",
        not_known=True,
    )
    place = TextField("Name of the place", called="the name of the place", optional=True)

    def prepare(self) -> None:
        """The authority is asked only where it is another one."""
        elsewhere = self.paper is not None and (
            self.paper.value("basis", "place") == "elsewhere_in_england"
        )
        if not elsewhere:
            del self.fields["authority"]

    def _offered(self, name: str, field: Any) -> list[Choice | tuple[str, str]]:
        if name != "authority" or self.lists is None:
            return super()._offered(name, field)
        known = Organisation.objects.of_kind("authority").current(self.lists.on)
        pairs = known.values_list("dfe_code", "name")
        return [Choice(str(code), words) for code, words in pairs]


class HarmForm(PageForm):
    """What kind of harm. Asked apart, because it can't be collected later."""

    only_if: ClassVar = {"weapon_what": ("weapon", (True,))}

    types = ListCheckboxes(
        "What kinds of harm or suspected harm?",
        of="harm_type",
        hint="Select all that apply",
        short="Kinds of harm",
        missing="Select the kinds of harm",
        not_known=True,
    )
    setting = ListRadios(
        "Where did the harm come from?",
        of="harm_setting",
        hint="Answer this whatever plan the child was on",
        short="Inside or outside the home",
        missing="Select whether the harm was inside or outside the home",
        not_known=True,
    )
    neglect_before = YesNoField(
        "Was there neglect before the incident?",
        short="Neglect before the incident",
        missing="Select yes if there was neglect before the incident",
        not_known=True,
    )
    weapon = YesNoField(
        "Was a weapon, poison or other substance used?",
        short="Weapon or poison",
        missing="Select yes if a weapon, poison or other substance was used",
        not_known=True,
    )
    weapon_what = TextField("What was used, if anything", called="what was used", optional=True)


class CauseForm(PageForm):
    """Asked where a child died."""

    cause = ListRadios(
        "What is the likely cause of death?",
        of="cause_of_death",
        hint="As it seems now. It can be corrected later",
        short="Likely cause of death",
        missing="Select the likely cause of death",
        not_known=True,
        heading=True,
    )


class DescriptionForm(PageForm):
    """What happened, in words."""

    description = LongTextField(
        "What happened?",
        words=2000,
        rows=16,
        hint="Facts as known now: what happened, who was there, what injuries, what led up to it",
        called="what happened",
        short="What happened",
    )
    finished = YesNoField(
        "Have you finished this section?",
        short="Section finished",
        missing="Select yes if you have finished this section",
        no_hint="You can come back to it later",
    )


class ResponseForm(PageForm):
    """Police, coroner, press."""

    investigation = ListRadios(
        "Is there a criminal investigation?",
        of="criminal_investigation",
        short="Criminal investigation",
        missing="Select whether there is a criminal investigation",
        not_known=True,
    )
    police_reference = TextField("Police reference", optional=True, width="20")
    coroner = YesNoField(
        "Has the coroner been told?",
        short="Coroner told",
        missing="Select yes if the coroner has been told",
        not_known=True,
    )
    joint_agency = YesNoField(
        "Is there a joint agency response?",
        short="Joint agency response",
        missing="Select yes if there is a joint agency response",
        not_known=True,
    )
    press = ListRadios(
        "Is there media interest?",
        of="media_interest",
        short="Media interest",
        missing="Select whether there is media interest",
        not_known=True,
    )

    def prepare(self) -> None:
        """The coroner is asked about only where a child died, or may have."""
        happened = self.paper.value("basis", "happened") if self.paper else None
        if happened not in (None, NOT_KNOWN, "died"):
            del self.fields["coroner"]


class SafetyForm(PageForm):
    """Other children, and what was done at once."""

    others = YesNoField(
        "Are other children at risk?",
        short="Other children at risk",
        missing="Select yes if other children are at risk",
        not_known=True,
    )
    action = LongTextField(
        "What was done at once to keep children safe",
        words=500,
        rows=6,
        called="what was done at once to keep children safe",
        not_known=True,
    )
