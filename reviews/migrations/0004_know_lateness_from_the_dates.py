"""Whether a rapid review was in time follows from its dates: nobody is asked, nothing is kept."""

from django.db import migrations

from workflow import migrating


class Migration(migrating.Migration):
    """The column goes, and the list that only its question offered."""

    dependencies = [
        ("reviews", "0003_show_only_rows_of_cases_in_sight"),
        ("workflow", "0003_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="assessment", name="timeliness"),
        migrations.RunSQL("DELETE FROM workflow_code WHERE list = 'review_timeliness'"),
    ]
