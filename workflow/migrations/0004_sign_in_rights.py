"""The sign-in package's tables are made after the people that they point to.

That package depends on "the first migration" of the app that holds the people, which here makes
roles and not yet people; so the order has to be said from this side.
"""

from typing import ClassVar

from django.db import migrations

from workflow import migrating


class Migration(migrating.Migration):
    """Nothing but an order."""

    dependencies = [("workflow", "0003_initial")]
    run_before = [("account", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = []
