"""Letting a system of an authority in, and shutting it out at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import get_access_token_model

from workflow.api.models import ApiClient
from workflow.people import roles
from workflow.people.invitation import PeopleAct
from workflow.people.managing import CannotManage, may_manage
from workflow.people.membership import join, leave
from workflow.people.organisations import Organisation
from workflow.people.person import Person

NO_AUTHORITY = "Only a local authority has systems that may ask"
NOT_YOURS = "Only an administrator of the authority, or the operator, lets its systems in"
NO_NAME = "Say what the system is called, in up to 100 characters"
NO_SCOPE = "Say at least one thing that it may do"
# No mail ever reaches it: the name is reserved for that (RFC 2606).
NOWHERE = "api.invalid"


@dataclass(frozen=True, slots=True)
class LetIn:
    """A system that was let in, with its secret: it can be read here and nowhere else."""

    client: ApiClient
    secret: str


@transaction.atomic
def let_in(
    name: str, organisation: Organisation, may: Sequence[str], *, by: Person, on: date, at: datetime
) -> LetIn:
    """A system of the authority may ask from now on. CannotManage with every reason."""
    if wrong := _against(name, organisation, may, by=by, on=on):
        raise CannotManage(*wrong)
    identifier, secret = generate_client_id(), generate_client_secret()
    account = Person.objects.create_person(
        email=f"{identifier.lower()}@{NOWHERE}", name=f"System: {name.strip()}", joined_at=at
    )
    membership = join(account, organisation, _role(may).slug, on=on)
    client = ApiClient.objects.create(
        client_id=identifier,
        client_secret=secret,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        name=name.strip(),
        account=account,
        organisation=organisation,
        may=sorted(set(may)),
        made_by=by,
        made_at=at,
    )
    _note(PeopleAct.Did.LET_IN, client, membership.role, by=by, at=at)
    return LetIn(client, secret)


@transaction.atomic
def revoke(client: ApiClient, *, by: Person, on: date, at: datetime) -> None:
    """The system is let in no more, from its next request on, whatever tokens it holds."""
    if not may_manage(by, client.organisation, on):
        raise CannotManage(NOT_YOURS)
    if not ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=at):
        raise CannotManage("It was revoked already")
    get_access_token_model().objects.filter(application=client).delete()
    for membership in client.account.memberships.current(on):
        leave(membership, on=on)
    Person.objects.filter(pk=client.account_id).update(is_active=False)
    client.refresh_from_db()
    _note(PeopleAct.Did.SHUT_OUT, client, _role(client.may).slug, by=by, at=at)


def _role(may: Iterable[str]) -> roles.Role:
    """Only a system that files reads what was written."""
    files = settings.API_FILING_SCOPES & set(may)
    return roles.LA_FILING_SYSTEM if files else roles.LA_SYSTEM


def _against(
    name: str, organisation: Organisation, may: Sequence[str], *, by: Person, on: date
) -> list[str]:
    wrong = []
    if organisation.kind != roles.AUTHORITY:
        wrong.append(NO_AUTHORITY)
    if not may_manage(by, organisation, on):
        wrong.append(NOT_YOURS)
    if not 0 < len(name.strip()) <= 100 or not name.isprintable():
        wrong.append(NO_NAME)
    known = settings.API_SCOPES
    wrong += [f"“{one}” is nothing that it could do" for one in may if one not in known]
    return wrong if may else [*wrong, NO_SCOPE]


def _note(did: PeopleAct.Did, client: ApiClient, role: str, *, by: Person, at: datetime) -> None:
    PeopleAct.objects.create(
        did=did, by=by, person=client.account, organisation=client.organisation, role=role, at=at
    )
