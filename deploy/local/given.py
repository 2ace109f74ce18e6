"""The settings that a person gave, and what is wrong with them: told before a server is started."""

import os
import re
import subprocess
from collections.abc import Mapping

from deploy.local import addresses
from deploy.local.places import PROJECT, PYTHON, StopError

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")
READ_THEM = "import config.settings"


def given() -> dict[str, str]:
    """The settings that a person gave: in `.env`, or, winning over it, in the environment."""
    values: dict[str, str] = {}
    file = PROJECT / ".env"
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            if match := re.fullmatch(r"\s*(?:export\s+)?([A-Z_]+)=(.*?)\s*", line):
                values[match[1]] = match[2].strip("'\"")
    # Each process is told its role when it is started.
    return {k: v for k, v in (values | dict(os.environ)).items() if k != "DATABASE_ROLE"}


def gives_a_database(values: Mapping[str, str]) -> bool:
    """Whether a person gave a database; StopError when only some of the addresses."""
    for name in ADDRESSES:
        if values.get(name) and not addresses.is_of_a_database(values[name]):
            raise StopError(
                f"{name} must be an address like postgres://user:password@host/name: the service "
                "runs on PostgreSQL 15 or newer and on no other database."
            )
    broker = values.get("REDIS_URL", "")
    if broker and not addresses.is_of_a_broker(broker):
        raise StopError(
            "REDIS_URL must be an address like redis://host:6379/0: the broker is a Redis or "
            "Valkey. Unset it to use the built-in one."
        )
    present = [name for name in ADDRESSES if values.get(name)]
    if present and len(present) < len(ADDRESSES):
        missing = " and ".join(name for name in ADDRESSES if name not in present)
        raise StopError(
            f"{present[0]} is set, so {missing} must be set too: the service uses its database "
            "as three roles (.env.example explains them). Unset it to use the built-in server."
        )
    return bool(present)


def refuse_wrong_settings(values: Mapping[str, str]) -> None:
    """Returns when the service takes what a person gave; StopError with all that is wrong.

    Asked of the service itself, so once it is installed, and before its servers are started. What
    the launcher makes is missing still, and not asked for.
    """
    done = subprocess.run(
        [PYTHON, "-c", READ_THEM],
        cwd=PROJECT,
        env=dict(values) | {"DATABASE_ROLE": "none"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _, _, said = done.stderr.rpartition("MisconfiguredError: ")
        raise StopError(said.strip())
