"""What the Panel finds of a rapid review, and what it answers."""

from typing import Any

from reviews import codes
from reviews.services.considering import Findings
from workflow.forms import (
    NOT_KNOWN,
    CheckboxesField,
    Choice,
    DateField,
    GovukForm,
    LongTextField,
    RadiosField,
    YesNoField,
)
from workflow.people.codes import choices

NOT_SURE = "Not sure"


class AssessmentForm(GovukForm):
    """The quality of a rapid review and whether the Panel agrees with it."""

    completeness = RadiosField(
        "Is it complete?",
        missing="Select whether the rapid review is complete",
        short="Completeness",
    )
    quality = RadiosField(
        "How good is it?", missing="Select how good the rapid review is", short="Quality"
    )
    agrees_criteria = YesNoField(
        "Does the Panel agree about the criteria?",
        missing="Select yes if the Panel agrees about the criteria",
        short="Agrees about the criteria",
        not_known=NOT_SURE,
    )
    agrees_decision = YesNoField(
        "Does the Panel agree with the decision on an LCSPR?",
        missing="Select yes if the Panel agrees with the decision on an LCSPR",
        short="Agrees with the decision",
        not_known=NOT_SURE,
    )
    learning = LongTextField(
        "Further learning to ask the partnership for", words=400, rows=4, optional=True
    )
    national_flag = YesNoField(
        "Might it be of national importance?",
        missing="Select yes if it might be of national importance",
        short="National importance",
    )
    themes = CheckboxesField(
        "Themes", missing="Select themes, or “No theme”", none="No theme", short="Themes"
    )
    notes = LongTextField(
        "Internal notes",
        words=500,
        rows=5,
        optional=True,
        hint="For the Panel only. Never shown to the authority or its partners.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {
            "completeness": codes.COMPLETENESS,
            "quality": codes.QUALITY,
            "themes": codes.THEME,
        }
        for name, of in lists.items():
            asked = self.fields[name]
            if isinstance(asked, RadiosField | CheckboxesField) and self.on:
                asked.choices = choices(of, on=self.on)

    def findings(self) -> Findings:
        """What the Panel found."""
        found = self.cleaned
        return Findings(
            completeness=found["completeness"],
            quality=found["quality"],
            agrees_criteria=_sure(found["agrees_criteria"]),
            agrees_decision=_sure(found["agrees_decision"]),
            learning=found["learning"],
            national_flag=found["national_flag"],
            themes=found["themes"],
            notes=found["notes"],
        )


def _sure(value: Any) -> bool | None:
    return None if value is NOT_KNOWN else bool(value)


class ResponseForm(GovukForm):
    """What the Panel answers to the partnership."""

    outcome = RadiosField(
        "What does the Panel say?", missing="Select what the Panel says", short="Outcome"
    )
    text = LongTextField(
        "What the partnership will read",
        words=1000,
        rows=10,
        called="what the partnership will read",
        hint="The authority and its partners read this in the service. No email will hold it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.fields["outcome"]
        if isinstance(asked, RadiosField) and self.on:
            asked.choices = [
                Choice(code, label)
                for code, label in choices(codes.OUTCOME, on=self.on)
                if code not in codes.NOT_A_RESPONSE
            ]

    @property
    def asks_for_reply(self) -> bool:
        """Whether the answer asks the partners for something, so that it says by when."""
        return self.cleaned.get("outcome") in codes.ASKS_PARTNERS


class ReplyForm(GovukForm):
    """The page after it, only for an answer that asks the partners for something."""

    reply_by = DateField(
        "By when does the Panel ask for a reply?",
        called="the date for the reply",
        hint="The partners read this day beside the Panel’s response.",
        future=True,
        short="Reply by",
    )
