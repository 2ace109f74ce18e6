"""Asking every address in every role, as one process over a database of its own.

What is sent is really committed. Once it changed who may see what, or who somebody is, the
database is made anew, so that what the world's readers may be shown stays true.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.prove import beside, showing, typing_in
from tests.prove.matrix import (
    ANOTHER,
    ARCHIVED,
    HIDDEN,
    OWN,
    RECUSED,
    RESTRICTED,
    SAFE,
    SIGNED_OUT,
    UNSAFE,
    Cell,
    Seen,
)
from tests.prove.servers import Database
from tests.prove.sights import Reader, Told, World, word
from tests.shown import who_it_is
from tests.templates.routes import VALUES
from workflow.machine.token import grouped, new_token

NO_KEY = 2_000_000_011
# There a key is a secret, which its page repeats.
SECRETS = "account_"
# Where administrators find restricted cases by reference, and their dates.
DATES_ALONE = {"restricted-cases", "proclaim-check", "rework"}
FOOTING = """
SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
    SELECT concat_ws(' ', 'g', id, since, until, withdrawn_at, expires_at, set_aside) AS row
        FROM workflow_grant
    UNION ALL SELECT concat_ws(' ', 'm', id, role, since, until) FROM workflow_membership
    UNION ALL SELECT concat_ws(' ', 'p', id, email, is_active, sign_in_edition, password)
        FROM workflow_person
    UNION ALL SELECT concat_ws(' ', 'f', id, digest, revoked_at) FROM workflow_calendarfeed
) AS rows
"""


class Asker:
    """Asks its share of the matrix until it is done or time is up."""

    def __init__(
        self, world: World, database: Database, name: str, *, seed: int, alone: str = "",
        prepare: Callable[[Database, str], None] | None = None,
    ) -> None:  # fmt: skip
        self.world, self.database, self.name = world, database, name
        self.chance, self.alone, self.prepare = Random(seed), alone, prepare
        self.seen, self.log = Seen(), showing.Lines()
        self.typed: dict[tuple[str, str], typing_in.Typed] = {}
        self.client, self.reader = Client(), Reader("signed out", None)
        self.all_tokens = {one.case.token for one in world.told}
        self.by_token = {one.case.token: one for one in world.told}
        self.word_of = {one.word: one.case.token for one in world.told}

    def ask(self, parts: list[list[Cell]], until: float, least: int) -> Seen:
        """What was found by the end; so many cells at least, however long that takes."""
        logging.getLogger().handlers[:] = [self.log]
        logging.getLogger().setLevel(logging.INFO)
        self.renew()
        for cells in parts:
            if time.monotonic() > until and self.seen.cells >= least:
                break
            self._block(cells)
        connections.close_all()
        self.database.ask(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        return self.seen

    def renew(self) -> None:
        """The database is as it was in the beginning."""
        connections.close_all()
        self.database.ask(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.database.ask(f"CREATE DATABASE {self.name} TEMPLATE service")
        if self.prepare:
            self.prepare(self.database, self.name)
        connection.settings_dict["NAME"] = self.name
        self.footing = self.database.ask(FOOTING, database=self.name)

    def _block(self, cells: list[Cell]) -> None:
        self._sit_down(cells[0].reader)
        before = self._digests()
        # What is filled in on a page is known before it is sent.
        for cell in sorted(cells, key=lambda one: one.method in UNSAFE):
            self.seen.cells += 1
            self.seen.roles.add(self.reader.role)
            self.seen.relations.add(cell.relation)
            if self._one(cell) and self._has_shifted():
                self._compare(before, cell)
                self.renew()
                self._sit_down(cell.reader)
                before = self._digests()
        self._compare(before, cells[-1])

    def _sit_down(self, number: int) -> None:
        """A browser of this reader's, just signed in."""
        nobody = number == len(self.world.readers)
        self.reader = Reader("signed out", None) if nobody else self.world.readers[number]
        self.client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
        if self.reader.person is not None:
            self.client.force_login(self.reader.person)
            who_it_is(self.client, self.reader.person)

    def _has_shifted(self) -> bool:
        key = self.client.cookies.get("sessionid")
        gone = self.reader.person is not None and not (key and key.value)
        return gone or self.database.ask(FOOTING, database=self.name) != self.footing

    def _one(self, cell: Cell) -> bool:
        """One square is asked; whether that may have changed who sees what."""
        one = self._case_for(cell)
        if cell.route.of_a_case and one is None:
            return False
        area = one.area if one else self._area_for(cell)
        address, parts = self._address(cell, one, area)
        if not address:
            return False
        data = self._data(cell, one, area)
        answer, shown = self._send(cell, address, data)
        if cell.method in SAFE and cell.relation == OWN and answer.status_code == 200:
            self._learn(cell.route.name, answer, shown)
        if cell.relation in HIDDEN:
            self._compare_with_nothing(cell, address, parts, data, same=(answer, shown))
        return cell.method in UNSAFE and answer.status_code < 400

    def _case_for(self, cell: Cell) -> Told | None:
        if not cell.route.of_a_case:
            return None
        hidden, seen = self.world.hidden(self.reader), self.world.seen(self.reader)
        offered = {
            OWN: [one for one in seen if not one.ended],
            ARCHIVED: [one for one in seen if one.ended],
            ANOTHER: hidden,
            RECUSED: [self.by_token[token] for token in self.reader.recused],
            RESTRICTED: [self.by_token[token] for token in self.reader.restricted],
            SIGNED_OUT: self.world.told,
        }[cell.relation]
        return self.chance.choice(offered) if offered else None

    def _area_for(self, cell: Cell) -> int:
        own = self.reader.area
        if own is None:
            return self.chance.randrange(len(self.world.areas))
        return own if cell.relation == OWN else (own + 1) % len(self.world.areas)

    def _address(self, cell: Cell, one: Told | None, area: int) -> tuple[str, dict[str, Any]]:
        for _ in range(12):
            parts = {part: self._part(part, cell, one, area) for part in cell.route.parts}
            if "section" in parts and cell.route.pages:
                parts["section"], parts["page"] = self.chance.choice(cell.route.pages)
            with suppress(NoReverseMatch):
                return reverse(cell.route.name, kwargs=parts), parts
        return "", {}

    def _part(self, part: str, cell: Cell, one: Told | None, area: int) -> Any:
        keys = self.world.keys[area]
        if part == "token":
            assert one is not None
            return one.case.token
        if part == "key":
            known = keys.get(cell.route.name) or [one for each in keys.values() for one in each]
            return self.chance.choice(known)
        if part == "place":
            return keys["place"][0]
        if part == "secret":
            return self.reader.feed if cell.relation == OWN else "no-such-secret"
        return self.chance.choice(VALUES.get(part, ["amend", "1"]))

    def _data(self, cell: Cell, one: Told | None, area: int) -> Any:
        typed = self.typed.get((cell.route.name, "post" if cell.method in UNSAFE else "get"), {})
        # Only an emergency may open what is out of sight: its own page is not asked for that.
        reference = "Plain words here"
        if cell.route.name != "emergency":
            other = one or self.chance.choice(self.world.hidden(self.reader) or self.world.told)
            reference = f"SIN-{grouped(other.case.token)}"
        found = typing_in.changed(typed, self.chance, reference=reference)
        if cell.method in SAFE and not cell.route.of_a_case:
            place = self.world.areas[area].authority.pk
            found = {name: [str(place)] if "area" in name else v for name, v in found.items()}
        return found

    def _learn(self, name: str, answer: Any, shown: str) -> None:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            for method in ("post", "get"):
                if (name, method) not in self.typed and (
                    found := typing_in.forms(shown, method=method)
                ):
                    self.typed[name, method] = found

    def _send(self, cell: Cell, address: str, data: dict[str, list[str]]) -> tuple[Any, str]:
        method: Callable[..., Any] = getattr(self.client, cell.method)
        plain = cell.method in {"get", "head", "post"}
        answer = method(address, data) if plain else method(address)
        shown = showing.body(answer)
        self.seen.requests += 1
        self.seen.addresses.add(showing.TOKEN.sub("…", address))
        where = f"{cell.method} {cell.route.name} as {self.reader.role} of {cell.relation}"
        if answer.status_code >= 500:
            fault = showing.fault(answer)
            self.seen.server_errors[f"{where}: {answer.status_code} {fault}"] += 1
        kind = answer.headers.get("Content-Type", "")
        self.seen.files += "attachment" in answer.headers.get("Content-Disposition", "")
        self.seen.feeds += kind.startswith("text/calendar")
        asked = showing.canaries(f"{address} {data}")
        told = showing.canaries(f"{showing.around(answer)}\n{shown}")
        for leak in sorted(told - asked):
            self.seen.shown += leak in self.all_tokens or leak in self.word_of
            if not self._may_be_shown(leak, cell.route.name):
                self.seen.leaks[f"{where}: {leak}"] += 1
        lines = self.log.taken()
        self.seen.log_lines += len(lines)
        for leak in showing.canaries("\n".join(lines)) - asked:
            if leak in self.word_of or leak in self.all_tokens - self.reader.tokens:
                self.seen.leaks[f"{where}: {leak} in the log"] += 1
        return answer, shown

    def _may_be_shown(self, leak: str, page: str) -> bool:
        if leak in self.all_tokens:
            watched = self.reader.watched if page in DATES_ALONE else set()
            return leak in self.reader.tokens | watched
        if self.alone == "rows" and self.word_of.get(leak) in self.reader.tokens:
            # Row security knows cases, not what of them a role reads.
            return True
        of_this_world = leak in self.word_of or leak in self._area_words
        return not of_this_world or leak in self.reader.words

    @cached_property
    def _area_words(self) -> set[str]:
        return {word(number) for number in range(len(self.world.areas))}

    def _compare_with_nothing(
        self, cell: Cell, address: str, parts: dict[str, Any], data: Any, *, same: Any
    ) -> None:
        """The same question about what is not there is answered alike."""
        local = self.reader.area is not None or self.reader.person is None
        if "token" in parts:
            other = {**parts, "token": new_token()}
            said = [[grouped(p["token"]), p["token"]] for p in (parts, other)]
        elif "key" in parts and local and not cell.route.name.startswith(SECRETS):
            other, said = {**parts, "key": NO_KEY}, [[], []]
        else:
            return
        elsewhere = reverse(cell.route.name, kwargs=other)
        answer, shown = self._send(cell, elsewhere, data)
        theirs = showing.same(*same, address, *said[0])
        nothing = showing.same(answer, shown, elsewhere, *said[1])
        if theirs != nothing:
            where = f"{cell.method} {cell.route.name} as {self.reader.role} of {cell.relation}"
            statuses = f"{theirs[0]} but {nothing[0]}"
            self.seen.differences[f"{where}: {statuses}"] += 1

    def _digests(self) -> dict[str, Any]:
        hidden = self.world.hidden(self.reader)
        of = {
            "cases": [one.case.pk for one in hidden],
            "watched": [one.case.pk for one in hidden if one.case.token in self.reader.watched],
            "me": self.reader.person and self.reader.person.pk,
            "dates_alone": sorted(DATES_ALONE),
        }
        with self.database.connected(self.name) as server:
            return {
                table: server.execute(statement.encode(), of).fetchone()
                for table, statement in _statements().items()
            }

    def _compare(self, before: dict[str, Any], cell: Cell) -> None:
        after = self._digests()
        for table, digest in after.items():
            if digest != before[table]:
                self.seen.changed[f"{table} by {self.reader.role} about {cell.route.name}"] += 1


_STATEMENTS: dict[str, str] = {}


def _statements() -> dict[str, str]:
    if not _STATEMENTS:
        _STATEMENTS.update(beside.digests())
    return _STATEMENTS
