"""Let a system of an authority in, shut it out, or list those that were let in."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from workflow import clock
from workflow.api import clients
from workflow.api.models import ApiClient
from workflow.management.acting import whoever
from workflow.management.refusing import Refused, RefusingCommand
from workflow.people.managing import CannotManage
from workflow.people.organisations import Organisation
from workflow.people.person import Person


class Command(RefusingCommand):
    """Systems come in one by one, each for one authority."""

    help = (
        "create lets a system in and shows its secret, which is not to be had again; revoke shuts "
        "it out from its next request on; list shows all that were ever let in. Whoever does it "
        "says so with --by: an administrator of the authority, or the operator. Exit code 2 for "
        "wrong input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares what to do, and its options."""
        parser.add_argument("do", choices=("create", "revoke", "list"))
        parser.add_argument("client", nargs="?", help="the client’s identifier, for revoke")
        parser.add_argument("--by", metavar="EMAIL", help="who does it")
        parser.add_argument("--authority", metavar="CODE", help="the authority’s DfE code")
        parser.add_argument("--name", default="", help="what the system is called")
        parser.add_argument(
            "--scope",
            action="append",
            choices=sorted(settings.API_SCOPES),
            help="what it may do; may be said several times; without it, what shows no words of "
            "anyone’s",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it."""
        if options["do"] == "list":
            self._list(as_json=options["json"])
            return
        by = whoever(options["by"])
        try:
            if options["do"] == "create":
                self._create(by, options)
            else:
                self._revoke(by, options)
        except CannotManage as refusal:
            raise Refused(f"{'; '.join(refusal.reasons)}.") from None

    def _create(self, by: Person, options: dict[str, Any]) -> None:
        place = Organisation.objects.filter(dfe_code=options["authority"]).first()
        if place is None or not options["authority"]:
            raise Refused("Say with --authority the DfE code of a local authority.")
        scopes = options["scope"] or sorted(settings.API_SCOPES.keys() - settings.API_FILING_SCOPES)
        at = clock.now()
        made = clients.let_in(
            options["name"], place, scopes, by=by, on=clock.london_date(at), at=at
        )
        said = {**_row(made.client), "client_secret": made.secret}
        if options["json"]:
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(
            f"{made.client.name} of {place.name} may ask from now on.\n"
            f"client_id:     {made.client.client_id}\n"
            f"client_secret: {made.secret}\n"
            "The secret is not to be had again: hand it over safely now."
        )

    def _revoke(self, by: Person, options: dict[str, Any]) -> None:
        found = ApiClient.objects.filter(client_id=options["client"] or "").first()
        if found is None:
            raise Refused("No system has this identifier; see list.")
        at = clock.now()
        clients.revoke(found, by=by, on=clock.london_date(at), at=at)
        said = f"{found.name} of {found.organisation.name} is let in no more."
        self.stdout.write(json.dumps(_row(found)) if options["json"] else said)

    def _list(self, *, as_json: bool) -> None:
        known = ApiClient.objects.select_related("organisation", "use").order_by("pk")
        rows = [_row(one) for one in known]
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            stands = f"revoked {row['revoked']}" if row["revoked"] else "let in"
            self.stdout.write(
                f"{row['client_id']}  {row['authority']}  {row['name']}  "
                f"{' '.join(row['scopes'])}  {stands}"
            )


def _row(client: ApiClient) -> dict[str, Any]:
    use = getattr(client, "use", None)
    return {
        "client_id": client.client_id,
        "name": client.name,
        "authority": client.organisation.dfe_code,
        "scopes": client.may,
        "let_in": client.made_at.isoformat(),
        "revoked": client.revoked_at.isoformat() if client.revoked_at else None,
        "last_asked": use.minute.isoformat() if use else None,
    }
