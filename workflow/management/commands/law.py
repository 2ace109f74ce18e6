"""`manage.py law`: the law as one page, and whether the committed page is current."""

import datetime as dt
import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.law import document

PAGE = Path("docs") / "law.md"


def a_date(text: str) -> dt.date:
    """The date written as year-month-day; argparse turns the refusal into one sentence."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise ArgumentTypeError(f"{text!r} is not a date; write it as 2026-12-18.")


class Command(BaseCommand):
    """Prints the page, writes it, or says that the committed one is stale. No database."""

    help = (
        "Print the law this service applies: duties, time limits, readings, recipients, working "
        "days and the states of a case, as the page docs/law.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Three ways to use the page; alone, it is printed."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--on",
            type=a_date,
            metavar="DATE",
            help="put first what is in force on this day, written as 2026-12-18",
        )
        way.add_argument(
            "--check",
            action="store_true",
            help="print nothing and exit 1 when the committed docs/law.md differs",
        )
        way.add_argument("--write", action="store_true", help="write docs/law.md")

    def handle(self, **options: Any) -> None:
        """The page was printed, written or compared."""
        # Only here: the page of the law itself needs no machine and no models.
        from workflow.machine.diagram import mermaid  # noqa: PLC0415

        page = document.render(on=options["on"], diagrams=mermaid())
        committed = Path(settings.BASE_DIR) / PAGE
        if options["write"]:
            committed.write_text(page, encoding="utf-8")
        elif options["check"]:
            if not committed.exists() or committed.read_text(encoding="utf-8") != page:
                raise CommandError(f"{PAGE} is stale: run manage.py law --write.", returncode=1)
        else:
            self.stdout.write(page, ending="")
