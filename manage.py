#!/usr/bin/env python
"""Run one of the service's commands: `manage.py help` lists them."""

import os
import sys
from pathlib import Path

# These run as the owner of the tables; everything else runs as the application.
AS_OWNER = {"migrate", "sqlmigrate", "createcachetable", "pgtrigger", "flush", "dbshell"}
# These answer without a database, so that they work before one is set up.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "diffsettings",
    "help",
    "law",
    "machine",
    "makemigrations",
    "version",
    "working_days",
}


def main() -> None:
    """The command has run with the database role that it is entitled to, and no other."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    role = "owner" if command in AS_OWNER else "none" if command in WITHOUT_DATABASE else "app"
    os.environ.setdefault("DATABASE_ROLE", role)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.environment import MisconfiguredError, read_files

    here = Path(__file__).resolve().parent
    read_files(here / ".env")
    # A place that nobody has set up is the demo's; the two are never mixed.
    if "DATABASE_URL" not in os.environ:
        read_files(here / ".local" / "settings.env")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    try:
        # Read the settings first: Django would hold back what is wrong with them.
        _ = settings.SECRET_KEY
        execute_from_command_line(sys.argv)
    except MisconfiguredError as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
