"""Disputed points and how this service answers them: each is shown where it is applied.

A reading is not the law. It is the interpretation applied where the texts are silent or disagree,
with the reason and the source, so that it can be seen, argued with and changed in one place.
"""

from dataclasses import dataclass

from workflow.law import citations
from workflow.law.instruments import Citation


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that the texts leave open, this service's answer, and why."""

    slug: str
    question: str
    answer: str
    because: str
    source: Citation

    @property
    def verified(self) -> bool:
        """False when the source of this reading was not read in a text at hand."""
        return self.source.verified


# --- Counting ------------------------------------------------------------------------------------
DAY_ZERO = Reading(
    "day-zero",
    "Is the day of the event counted?",
    "No. It is day zero, and the next working day is day 1.",
    "A period of days after an event runs from the day after it. One partnership’s flowchart says "
    "so for the rapid review. Counting the day itself would make every limit a day shorter.",
    citations.DEVON_DAY_ZERO,
)
WORKING_DAY = Reading(
    "working-day",
    "What is a working day?",
    "Monday to Friday, except bank holidays in England and Wales, substitute and one-off days "
    "among them.",
    "The regulations of 2018 and the guidance give no definition. Sister regulations under the "
    "Children Act 1989 give this one.",
    citations.WORKING_DAY,
)
WEEKEND_START = Reading(
    "weekend-start",
    "What if the event falls on a weekend or bank holiday?",
    "That day is still day zero. The due date is the same as if the event had been on the working "
    "day before.",
    "Moving day zero to the Monday would give one more day than the guidance does. The stricter "
    "reading is applied.",
    citations.own_rule("An event on a day that is not a working day does not move day zero."),
)
END_OF_DAY = Reading(
    "end-of-day",
    "When on the due date does the time run out?",
    "At the end of that day in London. An act is late from the next day.",
    "The limits count days and not hours. The hour of the event and office hours play no part.",
    citations.own_rule("Due by 11:59pm on the due date, Europe/London."),
)
BACKWARDS = Reading(
    "backwards",
    "How are working days before publication counted?",
    "Backwards from the day of publication, which is not counted.",
    "The copy must have been there for the full number of working days before the report appears.",
    citations.ADVANCE_COPY,
)
MONTHS = Reading(
    "months",
    "When do six months end?",
    "On the corresponding day of the sixth month, or on the last day of that month if it has no "
    "such day. The date does not move when it falls on a weekend or bank holiday.",
    "This is how a period of calendar months is commonly counted: 31 August gives 28 or 29 "
    "February.",
    citations.own_rule("Months run to the corresponding date and are cut at the month’s end."),
)
PROCLAIMED_LATER = Reading(
    "proclaimed-later",
    "What if a bank holiday is proclaimed after a date was worked out?",
    "Open deadlines are worked out again with it; met and missed ones keep the calendar they had.",
    "It happened on 19 September 2022. A date once explained to a person is changed openly, with "
    "both calendars kept, or not at all.",
    citations.PROCLAMATION,
)

# --- Notifying -----------------------------------------------------------------------------------
BECOMING_AWARE = Reading(
    "becoming-aware",
    "From when do the five working days run?",
    "From the day the authority became aware that the incident had occurred, not from the day of "
    "the incident.",
    "The department’s words are clear. Some local procedures count from the incident; they are "
    "not followed. Awareness is a judgement, so who judged and why is recorded.",
    citations.FIVE_DAYS,
)
ABUSE_SUSPECTED_LATER = Reading(
    "abuse-suspected-later",
    "What if abuse or neglect is suspected only after the authority knew of the incident?",
    "The five working days run from the day it was first suspected. Both days and the reason for "
    "the difference are kept and shown.",
    "Section 16C applies to an authority that knows or suspects abuse or neglect: before that day "
    "there was nothing to notify.",
    citations.S16C,
)
MUST_AND_SHOULD = Reading(
    "must-and-should",
    "Does a notification on the sixth working day break the Act?",
    "The Act says the authority must notify and sets no number of days. Guidance says it should "
    "do so within five working days. The act and its limit each keep their own verb.",
    "Some pages run the two together as 'must notify within 5 working days'. A late notification "
    "misses the guidance; none at all breaks the Act.",
    citations.S16C_NO_LIMIT,
)
OUTSIDE_ENGLAND = Reading(
    "outside-england",
    "Do Wales, Scotland and Northern Ireland count as outside England?",
    "Yes, like any place overseas: the authority where the child normally lived notifies.",
    "The minister said so when the words were put into the Bill.",
    citations.OUTSIDE_ENGLAND,
)
ONE_INCIDENT = Reading(
    "one-incident",
    "Is there one notification for each child?",
    "No. One notification for each incident, however many children it affects.",
    "The rule of 2018 was the opposite for children who died; the present page says one.",
    citations.ONE_NOTIFICATION,
)
SERIOUS_HARM = Reading(
    "serious-harm",
    "Does a child who recovers count as seriously harmed?",
    "A recovery does not settle it: what counts is the harm, and likely long-term harm counts "
    "even where it is not yet certain.",
    "The department’s description is open and includes impairment of physical health.",
    citations.SERIOUS_HARM,
)
AGE_NOT_KNOWN = Reading(
    "age-not-known",
    "What if the age is not known yet?",
    "The person is taken to be under 18, unless known to be a care leaver. The clocks run, and "
    "are cancelled with the reason if the age turns out to be 18 or over.",
    "A clock opened in error costs a line in the record. A clock not opened costs a late "
    "notification.",
    citations.own_rule("An unidentified child is a child until known not to be."),
)
TWO_AUTHORITIES = Reading(
    "two-authorities",
    "Who notifies the death of a child looked after by one authority in the area of another?",
    "The authority looking after the child notifies the Secretary of State and Ofsted. If abuse "
    "or neglect is known or suspected, the authority of the place notifies the Panel. The two are "
    "linked and are not duplicates.",
    "They are two duties in two Acts, on two authorities.",
    citations.LOOKED_AFTER_DEATH,
)
CARE_LEAVER_SOFT = Reading(
    "care-leaver-soft",
    "Can the notification of a care leaver’s death be late?",
    "It has a date to aim for and is never counted as a breach.",
    "The guidance says should, the department calls it voluntary, and no number of days was found "
    "in the guidance itself.",
    citations.CARE_LEAVER_VOLUNTARY,
)
LEARNED_AFTER_SENDING = Reading(
    "learned-after-sending",
    "What if a duty turns out to be owed only after the notification was sent?",
    "Its clock runs from the day the authority became aware of the incident, and stops on the day "
    "the missing answer is added: from that day whoever it is owed to is told of it.",
    "What was sent did not say that the child was looked after, or where it died. Nobody is taken "
    "to have notified what was not yet said. The stricter reading is applied.",
    citations.own_rule("What is said later is notified on the day on which it is said."),
)
CORRECTED_AFTERWARDS = Reading(
    "corrected-afterwards",
    "What if the date of awareness is corrected after the notification was sent?",
    "The clock that was met stays as it was met, by the date then given. Beside it stands from "
    "which day it would have run, when it was due by that, and how late it was sent. What was late "
    "by that alone stands among missed dates as known late by a correction, and is counted once.",
    "A record of what was done is not rewritten, and a correction makes nothing late or on time in "
    "silence: whoever reads the date reads both.",
    citations.own_rule("A correction after sending is told beside the date and does not move it."),
)
HARM_BECOMES_DEATH = Reading(
    "harm-becomes-death",
    "What if a child who was seriously harmed later dies?",
    "The same case goes on with new clocks from the day the authority became aware of the death. "
    "The old clocks are kept.",
    "The death is a new fact to notify, and a second case would count one incident twice.",
    citations.own_rule("A change of the facts continues the case."),
)

