"""Destroy the keys of cases that never came to be."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.sealed.errors import SealedError
from workflow.sealed.sweeping import sweep_keys


class Command(BaseCommand):
    """Keys older than an hour that no case names are destroyed."""

    help = "Destroy keys older than an hour that belong to no case."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--dry-run", action="store_true", help="only say which they are")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweeps, and says how many; refuses where the database knows none of the keys."""
        dry_run = options["dry_run"]
        try:
            orphans = sweep_keys(dry_run=dry_run)
        except SealedError as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"orphans": orphans, "destroyed": not dry_run}))
            return
        verb = "would be destroyed" if dry_run else "destroyed"
        self.stdout.write(f"{len(orphans)} keys of no case {verb}.")
