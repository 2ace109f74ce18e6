"""The duties to notify: D1 to D4. Read with section 16C open and tick them off."""

import datetime as dt

from workflow.law import bodies, citations, moments, readings
from workflow.law.duty import Duty, Limit

# Sections 16A to 16F and the regulations came into force on this day.
COMMENCEMENT = dt.date(2018, 6, 29)
WORKING_TOGETHER_2023 = dt.date(2023, 12, 15)
# The page was read as it stood in that month, on a day that is not known: its last is the safe one.
PAGE_OF_2025 = dt.date(2025, 12, 31)

NOTIFY_THE_PANEL = Duty(
    code="D1",
    slug="notify-the-panel",
    address="notify-1",
    title="Notify the Panel",
    act="notify the {notified_body}",
    owed_by=bodies.AUTHORITY_OF_THE_PLACE,
    owed_to=(bodies.PANEL,),
    act_verb="must",
    limit_verb="should",
    clock_starts=moments.AWARE,
    clock_stops=moments.NOTIFICATION_SENT,
    cites=(citations.S16C, citations.WHO_NOTIFIES, citations.ONE_NOTIFICATION),
    limits=(Limit(since=COMMENCEMENT, working_days=5, citation=citations.FIVE_DAYS),),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.BECOMING_AWARE,
        readings.ABUSE_SUSPECTED_LATER,
        readings.MUST_AND_SHOULD,
        readings.OUTSIDE_ENGLAND,
        readings.ONE_INCIDENT,
        readings.SERIOUS_HARM,
        readings.AGE_NOT_KNOWN,
        readings.TWO_AUTHORITIES,
        readings.HARM_BECOMES_DEATH,
        readings.LEARNED_AFTER_SENDING,
        readings.CORRECTED_AFTERWARDS,
    ),
)
TELL_THE_PARTNERS = Duty(
    code="D2",
    slug="tell-the-partners",
    address="notify-2",
    title="Tell the safeguarding partners",
    act="report the event to the safeguarding partners for its area, and for others if appropriate",
    owed_by=bodies.AUTHORITY_OF_THE_PLACE,
    owed_to=(bodies.PARTNERS,),
    act_verb="should",
    limit_verb="should",
    clock_starts=moments.AWARE,
    clock_stops=moments.PARTNERS_TOLD,
    cites=(citations.TELL_PARTNERS,),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days=5,
            citation=citations.TELL_PARTNERS_2018,
            verified=False,
            note="The five working days of the Panel’s own limit are taken for it.",
        ),
        Limit(
            since=WORKING_TOGETHER_2023,
            working_days=5,
            citation=citations.TELL_PARTNERS,
            note="The guidance appeared in December 2023; the day in it is unverified.",
        ),
    ),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.BECOMING_AWARE,
        readings.ABUSE_SUSPECTED_LATER,
    ),
)
LOOKED_AFTER_CHILD_DEATH = Duty(
    code="D3",
    slug="looked-after-child-death",
    address="notify-3",
    title="Notify a looked-after child’s death",
    act="notify the Secretary of State and Ofsted that a child it looked after has died, whether "
    "or not abuse or neglect is known or suspected",
    owed_by=bodies.AUTHORITY_LOOKING_AFTER,
    owed_to=(bodies.SECRETARY_OF_STATE, bodies.OFSTED),
    act_verb="must",
    limit_verb="should",
    clock_starts=moments.AWARE,
    clock_stops=moments.NOTIFICATION_SENT,
    cites=(citations.LOOKED_AFTER_DEATH, citations.SCHEDULE_2_PARA_20),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days=5,
            citation=citations.LOOKED_AFTER_FIVE_DAYS,
            verified=False,
            note="What the page said before December 2025 was not read.",
        ),
        Limit(since=PAGE_OF_2025, working_days=5, citation=citations.LOOKED_AFTER_FIVE_DAYS),
    ),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.BECOMING_AWARE,
        readings.TWO_AUTHORITIES,
        readings.LEARNED_AFTER_SENDING,
        readings.CORRECTED_AFTERWARDS,
    ),
)
CARE_LEAVER_DEATH = Duty(
    code="D4",
    slug="care-leaver-death",
    address="notify-4",
    title="Notify a care leaver’s death",
    act="notify the Secretary of State and Ofsted of the death of a care leaver aged up to 24",
    owed_by=bodies.AUTHORITY_OF_CARE_LEAVER,
    owed_to=(bodies.SECRETARY_OF_STATE, bodies.OFSTED),
    act_verb="should",
    limit_verb="should",
    clock_starts=moments.AWARE,
    clock_stops=moments.NOTIFICATION_SENT,
    cites=(citations.CARE_LEAVER, citations.CARE_LEAVER_VOLUNTARY),
    limits=(
        Limit(
            since=WORKING_TOGETHER_2023,
            working_days=5,
            citation=citations.CARE_LEAVER_FIVE_DAYS,
            verified=False,
            note="The guidance appeared in December 2023; the day in it is unverified.",
        ),
    ),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.BECOMING_AWARE,
        readings.CARE_LEAVER_SOFT,
        readings.LEARNED_AFTER_SENDING,
        readings.CORRECTED_AFTERWARDS,
    ),
    soft=True,
)
