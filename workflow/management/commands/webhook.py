"""End a webhook of an authority, or list those that were ever registered."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from workflow import clock
from workflow.management.acting import whoever
from workflow.management.refusing import Refused, RefusingCommand
from workflow.people.managing import CannotManage, is_operator
from workflow.webhooks import managing
from workflow.webhooks.models import Webhook

NOT_THE_OPERATOR = (
    "Say with --by who of the operator ends it; an administrator of the authority does so on its"
    " page."
)


class Command(RefusingCommand):
    """An operator can end what an authority's administrator registered, and nothing else of it."""

    help = (
        "end NAME tells this address nothing more, as ending it on its page does: its secrets are "
        "gone, what waits for it is cancelled in the worker’s next turn, it stands among what was "
        "done with it, and the authority’s administrators and approvers are told by mail. Nobody "
        "can take it back: an administrator of the authority registers the address anew. list "
        "shows all that were ever registered, with their names. The operator who ends one says so "
        "with --by; an administrator of the authority ends it on its page. Exit code 2 for wrong "
        "input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares what to do, and its options."""
        parser.add_argument("do", choices=("end", "list"))
        parser.add_argument("name", nargs="?", help="the webhook’s name as list shows it, for end")
        parser.add_argument("--by", metavar="EMAIL", help="who ends it")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be ended")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, and says what it did."""
        if options["do"] == "list":
            self._list(as_json=options["json"])
        else:
            self._end(options)

    def _end(self, options: dict[str, Any]) -> None:
        hook, by, at = _named(options["name"]), whoever(options["by"]), clock.now()
        how: Any = {"by": by, "on": clock.london_date(at)}
        # Whoever has a shell would else say of somebody at the authority that they did it.
        if not is_operator(by, how["on"]):
            raise Refused(NOT_THE_OPERATOR)
        try:
            if options["dry_run"]:
                managing.refuse_to_end(hook, **how)
            else:
                managing.end(hook, at=at, **how)
        except CannotManage as refusal:
            raise Refused(f"{'; '.join(refusal.reasons)}.") from None
        hook.refresh_from_db()
        would = "would be" if options["dry_run"] else "is"
        said = f"{hook.address} of {hook.authority.name} {would} told nothing more."
        told = {**_row(hook), "done": not options["dry_run"]}
        self.stdout.write(json.dumps(told) if options["json"] else said)

    def _list(self, *, as_json: bool) -> None:
        rows = [_row(one) for one in Webhook.objects.select_related("authority").order_by("pk")]
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            stands = f"ended {row['ended']}" if row["ended"] else "told of each act"
            self.stdout.write(f"{row['name']}  {row['authority']}  {row['address']}  {stands}")


def _named(name: str | None) -> Webhook:
    try:
        return Webhook.objects.select_related("authority").get(name=UUID(name or ""))
    except (ValueError, Webhook.DoesNotExist):
        raise Refused("No webhook has this name; see list.") from None


def _row(hook: Webhook) -> dict[str, Any]:
    return {
        "name": str(hook.name),
        "authority": hook.authority.dfe_code,
        "address": hook.address,
        "registered": hook.made_at.isoformat(),
        "ended": hook.ended_at.isoformat() if hook.ended_at else None,
        "called": hook.called_at.isoformat() if hook.called_at else None,
        "away": hook.away,
    }
