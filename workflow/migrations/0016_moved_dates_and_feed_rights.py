"""What was moved is added to and read; of a calendar's address only its end is ever written."""

from workflow import migrating
from workflow.access.rights import Rights, UpdateRight


class Migration(migrating.Migration):
    """After the tables of moved dates and of calendar feeds."""

    dependencies = [("workflow", "0015_moved_dates_and_calendar_feeds")]

    operations = [
        Rights("workflow_datesmoved", app="SELECT, INSERT"),
        Rights("workflow_calendarfeed", app="SELECT, INSERT"),
        UpdateRight("workflow_calendarfeed", "revoked_at", "app"),
    ]
