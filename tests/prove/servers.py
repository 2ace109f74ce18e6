"""A PostgreSQL and a Valkey for one proof alone, to be crashed at will, on ports of their own."""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from deploy.local import postgres, valkey
from tests.databases import let_tests_look

PROJECT = Path(__file__).resolve().parents[2]
ROLES = ("safeguarding_owner", "safeguarding_app", "safeguarding_worker")
# What a promise that survives a crash rests on; read back from the server before the proof begins.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@dataclass
class Database:
    """A cluster of this proof's own: its address for each role, and a way to crash it."""

    folder: Path
    port: int
    postmaster: int
    crashes: int = 0

    def url(self, role: str) -> str:
        """The address of the database for a role."""
        return f"postgres://{role}@127.0.0.1:{self.port}/service"

    def ask(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """What the superuser is answered, outside any transaction."""
        with self.connected(database) as server:
            found = server.execute(statement)
            return found.fetchall() if found.description else []

    def connected(self, database: str) -> psycopg.Connection:
        """A connection of the superuser's, outside any transaction."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True
        )

    def backends(self) -> list[int]:
        """The server processes that serve somebody just now."""
        return self._titled(b"safeguarding_")

    def recovers(self) -> bool:
        """Whether it is on its way up after a crash: nobody is served meanwhile."""
        return bool(self._titled(b"startup"))

    def _titled(self, words: bytes) -> list[int]:
        listed = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children")
        found = []
        for pid in listed.read_text(encoding="ascii").split():
            with suppress(OSError):
                if words in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
        return found

    def crash(self) -> bool:
        """One backend is killed: the whole cluster ends all work and recovers from its log."""
        serving = self.backends()
        if not serving:
            return False
        with suppress(ProcessLookupError):
            os.kill(serving[0], signal.SIGKILL)
        self.crashes += 1
        return True


@dataclass
class Broker:
    """A Valkey of this proof's own, with nothing kept on disk: losing it must lose nothing.

    Where it is `kept`, all that it is told stays written down in its folder, in clear.
    """

    folder: Path
    kept: bool = False
    port: int = field(default_factory=postgres.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """It runs, empty."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        if self.kept:
            self.folder.mkdir()
            options += ["--appendonly", "yes", "--appendfsync", "always"]
            options += ["--auto-aof-rewrite-percentage", "0", "--rdbcompression", "no"]
        self.process = subprocess.Popen(
            [valkey.program(), *options, "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """It is gone, with everything in it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def servers(*, kept: bool = False) -> Iterator[tuple[Database, Broker]]:
    """Inside, both run and the environment of this process names them; then nothing is left.

    `kept` is for a broker that writes down what it is told.
    """
    folder = Path(tempfile.mkdtemp(prefix="prove-"))
    folder.chmod(0o755)
    broker = Broker(folder / "broker" if kept else folder, kept=kept)
    server: subprocess.Popen[bytes] | None = None
    try:
        _copy_of_the_pattern(folder / "cluster")
        database, server = _start(folder / "cluster")
        broker.start()
        os.environ.update(_environment(database, broker, folder))
        yield database, broker
    finally:
        broker.kill()
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _copy_of_the_pattern(home: Path) -> None:
    """A migrated cluster lies there, at rest.

    Where PROVE_PATTERN names a folder, whoever comes first makes one there and all copy it: the
    proofs in a run of the tests migrate once among them.
    """
    named = os.environ.get("PROVE_PATTERN")
    if not named:
        _make(home)
        return
    pattern, unfinished = Path(named), Path(f"{named}.unfinished")
    with Path(f"{named}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not pattern.exists():
            _make(unfinished)
            unfinished.rename(pattern)
    # Owner and rights stay as they are: the server's user need not be this one.
    subprocess.run(["cp", "-a", str(pattern), str(home)], check=True)


def _make(home: Path) -> None:
    """A new cluster there has the roles and the migrated database, and has stopped cleanly."""
    runner = _runner(home)
    home.mkdir()
    if runner.kind == "nobody":
        shutil.chown(home, "nobody")
    # Workers that live for a moment connect often, and what is in here is invented.
    arguments = ["-D", str(runner.data), "--username=postgres", "--auth=trust"]
    arguments += ["--encoding=UTF8", "--locale=C.UTF-8"]
    with (home.parent / f"{home.name}.log").open("wb") as log:
        if runner.popen("initdb", *arguments, output=log.fileno()).wait():
            raise RuntimeError(Path(log.name).read_text())
    database, server = _start(home)
    try:
        for name in ROLES:
            database.ask(f"CREATE ROLE {name} LOGIN")
        database.ask(f"CREATE DATABASE service OWNER {ROLES[0]}")
        line = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        with tempfile.TemporaryDirectory() as folder:
            known = _environment(database, Broker(Path(folder)), Path(folder))
            owner = {**os.environ, **known, "DATABASE_ROLE": "owner"}
            subprocess.run(line, cwd=PROJECT, env=owner, check=True, stdout=subprocess.DEVNULL)
        with database.connected("service") as found:
            let_tests_look(found, ROLES[1])
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _runner(home: Path) -> postgres.Runner:
    return replace(postgres.choose(), home=home)


def _start(home: Path) -> tuple[Database, subprocess.Popen[bytes]]:
    """A server over the cluster, which answers and keeps what a promise rests on."""
    runner, port = _runner(home), postgres.free_port()
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    options |= {"max_connections": 200, "shared_buffers": "128MB"}
    if sys.platform == "linux":
        # One call for the whole file system in place of one for each of thousands of files: as
        # safe, and a recovery takes a third of the time.
        options |= {"recovery_init_sync_method": "syncfs"}
    # The judge of the full stack asks when something was committed, not when it began.
    options |= {"track_commit_timestamp": "on"}
    settings = [f"--{name}={value}" for name, value in options.items()]
    with (home.parent / f"{home.name}.log").open("ab") as log:
        where = ["-D", str(runner.data)]
        process = runner.popen("postgres", *where, *settings, output=log.fileno())
    database = Database(home.parent, port, process.pid)
    for _ in range(300):
        with suppress(psycopg.OperationalError):
            database.ask("SELECT 1")
            break
        time.sleep(0.1)
    for name, value in DURABLE.items():
        [[found]] = database.ask(f"SHOW {name}")
        if found != value:
            raise RuntimeError(f"{name} is {found}: nothing could be promised.")
    return database, process


def _environment(database: Database, broker: Broker, folder: Path) -> dict[str, str]:
    names = ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_WORKER_URL")
    addresses = dict(zip(names, map(database.url, ROLES), strict=True))
    (folder / "keys").mkdir()
    return {
        **addresses,
        "ALLOWED_HOSTS": "127.0.0.1",
        "AUDIT_CHECKPOINTS": str(folder / "checkpoints"),
        "AUDIT_KEY": "cHJvb2YtcHJvb2YtcHJvb2YtcHJvb2YtcHJvb2YtMTI=",
        "DATABASE_ROLE": "app",
        "EMAIL_TIMEOUT_SECONDS": "1",
        "HTTPS": "0",
        "KEY_STORE": str(folder / "keys"),
        "LOG_LEVEL": "CRITICAL",
        "MASTER_KEY": "cHJvb2YtcHJvb2YtcHJvb2YtcHJvb2YtcHJvb2YtMTI=",
        "REDIS_URL": broker.url,
        "SECOND_FACTOR": "offered",
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
