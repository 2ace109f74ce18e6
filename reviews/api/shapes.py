"""The shape of a rapid review as a program sends it, made from its pages' own forms."""

from notifications.api.shapes import answers_of, parts_of, some
from reviews.forms.decision import Lateness
from reviews.forms.document import RAPID_REVIEW
from reviews.services.drafts import LATE
from workflow.api.shapes import DAY, FLAG, INSTANT, NUMBER, TEXT, Shape, many, maybe, whole

PARTNER = whole(name=TEXT, view=maybe(TEXT), of_this_draft=FLAG)
STANDING = whole(
    case=TEXT,
    reference=maybe(TEXT),
    state=TEXT,
    words=TEXT,
    number=NUMBER,
    version=maybe(NUMBER),
    sent_on=maybe(DAY),
    sent_at=maybe(INSTANT),
    partners=many(PARTNER),
)


def putting() -> Shape:
    """What is put before the partners."""
    parts = parts_of(RAPID_REVIEW, without=frozenset({LATE}))
    return {**some(parts), "required": ["pages", "participants", "agencies"]}


def sending() -> Shape:
    """What is said when it is sent."""
    return some({"late": answers_of(Lateness()), "confirmed": FLAG})
