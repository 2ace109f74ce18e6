"""How many statements a path sends to the database, and how many of them are about the work.

Set apart, at most six together, is what every signed-in request pays: transaction statements, the
session, who is signed in and in which roles they act today, the database's context, and the view
log.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

AROUND_AT_MOST = 6
AROUND = re.compile(
    r"""^\s*(?:
        BEGIN | COMMIT | ROLLBACK | SAVEPOINT | RELEASE | SET | SELECT\ set_config
        | (?:SELECT|UPDATE|INSERT|DELETE)\b [^;]*? \b(?:FROM|UPDATE|INTO)\ "django_session"
        | UPDATE\ "django_session"
        | INSERT\ INTO\ "workflow_look"
        | SELECT\b [^;]*? \bFROM\ "workflow_person"\ WHERE\ "workflow_person"\."id"
        | SELECT\b [^;]*? \bFROM\ "workflow_membership"\ [^;]*?
            \bWHERE\ \(?"workflow_membership"\."person_id"\ =
        | SELECT\ "workflow_membership"\."organisation_id"\ [^;]*? "workflow_membership"\."role"
            [^;]*? \bFROM\ "workflow_membership"\ INNER\ JOIN\ "workflow_person"
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass
class Statements:
    """What was sent, in order, in its two parts."""

    counted: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)

    def add(self, sql: str) -> None:
        """The statement stands in the part it belongs to."""
        (self.around if AROUND.match(sql) else self.counted).append(sql)

    @property
    def within(self) -> bool:
        """Whether what is set apart is as little as promised."""
        return len(self.around) <= AROUND_AT_MOST


@contextmanager
def statements() -> Iterator[Statements]:
    """Inside, each statement of this thread is written down; a batch is one statement."""
    found = Statements()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.add(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
