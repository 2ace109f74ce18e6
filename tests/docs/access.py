"""What the policy says, as Markdown: roles, acts, capacities, and what the database guards."""

from django.db.migrations.loader import MigrationLoader

from tests.docs.markdown import table
from workflow.access.policy import ACTS, Permission
from workflow.access.purposes import PURPOSES
from workflow.access.reach import reaches
from workflow.access.rows import CaseRows
from workflow.models import Capacity
from workflow.people import roles


def reach() -> str:
    """Each role, and the capacities in which its organisation's grant reaches a holder."""
    rows = []
    for role in roles.ALL:
        found = [str(one.label) for one in Capacity if reaches(role.slug, one)]
        if len(found) == len(Capacity):
            words = "any"
        elif found:
            words = "any but as safeguarding partner"
        elif role.reads_cases:
            words = "none: only a grant in the person’s own name"
        else:
            words = "none: reads no case"
        rows.append([role.title, words])
    return table(["role", "its organisation’s grants that reach it"], rows)


def acts_on_a_case() -> str:
    """The acts that need a case: who, and in which capacities."""
    rows = [
        [f"`{act}`", _roles(needs), _capacities(needs)]
        for act, needs in ACTS.items()
        if needs.capacities
    ]
    return table(["act", "roles", "sight of the case as"], rows)


def acts_on_no_case() -> str:
    """The acts that need none."""
    rows = [[f"`{act}`", _roles(needs)] for act, needs in ACTS.items() if not needs.capacities]
    return table(["act", "roles"], rows)


def purposes() -> str:
    """What the service reads for itself beyond anybody's sight, and where."""
    rows = [
        [name, what.what_for, ", ".join(f"`{one}`" for one in sorted(what.tables))]
        for name, what in PURPOSES.items()
    ]
    return table(["purpose", "what for", "tables"], rows)


def guarded_tables() -> str:
    """Each table under row security, as its migration says."""
    rows = sorted(_guarded(rule) for rule in rules())
    return table(["table", "shown and taken when", "the worker too"], rows)


def rules() -> list[CaseRows]:
    """What the migrations put on tables, the newest for each."""
    known = MigrationLoader(None).disk_migrations
    return list(
        {
            operation.table: operation
            for key in sorted(known)
            for operation in known[key].operations
            if isinstance(operation, CaseRows)
        }.values()
    )


def _guarded(rule: CaseRows) -> list[str]:
    if rule.table == "workflow_grant":
        words = "it is one’s own, or of the case at hand; written only for the case at hand"
    elif not rule.key:
        words = "never: for a purpose of the service alone"
    elif rule.home:
        words = f"the case in `{rule.key}` is in sight and one’s own authority’s"
        words += "; written whatever the case" if rule.free else ""
    elif rule.through:
        words = f"the row of `{rule.through}` that `{rule.key}` names is"
    else:
        words = f"the case in `{rule.key}` is in sight"
    if rule.alone:
        words += ", or there is none"
    if rule.of:
        words += f", and `{rule.of}` is the person"
    if rule.also:
        words += f", or the one in `{rule.also}`; written only when both are"
    return [f"`{rule.table}`", words, "yes" if rule.worker else ""]


def _roles(needs: Permission) -> str:
    return ", ".join(role.title for role in roles.ALL if role.slug in needs.roles)


def _capacities(needs: Permission) -> str:
    found = [str(one.label) for one in Capacity if one in needs.capacities]
    return "any" if len(found) == len(Capacity) else ", ".join(found)
