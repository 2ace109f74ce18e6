"""On what each act rests that is not itself a duty: a power, or an administrative reason."""

from workflow.law import citations
from workflow.law.instruments import (
    CHILDREN_ACT_2004,
    PANEL_FAQ,
    REGULATIONS_2018,
    WORKING_TOGETHER,
)
from workflow.machine.acts import AdministrativeReason

PARTNERS_AGREE = PANEL_FAQ.at(
    "Whose responsibility is it to complete a Serious Incident Notification?",
    "All three safeguarding partners should agree which incidents should be notified in their "
    "local area.",
)
REVIEW_FOLLOWS = citations.RAPID_REVIEW_REQUIRED
CRITERIA_NOT_MET = citations.RAPID_REVIEW_REQUIRED
NO_REVIEW_OWED = citations.LOOKED_AFTER_FIVE_DAYS
PANEL_FUNCTIONS = CHILDREN_ACT_2004.at(
    "section 16B(1)",
    "To identify serious child safeguarding cases in England which raise issues that are complex "
    "or of national importance, and where they consider it appropriate, to arrange for those "
    "cases to be reviewed under their supervision.",
)
PANEL_MAY_ASK = CHILDREN_ACT_2004.at(
    "section 16D",
    "The Panel may require a person or body to supply information that enables or assists it.",
    verified=False,
)
PARTNERS_MEET = WORKING_TOGETHER.at(
    "chapter 5",
    "The safeguarding partners gather the facts about the case, as far as they can be readily "
    "established at the time, and decide what steps to take next.",
    seen="as quoted by local safeguarding partnerships",
)
AGENCIES_TELL = CHILDREN_ACT_2004.at(
    "section 16H",
    "Safeguarding partners may require a person or body to supply information for a review.",
    verified=False,
)
LOCAL_REVIEW_POWER = REGULATIONS_2018.at(
    "regulation 11",
    "The criteria which the safeguarding partners must take into account when they decide "
    "whether to commission a local child safeguarding practice review.",
    seen="as quoted by local safeguarding partnerships",
)
LOCAL_REVIEWER = REGULATIONS_2018.at(
    "regulations 12 and 13 (words unverified)",
    "The safeguarding partners appoint one or more reviewers for a local review.",
    verified=False,
)
NATIONAL_REVIEWER = REGULATIONS_2018.at(
    "regulation 4(5)",
    "Where the Panel has selected a person they may recommend that reviewer to the Secretary of "
    "State who will confirm the appointment.",
    seen="in the draft of the regulations",
)
REVIEW_PROGRESS = REGULATIONS_2018.at(
    "regulation 14",
    "The safeguarding partners monitor the progress of the review in time and quality, and may "
    "ask the reviewer in writing for information or a draft.",
)
PUBLICATION = citations.S16F
IMPROVEMENTS_ONLY = citations.S16F

PLACE_DECIDES = citations.S16C
REPORTED = AdministrativeReason(
    "Any agency can raise an incident; only the local authority can notify it."
)
LAST_WORD = AdministrativeReason(
    "The local authority has the last word on whether to notify; the rationale is kept, and any "
    "partner’s differing view with it."
)
FOUR_EYES = AdministrativeReason(
    "An authority may ask that a second person reads a notification before it is sent."
)
SECRETARIAT_RECEIVES = AdministrativeReason(
    "The sender is told that it arrived. Nothing waits for it."
)
DUPLICATE = AdministrativeReason(
    "One incident is notified once; a second notification of it is withdrawn, with both trails."
)
NEW_INFORMATION = AdministrativeReason(
    "A decision is looked at again when something new is known; the first one is kept."
)
PARTNERS_REPLY = AdministrativeReason(
    "The Panel advises and the partners decide: asked to, they confirm or change their decision."
)
PARTNERS_SIGN = AdministrativeReason(
    "Each statutory partner agrees or dissents in its own words; silence blocks nothing."
)
LEARNING = AdministrativeReason("What a review recommends is followed until something changes.")
