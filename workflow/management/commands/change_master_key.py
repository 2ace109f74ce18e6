"""Wrap every key again, under the master key that the settings name now."""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.sealed import keys
from workflow.sealed.errors import SealedError
from workflow.signing_in import sealing
from workflow.webhooks import sealing as webhooks

TOLD_AFTER = 1000


class Command(BaseCommand):
    """Every key and every second factor rests under MASTER_KEY; OTHER_MASTER_KEY can go."""

    help = (
        "Wrap the key of every case, and seal every second factor, under MASTER_KEY again. "
        "OTHER_MASTER_KEY opens what was wrapped before. Nothing has to stop meanwhile. "
        "Exits with 1 when something opens under neither."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the options."""
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Wraps and seals, tells how far it is, and what opens under neither key."""
        dry_run, found = options["dry_run"], keys.Rewrapped()
        try:
            for found in keys.rewrap(dry_run=dry_run):
                if found.keys % TOLD_AFTER == 0:
                    self.stderr.write(f"{found.keys} keys done, {found.again} of them again")
            several, again = sealing.seal_again(dry_run=dry_run)
            hooks, hooks_again = webhooks.seal_again(dry_run=dry_run)
        except SealedError as refusal:
            raise CommandError(str(refusal)) from None
        except InvalidToken:
            message = (
                "A second factor or a webhook’s secret opens under neither MASTER_KEY nor "
                "OTHER_MASTER_KEY. Keep OTHER_MASTER_KEY, and look whether it is the key that was "
                "MASTER_KEY before."
            )
            raise CommandError(message) from None
        told = {
            "keys": found.keys,
            "wrapped_again": found.again,
            "unreadable": found.unreadable,
            "second_factors": several,
            "sealed_again": again,
            "webhook_secrets": hooks,
            "webhook_secrets_again": hooks_again,
            "done": not dry_run,
        }
        self.stdout.write(json.dumps(told) if options["json"] else _in_words(told))
        if found.unreadable:
            message = (
                f"{len(found.unreadable)} keys open under neither MASTER_KEY nor OTHER_MASTER_KEY, "
                "or are damaged. Keep OTHER_MASTER_KEY; put the files back from a backup."
            )
            raise CommandError(message)


def _in_words(told: dict[str, Any]) -> str:
    verb = "" if told["done"] else "would be "
    return (
        f"{told['wrapped_again']} of {told['keys']} keys {verb}wrapped again, "
        f"{told['sealed_again']} of {told['second_factors']} second factors {verb}sealed again, "
        f"{told['webhook_secrets_again']} of {told['webhook_secrets']} secrets of webhooks."
    )
