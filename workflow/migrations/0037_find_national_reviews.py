"""National reviews are found among the many local ones without walking over these."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workflow", "0033_let_the_worker_see_who_has_signed")]

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
