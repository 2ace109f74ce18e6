"""Keys of cases that never came to be are destroyed, by the beat each day or by hand."""

from datetime import timedelta

from django.apps import apps

from workflow import clock
from workflow.access import context
from workflow.sealed import keys

# A younger key may belong to a case that is still to commit.
LEAST_AGE = timedelta(hours=1)


def sweep_keys(*, dry_run: bool = False) -> list[str]:
    """The keys older than an hour that no case names, destroyed unless only asked for.

    Raises SealedError where the database knows none of the keys.
    """
    with context.serving(context.KEYS):
        known = apps.get_model("workflow", "Case").objects.values_list("key_id", flat=True)
        return keys.sweep_orphans(known, clock.now() - LEAST_AGE, dry_run=dry_run)
