"""An acknowledgement is added and read, and never changed; a saved filter is its person's own."""

from workflow import migrating
from workflow.access.rights import Rights


class Migration(migrating.Migration):
    """After the tables of the board."""

    dependencies = [("workflow", "0012_acknowledge_missed_dates")]

    operations = [
        Rights("workflow_breachacknowledgement", app="SELECT, INSERT"),
        Rights("workflow_savedfilter", app="SELECT, INSERT, DELETE"),
    ]
