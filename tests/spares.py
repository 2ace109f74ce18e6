"""Clones for the tests that commit: the server makes and drops them while other tests run.

The owner's two slow statements are begun and not waited for. One spare is kept, begun when the one
before it was taken, so that a test seldom waits for its database.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from psycopg import errors, pq, sql

from tests import databases


class Errand:
    """A connection of the owner's on which the server does one thing at a time, unwatched."""

    def __init__(self) -> None:
        self.server = databases.connect(databases.owner())

    def begin(self, statement: sql.Composable) -> None:
        """The server does this from now on, once what it did before has ended."""
        self.wait()
        self.server.pgconn.send_query(statement.as_string(self.server).encode())
        self.server.pgconn.flush()

    def wait(self) -> None:
        """It has ended; raises what the server refused it with."""
        refused = [
            errors.error_from_result(answer)
            for answer in iter(self.server.pgconn.get_result, None)
            if answer.status == pq.ExecStatus.FATAL_ERROR
        ]
        if refused:
            raise refused[0]


class Stock:
    """The clones of one template that one of the run's processes uses, one after the other."""

    def __init__(self, template: str) -> None:
        self.template, self.spare = template, ""
        self.making, self.dropping = Errand(), Errand()

    @contextmanager
    def own_copy(self) -> Iterator[str]:
        """Inside, the default connection goes to a copy that nobody else uses; yields its name."""
        name = self._taken()
        try:
            with databases.pointed_at(name):
                yield name
        finally:
            self._drop(name)

    def close(self) -> None:
        """Nothing of it is left, and nobody is connected."""
        with ExitStack() as stack:
            if self.spare:
                stack.callback(databases.drop, self.spare)
            for errand in (self.making, self.dropping):
                stack.callback(errand.server.close)
                stack.callback(errand.wait)

    def _taken(self) -> str:
        if not self.spare:
            self._make()
        name, self.spare = self.spare, ""
        self.making.wait()
        databases.take_tables_from_everybody(self.making.server, name)
        self._make()
        return name

    def _make(self) -> None:
        self.spare = databases.new_name()
        self.making.begin(databases.made_of(self.template, self.spare))

    def _drop(self, name: str) -> None:
        databases.disconnect(name)
        self.dropping.begin(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
