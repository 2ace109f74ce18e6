"""Registering a webhook of an authority, changing its secret, ending it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from django.db import transaction
from django.db.models import QuerySet

from workflow.access.policy import may
from workflow.outbox.given_up import tell_that_it_was_changed
from workflow.outbox.models import WAITING, Outbox, free
from workflow.outbox.turn import set_aside
from workflow.people import roles
from workflow.people.managing import CannotManage, is_operator, managed
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.webhooks import sealing
from workflow.webhooks.models import HTTPS, Webhook, WebhookAct

Did = WebhookAct.Did
MOST = 5
# So long the secret before signs as well, that a system may learn the new one meanwhile.
BOTH = timedelta(days=1)
NOT_YOURS = "Only an administrator of the authority registers its webhooks"
NOT_YOURS_TO_END = "Only an administrator of the authority, or the operator, ends its webhooks"
NOT_HTTPS = "Enter an address that begins with https://"
NO_NAME = "Enter an address with the name of a host, not a number"
MORE_THAN_AN_ADDRESS = "Enter an address without a user name, a password or a part after #"
UNREADABLE = "Enter an address of plain letters, digits and signs, without spaces"
THERE = "This address is registered already. Its secret is changed on its own page"
OF_THE_ADDRESS = frozenset({NOT_HTTPS, NO_NAME, MORE_THAN_AN_ADDRESS, UNREADABLE, THERE})
TOO_MANY = f"{MOST} webhooks are registered. End one first"
ENDED = "It was ended already. To have it told again, register its address anew"
NOTHING = "Nothing was given up, so that there is nothing to tell again. Go back to its page"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook with its secret, which can be read here and nowhere else."""

    webhook: Webhook
    secret: str = field(repr=False)


@transaction.atomic
def register(
    address: str, authority: Organisation, *, by: Person, on: date, at: datetime
) -> Registered:
    """The address is told of each act on the authority's cases from now on.

    Raises CannotManage with every reason why not.
    """
    # Two at once are counted one after the other.
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=authority.pk)
    address = address.strip()
    if wrong := _against(address, authority, by=by, on=on):
        raise CannotManage(*wrong)
    hook = Webhook(authority=authority, address=address, made_by=by, made_at=at)
    secret = sealing.new_secret()
    hook.secret = sealing.sealed(secret, hook.name)
    hook.save()
    _note(Did.REGISTERED, hook, by=by, at=at)
    return Registered(hook, secret)


@transaction.atomic
def change_secret(hook: Webhook, *, by: Person, on: date, at: datetime) -> Registered:
    """A new secret signs from now on; the one before signs too for a day, and then no more."""
    hook = _held(hook, by=by, on=on)
    secret = sealing.new_secret()
    hook.secret_before, hook.both_until = hook.secret, at + BOTH
    hook.secret = sealing.sealed(secret, hook.name)
    hook.save(update_fields=["secret", "secret_before", "both_until"])
    _note(Did.CHANGED, hook, by=by, at=at)
    return Registered(hook, secret)


@transaction.atomic
def end(hook: Webhook, *, by: Person, on: date, at: datetime) -> None:
    """It is told of nothing more; what waits for it is cancelled. Its secrets are gone.

    What whoever ends it can't see waits until the worker's next turn, which cancels it. The
    operator ends one too, since its address may be no good to anybody.
    """
    refuse_to_end(hook, by=by, on=on)
    hook = _standing(hook)
    hook.secret = hook.secret_before = ""
    hook.ended_by, hook.ended_at, hook.both_until = by, at, None
    hook.save(update_fields=["secret", "secret_before", "both_until", "ended_by", "ended_at"])
    # What the worker has in hand may be told already, and says itself what became of it.
    waits = Outbox.objects.filter(WAITING, free(at), webhook=hook)
    set_aside(list(waits.values_list("pk", flat=True)), cancelled_at=at)
    _note(Did.ENDED, hook, by=by, at=at)


def refuse_to_end(hook: Webhook, *, by: Person, on: date) -> None:
    """Raises CannotManage where this person may not end it, or somebody did."""
    if not (is_operator(by, on) or looks_after(by, hook.authority, on)):
        raise CannotManage(NOT_YOURS_TO_END)
    if hook.ended_at is not None:
        raise CannotManage(ENDED)


@transaction.atomic
def tell_again(hook: Webhook, *, by: Person, on: date, at: datetime) -> int:
    """What was given up waits anew, with all its attempts before it; returns how much.

    Of the cases that its administrator sees. Raises CannotManage where there is nothing.
    """
    hook = _held(hook, by=by, on=on)
    waits = {"dead_at": None, "attempts": 0, "claims": 0, "next_attempt_at": at, "fault": ""}
    several = given_up(hook).update(lease_until=None, **waits)
    if not several:
        raise CannotManage(NOTHING)
    _note(Did.AGAIN, hook, by=by, at=at)
    return several


def given_up(hook: Webhook) -> QuerySet[Outbox]:
    """What it was not told, and is not told by itself."""
    return Outbox.objects.filter(webhook=hook, dead_at__isnull=False)


def _note(did: WebhookAct.Did, hook: Webhook, *, by: Person, at: datetime) -> None:
    """It is written down for good, and the authority's administrators are told."""
    act = WebhookAct.objects.create(webhook=hook, did=did, by=by, at=at)
    if did != Did.AGAIN:
        tell_that_it_was_changed(hook, f"act{act.pk}", at=at)


def _held(hook: Webhook, *, by: Person, on: date) -> Webhook:
    if not looks_after(by, hook.authority, on):
        raise CannotManage(NOT_YOURS)
    return _standing(hook)


def _standing(hook: Webhook) -> Webhook:
    """The webhook as it stands, which nobody else changes until this is over."""
    held = Webhook.objects.select_for_update(of=("self",), no_key=True)
    found = held.select_related("authority").get(pk=hook.pk)
    if found.ended_at is not None:
        raise CannotManage(ENDED)
    return found


def looks_after(by: Person, authority: Organisation, on: date) -> bool:
    """Whether a person looks after the webhooks of this authority."""
    return may(by, "manage.webhooks", on=on) and authority in managed(by, on)


def _against(address: str, authority: Organisation, *, by: Person, on: date) -> list[str]:
    if authority.kind != roles.AUTHORITY or not looks_after(by, authority, on):
        return [NOT_YOURS]
    here = authority.webhooks.in_force()
    wrong = _wrong_with(address)
    if here.filter(address=address).exists():
        wrong.append(THERE)
    elif here.count() >= MOST:
        wrong.append(TOO_MANY)
    return wrong


def _wrong_with(address: str) -> list[str]:
    if not address.isascii() or not address.isprintable() or " " in address:
        return [UNREADABLE]
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - it is read only when asked for
    except ValueError:
        return [UNREADABLE]
    wrong = [] if address.startswith(HTTPS) else [NOT_HTTPS]
    if not _is_named(parts):
        wrong.append(NO_NAME)
    if parts.username is not None or parts.password is not None or parts.fragment:
        wrong.append(MORE_THAN_AN_ADDRESS)
    return wrong


def _is_named(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".")
    # An address in numbers ends in a number, 0x1 too; the last part of no name begins with one.
    return bool(_HOST.fullmatch(host)) and not host.rpartition(".")[2][:1].isdigit()
