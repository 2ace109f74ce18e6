"""Corrections and histories only grow, whoever asks: the application may add and read."""

from workflow import migrating
from workflow.access.rights import RecordRights


class Migration(migrating.Migration):
    """No role but the owner may change or remove a record; the worker needs none of them."""

    dependencies = [("notifications", "0001_initial")]

    operations = [RecordRights("notifications")]
