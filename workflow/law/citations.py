"""The words each rule rests on, with where they were read. Nothing here is computed."""

from workflow.law.instruments import (
    BANKING_ACT_1971,
    CHILDREN_ACT_1989,
    CHILDREN_ACT_2004,
    CPA_CONSULTATION,
    DEVON,
    DFE_STATISTICS,
    GOVUK_REPORT,
    HANSARD,
    IICSA,
    KENT,
    NORTHUMBERLAND,
    PANEL_FAQ,
    PANEL_GUIDANCE,
    REGULATIONS_2018,
    REPRESENTATIONS_2006,
    SLOUGH,
    THIS_SERVICE,
    TRAFFORD,
    UK_GDPR,
    WORKING_TOGETHER,
    Citation,
)

_LOCAL = "as quoted by local safeguarding partnerships"

# --- The Panel -----------------------------------------------------------------------------------
S16A = CHILDREN_ACT_2004.at(
    "section 16A(1)",
    "The Secretary of State must establish a panel to be known as the Child Safeguarding "
    "Practice Review Panel.",
    quoted=True,
)
CPA = CPA_CONSULTATION.at(
    "",
    "A Child Protection Authority is proposed, which would absorb the Panel. It needs an Act.",
    verified=False,
)

# --- Notifying -----------------------------------------------------------------------------------
S16C = CHILDREN_ACT_2004.at(
    "section 16C(1)",
    "Where a local authority in England knows or suspects that a child has been abused or "
    "neglected, the local authority must notify the Child Safeguarding Practice Review Panel if "
    "(a) the child dies or is seriously harmed in the local authority’s area, or (b) while "
    "normally resident in the local authority’s area, the child dies or is seriously harmed "
    "outside England.",
    seen=_LOCAL,
    quoted=True,
)
S16C_NO_LIMIT = CHILDREN_ACT_2004.at(
    "section 16C",
    "The section sets no number of days; the five working days are statutory guidance.",
    verified=False,
)
FIVE_DAYS = DFE_STATISTICS.at(
    "",
    "The local authority should notify the Panel within 5 working days of becoming aware that "
    "the incident has occurred.",
    quoted=True,
)
TELL_PARTNERS = WORKING_TOGETHER.at(
    "chapter 5",
    "The local authority should also report the event to the safeguarding partners in their "
    "area (and in other areas if appropriate) within 5 working days.",
    seen=_LOCAL,
    quoted=True,
)
TELL_PARTNERS_2018 = GOVUK_REPORT.at(
    "as it stood in 2018",
    "The safeguarding partners are told at the same time as the Panel.",
)
LOOKED_AFTER_DEATH = DFE_STATISTICS.at(
    "",
    "The local authority must also notify the Secretary of State and Ofsted where a looked after "
    "child has died, whether or not abuse or neglect is known or suspected.",
    quoted=True,
)
SCHEDULE_2_PARA_20 = CHILDREN_ACT_1989.at(
    "Schedule 2, paragraph 20(1)(a)",
    "If a child looked after by a local authority dies, the authority shall notify the Secretary "
    "of State and the Chief Inspector. The paragraph sets no number of days.",
    verified=False,
)
LOOKED_AFTER_FIVE_DAYS = GOVUK_REPORT.at(
    "",
    "A looked-after child’s death is notified through the same online form, within the same "
    "5 working days. The Panel does not consider it where no abuse or neglect is suspected.",
)
CARE_LEAVER = WORKING_TOGETHER.at(
    "chapter 5",
    "The death of a care leaver up to and including the age of 24 should also be notified to the "
    "Secretary of State and Ofsted; no rapid review follows.",
    seen=_LOCAL,
)
CARE_LEAVER_VOLUNTARY = DFE_STATISTICS.at(
    "", "Deaths of care leavers are provided on a voluntary basis."
)
CARE_LEAVER_FIVE_DAYS = WORKING_TOGETHER.at(
    "chapter 5",
    "Within 5 working days, as local procedures read it; not found in the guidance itself.",
    verified=False,
)
SHARED = GOVUK_REPORT.at(
    "", "Every notification is shared with the Department for Education and Ofsted."
)
WHO_NOTIFIES = PANEL_FAQ.at(
    "Whose responsibility is it to complete a Serious Incident Notification?",
    "The responsibility to notify rests with the local authority of where the serious incident "
    "took place.",
    quoted=True,
)
OUTSIDE_ENGLAND = HANSARD.at(
    "amendments 43 and 44",
    'The minister: "outside England" includes incidents in the devolved administrations as well '
    "as overseas.",
)
ONE_NOTIFICATION = GOVUK_REPORT.at(
    "", "Raise only 1 notification per incident, even if more than 1 child is affected."
)
SLOUGH_INCIDENT_DATE = SLOUGH.at(
    "", "Notify within 5 days of the incident occurring: a local reading not followed here."
)
SERIOUS_HARM = DFE_STATISTICS.at(
    "",
    "Serious harm includes (but is not limited to) serious and/or long-term impairment of a "
    "child’s mental health or intellectual, emotional, social or behavioural development. It "
    "also covers impairment of physical health.",
    quoted=True,
)

