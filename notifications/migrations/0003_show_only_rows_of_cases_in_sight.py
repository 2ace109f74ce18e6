"""What was notified is shown and taken only of cases in sight, whatever a query asks."""

from workflow import migrating
from workflow.access.rows import CaseRows

TABLES = (
    "notifications_amendment",
    "notifications_incidentchild",
    "notifications_incidentchildevent",
    "notifications_notification",
    "notifications_notificationevent",
)


class Migration(migrating.Migration):
    """After the rule was put on the tables of the case itself."""

    dependencies = [
        ("notifications", "0002_rights"),
        ("workflow", "0027_show_only_rows_of_cases_in_sight"),
    ]

    operations = [CaseRows(table) for table in TABLES]
