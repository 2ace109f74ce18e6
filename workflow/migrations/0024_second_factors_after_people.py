"""The tables of second factors are made after the people that they point to."""

from typing import ClassVar

from django.db import migrations

from workflow import migrating


class Migration(migrating.Migration):
    """Nothing but an order."""

    dependencies = [("workflow", "0023_end_sessions_by_edition")]
    run_before = [("mfa", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = []
