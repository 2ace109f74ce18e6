"""Write the children of every case into the indexes by which they are found, and renew keys."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications import index
from workflow import clock
from workflow.law.words import counted
from workflow.sealed import blind
from workflow.sealed.errors import SealedError

TOLD_AFTER = 100
REMEDY = (
    "Put what is missing of the key store back from a copy, and run this again; with --lost for "
    "the key of an index, or of a case, of which there is no copy."
)


class Command(BaseCommand):
    """Every case that can be opened is found by its children, as they are answered now."""

    help = (
        "Write the children of every case into the indexes by which the same child is found: after "
        "an upgrade to the version that first has them, after a database or a key store was "
        "restored, or when the log says that nothing is found by an index. An index older than "
        "the end of a record, or whose key was destroyed, has a new key first. Safe to break off "
        "and to run again at any time, beside the web processes and the worker. "
        "Exits with 1 when a case can’t be opened, or the key of an index can’t be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument(
            "--new-keys",
            action="store_true",
            help="first give every index whose key is at hand a new key",
        )
        parser.add_argument(
            "--lost",
            action="store_true",
            help="first give up each key that can’t be read, for ever, and make another; a case "
            "that can’t be opened is missing for good then: only where no copy of the key store "
            "has it",
        )
        parser.add_argument(
            "--renew",
            action="store_true",
            help="only give a new key to each index whose key is older than the end of a record",
        )
        parser.add_argument("--dry-run", action="store_true", help="only open each case and count")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes, tells how far it is, and says of how many cases and how many stay closed."""
        today, dry_run, renewed = clock.today(), options["dry_run"], 0
        try:
            if not dry_run:
                # Without a new key nothing could be written where the old one was destroyed.
                renewed = index.renew(on=today, states=_states(options))
        except (SealedError, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        # Those that this very run left by a new key are among them; what comes later is not.
        done, opened, gaps = 0, 0, blind.gaps()
        for could in () if options["renew"] else index.keep_all(on=today, dry_run=dry_run):
            done, opened = done + 1, opened + could
            if done % TOLD_AFTER == 0:
                self.stderr.write(f"{counted(done, 'case')} done")
        told = {"cases": done, "written": opened, "new_keys": renewed, "done": not dry_run}
        in_words = f"{counted(renewed, 'new key')}." if options["renew"] else _in_words(told)
        self.stdout.write(json.dumps(told) if options["json"] else in_words)
        lost = blind.lost()
        if not (dry_run or options["renew"] or lost) and (done == opened or options["lost"]):
            blind.filled(gaps)
        if trouble := _trouble(done - opened, lost):
            raise CommandError(f"{trouble} {REMEDY}")


def _trouble(closed: int, lost: int) -> str:
    found = []
    if closed:
        found.append(f"{counted(closed, 'case')} can’t be opened or written, and stays as it was.")
    if lost:
        found.append(f"Keys of indexes that can’t be read: {lost}.")
    return " ".join(found)


def _states(options: dict[str, Any]) -> frozenset[blind.State]:
    if options["renew"]:
        return blind.DUE
    asked = blind.ALL if options["new_keys"] else blind.REFILLED
    return asked | blind.GIVEN_UP if options["lost"] else asked


def _in_words(told: dict[str, int]) -> str:
    verb = "written" if told["done"] else "would be written"
    words = f"{told['written']} of {counted(told['cases'], 'case')} {verb}."
    return f"{words} {counted(told['new_keys'], 'new key')}." if told["new_keys"] else words