# --- The rapid review and the Panel --------------------------------------------------------------
RAPID_REVIEW_CLOCK = Reading(
    "rapid-review-clock",
    "From when do the fifteen working days run?",
    "From the day the notification was sent to the Panel, which is day zero. Acknowledgement "
    "changes nothing, and a late notification does not shorten them.",
    "The Panel’s guidance says so. Older texts can be read as counting from awareness, and one "
    "flowchart sends on day 16.",
    citations.FIFTEEN_DAYS,
)
DAY_THE_PANEL_RECEIVES = Reading(
    "day-the-panel-receives",
    "On which day has the Panel received a rapid review?",
    "On the London date it was sent through this service; where it came another way, on the date "
    "the secretariat records, with who recorded it.",
    "What is sent here is with the Panel at once. Office hours do not move the date.",
    citations.own_rule("A thing sent through the service is received the moment it is sent."),
)
PANEL_RESPONSE = Reading(
    "panel-response",
    "How long has the Panel to respond?",
    "Fifteen working days is used as a service level that can be changed. It is never reported as "
    "a breach of a duty.",
    "No time was found in a text of the Panel’s own; one partnership says about ten days.",
    citations.PANEL_RESPONSE,
)

# --- Reviews -------------------------------------------------------------------------------------
SIX_MONTHS_START = Reading(
    "six-months-start",
    "From when do the six months of a local review run?",
    "From the day the safeguarding partners decide to have one, not from the Panel’s reply.",
    "The guidance counts from the decision to initiate a review, and that decision is theirs.",
    citations.SIX_MONTHS,
)
NO_PAUSE = Reading(
    "no-pause",
    "Do criminal proceedings or an inquest stop the six months?",
    "No. The clock runs on; the reason for a delay is given to the Panel and the Secretary of "
    "State and shown beside the date.",
    "The guidance asks for reasons and offers no pause.",
    citations.NO_PAUSE,
)
THREE_KINDS = Reading(
    "three-kinds-of-lateness",
    "Are all late dates the same?",
    "No. A limit in an Act or regulations, a limit in guidance and a service level are three "
    "kinds of lateness, counted apart and never added together.",
    "A number that mixes them says nothing about any of them.",
    citations.own_rule("The kind follows from the instrument that sets the limit."),
)

ALL = (
    DAY_ZERO,
    WORKING_DAY,
    WEEKEND_START,
    END_OF_DAY,
    BACKWARDS,
    MONTHS,
    PROCLAIMED_LATER,
    BECOMING_AWARE,
    ABUSE_SUSPECTED_LATER,
    MUST_AND_SHOULD,
    OUTSIDE_ENGLAND,
    ONE_INCIDENT,
    SERIOUS_HARM,
    AGE_NOT_KNOWN,
    TWO_AUTHORITIES,
    CARE_LEAVER_SOFT,
    LEARNED_AFTER_SENDING,
    CORRECTED_AFTERWARDS,
    HARM_BECOMES_DEATH,
    RAPID_REVIEW_CLOCK,
    DAY_THE_PANEL_RECEIVES,
    PANEL_RESPONSE,
    SIX_MONTHS_START,
    NO_PAUSE,
    THREE_KINDS,
)


def by_slug(slug: str) -> Reading:
    """The reading with this slug; KeyError when there is none."""
    return {reading.slug: reading for reading in ALL}[slug]
