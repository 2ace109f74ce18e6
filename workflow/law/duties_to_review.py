"""The duties that follow a notification: D5 to D10."""

import datetime as dt

from workflow.law import bodies, citations, moments, readings
from workflow.law.duties_to_notify import COMMENCEMENT
from workflow.law.duty import Duty, Limit

COVID_NOTE = dt.date(2020, 3, 30)
# The guidance names its month and no day: from the last of it on, it had appeared.
GUIDANCE_OF_2025 = dt.date(2025, 6, 30)

RAPID_REVIEW = Duty(
    code="D5",
    slug="rapid-review",
    address="rapid-review",
    title="Send the rapid review",
    act="undertake a rapid review and send it to the {notified}",
    owed_by=bodies.LOCAL_PARTNERS,
    owed_to=(bodies.PANEL,),
    act_verb="should",
    limit_verb="is expected to",
    clock_starts=moments.NOTIFICATION_SENT,
    clock_stops=moments.RAPID_REVIEW_RECEIVED,
    cites=(citations.RAPID_REVIEW_REQUIRED, citations.FIFTEEN_DAYS),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days=15,
            citation=citations.FIFTEEN_DAYS,
            verified=False,
            note="What the Panel’s guidance said before June 2025 was not read.",
        ),
        Limit(
            since=COVID_NOTE,
            working_days=15,
            citation=citations.COVID,
            relaxation=True,
            verified=False,
            note="Relaxed by the coronavirus measures; the end was not found.",
        ),
        Limit(since=GUIDANCE_OF_2025, working_days=15, citation=citations.FIFTEEN_DAYS),
    ),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.RAPID_REVIEW_CLOCK,
        readings.DAY_THE_PANEL_RECEIVES,
    ),
)
PANEL_RESPONSE = Duty(
    code="D6",
    slug="panel-response",
    address="panel-response",
    title="Panel’s response to the rapid review",
    act="respond to the rapid review",
    owed_by=bodies.THE_PANEL,
    owed_to=(bodies.PARTNERS,),
    act_verb="is expected to",
    limit_verb="is expected to",
    clock_starts=moments.RAPID_REVIEW_RECEIVED,
    clock_stops=moments.RESPONSE_ISSUED,
    cites=(citations.PANEL_RESPONSE,),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days=15,
            citation=citations.PANEL_RESPONSE,
            verified=False,
            note="A service level, which can be set to another length from a day on.",
        ),
    ),
    readings=(
        readings.DAY_ZERO,
        readings.WEEKEND_START,
        readings.END_OF_DAY,
        readings.DAY_THE_PANEL_RECEIVES,
        readings.PANEL_RESPONSE,
    ),
)
LOCAL_REVIEW = Duty(
    code="D7",
    slug="local-review",
    address="local-review",
    title="Complete and publish the local review",
    act="complete the local child safeguarding practice review and publish its report",
    owed_by=bodies.LOCAL_PARTNERS,
    owed_to=(),
    act_verb="must",
    limit_verb="should",
    clock_starts=moments.REVIEW_DECIDED,
    clock_stops=moments.REVIEW_PUBLISHED,
    cites=(citations.S16F, citations.NO_PAUSE),
    limits=(
        Limit(
            since=COMMENCEMENT,
            calendar_months=6,
            citation=citations.SIX_MONTHS,
            verified=False,
        ),
        Limit(
            since=COVID_NOTE,
            calendar_months=6,
            citation=citations.COVID,
            relaxation=True,
            verified=False,
            note="Relaxed by the coronavirus measures; the end was not found.",
        ),
    ),
    readings=(
        readings.MONTHS,
        readings.END_OF_DAY,
        readings.SIX_MONTHS_START,
        readings.NO_PAUSE,
    ),
)
ADVANCE_COPY = Duty(
    code="D8",
    slug="advance-copy",
    address="advance-copy",
    title="Send the copy before publication",
    act="send a copy of the full report to the {notified} and the Secretary of State, and should "
    "send one to Ofsted",
    owed_by=bodies.LOCAL_PARTNERS,
    owed_to=(bodies.PANEL, bodies.SECRETARY_OF_STATE, bodies.OFSTED),
    act_verb="must",
    limit_verb="must",
    clock_starts=moments.PUBLICATION_PLANNED,
    clock_stops=moments.ADVANCE_COPY_SENT,
    cites=(citations.ADVANCE_COPY, citations.ADVANCE_COPY_OFSTED),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days_before=7,
            citation=citations.ADVANCE_COPY,
            verified=False,
        ),
        Limit(
            since=COVID_NOTE,
            working_days_before=7,
            citation=citations.COVID,
            relaxation=True,
            verified=False,
            note="Relaxed by the coronavirus measures; the end was not found.",
        ),
    ),
    readings=(readings.BACKWARDS, readings.END_OF_DAY),
)
NATIONAL_REPORT_TO_SOS = Duty(
    code="D9",
    slug="national-report-to-sos",
    address="national-report-to-sos",
    title="Send the national report to the Secretary of State",
    act="provide the report of a national review to the Secretary of State",
    owed_by=bodies.THE_PANEL,
    owed_to=(bodies.SECRETARY_OF_STATE,),
    act_verb="must",
    limit_verb="must",
    clock_starts=moments.NATIONAL_PUBLICATION_PLANNED,
    clock_stops=moments.NATIONAL_REPORT_SENT,
    cites=(citations.S16B_REPORT, citations.NATIONAL_COPY),
    limits=(
        Limit(
            since=COMMENCEMENT,
            working_days_before=7,
            citation=citations.NATIONAL_COPY,
            verified=False,
        ),
    ),
    readings=(readings.BACKWARDS, readings.END_OF_DAY),
)
KEEP_REPORT_AVAILABLE = Duty(
    code="D10",
    slug="keep-report-available",
    address="keep-report-available",
    title="Keep the local report publicly available",
    act="keep the published report of a local review publicly available",
    owed_by=bodies.LOCAL_PARTNERS,
    owed_to=(),
    act_verb="must",
    limit_verb="must",
    clock_starts=moments.REVIEW_PUBLISHED,
    clock_stops=moments.AVAILABILITY_ENDS,
    cites=(citations.LOCAL_AVAILABLE,),
    limits=(
        Limit(
            since=COMMENCEMENT,
            calendar_years=1,
            citation=citations.LOCAL_AVAILABLE,
            verified=False,
        ),
    ),
    readings=(readings.MONTHS,),
)
KEEP_NATIONAL_REPORT_AVAILABLE = Duty(
    code="D10N",
    slug="keep-national-report-available",
    address="keep-national-report-available",
    title="Keep the national report publicly available",
    act="keep the published report of a national review publicly available",
    owed_by=bodies.THE_PANEL,
    owed_to=(),
    act_verb="must",
    limit_verb="must",
    clock_starts=moments.NATIONAL_REVIEW_PUBLISHED,
    clock_stops=moments.AVAILABILITY_ENDS,
    cites=(citations.NATIONAL_AVAILABLE, citations.S16B_PUBLISH),
    limits=(
        Limit(
            since=COMMENCEMENT,
            calendar_years=3,
            citation=citations.NATIONAL_AVAILABLE,
            verified=False,
        ),
    ),
    readings=(readings.MONTHS,),
)
