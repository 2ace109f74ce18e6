"""A part of the demo that ends is started again; the pages go on, and their end ends the demo."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import parts
from deploy.local.given import ADDRESSES
from deploy.local.parts import AnyPart, Part, Parts, all_running, wanted_pause
from deploy.local.places import StopError
from tests.deploy.test_launcher import SETTINGS
from tests.deploy.test_launcher import project as project  # noqa: PLC0414 - a fixture

SERVES = ("http.server", "0", "--bind", "127.0.0.1")
WITH_A_BROKER = """
import signal, sys, time
sys.path.insert(0, {project!r})
from deploy.local import parts, services
from deploy.local.commands import interrupted
signal.signal(signal.SIGTERM, interrupted)
with services.running() as env, parts.all_running(iter(()), broker=True, pause=0) as found:
    print("broker", found.running[0].pid, flush=True)
    while True:
        before = found.running[0].pid
        found.look()
        if found.running[0].pid != before:
            print("broker", found.running[0].pid, flush=True)
        time.sleep(0.05)
"""


class Watch:
    """A clock that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    """Two parts, called as two of the demo's are."""
    monkeypatch.setattr(parts, "LOGS", tmp_path)
    monkeypatch.setattr(parts, "RUNNING", tmp_path / "running.json")
    both = (Part(name, SERVES, os.environ) for name in ("web", "worker"))
    with all_running(both, broker=False, pause=60) as found:
        found.clock = Watch()
        yield found


def killed(running: Parts, name: str) -> int:
    """A part is killed outright, from outside; its number."""
    (part,) = [one for one in running.running if one.name == name]
    assert isinstance(part, Part)
    os.kill(part.pid, signal.SIGKILL)
    part.process.wait(20)
    return part.pid


def up(part: AnyPart) -> bool:
    """Asked anew each time."""
    return part.is_up


def test_a_part_that_ended_stays_away_for_the_pause_and_runs_again(
    running: Parts, capsys: pytest.CaptureFixture[str]
) -> None:
    was = killed(running, "worker")
    web, worker = running.running
    running.look()
    running.clock.now = 59.0  # type: ignore[attr-defined]
    running.look()
    assert not up(worker)
    assert capsys.readouterr().out.count("The worker ended; it is started again in 60 seconds") == 1
    running.clock.now = 60.0  # type: ignore[attr-defined]
    running.look()
    assert up(worker)
    assert worker.pid != was
    assert f"The worker runs again (process {worker.pid})" in capsys.readouterr().out
    assert str(worker.pid) in parts.RUNNING.read_text(encoding="utf-8")
    assert up(web)


def test_the_end_of_the_pages_ends_the_demo_in_one_sentence(running: Parts) -> None:
    killed(running, "web")
    with pytest.raises(StopError, match=r"The process web ended by itself \(code -9\)"):
        running.look()


def test_pages_that_were_told_to_end_are_no_crash(running: Parts, tmp_path: Path) -> None:
    web, _ = running.running
    assert isinstance(web, Part)
    web.process.kill()
    web.process.wait()
    web.process.returncode = 0
    with pytest.raises(StopError, match=r"stopped from elsewhere: the web ended\.$"):
        running.look()


def test_the_broker_is_started_again_too(project: Path) -> None:
    hidden = {*ADDRESSES, *SETTINGS}
    launcher = subprocess.Popen(
        [sys.executable, "-c", WITH_A_BROKER.format(project=str(project))],
        env={k: v for k, v in os.environ.items() if k not in hidden},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    lines = iter(launcher.stdout.readline, "")
    try:
        first = int(next(line for line in lines if line.startswith("broker")).split()[1])
        os.kill(first, signal.SIGKILL)
        again = int(next(line for line in lines if line.startswith("broker")).split()[1])
        assert again not in {0, first}
    finally:
        launcher.terminate()
        launcher.wait(60)
        launcher.stdout.close()


@pytest.mark.parametrize("value", ["x", "-1", "1.5"])
def test_a_pause_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(StopError, match="DEMO_RESTART_AFTER must be a number of seconds"):
        wanted_pause(value)
