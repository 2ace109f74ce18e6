"""Load authorities, forces, boards, national bodies and code lists."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflow.people import reference


class Command(BaseCommand):
    """Brings the reference data to what the committed files say; twice is as good as once."""

    help = "Load local authorities, police forces, care boards and code lists."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads, saying what it does as it goes, then counts."""
        dry_run = options["dry_run"]
        loaded = reference.load(dry_run=dry_run, tell=self.stderr.write)
        if dry_run:
            self.stdout.write("Nothing was changed. This is what would have been:")
        for kind, count in loaded.counts.items():
            self.stdout.write(
                f"{kind}: {count.total} ({count.added} added, {count.changed} changed,"
                f" {count.same} as they were)"
            )
