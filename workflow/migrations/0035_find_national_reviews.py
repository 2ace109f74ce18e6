"""National reviews are found among the many local ones without walking over these."""

from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [("workflow", "0034_remind_of_the_agencies_returns")]

    operations = [
        migrations.AddIndex(
            model_name="practicereview",
            index=models.Index(
                condition=models.Q(("kind", "national")),
                fields=["state", "case"],
                name="national_review_by_state",
            ),
        ),
    ]
