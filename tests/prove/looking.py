"""A proof looks at rows as nobody in its story could; the service that it kills does not."""

from django.db import connection, connections

from tests.databases import EYES_OPEN


def open_eyes() -> None:
    """From now on this process, and each that it forks, sees every row of a case."""
    _with(EYES_OPEN)


def shut_eyes() -> None:
    """From now on they see what the database shows to whoever asks, as in the real service."""
    _with("")


def _with(options: str) -> None:
    connections.close_all()
    kept = {**connection.settings_dict["OPTIONS"], "options": options}
    connection.settings_dict["OPTIONS"] = kept
