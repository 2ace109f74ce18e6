"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-reminders` is the whole of it. Each run has a process and servers of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# The proof brings its own servers: nothing of the tests' may reach it.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")


def proved(
    seconds: float, *, broken: str = "", cases: float = 0.6, seed: int = 20261122
) -> dict[str, Any]:
    """The line of a run."""
    line = [sys.executable, "-m", "tests.prove", "reminders", f"--seconds={seconds}"]
    line += [f"--seed={seed}", f"--cases={cases}", *([f"--broken={broken}"] if broken else [])]
    done = subprocess.run(
        line,
        cwd=PROJECT,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode == 0) == found["ok"]
    return found


def test_a_minute_of_kills_crashes_and_faulty_mail_misses_and_doubles_nothing() -> None:
    found = proved(60)
    assert found["ok"], found
    assert found["kills"] > 100, found
    assert found["crashes"] > 5, found
    assert found["reminders"] > 100, found


@pytest.mark.parametrize(
    ("broken", "figure"),
    [
        ("mark-before-send", "undelivered"),
        ("no-key", "doubled"),
        ("queue-as-ledger", "undelivered"),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(broken: str, figure: str) -> None:
    found = proved(15, broken=broken, cases=5)
    assert not found["ok"], found
    assert found[figure] > 0, found
