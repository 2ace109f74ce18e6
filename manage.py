#!/usr/bin/env python
"""Run one of the service's commands: `manage.py help` lists them."""

import os
import sys
from pathlib import Path

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")
# These run as the owner of the tables; everything else runs as the application.
AS_OWNER = {"migrate", "sqlmigrate", "createcachetable", "pgtrigger", "flush", "dbshell"}
# These send, or look at what is sent; like the worker, they read nothing of a case's story.
AS_WORKER = {"reconcile", "sweep", "watchdog"}
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


def role_of(command: str, arguments: list[str]) -> str:
    """Who the command is to the database; nobody, when it only says what it does."""
    if "--help" in arguments:
        return "none"
    if command in AS_OWNER:
        return "owner"
    if command in AS_WORKER:
        return "worker"
    return "none" if command in WITHOUT_DATABASE else "app"


def main() -> None:
    """The command has run with the database role that it is entitled to, and no other."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DATABASE_ROLE", role_of(command, sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.environment import MisconfiguredError, read_files

    here = Path(__file__).resolve().parent
    read_files(here / ".env")
    # A place that nobody has set up is the demo's; the two are never mixed.
    if not any(name in os.environ for name in ADDRESSES):
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
