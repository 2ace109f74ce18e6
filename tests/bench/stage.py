"""Databases to measure in, each cloned, filled as the owner and used as the application."""

import datetime as dt
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import time_machine
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from tests import databases
from tests.bench import crowd, patterns
from tests.notifications.answers import country
from tests.story import cast

# The patterns' stories end before it.
TODAY = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Prepared:
    """A database with the cast.

    It holds the patterns, by their keys; complete drafts and sent notifications, by their tokens.
    """

    name: str
    patterns: list[int]
    drafts: list[str]
    sent: list[str]


@dataclass(frozen=True)
class Stage:
    """A database with a crowd in it; `use` makes it the one that the program talks to."""

    cases: int
    connection: BaseDatabaseWrapper
    owner: BaseDatabaseWrapper

    def use(self) -> None:
        """From now on this thread's statements go to this database."""
        connections["default"] = self.connection

    def use_as_owner(self) -> None:
        """The same as the owner of its tables, who sees every row."""
        connections["default"] = self.owner


@contextmanager
def prepared(*, drafts: int = 0, sent: int = 0) -> Iterator[Prepared]:
    """A migrated database with one case in each state, and so many others with keys of their own.

    Inside it is `TODAY`, and keys of cases lie in a folder that is gone afterwards.
    """
    before = settings.KEY_STORE
    with tempfile.TemporaryDirectory() as keys, time_machine.travel(TODAY, tick=True):
        settings.KEY_STORE = Path(keys)
        try:
            name = databases.name_for("bench_patterns")
            databases.clone(name, databases.build_template())
            with databases.pointed_at(name):
                everyone = country(cast())
                told = [story.case.pk for story in patterns.tell(everyone)]
                complete = [patterns.complete_draft(everyone).token for _ in range(drafts)]
                gone = [patterns.sent(everyone).case.token for _ in range(sent)]
            yield Prepared(name, told, complete, gone)
        finally:
            settings.KEY_STORE = before
            databases.drop_all_of_this_run()


@contextmanager
def stage(cases: int, *, on: Prepared, leaving: Collection[type[Model]] = ()) -> Iterator[Stage]:
    """A clone of the prepared database, holding this many cases (see `crowd.multiply`)."""
    name = databases.name_for(f"bench_{cases}")
    databases.clone(name, on.name)
    with databases.connected({**databases.owner(), "NAME": name}) as server:
        crowd.multiply(server, cases=cases, of=on.patterns, on=TODAY.date(), leaving=leaving)
    usual = connections["default"]
    who = databases.owner()
    # With shut eyes, so that what row security costs is measured with the rest.
    own = _connection(name, options="")
    owner = _connection(
        name, options=databases.AS_OWNER, USER=who["USER"], PASSWORD=who["PASSWORD"]
    )
    try:
        yield Stage(cases, own, owner)
    finally:
        own.close()
        owner.close()
        connections["default"] = usual
        databases.drop(name)


def _connection(name: str, *, options: str, **credentials: str) -> BaseDatabaseWrapper:
    with databases.pointed_at(name, **credentials):
        made = connections.create_connection("default")
        # The dictionary is shared, and names another database a moment later.
        made.settings_dict = dict(made.settings_dict)
        made.settings_dict["OPTIONS"] = {**made.settings_dict["OPTIONS"], "options": options}
    return made
