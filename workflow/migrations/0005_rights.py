"""Records are only added to, whoever asks; the worker reads what it needs to send, no more."""

from workflow import migrating
from workflow.access.rights import RecordRights, Rights

WORKER_READS = (
    # To make the link that sets a new password.
    "account_emailaddress",
    "workflow_case",
    "workflow_deadline",
    "workflow_grant",
    "workflow_membership",
    "workflow_organisation",
    "workflow_partnership",
    "workflow_partnershipmember",
    "workflow_person",
    "workflow_proclaimedholiday",
)


class Migration(migrating.Migration):
    """After the tables: each of them narrowed to what its use asks for."""

    dependencies = [("workflow", "0004_sign_in_rights"), ("account", "0001_initial")]

    operations = [
        *(
            Rights(table, app="SELECT, INSERT, UPDATE, DELETE", worker="SELECT")
            for table in WORKER_READS
        ),
        Rights("workflow_outbox", app="SELECT, INSERT", worker="SELECT, INSERT, UPDATE"),
        RecordRights("workflow"),
    ]
