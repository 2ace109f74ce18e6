"""What the service may read and write beyond anybody's sight, by named purposes and no others.

What a transaction is taken for is said by `context`; `rows` puts these rules on the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OWNERS_PURPOSE = "owner"
HEALTH, KEYS, DATES, EMERGENCIES = "health", "keys", "dates", "emergencies"
AUDIT, RESTRICTED, CHILDREN = "audit", "restricted", "children"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the service may read beyond anybody's sight: in which tables, and what for.

    Of these it also writes rows of those in `writes`.
    """

    what_for: str
    tables: frozenset[str]
    # Of a table, the condition that holds besides.
    only: Mapping[str, str] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()


def said(name: str, kind: str) -> str:
    """What the transaction under way has said of itself, as SQL."""
    # In a query of its own, so that it is read once for a statement and not for each row. After
    # a transaction the setting is empty, not absent.
    return f"(SELECT nullif(current_setting('sight.{name}', true), '')::{kind})"


# What whoever watches over dates for a body would see, were the case not restricted.
_WATCHED = (
    "(set_aside AND withdrawn_at IS NULL AND capacity IN ('notifying_authority', 'operator')"
    f" AND organisation_id = ANY ({said('watched_bodies', 'bigint[]')}::bigint[]))"
)

PURPOSES: dict[str, Purpose] = {
    HEALTH: Purpose(
        "Counts what waits, what was sent and what is owed, for the answers to machines, the page "
        "of service status and the commands that only count; finds for that page what was not sent "
        "and needs a person.",
        frozenset(
            {
                "notifications_attacheddocument",
                "workflow_case",
                "workflow_deadletteract",
                "workflow_deadline",
                "workflow_disposalstep",
                "workflow_grant",
                "workflow_leaf",
                "workflow_outbox",
                "workflow_plannedrung",
                "workflow_reminder",
            }
        ),
    ),
    KEYS: Purpose(
        "Lists which keys belong to a case, so that only keys of no case, and of ended records, "
        "are destroyed, and none that a legal hold keeps.",
        frozenset({"workflow_case", "workflow_holdlifted", "workflow_legalhold"}),
    ),
    DATES: Purpose(
        "Shows which open dates a changed calendar would move, and whom to tell.",
        frozenset({"workflow_case", "workflow_deadline", "workflow_grant"}),
    ),
    EMERGENCIES: Purpose(
        "Finds a case opened in an emergency by its reference, and shows what was opened so "
        "to those who review it.",
        frozenset({"workflow_case", "workflow_emergency", "workflow_emergencyreview"}),
    ),
    AUDIT: Purpose(
        "Reads the audit log, and what its entries say without what people wrote, for the commands "
        "that export and verify it.",
        frozenset({"workflow_case", "workflow_event", "workflow_leaf", "workflow_look"}),
    ),
    RESTRICTED: Purpose(
        "Shows administrators that a case of their body’s is restricted, and its dates.",
        frozenset({"workflow_case", "workflow_deadline", "workflow_grant"}),
        {
            "workflow_grant": _WATCHED,
            "workflow_case": "(SELECT true FROM workflow_grant g"  # noqa: S608 - words of its own
            f" WHERE g.case_id = workflow_case.id AND {_WATCHED} LIMIT 1) IS NOT NULL",
            "workflow_deadline": "(SELECT true FROM workflow_case c"
            " WHERE c.id = workflow_deadline.case_id AND c.restricted) IS NOT NULL",
        },
    ),
    CHILDREN: Purpose(
        "Finds cases, of whatever authority, by the digests of their children, for the Panel’s "
        "people; makes and renews these digests.",
        frozenset(
            {
                "notifications_childdigest",
                "notifications_nationaldigest",
                "workflow_case",
                "workflow_disposalstep",
            }
        ),
        writes=frozenset({"notifications_childdigest", "notifications_nationaldigest"}),
    ),
}


def tables_of_purposes() -> set[str]:
    """Every table of which the service sees rows that nobody else does."""
    return {table for purpose in PURPOSES.values() for table in purpose.tables}
