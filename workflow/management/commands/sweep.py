"""Record every reminder that is owed by now, and send what waits: for cron, or by hand."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, transaction

from workflow import clock
from workflow.audit.tree import grow_now
from workflow.law.words import counted
from workflow.machine.emergencies import escalate_now
from workflow.outbox.delivering import deliver
from workflow.outbox.models import MAIL, WAITING, Outbox
from workflow.reminders.approvers import tell_of_no_approver_now
from workflow.reminders.sweeping import Swept, sweep
from workflow.webhooks.delivering import call_all
from workflow.webhooks.tasks import A_TURN_SECONDS


class Command(BaseCommand):
    """What is owed by now is recorded, and what waits is sent; harmless in any number at once."""

    help = (
        "Record every reminder owed by now, then send what waits in the outbox. Safe to run at any "
        "time, beside the beat, the web processes and other runs of itself. Exit code 0 when the "
        "sweep was done, whether or not the mail server took anything; 1 when it was not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--no-deliver", action="store_true", help="record, and send nothing")
        parser.add_argument(
            "--dry-run", action="store_true", help="only count what would be recorded"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweeps, delivers unless told otherwise, and says how much of each."""
        dry_run = options["dry_run"]
        try:
            done = _tried() if dry_run else sweep()
            if not dry_run:
                escalate_now()
            sent = 0 if dry_run or options["no_deliver"] else deliver()
            if not dry_run:
                grow_now()
                tell_of_no_approver_now()
            # Last, since it waits for other people's systems.
            if not dry_run and not options["no_deliver"]:
                call_all(seconds=A_TURN_SECONDS)
            waiting = Outbox.objects.filter(WAITING, MAIL).count()
        except OperationalError:
            raise CommandError("The database does not answer: nothing more was recorded.") from None
        found = {**asdict(done), "sent": sent, "waiting": waiting, "dry_run": dry_run}
        if options["json"]:
            self.stdout.write(json.dumps(found))
        elif options["verbosity"]:
            self.stdout.write(_sentence(done, sent, waiting, dry_run=dry_run))


def _tried() -> Swept:
    """What a sweep would do: it is done and taken back, so that the counts are exact."""
    with transaction.atomic():
        done = sweep(at=clock.now())
        transaction.set_rollback(True)
    return done


def _sentence(done: Swept, sent: int, waiting: int, *, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    return (
        f"{counted(done.planned, 'clock')} {would}planned, {counted(done.recorded, 'step')} "
        f"{would}recorded, {counted(done.digests, 'digest')} {would}made; "
        f"{counted(sent, 'message')} sent, {waiting} waiting."
    )
