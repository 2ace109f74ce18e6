"""What signs the messages to a webhook, and how it rests: sealed, for that webhook alone."""

import base64
import json
import secrets
from datetime import datetime
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import transaction

from workflow import clock
from workflow.sealed import keys
from workflow.webhooks.models import Webhook

# So that whoever finds one somewhere knows what it is, and scanners find it.
BEGINS = "whsec_"


def new_secret() -> str:
    """A secret that nobody has."""
    return BEGINS + secrets.token_urlsafe(32)


def sealed(secret: str, name: UUID) -> str:
    """The secret as it rests in the row of this webhook."""
    return _cipher().encrypt(json.dumps({"webhook": str(name), "secret": secret}).encode()).decode()


def in_force(hook: Webhook, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first.

    Raises InvalidToken for one that was not sealed here, for this webhook, under a key in force.
    """
    resting = [hook.secret, hook.secret_before] if hook.both_sign(at) else [hook.secret]
    return [_opened(one, hook.name) for one in resting if one]


def seal_again(*, dry_run: bool = False) -> tuple[int, int]:
    """Every secret is sealed under the master key; returns how many there are, and were not.

    One that signs no more is gone then.

    Raises InvalidToken where neither master key opens one.
    """
    several, again = 0, 0
    for key in Webhook.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Webhook.objects.select_for_update(no_key=True).get(pk=key)
            if not row.both_sign(clock.now()):
                row.secret_before = ""
            for column in ("secret", "secret_before"):
                resting = getattr(row, column)
                if not resting:
                    continue
                several += 1
                turned = sealed(_opened(resting, row.name), row.name)
                if _is_newest(resting):
                    continue
                again += 1
                setattr(row, column, turned)
            if not dry_run:
                row.save(update_fields=["secret", "secret_before"])
    return several, again


def _opened(resting: str, name: UUID) -> str:
    told = json.loads(_cipher().decrypt(resting.encode()))
    if told.get("webhook") != str(name):
        raise InvalidToken
    return str(told["secret"])


def _is_newest(resting: str) -> bool:
    try:
        _ciphers()[0].decrypt(resting.encode())
    except InvalidToken:
        return False
    return True


def _cipher() -> MultiFernet:
    return MultiFernet(_ciphers())


def _ciphers() -> list[Fernet]:
    made = keys.made_from_the_master_key(b"webhooks")
    return [Fernet(base64.urlsafe_b64encode(key)) for key in made]
