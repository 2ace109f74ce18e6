"""The sweep asks a partner again whose view is of words that were replaced since.

Of the trail the worker reads besides that they were, and the order of its entries.
"""

from workflow import migrating
from workflow.access.rights import ReadRight, Undone
from workflow.access.rows import WorkerRows

VIEWS = "'open', 'sign_off', 'sign_off_received'"
GATHERED = "'hold_meeting', 'draft_report', 'seek_signatures'"


def shown(acts: str) -> WorkerRows:
    """The worker is shown rows of the trail: these acts of a rapid review."""
    return WorkerRows("workflow_event", f"machine = 'rapid review' AND act IN ({acts})")


class Migration(migrating.Migration):
    """One more act, and one more column."""

    dependencies = [("workflow", "0049_dates_of_one_authority")]

    operations = [
        ReadRight("workflow_event", "sequence", "worker"),
        Undone(shown(f"{VIEWS}, {GATHERED}")),
        shown(f"{VIEWS}, {GATHERED}, 'rewrite_rapid_review'"),
    ]
