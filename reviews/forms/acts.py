"""What a simple act asks of the person who does it."""

from workflow.forms import DateField, GovukForm, LongTextField


class NothingAsked(GovukForm):
    """An act that is done by its button."""


class Reason(GovukForm):
    """An act with its reason."""

    reason = LongTextField("Your reason", words=300, rows=5, called="your reason")


class Ask(GovukForm):
    """A question to the other side, with the day by which an answer is asked for."""

    reason = LongTextField(
        "What do you need to know?",
        words=500,
        rows=6,
        called="what you need to know",
        hint="The authority and its partners read this in the service. No email will hold it.",
    )
    reply_on = DateField(
        "By when do you ask for a reply?",
        called="the date for the reply",
        future=True,
    )


class NationalReview(GovukForm):
    """The Panel's own decision, with what the partnership will read."""

    reason = LongTextField(
        "What the partnership will read",
        words=800,
        rows=8,
        called="what the partnership will read",
        hint="Why the Panel reviews the case itself, and what happens to the rapid review",
    )


class Defer(GovukForm):
    """The Panel's meeting at which it is taken up again, and why not before."""

    meet_on = DateField(
        "On which day does the Panel meet on it?", called="the day of the meeting", future=True
    )
    reason = LongTextField(
        "Why is it deferred?",
        words=300,
        rows=5,
        called="why it is deferred",
        hint="The authority and its partners read this in the service",
    )
