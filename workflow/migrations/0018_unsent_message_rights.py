"""A person has a message tried again through the application; health is read by both roles.

Of a message the application changes only what trying again changes. The worker reads when somebody
was given a role, to say who ought to have been told; nothing of it is about a case.
"""

from workflow import migrating
from workflow.access.rights import Rights, UpdateRight

CHANGED_BY_TRYING_AGAIN = ("attempts", "dead_at", "fault", "lease_until", "next_attempt_at")


class Migration(migrating.Migration):
    """After the table of what was done about messages that could not be sent."""

    dependencies = [("workflow", "0017_deal_with_unsent_messages")]

    operations = [
        Rights("workflow_deadletteract", app="SELECT, INSERT", worker="SELECT"),
        *(UpdateRight("workflow_outbox", column, "app") for column in CHANGED_BY_TRYING_AGAIN),
        Rights("django_migrations", app="SELECT", worker="SELECT"),
        Rights("workflow_membershipevent", app="SELECT, INSERT", worker="SELECT"),
    ]
