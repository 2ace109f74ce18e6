"""Who gave a partner's view is typed, and is sealed like every other word that is."""

import secrets
from contextlib import suppress
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import migrations, models

import workflow.audit.walls
import workflow.sealed.fields
from workflow import migrating
from workflow.sealed import keys
from workflow.sealed.errors import KeyMissingError

COLUMNS = ("name", "position")
HEADER, NONCE_BYTES = b"v1|", 12


def _rows(apps: Any) -> Any:
    return apps.get_model("reviews", "SignOff").objects.select_related("case").iterator(500)


def _place(column: str, row: Any) -> bytes:
    return f"reviews_signoff|{column}|{row.case_id}".encode()


def seal(apps: Any, schema_editor: Any) -> None:
    """Every name in clear is sealed under its case's key; without that key, for good."""
    for row in _rows(apps):
        try:
            cipher = keys.get(row.case.key_id)
        except KeyMissingError:
            cipher = AESGCM(AESGCM.generate_key(256))
        for column in COLUMNS:
            nonce = secrets.token_bytes(NONCE_BYTES)
            plain = getattr(row, f"{column}_in_clear").encode("utf-8", "surrogatepass")
            sealed = cipher.encrypt(nonce, plain, _place(column, row))
            setattr(row, column, HEADER + nonce + sealed)
        row.save(update_fields=COLUMNS)


def unseal(apps: Any, schema_editor: Any) -> None:
    """Every name stands in clear again; of a case whose key was destroyed nothing does."""
    for row in _rows(apps):
        for column in COLUMNS:
            sealed = bytes(getattr(row, column))[len(HEADER) :]
            nonce, words = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            with suppress(KeyMissingError, InvalidTag):
                plain = keys.get(row.case.key_id).decrypt(nonce, words, _place(column, row))
                setattr(row, f"{column}_in_clear", plain.decode("utf-8", "surrogatepass"))
        row.save(update_fields=[f"{column}_in_clear" for column in COLUMNS])


def sealed(column: str, **more: Any) -> Any:
    """The sealed column of that name."""
    origin = f"reviews_signoff|{column}"
    return workflow.sealed.fields.SealedText(origin=origin, **more)


class Migration(migrating.Migration):
    """The rows are kept as they were but for this; while it runs the table takes changes."""

    dependencies = [("reviews", "0004_know_lateness_from_the_dates")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="signoff", name="keep_rows"),
        migrations.RenameField("signoff", "name", "name_in_clear"),
        migrations.RenameField("signoff", "position", "position_in_clear"),
        migrations.AddField("signoff", "name", sealed("name", null=True)),
        migrations.AddField("signoff", "position", sealed("position", null=True)),
        migrations.RunPython(seal, unseal, elidable=True),
        migrations.AlterField("signoff", "name", sealed("name")),
        migrations.AlterField("signoff", "position", sealed("position", blank=True)),
        # With a default, so that the columns can come back on rows that are there.
        *(
            migrations.AlterField(
                "signoff", f"{column}_in_clear", models.CharField(max_length=200, default="")
            )
            for column in COLUMNS
        ),
        migrations.RemoveField("signoff", "name_in_clear"),
        migrations.RemoveField("signoff", "position_in_clear"),
        pgtrigger.migrations.AddTrigger(
            model_name='signoff',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'reviews_signoff is append-only' USING ERRCODE = '23001';", hash='cd69faa70f90e0cec3c02a668aad62bc5a44dd3a', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_1107c', table='reviews_signoff', when='BEFORE')),
        ),
    ]
