"""The partners' decision: criteria, local review, national review, and lateness."""

from typing import Any, ClassVar

from notifications.sections.forms import ListCheckboxes, ListRadios, PageForm
from reviews import codes
from reviews.codes import Decision
from reviews.services.deciding import wrong_day
from workflow.forms import DateField, LongTextField, RadiosField, TextField, YesNoField


class Criteria(PageForm):
    """Whether it is a serious child safeguarding case at all."""

    criteria_met = YesNoField(
        "Are the criteria for a serious child safeguarding case met?",
        missing="Select yes if the criteria are met",
        short="Criteria met",
    )
    rationale = LongTextField(
        "Why the partners think so", words=500, rows=5, called="why the partners think so"
    )


class LocalCriteria(PageForm):
    """Regulation 11: what the partners must take into account. One answer and reason for each."""

    def prepare(self) -> None:
        """A question for each criterion of the list, lettered as in the regulation."""
        for letter, (code, words) in zip("abcdefgh", self._criteria(), strict=False):
            label = f"({letter}) {words}"
            self.fields[code] = RadiosField(
                label,
                choices=(("yes", "Yes"), ("no", "No")),
                missing=f"{label}: select yes, no or not known yet",
                not_known=True,
            )
            self.fields[f"{code}-why"] = LongTextField(
                "What the partners considered",
                short=f"({letter}) What was considered",
                words=250,
                rows=3,
                optional=True,
            )

    def _criteria(self) -> list[tuple[str, str]]:
        if self.lists is not None:
            return self.lists.choices(codes.LOCAL_CRITERION)
        # Without the lists the answers that were given name the criteria.
        return [(name, name) for name in self.data if not name.endswith("-why")]


class Lcspr(PageForm):
    """Whether the partners commission a local child safeguarding practice review."""

    decision = ListRadios(
        "Will the partners carry out a local child safeguarding practice review (LCSPR)?",
        of=codes.LCSPR,
        missing="Select what the partners have decided",
        short="LCSPR",
    )
    rationale = LongTextField("The partners’ reasons", words=800, called="the partners’ reasons")


class _Dated(PageForm):
    """A page with the day the partners decided, refused as it is when the review is sent."""

    decides: ClassVar[Decision]

    def clean(self) -> dict[str, Any]:
        """They decided after the notification and what they decided before, and not yet to come."""
        cleaned = super().clean() or self.cleaned_data
        decided_on = cleaned.get("decided_on")
        if self.paper and self.on and decided_on:
            for reason in wrong_day(self.paper.case, self.decides, decided_on, on=self.on):
                self.refuse("decided_on", reason.removesuffix("."), part="year")
        return cleaned


class Commissioned(_Dated):
    """The six months run from the day the partners decided."""

    decides = Decision.YES
    decided_on = DateField(
        "When did the partners decide?",
        called="the day the partners decided",
        short="Decided on",
        hint="The six months for the review run from this day",
        past=True,
    )
    scope = LongTextField(
        "Questions the review should answer", words=400, rows=5, short="Scope", not_known=True
    )
    reviewer = TextField("Name of the reviewer, if known", optional=True, short="Reviewer")
    publish_on = DateField(
        "Expected date of publication",
        called="the expected date of publication",
        short="Expected publication",
        future=True,
        not_known=True,
    )


class Declined(_Dated):
    """What is done for learning where there is no local review."""

    decides = Decision.NO
    decided_on = DateField(
        "When did the partners decide?",
        called="the day the partners decided",
        short="Decided on",
        past=True,
    )
    alternative = ListRadios(
        "What will be done instead?",
        of=codes.ALTERNATIVE,
        missing="Select what will be done instead",
        short="Instead",
    )

    def clean(self) -> dict[str, Any]:
        """Another review that was announced is named."""
        super().clean()
        chosen = self.paper.value("lcspr", "decision") if self.paper else None
        if chosen == codes.NO_ALTERNATIVE and self.cleaned_data.get("alternative") == "none":
            self.refuse("alternative", "Select which other review will follow")
        return self.cleaned_data


class Undecided(PageForm):
    """By when the partners will have decided, and what they still need to know."""

    decide_by = DateField(
        "By when will the partners decide?",
        called="the day by which the partners will decide",
        short="Decision by",
        future=True,
    )
    gaps = LongTextField(
        "What the partners still need to know",
        words=400,
        rows=5,
        short="Information still needed",
    )


class National(PageForm):
    """Whether the partners suggest a national review: the Panel alone decides on it."""

    suggested = YesNoField(
        "Do the partners suggest a national review?",
        missing="Select yes if the partners suggest a national review",
        short="National review suggested",
        not_known=True,
    )
    criteria = ListCheckboxes(
        "Which of these apply?",
        of=codes.NATIONAL_CRITERION,
        missing="Select which apply",
        hint="Regulation 3. Only if the partners suggest a national review",
        short="Regulation 3",
        conditional=True,
    )
    reasons = LongTextField("Why", words=400, rows=4, optional=True, short="Reasons")

    def clean(self) -> dict[str, Any]:
        """A suggestion rests on a criterion."""
        if self.cleaned_data.get("suggested") is True and not self.cleaned_data.get("criteria"):
            self.refuse("criteria", "Select why a national review is suggested")
        return self.cleaned_data


class Gaps(PageForm):
    """What could not be established in the time."""

    text = LongTextField(
        "What could not be established in the time",
        words=400,
        rows=5,
        optional=True,
        short="Information gaps",
    )


class Lateness(PageForm):
    """Why it is sent after the fifteen working days. It can always be sent."""

    late_reason = ListRadios(
        "Why is the rapid review late?",
        of=codes.LATE_REASON,
        missing="Select why the rapid review is late",
        short="Reason for lateness",
    )
    late_text = LongTextField(
        "More about the reason",
        words=200,
        rows=3,
        hint="Needed if it is another reason",
        conditional=True,
        short="More about the reason",
    )

    def clean(self) -> dict[str, Any]:
        """Another reason is told."""
        if self.cleaned_data.get("late_reason") == "other" and not self.cleaned_data.get(
            "late_text"
        ):
            self.refuse("late_text", "Enter the reason")
        return self.cleaned_data
