"""Who receives and who owes, each with the dates between which it is true."""

import datetime as dt
from dataclasses import dataclass

from workflow.law import citations
from workflow.law.instruments import Citation


class NotInForce(ValueError):
    """No body, duty or limit was in force on the day asked about."""


@dataclass(frozen=True, slots=True)
class Body:
    """A recipient between two days (`until` is its last day); an `expected` one has no date yet.

    An expected body is shown in the documents and never computed with.
    """

    slug: str
    name: str
    short_name: str
    since: dt.date | None
    citation: Citation
    until: dt.date | None = None
    expected: bool = False

    def in_force(self, on: dt.date) -> bool:
        """True when this body exists on `on`; an expected one never does."""
        if self.expected or self.since is None or on < self.since:
            return False
        return self.until is None or on <= self.until


@dataclass(frozen=True, slots=True)
class Party:
    """On whom a duty lies."""

    slug: str
    name: str


PANEL_ESTABLISHED = dt.date(2018, 6, 29)

PANEL = Body(
    "panel",
    "Child Safeguarding Practice Review Panel",
    "Panel",
    PANEL_ESTABLISHED,
    citations.S16A,
)
CHILD_PROTECTION_AUTHORITY = Body(
    "child-protection-authority",
    "Child Protection Authority",
    "Child Protection Authority",
    None,
    citations.CPA,
    expected=True,
)
SECRETARY_OF_STATE = Body(
    "secretary-of-state",
    "Secretary of State for Education (Department for Education)",
    "Department for Education",
    PANEL_ESTABLISHED,
    citations.LOOKED_AFTER_DEATH,
)
OFSTED = Body("ofsted", "Ofsted", "Ofsted", PANEL_ESTABLISHED, citations.LOOKED_AFTER_DEATH)
PARTNERS = Body(
    "safeguarding-partners",
    "Safeguarding partners for the area",
    "Safeguarding partners",
    PANEL_ESTABLISHED,
    citations.TELL_PARTNERS,
)

# In the order in which the duty to hear of a serious incident passes from one to the next.
NOTIFIED = (PANEL, CHILD_PROTECTION_AUTHORITY)
ALL = (*NOTIFIED, SECRETARY_OF_STATE, OFSTED, PARTNERS)


def notified_body(on: dt.date) -> Body:
    """The body that section 16C notifications go to on `on`. NotInForce before the first one."""
    for body in reversed(NOTIFIED):
        if body.in_force(on):
            return body
    raise NotInForce("No body received these notifications before 29 June 2018.")


AUTHORITY_OF_THE_PLACE = Party(
    "authority-of-the-place",
    "the local authority of the place where the incident happened (or, outside England, where "
    "the child normally lived)",
)
AUTHORITY_LOOKING_AFTER = Party(
    "authority-looking-after", "the local authority looking after the child"
)
AUTHORITY_OF_CARE_LEAVER = Party(
    "authority-of-care-leaver", "the local authority responsible for the care leaver"
)
LOCAL_PARTNERS = Party("safeguarding-partners", "the safeguarding partners")
THE_PANEL = Party("panel", "the Child Safeguarding Practice Review Panel")
