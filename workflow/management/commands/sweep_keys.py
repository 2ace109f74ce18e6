"""Destroy keys of cases that never came to be, and settle the store with the database."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.sealed.errors import SealedError
from workflow.sealed.sweeping import let_go, settle_keys, sweep_keys


class Command(BaseCommand):
    """Keys older than an hour that no case names are destroyed, and those of ended records."""

    help = (
        "Destroy keys older than an hour that belong to no case, and keys of records that were "
        "ended; let legal holds stand in the key store as they stand in the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--dry-run", action="store_true", help="only say which they are")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--let-go",
            metavar="KEY",
            help="only take away the marks beside this key of which the database knows no hold",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweeps, and says how many; refuses where the database knows none of the keys."""
        dry_run = options["dry_run"]
        if key_id := options["let_go"]:
            marks = let_go(key_id, dry_run=dry_run)
            if not marks:
                raise CommandError("No mark beside this key is unknown to the database.")
            self.stdout.write(f"{marks} marks {'would be ' if dry_run else ''}taken away.")
            return
        try:
            orphans, settled = sweep_keys(dry_run=dry_run), settle_keys(dry_run=dry_run)
        except (SealedError, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(
                json.dumps({"orphans": orphans, "destroyed": not dry_run, **vars(settled)})
            )
            return
        verb = "would be destroyed" if dry_run else "destroyed"
        self.stdout.write(f"{len(orphans)} keys of no case {verb}.")
        if settled.ended:
            self.stdout.write(f"{len(settled.ended)} keys of ended records {verb}.")
        for words, found in (
            ("are held, and the database knows of no such hold", settled.unknown),
            (
                "are of indexes that the database does not know: let them go once it is the newest",
                settled.unknown_indexes,
            ),
            ("of ended records are held all the same", settled.in_the_way),
            ("were destroyed, and their records stand: end them again", settled.back_again),
            ("of ended records lie in a copy that can’t be written", settled.out_of_reach),
        ):
            if found:
                self.stdout.write(f"{len(found)} keys {words}: {', '.join(found)}")
