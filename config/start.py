"""What must hold before a process may serve anyone."""

from django.core import checks
from django.db import connection

from config.environment import MisconfiguredError


def refuse_an_unsafe_start() -> None:
    """Returns when the database is one that can refuse; else raises one error with every reason."""
    found = checks.run_checks(tags=[checks.Tags.compatibility])
    if connection.vendor == "postgresql":
        found += checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    # A server that copies itself into several processes must not share this connection.
    connection.close()
    if serious := [message for message in found if message.is_serious()]:
        reasons = "\n".join(f"  - {message.msg} {message.hint or ''}" for message in serious)
        raise MisconfiguredError(f"The service will not start on this database:\n{reasons}")
