"""Sessions end when a person's edition moves on; the packages that list them come after people.

Those packages depend on "the first migration" of the app that holds the people, which here makes
roles and not yet people; so the order has to be said from this side.
"""

from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0022_count_claims_apart_from_attempts'),
    ]
    run_before = [
        ('usersessions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='sign_in_edition',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
