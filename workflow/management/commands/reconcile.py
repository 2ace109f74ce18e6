"""List every duty without the reminders it ought to have: the second opinion on the sweep."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, transaction

from workflow import clock
from workflow.health.missing import Missing, missing


class Command(BaseCommand):
    """What ought to be recorded and is not is listed; nothing is changed."""

    help = (
        "List every open duty without the reminders it ought to have, worked out apart from the "
        "sweep. Reads only. Names references, duties, steps and the numbers of people. Exit code "
        "0 when none is missing, 1 when one is or when it could not be told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compares, lists, and ends with 1 when anything is missing."""
        at = clock.now()
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                found = list(missing(at=at))
        except OperationalError:
            raise CommandError("The database does not answer: nothing was compared.") from None
        if options["json"]:
            rows = [_row(one) for one in found]
            self.stdout.write(json.dumps({"as_at": at.isoformat(), "missing": rows}))
        else:
            for one in found:
                self.stdout.write(_line(one))
            self.stdout.write(f"{len(found)} missing.")
        if found:
            sys.exit(1)


def _row(one: Missing) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "duty": one.duty,
        "cycle": one.cycle,
        "rung": one.rung,
        "due_at": one.due_at.isoformat(),
        "people": list(one.people),
    }


def _line(one: Missing) -> str:
    people = ", ".join(map(str, one.people)) or "anybody"
    return f"{one.reference} {one.duty} {one.cycle} {one.rung}: not recorded for {people}"
