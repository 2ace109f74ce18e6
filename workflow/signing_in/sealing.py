"""What of a second factor rests sealed, under a key made from the master key; and sealed again."""

import base64
import json
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import transaction
from django.db.models.signals import post_init, post_save, pre_save
from django.dispatch import receiver

from workflow.sealed import keys

# What of a factor's row is sealed: the secret of an app, what recovery codes are made from, and
# what a security key said of itself, which is no secret: but whoever changed it would be let in.
_KINDS = Authenticator.Type
NAMED = {
    _KINDS.TOTP: "secret",
    _KINDS.RECOVERY_CODES: "seed",
    _KINDS.WEBAUTHN: "credential",
}
SECRETS = tuple(NAMED.values())


def sealed(text: str) -> str:
    """The text as it rests in the table."""
    return _ciphers()[0].encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """The text of a table's row; raises InvalidToken for one that was not sealed here."""
    return MultiFernet(_ciphers()).decrypt(text.encode()).decode()


def _ciphers() -> list[Fernet]:
    made = keys.made_from_the_master_key(b"second factors")
    return [Fernet(base64.urlsafe_b64encode(key)) for key in made]


class CannotOpen(InvalidToken):
    """What rests of a second factor was not sealed here, for this person, under a key in force."""


class _Resting(str):
    """What is sealed already, in a row whose saving failed or that is being saved."""

    __slots__ = ()


def bound(name: str, value: Any, person: int | None) -> str:
    """What rests of one of `SECRETS`: whose it is and what it is are sealed with it.

    Copied into somebody else's row, or in place of something else, it opens nothing.
    """
    return sealed(json.dumps({"person": person, name: value}))


def unbound(name: str, resting: Any, person: int | None) -> Any:
    """What `bound` sealed for this person under this name; raises CannotOpen for all else."""
    # Whoever writes to the table could leave the seal out: what has none was not sealed here.
    if not isinstance(resting, str):
        raise CannotOpen("no seal")
    try:
        told = json.loads(opened(resting))
    except InvalidToken:
        raise CannotOpen("sealed under another key, or changed") from None
    except ValueError:
        raise CannotOpen("sealed for nobody") from None
    if not isinstance(told, dict) or told.get("person") != person or name not in told:
        raise CannotOpen("sealed for somebody else, or as something else")
    return told[name]


@receiver(pre_save, sender=Authenticator)
def _seal(instance: Authenticator, **rest: Any) -> None:
    instance.data = {
        name: _Resting(bound(name, value, instance.user_id))
        if name in SECRETS and not isinstance(value, _Resting)
        else value
        for name, value in instance.data.items()
    }


@receiver([post_init, post_save], sender=Authenticator)
def _open(instance: Authenticator, **rest: Any) -> None:
    if {"type", "data", "user_id"} & instance.get_deferred_fields():
        return
    if instance.pk is None:
        # A new one, sealed when it is stored.
        return
    name = NAMED[instance.type]
    known = unbound(name, instance.data.get(name), instance.user_id)
    instance.data = {**instance.data, name: known}


def seal_again(*, dry_run: bool = False) -> tuple[int, int]:
    """Every second factor is sealed under the master key; returns how many there are, and were not.

    Whoever signs in meanwhile is not disturbed. Raises InvalidToken where neither master key opens
    one.
    """
    several, again = 0, 0
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key)
            # As it rests: an object of the model would hold a security key opened.
            data = row.values_list("data", flat=True).first()
            if data is None:
                continue
            several += 1
            resting = {name: data[name] for name in SECRETS if name in data}
            if all(_opens(_ciphers()[0], text) for text in resting.values()):
                continue
            again += 1
            fresh = MultiFernet(_ciphers())
            turned = {name: fresh.rotate(text.encode()).decode() for name, text in resting.items()}
            if not dry_run:
                Authenticator.objects.filter(pk=key).update(data={**data, **turned})
    return several, again


def _opens(cipher: Fernet, text: Any) -> bool:
    if not isinstance(text, str):
        raise InvalidToken
    try:
        cipher.decrypt(text.encode())
    except InvalidToken:
        return False
    return True
