"""About each child: who, how old, and what was known. Codes of the national collections."""

from typing import Any, ClassVar

from notifications.sections import ListRadios, PageForm
from workflow.forms import (
    Choice,
    DateField,
    NameField,
    RadiosField,
    TextField,
    WholeNumberField,
    YesNoField,
)

DIED, HARMED, NEITHER = "died", "harmed", "neither"
CONCERNED = (DIED, HARMED)
FATES = (
    Choice(DIED, "Died"),
    Choice(HARMED, "Was harmed"),
    Choice(NEITHER, "Neither died nor was harmed"),
)
BORN_ON, ESTIMATED, UNBORN = "born_on", "estimated", "unborn"


class NameForm(PageForm):
    """The child's names, none of which need be known."""

    given = NameField("First names", called="the child’s first names", not_known=True)
    family = NameField("Last name", called="the child’s last name", not_known=True)
    others = TextField("Other names used", called="the other names", optional=True, limit=200)


class PartForm(PageForm):
    """What happened to this child."""

    only_if: ClassVar = {"died_on": ("fate", (DIED,))}

    role = ListRadios(
        "What part did this child have?",
        of="child_role",
        short="Part in the incident",
        missing="Select what part this child had",
        not_known=True,
    )
    fate = RadiosField(
        "What happened to this child?",
        choices=FATES,
        short="What happened to this child",
        missing="Select what happened to this child",
        not_known=True,
    )
    died_on = DateField(
        "Date of death, if the child died",
        hint="Like {example}",
        past=True,
        called="the date of death",
        short="Date of death",
        not_known=True,
        conditional=True,
    )

    def clean(self) -> dict[str, Any]:
        """A date of death belongs to a child who died."""
        cleaned = super().clean() or self.cleaned_data
        died = cleaned.get("fate") == DIED
        if died and cleaned.get("died_on") is None:
            self.refuse("died_on", "Enter the date of death, or select “Not known yet”")
        if cleaned.get("fate") in (HARMED, NEITHER) and cleaned.get("died_on"):
            self.refuse("died_on", "Leave the date of death empty, or change what happened")
        return cleaned


class BirthForm(PageForm):
    """How old: by date of birth, by estimate, or not yet born."""

    only_if: ClassVar = {
        "born_on": ("basis", (BORN_ON,)),
        "age": ("basis", (ESTIMATED,)),
        "due_on": ("basis", (UNBORN,)),
    }

    basis = ListRadios(
        "How is the child’s age known?",
        of="age_basis",
        short="Age known by",
        missing="Select how the child’s age is known",
        not_known=True,
    )
    born_on = DateField(
        "Date of birth",
        hint="Like 27 3 2019",
        past=True,
        first_year=1990,
        called="the date of birth",
        conditional=True,
    )
    age = WholeNumberField(
        "Estimated age in years",
        hint="At the time of the incident. Enter 0 for a baby",
        most=24,
        called="the estimated age",
        conditional=True,
    )
    due_on = DateField(
        "Date the baby is or was due",
        called="the date the baby is due",
        conditional=True,
        not_known=True,
    )
    sex = ListRadios(
        "What is the child’s sex?",
        of="sex",
        short="Sex",
        missing="Select the child’s sex",
        not_known=True,
    )
    gender = TextField(
        "How the child describes their gender", called="the gender", optional=True, limit=100
    )

    def clean(self) -> dict[str, Any]:
        """The age is given in the way that was selected."""
        cleaned = super().clean() or self.cleaned_data
        basis = cleaned.get("basis")
        if basis == BORN_ON and not cleaned.get("born_on"):
            self.refuse("born_on", "Enter the date of birth")
        if basis == ESTIMATED and cleaned.get("age") is None:
            self.refuse("age", "Enter the estimated age")
        if basis == UNBORN and cleaned.get("due_on") is None:
            self.refuse("due_on", "Enter the date the baby is due, or select “Not known yet”")
        return cleaned


class EthnicGroupForm(PageForm):
    """The first of two steps."""

    group = RadiosField(
        "What is the child’s ethnic group?",
        short="Ethnic group",
        missing="Select the child’s ethnic group",
        not_known=True,
        heading=True,
    )

    def prepare(self) -> None:
        """The groups of the code list."""
        groups = self.lists.groups("ethnicity") if self.lists else self.chosen("group")
        self.fields["group"].choices = [Choice(group, group) for group in groups]  # type: ignore[attr-defined]


class EthnicityForm(PageForm):
    """The second step, within the group."""

    ethnicity = RadiosField(
        "Which of these best describes the child’s background?",
        short="Ethnic background",
        missing="Select the child’s background",
        not_known=True,
        heading=True,
    )

    def prepare(self) -> None:
        """The backgrounds of the group chosen before."""
        field: Any = self.fields["ethnicity"]
        if self.lists is None:
            field.choices = [Choice(value, value) for value in self.chosen("ethnicity")]
            return
        group = self.paper.value("ethnic-group", "group", self.item) if self.paper else None
        field.choices = self.lists.choices("ethnicity", group or None)


class BackgroundForm(PageForm):
    """Religion, language, immigration."""

    religion = ListRadios(
        "What is the child’s religion?",
        of="religion",
        short="Religion",
        missing="Select the child’s religion",
        not_known=True,
    )
    language = TextField(
        "First language", called="the child’s first language", limit=100, not_known=True
    )
    interpreter = YesNoField(
        "Is an interpreter needed?",
        short="Interpreter needed",
        missing="Select yes if an interpreter is needed",
        not_known=True,
    )
    immigration = ListRadios(
        "What is the child’s immigration status?",
        of="immigration",
        short="Immigration status",
        missing="Select the child’s immigration status",
        not_known=True,
    )
