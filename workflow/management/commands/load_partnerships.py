"""Load safeguarding partnerships from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.people import partnerships


class Command(BaseCommand):
    """Loads every row of the file, or none and tells every problem."""

    help = (
        "Load partnerships from FILE.csv with the columns name, since, until, authorities (DfE "
        "codes), icbs (ODS codes), police (area codes) and, if wanted, education (names); "
        "several in one cell are separated by |."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="check, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads, then counts; a bad file is refused whole."""
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            message = f"{options['file']} can’t be read: {error.strerror}."
            raise CommandError(message) from None
        try:
            rows = partnerships.load(content, dry_run=options["dry_run"])
        except partnerships.BadRowsError as refusal:
            message = f"Nothing was loaded:\n{refusal}"
            raise CommandError(message) from None
        verb = "can be loaded" if options["dry_run"] else "loaded"
        self.stdout.write(f"{len(rows)} partnerships {verb}.")
