"""Run programs: to their end, or in the background, and never leave one behind by accident."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.local.places import LOGS, PROJECT, StopError, full, make_local, say, shown

Command = Sequence[str]


class FailedError(StopError):
    """A program ended with an error; `output` is all that it said."""

    def __init__(self, words: str, output: str) -> None:
        super().__init__(words)
        self.output = output


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """The program and all that it started have ended: asked first, killed after 15 seconds."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(15)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Command,
    *,
    log: str = "",
    env: Mapping[str, str] | None = None,
    doing: str,
    aloud: bool = False,
) -> str:
    """What the program said, once it ended well; FailedError when it did not.

    What it says goes to a log, and `aloud` its newest line to the terminal as well, now and then.
    An interruption ends the program too.
    """
    make_local()
    path = LOGS / f"{log or 'last'}.log"
    with path.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = wait(process, path if aloud else None)
        except BaseException:
            stop_group(process)
            raise
    said = path.read_text(encoding="utf-8", errors="replace")
    if code:
        raise failure(doing, said, path)
    return said


def wait(process: subprocess.Popen[bytes], log: Path | None) -> int:
    """The code that the program ended with; until then its newest line is said when it is new."""
    said = ""
    while True:
        try:
            return process.wait(2 if log else None)
        except subprocess.TimeoutExpired:
            newest = last_lines(log, 1).strip() if log else ""
            if newest != said:
                say(f"  {newest}")
                said = newest


class AskedToStop(KeyboardInterrupt):
    """Another program asked this one to stop; a terminal would have told every child too."""


def foreground(command: Command, *, env: Mapping[str, str]) -> int:
    """The code of a program that has the terminal; an interruption lets it put things away."""
    process = subprocess.Popen(command, cwd=PROJECT, env=dict(env))
    try:
        return process.wait()
    except KeyboardInterrupt as interruption:
        if isinstance(interruption, AskedToStop):
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()
        raise


def failure(doing: str, said: str, path: Path) -> FailedError:
    """The error with the most telling line of what the program said."""
    if "No space left on device" in said or "ENOSPC" in said:
        return FailedError(str(full(PROJECT)), said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    telling = (errors or lines or ["it said nothing"])[-1]
    return FailedError(f"{doing} failed: {telling} (all of it: {shown(path)})", said)


def last_lines(path: Path, count: int = 12) -> str:
    """The end of a log, indented."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return ""
    return "\n".join(f"    {line}" for line in lines)


def started_at(pid: int) -> str:
    """When the process began, so that a number that was used again is recognised; "" if gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return ""
        ps = ["/bin/ps", "-o", "lstart=,stat=", "-p", str(pid)]
        words = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.split()
        return "" if not words or words[-1].startswith("Z") else " ".join(words[:-1])
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def end(pid: int, began: str, first: signal.Signals, seconds: float) -> None:
    """The process that began then has ended; killed if it has not after so many seconds."""
    for what, patience in ((first, seconds), (signal.SIGKILL, 10.0)):
        limit = time.monotonic() + patience
        with suppress(ProcessLookupError):
            if began and started_at(pid) == began:
                os.kill(pid, what)
        while time.monotonic() < limit:
            if not began or started_at(pid) != began:
                # A child of this process is only quite gone once it was asked after.
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
                return
            time.sleep(0.02)


def end_recorded(path: Path) -> list[str]:
    """Programs that an earlier launcher wrote down and could not stop are gone; their names."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    alive = [row for row in rows if started_at(row["pid"]) == row["began"]]
    for row in alive:
        end(row["pid"], row["began"], signal.SIGTERM, 15)
    path.unlink(missing_ok=True)
    return [row["name"] for row in alive]
