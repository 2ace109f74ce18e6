"""`manage.py demo_people`: who can sign in to the demo, by role."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reviews.demo.people import sign_ins


class Command(BaseCommand):
    """Prints the demo's sign-ins; needs no database."""

    help = "Print the demo’s sign-ins by role."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--markdown", action="store_true", help="print a Markdown table")

    def handle(self, *args: Any, **options: Any) -> None:
        """One row for each role."""
        rows = sign_ins()
        if options["json"]:
            self.stdout.write(json.dumps([row._asdict() for row in rows], indent=2))
            return
        wide = [max(len(str(row[column])) for row in rows) for column in range(3)]
        if options["markdown"]:
            self.stdout.write("| role | e-mail | password |\n| --- | --- | --- |")
            for row in rows:
                self.stdout.write(f"| {row.role} | {row.email} | `{row.password}` |")
            return
        for row in rows:
            cells = (text.ljust(width) for text, width in zip(row, wide, strict=True))
            self.stdout.write("  " + "  ".join(cells).rstrip())
