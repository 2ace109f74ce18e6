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
SECRETS = ("secret", "seed", "credential")
KEY = Authenticator.Type.WEBAUTHN


def sealed(text: str) -> str:
    """The text as it rests in the table."""
    return _ciphers()[0].encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """The text of a table's row; raises InvalidToken for one that was not sealed here."""
    return MultiFernet(_ciphers()).decrypt(text.encode()).decode()


def _ciphers() -> list[Fernet]:
    made = keys.made_from_the_master_key(b"second factors")
    return [Fernet(base64.urlsafe_b64encode(key)) for key in made]


@receiver(pre_save, sender=Authenticator)
def _seal_the_key(instance: Authenticator, **rest: Any) -> None:
    credential = instance.data.get("credential")
    if instance.type == KEY and isinstance(credential, dict):
        # Whose it is is sealed with it: copied into somebody else's row it opens nothing.
        told = json.dumps({"person": instance.user_id, "credential": credential})
        instance.data = {**instance.data, "credential": sealed(told)}


@receiver([post_init, post_save], sender=Authenticator)
def _open_the_key(instance: Authenticator, **rest: Any) -> None:
    if {"type", "data", "user_id"} & instance.get_deferred_fields() or instance.type != KEY:
        return
    if instance.pk is None:
        # A new one, sealed when it is stored.
        return
    resting = instance.data.get("credential")
    # Whoever writes to the table could leave the seal out: what has none was not sealed here.
    told = json.loads(opened(resting)) if isinstance(resting, str) else {}
    if told.get("person") != instance.user_id:
        raise InvalidToken
    instance.data = {**instance.data, "credential": told["credential"]}


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
