"""Running a proof from a test: in a process of its own, over servers of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.databases import run_id

PROJECT = Path(__file__).resolve().parents[2]
# The proof brings its own servers: nothing of the tests' may reach it.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
SEED = 20261122


def pattern() -> Path:
    """Where the proofs of this run of the tests keep the cluster that they copy."""
    return Path(tempfile.gettempdir()) / f"prove-pattern-{run_id()}"


def forget_the_pattern() -> None:
    """Nothing of it is left."""
    shutil.rmtree(pattern(), ignore_errors=True)
    for ending in ("lock", "unfinished.log"):
        with suppress(FileNotFoundError):
            Path(f"{pattern()}.{ending}").unlink()


def proved(proof: str, seconds: float, *, broken: str = "", cases: float = 0.6) -> dict[str, Any]:
    """The line of a run; its exit code says the same as its `ok`."""
    line = [sys.executable, "-m", "tests.prove", proof, f"--seconds={seconds}", f"--seed={SEED}"]
    line += [f"--cases={cases}"] if proof == "reminders" else []
    line += [f"--broken={broken}"] if broken else []
    done = subprocess.run(
        line,
        cwd=PROJECT,
        env={
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "PROVE_PATTERN": str(pattern()),
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    # Shown whole with a test that fails, where its own words are shortened.
    sys.stderr.write(f"{done.stderr}\n{done.stdout}")
    assert done.stdout.strip(), done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode == 0) == found["ok"]
    return found
