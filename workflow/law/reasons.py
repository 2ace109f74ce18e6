"""Why a duty is owed or not: one sentence each, with what it rests on."""

from dataclasses import dataclass

from workflow.law import citations, duties
from workflow.law.duty import Duty
from workflow.law.facts import Facts
from workflow.law.instruments import Citation


@dataclass(frozen=True, slots=True)
class Because:
    """A sentence that says why, with what it rests on."""

    words: str
    cites: tuple[Citation, ...]

    def __str__(self) -> str:
        return self.words


def because(
    facts: Facts, owed: tuple[Duty, ...], *, goes_to_panel: bool, voluntary: bool
) -> tuple[Because, ...]:
    """Why each duty is owed, then why one that might be expected is not."""
    found: list[Because] = []
    if duties.NOTIFY_THE_PANEL in owed:
        found.append(_section_16c(facts))
    if voluntary:
        found.append(
            Because(
                "No child died or was seriously harmed, so section 16C does not require a "
                "notification. One may still be sent.",
                (citations.S16C,),
            )
        )
    if goes_to_panel:
        found.append(
            Because(
                "A rapid review follows every notification to the Panel, unless it is found not "
                "to meet the criteria.",
                (citations.RAPID_REVIEW_REQUIRED,),
            )
        )
    if duties.LOOKED_AFTER_CHILD_DEATH in owed:
        found.append(
            Because(
                "A child looked after by the authority died, so the Secretary of State and Ofsted "
                "must be notified, whether or not abuse or neglect is suspected.",
                duties.LOOKED_AFTER_CHILD_DEATH.cites,
            )
        )
    if duties.CARE_LEAVER_DEATH in owed:
        found.append(
            Because(
                "A care leaver aged up to 24 died, so the Secretary of State and Ofsted should be "
                "told. No rapid review follows from that.",
                duties.CARE_LEAVER_DEATH.cites,
            )
        )
    return (*found, *_why_not(facts))


def _section_16c(facts: Facts) -> Because:
    abuse = "is known" if facts.abuse == "known" else "is suspected"
    outcome = "died" if facts.outcome == "died" else "was seriously harmed"
    if facts.place == "outside_england":
        where = "outside England while normally resident in the authority’s area"
        cites: tuple[Citation, ...] = (citations.S16C, citations.OUTSIDE_ENGLAND)
    else:
        where, cites = "in the authority’s area", (citations.S16C,)
    return Because(f"Abuse or neglect {abuse}, and a child {outcome} {where}.", cites)


def _why_not(facts: Facts) -> tuple[Because, ...]:
    """The plain reasons for which a duty that one might expect is not owed."""
    found: list[Because] = []
    if facts.abuse == "neither":
        found.append(
            Because(
                "Abuse or neglect is neither known nor suspected, so the Panel is not notified "
                "and no rapid review follows.",
                (citations.S16C, citations.LOOKED_AFTER_FIVE_DAYS),
            )
        )
    elif facts.place == "elsewhere_in_england":
        found.append(
            Because(
                "The incident happened in another authority’s area in England, so that authority "
                "notifies the Panel.",
                (citations.S16C, citations.WHO_NOTIFIES),
            )
        )
    elif facts.under_18 is False and not facts.looked_after:
        found.append(
            Because("The person was 18 or over, so section 16C does not apply.", (citations.S16C,))
        )
    if facts.looked_after and facts.looked_after_by_another and facts.outcome == "died":
        found.append(
            Because(
                "Another authority looked after the child, so that authority notifies the "
                "Secretary of State and Ofsted.",
                duties.LOOKED_AFTER_CHILD_DEATH.cites,
            )
        )
    return tuple(found)