# --- The rapid review and the Panel's response ---------------------------------------------------
RAPID_REVIEW_REQUIRED = PANEL_FAQ.at(
    "Can I send a rapid review without completing a Serious Incident Notification?",
    "Once a Serious Incident Notification has been submitted, a rapid review is required unless "
    "it is subsequently determined that the case does not meet the criteria for a Serious "
    "Incident Notification.",
    quoted=True,
)
FIFTEEN_DAYS = PANEL_GUIDANCE.at(
    "",
    "Within 15 working days, calculated from the date that the notification was sent to the Panel.",
    seen="as quoted by Cambridgeshire and Peterborough, December 2025",
)
DEVON_DAY_ZERO = DEVON.at(
    "steps 2 and 3", "The day the notification is sent is working day 0; the next is day 1."
)
PANEL_RESPONSE = KENT.at(
    "",
    "The Panel replies in approximately 10 days; 15 working days is also said. Neither was found "
    "in a text of the Panel’s own.",
    verified=False,
)

# --- The local review ----------------------------------------------------------------------------
S16F = CHILDREN_ACT_2004.at(
    "section 16F",
    "Where safeguarding partners arrange a review they must publish the report unless they "
    "consider that inappropriate; then they publish the improvements that should be made.",
    verified=False,
)
SIX_MONTHS = WORKING_TOGETHER.at(
    "chapter 5",
    "As soon as possible, and no later than six months from the date of the decision to initiate "
    "a review.",
    verified=False,
)
NO_PAUSE = WORKING_TOGETHER.at(
    "chapter 5",
    "Where other proceedings may delay publication, the partners tell the Panel and the "
    "Secretary of State the reasons.",
    verified=False,
)
ADVANCE_COPY = REGULATIONS_2018.at(
    "regulations 15 to 17",
    "A copy of the full report goes to the Panel and the Secretary of State no later than seven "
    "working days before the date of publication.",
    verified=False,
)
ADVANCE_COPY_OFSTED = WORKING_TOGETHER.at(
    "chapter 5", "A copy should also go to Ofsted.", verified=False
)
LOCAL_AVAILABLE = REGULATIONS_2018.at(
    "regulations 15 to 17",
    "The published report stays publicly available for at least one year.",
    verified=False,
)

# --- The national review -------------------------------------------------------------------------
S16B_REPORT = CHILDREN_ACT_2004.at(
    "section 16B(3)(c)",
    "Where the Panel arrange for a case to be reviewed under their supervision, they must provide "
    "the report to the Secretary of State.",
)
S16B_PUBLISH = CHILDREN_ACT_2004.at(
    "section 16B(4)",
    "The Panel must publish the report, unless they consider it inappropriate to do so.",
    quoted=True,
)
NATIONAL_COPY = REGULATIONS_2018.at(
    "regulation 9",
    "A copy of the full report goes to the Secretary of State no later than seven working days "
    "before the date of publication.",
    verified=False,
)
NATIONAL_AVAILABLE = REGULATIONS_2018.at(
    "regulation 10",
    "The published report stays publicly available for at least three years.",
    verified=False,
)

# --- Counting ------------------------------------------------------------------------------------
WORKING_DAY = REPRESENTATIONS_2006.at(
    "regulation 2",
    '"working day" means a day which is not a Saturday, Sunday, Christmas Day, Boxing Day, Good '
    "Friday or a bank holiday under the Banking and Financial Dealings Act 1971.",
    quoted=True,
)
PROCLAMATION = BANKING_ACT_1971.at(
    "section 1",
    "A day may be made a bank holiday, or another day put in its place, by royal proclamation.",
    verified=False,
)
COVID = TRAFFORD.at(
    "",
    'Relaxed "the requirements to notify in advance of publication and to publish within 6 '
    'months of initiation" and the "none-statutory expectation" of 15 working days; the 5 '
    "working days were left alone.",
    verified=False,
)

# --- Keeping -------------------------------------------------------------------------------------
KEPT_BY_POLICY = NORTHUMBERLAND.at(
    "introduction",
    "The policy in question kept a child protection file for 35 years after the case was closed, "
    "and that of a child who was looked after for 75 years from birth.",
)
KEPT_FOR_INQUIRIES = IICSA.at(
    "recommendation 17",
    "Records about child sexual abuse are to be kept for 75 years, with periods of review.",
    verified=False,
)
KEPT_AS_LONG_AS_NEEDED = UK_GDPR.at(
    "article 5(1)(e)",
    "Personal data is kept in a form that identifies people for no longer than is necessary.",
    verified=False,
)


def own_rule(words: str) -> Citation:
    """A citation of this service's own rule, for what no text at hand settles."""
    return THIS_SERVICE.at("", words)
