"""A partner's view says of which draft it is; of those given before, nobody kept that."""

from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):
    """The column is empty in the rows there are, and in those of a version without it."""

    dependencies = [("reviews", "0005_seal_the_names_of_who_signed")]

    operations = [
        migrations.AddField(
            "signoff",
            "draft",
            models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
