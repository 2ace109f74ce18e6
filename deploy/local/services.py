"""The two servers, the secrets, and the settings that the service is started with.

Several launchers may run at once, say a demo and the tests: each holds a shared lock for as long
as it needs the servers, and the last one to leave stops them.
"""

import base64
import fcntl
import json
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO
from urllib.parse import urlsplit

from deploy.local import postgres, valkey
from deploy.local.given import ADDRESSES, given, gives_a_database
from deploy.local.places import LOCAL, StopError, make_local, say, write_private

DATABASE = "service"
SETTINGS = LOCAL / "settings.env"


def kept_secrets() -> dict[str, str]:
    """The secrets of this place, made once and readable by this user alone."""
    path = LOCAL / "secrets.json"
    known = dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
    made = {name: secrets.token_urlsafe(24) for name in ("postgres", "owner", "app", "worker")}
    made["SECRET_KEY"] = secrets.token_urlsafe(60)
    for name in ("MASTER_KEY", "AUDIT_KEY"):
        made[name] = base64.b64encode(secrets.token_bytes(32)).decode()
    # A place that an earlier version made keeps what it has.
    made |= known
    if made != known:
        write_private(path, json.dumps(made, indent=1))
    return made


def psql(address: str, statements: str, **env: str) -> str:
    """What the database answers, bare; StopError when it refuses."""
    command = [str(postgres.installed() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(
        [*command, "-d", address],
        input=statements,
        env={"PGCONNECT_TIMEOUT": "10", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        said = next((line for line in lines if "error" in line.lower()), "no reason given")
        raise StopError(f"The database at {urlsplit(address).hostname} refused: {said}")
    return done.stdout.strip()


def create_roles(port: int, secret: dict[str, str]) -> None:
    """The three roles and the database exist; the owner alone may make databases."""
    address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    lines = []
    for role, right in (("owner", "CREATEDB"), ("app", "NOCREATEDB"), ("worker", "NOCREATEDB")):
        name = f"{DATABASE}_{role}"
        lines.append(f"SELECT 'CREATE ROLE {name}' WHERE to_regrole('{name}') IS NULL \\gexec")
        lines.append(f"ALTER ROLE {name} LOGIN {right} PASSWORD '{secret[role]}';")
    lines.append(
        f"SELECT 'CREATE DATABASE {DATABASE} OWNER {DATABASE}_owner' "
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
    )
    psql(address, "\n".join(lines), PGPASSWORD=secret["postgres"])


def database_settings(port: int, secret: dict[str, str]) -> dict[str, str]:
    """The three addresses of the embedded database."""
    return {
        variable: f"postgres://{DATABASE}_{role}:{secret[role]}@127.0.0.1:{port}/{DATABASE}"
        for variable, role in zip(ADDRESSES, ("app", "owner", "worker"), strict=True)
    }


def is_built_in(env: dict[str, str]) -> bool:
    """Whether the database is the project's own server, which holds nothing else."""
    return f"//{DATABASE}_owner:{kept_secrets()['owner']}@" in env["DATABASE_OWNER_URL"]


@contextmanager
def exclusively() -> Iterator[None]:
    """Inside, no other launcher of this project starts or stops a server."""
    with (LOCAL / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_unless_used(users: IO[str]) -> None:
    """The servers have stopped, unless another launcher is still using them."""
    with exclusively():
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop_servers()


def stop_servers() -> None:
    """Neither server runs any more."""
    path = LOCAL / "secrets.json"
    if path.exists():
        password = kept_secrets()["postgres"]
        if server := postgres.survivor(postgres.home() / "postgres", password):
            server.stop()
        postgres.stop_throwaways(password)
    valkey.stop()


def made_settings(values: dict[str, str], secret: dict[str, str]) -> dict[str, str]:
    """What the service is told here, except where its servers are."""
    return {
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "AUDIT_CHECKPOINTS": str(LOCAL / "audit" / "checkpoints.jsonl"),
        "AUDIT_KEY": secret["AUDIT_KEY"],
        "HTTPS": "0",
        "KEY_COPIES": str(LOCAL / "key-copies"),
        "KEY_STORE": str(LOCAL / "keys"),
        "LOG_FORMAT": "plain",
        "MASTER_KEY": secret["MASTER_KEY"],
        # So that a newcomer needs no telephone to look around.
        "SECOND_FACTOR": "required" if values.get("HTTPS") == "1" else "offered",
        "SECRET_KEY": secret["SECRET_KEY"],
    }


@contextmanager
def running(*, throwaway: bool = False) -> Iterator[dict[str, str]]:
    """Inside, the servers run; yields the environment that the service needs.

    A throwaway database is this launcher's own, empty at first and gone afterwards. It is faster,
    and would not survive that the machine fails.
    """
    make_local()
    (LOCAL / "keys").mkdir(mode=0o700, exist_ok=True)
    values = given()
    own_database = not gives_a_database(values)
    secret = kept_secrets()
    made = made_settings(values, secret)
    with (LOCAL / "users.lock").open("w") as users, ExitStack() as ends:
        fcntl.flock(users, fcntl.LOCK_SH)
        ends.callback(stop_unless_used, users)
        with exclusively():
            if own_database:
                password = secret["postgres"]
                server = (
                    ends.enter_context(postgres.throwaway(password))
                    if throwaway
                    else postgres.start(password)
                )
                create_roles(server.port, secret)
                made |= database_settings(server.port, secret)
            if not values.get("REDIS_URL"):
                made["REDIS_URL"] = f"unix://{valkey.start()}?db=0"
            settings = made | {name: values[name] for name in made if values.get(name)}
            if not throwaway:
                write_settings(settings)
        say("PostgreSQL and the broker are ready")
        yield values | settings


def write_settings(settings: dict[str, str]) -> None:
    """`manage.py` finds here what the launcher made, while the servers run."""
    lines = [f'{name}="{value}"\n' for name, value in sorted(settings.items())]
    write_private(SETTINGS, "# Written by the launcher at each start.\n" + "".join(lines))


def private_values(env: dict[str, str], role: str) -> dict[str, str]:
    """The environment of one process: it is told no other role's way into the database.

    A web process knows the worker's too: it starts a sweep as the worker when nobody else does. The
    key that signs the audit log is the worker's alone.
    """
    worker = "DATABASE_WORKER_URL"
    known = {"app": {"DATABASE_URL", worker}, "worker": {worker}}[role]
    hidden = set(ADDRESSES) - known | ({"AUDIT_KEY"} if role == "app" else set())
    return {k: v for k, v in env.items() if k not in hidden} | {"DATABASE_ROLE": role}
