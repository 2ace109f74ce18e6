"""Copy the key store to its places, or put back from a copy what the store lacks."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow import clock
from workflow.sealed import copies, keys
from workflow.sealed.errors import SealedError
from workflow.sealed.sweeping import settle_keys


class Command(BaseCommand):
    """The key store has copies of its own, kept for days."""

    help = (
        "make copies the key store to each place in KEY_COPIES and removes copies older than "
        "KEY_COPIES_DAYS; put-back FOLDER brings back what the store lacks, and nothing that was "
        "destroyed; list names the copies. Exits with 1 where a place failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares what to do, and its options."""
        parser.add_argument("do", choices=("make", "put-back", "list"))
        parser.add_argument("folder", nargs="?", type=Path, help="the copy, for put-back")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come back")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, and says what it did."""
        if not settings.KEY_COPIES and options["do"] != "put-back":
            raise CommandError("KEY_COPIES names no place. Set it to one or more folders.")
        if options["do"] == "put-back":
            self._put_back(options["folder"], options)
        elif options["do"] == "make":
            self._make(options)
        else:
            self._list(options)

    def _make(self, options: dict[str, Any]) -> None:
        done = keys.copy(clock.now())
        if options["json"]:
            made, removed = map(str, done.made), map(str, done.removed)
            told = {"keys": done.keys, "made": [*made], "removed": [*removed]}
            self.stdout.write(json.dumps({**told, "failed": done.failed}))
        else:
            self.stdout.write(f"{done.keys} keys copied to {len(done.made)} places.")
        _refuse(done.failed)

    def _list(self, options: dict[str, Any]) -> None:
        found: list[str] = []
        unread: dict[str, str] = {}
        for place in settings.KEY_COPIES:
            try:
                found += [str(path) for _, path in copies.copies(place)]
            except OSError as trouble:
                unread[str(place)] = f"can’t be read ({trouble.strerror})"
        told = {"copies": found, "unread": unread}
        self.stdout.write(json.dumps(told) if options["json"] else _lines(found))
        _refuse(unread)

    def _put_back(self, folder: Path | None, options: dict[str, Any]) -> None:
        if folder is None:
            raise CommandError("Name the copy to put back: manage.py key_copies list names them.")
        dry_run = options["dry_run"]
        try:
            done = copies.put_back(keys.store(), folder, dry_run=dry_run)
            # What the copy could not know yet: records that ended since.
            ended = [] if dry_run else settle_keys().ended
        except (SealedError, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            told = {"keys": done.keys, "holds": done.holds, "ended": ended, "done": not dry_run}
            self.stdout.write(json.dumps(told))
            return
        verb = "would be put back" if dry_run else "put back"
        self.stdout.write(f"{len(done.keys)} keys and {done.holds} holds {verb}.")


def _refuse(failed: dict[str, str]) -> None:
    """Raises CommandError where there is a place that failed, with why."""
    if failed:
        raise CommandError(_lines([f"{place}: {why}" for place, why in failed.items()]))


def _lines(found: list[str]) -> str:
    return "\n".join(found)
