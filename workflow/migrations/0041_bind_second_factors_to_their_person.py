from typing import Any

from cryptography.fernet import InvalidToken
from django.db import migrations

from workflow.signing_in import sealing

# A security key's word was sealed with its person before.
KINDS = {"totp": "secret", "recovery_codes": "seed"}


def bind(apps: Any, schema_editor: Any) -> None:
    """The secret of each app, and of recovery codes, rests sealed with whose it is.

    One that the master key does not open stays as it is, and opens nothing from now on.
    """
    _turn(apps, lambda name, resting, person: sealing.bound(name, sealing.opened(resting), person))


def unbind(apps: Any, schema_editor: Any) -> None:
    """As before: whose it is stands beside the seal alone."""
    _turn(
        apps, lambda name, resting, person: sealing.sealed(sealing.unbound(name, resting, person))
    )


def _turn(apps: Any, turned: Any) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects
    held = rows.select_for_update().filter(type__in=KINDS)
    for key, kind, person, data in held.values_list("pk", "type", "user_id", "data"):
        name = KINDS[kind]
        try:
            fresh = {**data, name: turned(name, data[name], person)}
        except (InvalidToken, LookupError):
            continue
        rows.filter(pk=key).update(data=fresh)


class Migration(migrations.Migration):
    """No code of one person's app is good for another whose row it was put into."""

    dependencies = [
        ("workflow", "0040_end_records_by_two_people"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(bind, unbind)]
