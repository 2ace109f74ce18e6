"""Nobody but the owner makes temporary tables here.

PostgreSQL looks for a table among the temporary ones first, so that one of the same name would
answer, or swallow, what a trigger asks of the real one and writes to it.
"""

from django.db import migrations

from workflow import migrating

# Where somebody else owns the database, the start says what its owner has to do.
TAKEN = """
DO $$ BEGIN
    IF (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database())
    THEN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END IF;
END $$
"""


class Migration(migrating.Migration):
    """It is taken from everybody; the owner of a database needs no leave."""

    dependencies = [("workflow", "0046_ask_partners_to_sign_again")]

    operations = [
        # Undone, nobody is given it back: no release needs it, and it may have been taken before.
        migrations.RunSQL(TAKEN, migrations.RunSQL.noop),
    ]
