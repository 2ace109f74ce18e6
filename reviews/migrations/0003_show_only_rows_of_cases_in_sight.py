"""What was learned and decided is shown and taken only of cases in sight."""

from workflow import migrating
from workflow.access.rows import CaseRows

TABLES = (
    "reviews_assessment",
    "reviews_panelresponse",
    "reviews_partnersdecision",
    "reviews_sentreview",
    "reviews_signoff",
)


class Migration(migrating.Migration):
    """After the rule was put on the tables of the case itself."""

    dependencies = [
        ("reviews", "0002_rights"),
        ("workflow", "0027_show_only_rows_of_cases_in_sight"),
    ]

    operations = [CaseRows(table) for table in TABLES]
