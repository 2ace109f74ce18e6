from contextlib import suppress
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import migrations

from workflow import migrating
from workflow.signing_in import sealing

# A security key's word was sealed with its person before.
KINDS = {"totp": "secret", "recovery_codes": "seed"}
ROW = ("pk", "type", "user_id", "data")


def bind(apps: Any, schema_editor: Any) -> None:
    """The secret of each app, and of recovery codes, rests sealed with whose it is.

    One that the master key does not open stays as it is, and opens nothing from now on.
    """
    _turn(apps, _bound)


def unbind(apps: Any, schema_editor: Any) -> None:
    """As before: whose it is stands beside the seal alone."""
    _turn(
        apps, lambda name, resting, person: sealing.sealed(sealing.unbound(name, resting, person))
    )


def _bound(name: str, resting: str, person: int) -> str:
    with suppress(sealing.CannotOpen):
        # Written by a process of the newer release already, or when this was run before.
        sealing.unbound(name, resting, person)
        return resting
    return sealing.bound(name, sealing.opened(resting), person)


def _turn(apps: Any, turned: Any) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects
    held = list(rows.select_for_update().filter(type__in=KINDS).values_list(*ROW))
    changed = 0
    for key, kind, person, data in held:
        name = KINDS[kind]
        try:
            fresh = {**data, name: turned(name, data[name], person)}
        except (InvalidToken, LookupError):
            continue
        changed += rows.filter(pk=key).update(data=fresh)
    if held and not changed:
        raise RuntimeError(
            f"None of {len(held)} second factors opens under MASTER_KEY: it is not the key that "
            "sealed them. Nothing was changed. Set the right key and migrate again."
        )


class Migration(migrating.Migration):
    """No code of one person's app is good for another whose row it was put into."""

    dependencies = [
        ("workflow", "0040_end_records_by_two_people"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(bind, unbind)]
