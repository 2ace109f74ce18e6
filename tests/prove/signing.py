"""What had been done of a rapid review when people were reminded of it: views, and a meeting."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.prove.world import Country

# The last column names the partner whose view it was; of a meeting, none.
SIGNED = """
SELECT case_id, sequence, at, (payload ->> 'organisation_id')::bigint
FROM workflow_event WHERE act IN ('sign_off', 'sign_off_received', 'hold_meeting')
"""
# Within so much a view may have come while the sweep was at work.
AT_WORK = timedelta(seconds=60)


class Signatures:
    """The views that were given, by case and partner, each with when it was and could be known.

    With no partner stand the meetings, after which nobody is reminded of the agencies' returns.
    """

    def __init__(
        self,
        rows: Iterable[tuple[Any, ...]],
        country: Country,
        committed: Mapping[tuple[int, int], datetime],
    ) -> None:
        self._given: defaultdict[tuple[int, int | None], list[tuple[datetime, datetime]]]
        self._given = defaultdict(list)
        for case, sequence, at, body in rows:
            known_at = max(at, committed.get((case, sequence), at))
            self._given[case, body].append((at, known_at))
        self._body = {
            person.pk: body.pk for area in country.areas for person, body in area.partners.items()
        }

    def withheld_without(self, row: tuple[Any, ...]) -> bool:
        """Whether a reminder was withheld for a view or a meeting that there had not been.

        One that a message was to carry is withheld when that leaves, or is cancelled for it.
        """
        recorded_at, withheld, message, sent_at, _, cancelled_at = row[5:11]
        left_at = (sent_at or cancelled_at) if message is not None else None
        given = self._of(row)
        return withheld in {"signed", "gathered"} and not any(
            at <= (left_at or recorded_at) + AT_WORK for at, _ in given
        )

    def asked_in_vain(self, row: tuple[Any, ...]) -> bool:
        """Whether somebody was asked for a view that had been given, or for what was gathered."""
        given = self._of(row)
        return not row[6] and any(known_at < row[5] for _, known_at in given)

    def _of(self, row: tuple[Any, ...]) -> list[tuple[datetime, datetime]]:
        case, rung, person = row[0], row[3], row[4]
        if rung == "sign-offs":
            return self._given[case, self._body[person]]
        return self._given[case, None] if rung == "agency-returns" else []
