"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-durability` is the whole of it. Each run has a process and servers of its own.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.prove.test_reminders import KEPT, PROJECT


def proved(seconds: float, *, broken: str = "", seed: int = 20261122) -> dict[str, Any]:
    """The line of a run."""
    line = [sys.executable, "-m", "tests.prove", "durability", f"--seconds={seconds}"]
    line += [f"--seed={seed}", *([f"--broken={broken}"] if broken else [])]
    done = subprocess.run(
        line,
        cwd=PROJECT,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode == 0) == found["ok"]
    return found


def test_cut_off_at_every_statement_and_killed_at_random_nothing_acknowledged_is_lost() -> None:
    found = proved(12)
    assert found["ok"], found
    assert found["boundaries_sending"] >= 24, "before and after each of the twelve statements"
    assert found["boundaries_opening"] >= 40, found
    assert found["kills"] > 50, found
    assert found["crashes"] > 2, found
    assert found["acknowledged"] > 5, found


@pytest.mark.parametrize(
    ("broken", "figure", "seconds"),
    [
        ("acknowledge-before-commit", "lost", 1),
        ("two-transactions", "half_written", 1),
        ("lazy-commit", "lost", 15),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(
    broken: str, figure: str, seconds: float
) -> None:
    found = proved(seconds, broken=broken)
    assert not found["ok"], found
    assert found[figure] > 0, found
