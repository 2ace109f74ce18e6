"""Equality beside ranges in one index: what "never twice on the same day" is built on."""

from django.contrib.postgres.operations import BtreeGistExtension

from workflow import migrating


class Migration(migrating.Migration):
    """The extension first: tables made later exclude overlapping dates with it."""

    dependencies = [("workflow", "0001_roles")]

    operations = [BtreeGistExtension()]
