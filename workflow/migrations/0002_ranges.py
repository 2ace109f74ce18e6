"""Equality beside ranges in one index: what "never twice on the same day" is built on."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The extension first: tables made later exclude overlapping dates with it."""

    dependencies = [("workflow", "0001_roles")]

    operations = [BtreeGistExtension()]
