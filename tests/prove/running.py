"""Running a proof from a test: in a process of its own, over servers of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
# The proof brings its own servers: nothing of the tests' may reach it.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
SEED = 20261122


def proved(proof: str, seconds: float, *, broken: str = "", cases: float = 0.6) -> dict[str, Any]:
    """The line of a run; its exit code says the same as its `ok`."""
    line = [sys.executable, "-m", "tests.prove", proof, f"--seconds={seconds}", f"--seed={SEED}"]
    line += [f"--cases={cases}"] if proof == "reminders" else []
    line += [f"--broken={broken}"] if broken else []
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
