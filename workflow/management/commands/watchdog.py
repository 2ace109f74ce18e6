"""Watch the service from outside its own processes, and tell people when a part of it fails."""

import json
import logging
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from workflow import clock
from workflow.health.alarms import Alarms, ill
from workflow.health.reading import read

log = logging.getLogger(__name__)

# With the age at which a sweep is missed, this keeps the alarm within two minutes.
LOOK_EVERY_SECONDS = 20


class Command(BaseCommand):
    """Looks at every part over and over; whoever runs the service hears of what fails at once."""

    help = (
        "Look at every part of the service every 20 seconds. What fails is one line in the log and "
        "a message straight to the mail server, to ALARM_EMAIL and to the deadline administrators. "
        "With --once: look once, and end with 1 when something fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--once", action="store_true", help="look once and end")
        parser.add_argument("--json", action="store_true", help="with --once: print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Watches until it is ended, or looks once."""
        if options["once"]:
            failing = ill(read(at=clock.now()))
            if options["json"]:
                self.stdout.write(json.dumps({"failing": failing}))
            else:
                self.stdout.write("\n".join(failing.values()) or "Every part does its work.")
            sys.exit(1 if failing else 0)
        alarms = Alarms()
        log.info("watching every %s s", LOOK_EVERY_SECONDS)
        while True:
            alarms.consider(read(at=clock.now()))
            connection.close()
            time.sleep(LOOK_EVERY_SECONDS)
