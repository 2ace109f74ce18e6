"""The chapters of the rapid review: what is known, why it came about, what was done."""

from typing import Any

from notifications.sections.forms import ListCheckboxes
from reviews import codes
from reviews.forms.chapter import Chapter
from workflow.forms import DateField, LongTextField


class Family(Chapter):
    """The child or children, the household, and who matters to them."""

    text = LongTextField(
        "The child or children, their family and other significant adults",
        words=800,
        hint="Who lives or lived together, relationships, ethnicity, culture and identity",
        short="Child and family",
        not_known=True,
    )


class Summary(Chapter):
    """What happened."""

    text = LongTextField("What happened", words=500, short="Summary", not_known=True)


class Timeline(Chapter):
    """The events that matter, over a period the partners chose."""

    since = DateField(
        "First day of the period", called="the first day of the period", past=True, not_known=True
    )
    until = DateField(
        "Last day of the period", called="the last day of the period", past=True, not_known=True
    )
    text = LongTextField(
        "Key events in order",
        words=1500,
        rows=12,
        hint="Start each with its date",
        short="Key events",
        not_known=True,
    )

    def clean(self) -> dict[str, Any]:
        """The period ends after it begins."""
        self.before("since", "until", "Last day of the period must be after its first day")
        return self.cleaned_data


class Involvement(Chapter):
    """What each agency knew and did."""

    text = LongTextField(
        "What each agency knew and did",
        words=1500,
        rows=12,
        short="Agencies’ involvement",
        not_known=True,
    )


class Practice(Chapter):
    """The moments that mattered, and why practitioners acted as they did."""

    text = LongTextField(
        "Key practice episodes, and why things were done or not done",
        words=1500,
        rows=12,
        hint="Why, and not only what",
        short="Key practice episodes",
        not_known=True,
    )


class Voice(Chapter):
    """The child's own experience."""

    text = LongTextField(
        "What life was like for the child, and what the child said",
        words=800,
        short="Child’s voice",
        not_known=True,
    )


class Equality(Chapter):
    """How racism and inequality bore on the child and on practice."""

    text = LongTextField(
        "How racism, disability and other inequalities affected the child and the practice",
        words=800,
        short="Equality and racism",
        not_known=True,
    )


class GoodPractice(Chapter):
    """What was done well."""

    text = LongTextField("What was done well", words=500, short="Good practice", not_known=True)


class Safety(Chapter):
    """What makes this child and others safe now."""

    text = LongTextField(
        "What has been done to make this child and other children safe",
        words=800,
        short="Immediate safeguarding",
        not_known=True,
    )


class Learning(Chapter):
    """What was learned already, and who does what by when."""

    text = LongTextField(
        "Learning found and already shared", words=800, short="Learning", not_known=True
    )
    actions = LongTextField(
        "Actions, each with its owner and date",
        words=500,
        short="Actions",
        optional=True,
        hint="For example: Named nurse, new referral form, 31 January 2027",
    )


class Themes(Chapter):
    """What comes back from review to review."""

    themes = ListCheckboxes(
        "Which themes recur?",
        of=codes.THEME,
        missing="Select the themes that recur, or “None of these”",
        none="None of these",
        short="Recurrent themes",
        not_known=True,
    )
    earlier = LongTextField(
        "Earlier local reviews with the same themes",
        words=400,
        rows=4,
        optional=True,
        hint="Their names or references",
    )


class Parallel(Chapter):
    """Other proceedings about the same events."""

    processes = ListCheckboxes(
        "Which other proceedings are there?",
        of=codes.PARALLEL,
        missing="Select the other proceedings there are, or “None”",
        short="Other proceedings",
        not_known=True,
    )
    text = LongTextField(
        "How far they are, and how they affect the review", words=400, rows=4, optional=True
    )


class FamilyContact(Chapter):
    """What the family was told and said."""

    text = LongTextField(
        "What the family has been told and what they have said",
        words=500,
        short="Family contact",
        not_known=True,
    )
