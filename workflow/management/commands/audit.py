"""Export a case's trail with its proofs, or compare the database with what was signed."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, transaction

from workflow.access import context
from workflow.audit import keys
from workflow.audit.checking import Checked, check_database
from workflow.audit.exporting import NothingSignedError, NotSignedYetError, bundle, whole_log
from workflow.audit.tree import kept_outside
from workflow.audit.verify_audit import Found
from workflow.law.words import counted
from workflow.machine import token
from workflow.machine.case import Case

NOT_YET = (
    "Words were taken out of a reason a moment ago, and what says so was not signed yet. Try again"
    " in a minute. If this stays so, ask whether the worker runs."
)


class Command(BaseCommand):
    """The trail can be proven to somebody who trusts neither the service nor its database."""

    help = (
        "export CASE writes one file that verify_audit.py verifies offline; export --all the whole "
        "log. verify compares the database with the checkpoints outside of it: exit code 0 when "
        "everything holds, 1 when something does not, 2 when it could not be told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares what to do, and its options."""
        parser.add_argument("do", choices=("export", "verify", "key"))
        parser.add_argument("case", nargs="?", help="the case’s reference, for export")
        parser.add_argument("--all", action="store_true", help="export the whole log")
        parser.add_argument("--out", type=Path, help="the file to write; else standard output")
        parser.add_argument("--witness", type=Path, help="checkpoints kept elsewhere, one a line")
        parser.add_argument("--key", help="the public key to verify by; else this process’s own")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, reading only, at one moment of the database."""
        try:
            if options["do"] == "key":
                self.stdout.write(keys.public())
                return
            witness = _lines(options["witness"])
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                with context.serving(context.AUDIT):
                    if options["do"] == "verify":
                        self._verify(witness, options)
                    else:
                        self._export(witness, options)
        except OperationalError:
            raise CommandError("The database does not answer.", returncode=2) from None
        except keys.NoKeyError as reason:
            raise CommandError(str(reason), returncode=2) from None
        except NothingSignedError:
            raise CommandError("Nothing was signed yet: is the worker running?") from None
        except NotSignedYetError:
            raise CommandError(NOT_YET, returncode=2) from None

    def _verify(self, witness: list[Found], options: dict[str, Any]) -> None:
        key = bytes.fromhex(options["key"] or keys.public())
        try:
            outside = kept_outside()
        except (ValueError, UnicodeDecodeError):
            outside = []
            self.stderr.write("The file of checkpoints can’t be read as one.")
        found = check_database(outside, key=key, witness=witness)
        self.stdout.write(_said(found, as_json=options["json"]))
        if found.wrong:
            sys.exit(1)

    def _export(self, witness: list[Found], options: dict[str, Any]) -> None:
        if options["all"]:
            lines = whole_log(witness)
        else:
            found = Case.objects.filter(token=token.read(options["case"] or "") or "").first()
            if found is None:
                raise CommandError("No case has this reference.")
            lines = iter([bundle(found, witness)])
        if options["out"] is None:
            self.stdout.writelines(f"{line}\n" for line in lines)
            return
        with options["out"].open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


def _lines(path: Path | None) -> list[Found]:
    if path is None:
        return []
    try:
        return [json.loads(line) for line in path.read_text("ascii").splitlines() if line]
    except (OSError, ValueError):
        raise CommandError(f"{path} can’t be read as checkpoints.", returncode=2) from None


def _said(found: Checked, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"ok": not found.wrong, **vars(found)})
    where = f"{settings.AUDIT_CHECKPOINTS} ({counted(found.checkpoints, 'checkpoint')})"
    if not found.wrong:
        return f"Holds: {found.size} entries of the log, as signed in {where}."
    return "\n".join([f"DOES NOT HOLD, by {where}:", *found.wrong])
