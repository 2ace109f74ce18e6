"""Everything that `make check` and `make test` run, in one order, on the real servers."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence

from deploy.local import install, services
from deploy.local.given import given, refuse_wrong_settings
from deploy.local.places import PROJECT, PYTHON, say
from deploy.local.programs import foreground

Env = Mapping[str, str]
# The second one draws the same, and also the windows that a person would see around the pages:
# measured for 60 pages with their accessibility checks, 13.6 seconds of processor against 4.9.
BROWSERS = ("chromium-headless-shell", "chromium")
# Each may have a browser and a service of its own.
MOST_WORKERS = 8


def static_steps(env: Env) -> dict[str, tuple[Sequence[str], Env]]:
    """The checks that read the code without running it, by name."""
    deployed = dict(env) | {"HTTPS": "1", "DATABASE_ROLE": "none", "SECOND_FACTOR": "required"}
    manage = [PYTHON, "manage.py"]
    return {
        "ruff check": ([PYTHON, "-m", "ruff", "check", "."], env),
        "ruff format": ([PYTHON, "-m", "ruff", "format", "--check", "."], env),
        "mypy": ([PYTHON, "-m", "mypy"], env),
        "migrations": ([*manage, "makemigrations", "--check", "--dry-run"], env),
        "check --deploy": ([*manage, "check", "--deploy", "--fail-level", "WARNING"], deployed),
    }


def static(env: Env) -> list[str]:
    """The names of the checks that failed, each having said why."""
    failed = []
    for name, (command, settings) in static_steps(env).items():
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        took = time.monotonic() - began
        say(f"{name}: {'FAILED' if done.returncode else 'passed'} ({took:.1f} s)")
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


def pytest(env: Env, arguments: Sequence[str]) -> int:
    """The code that pytest ended with; its words went to the terminal as they came."""
    # Half of its time a test waits: for a browser, a server, a fault to come.
    workers = min(2 * (os.cpu_count() or 1), MOST_WORKERS)
    parallel = [] if arguments else ["-n", str(workers), "--dist", "worksteal"]
    command = [PYTHON, "-m", "pytest", *parallel, *arguments]
    return foreground(command, env=env)


def browser() -> str | None:
    """The path of the browser for the tests: CHROMIUM where that is set, or the first found."""
    asked = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [asked] if asked else BROWSERS)), None)


def warn_without_browser() -> None:
    """Whoever runs the tests knows beforehand that the browser tests will not run."""
    if not browser():
        say("NO CHROMIUM FOUND: the browser tests will be counted as skipped")


def check() -> int:
    """0 when every static check and every rule of the architecture holds."""
    install.everything(for_tests=True)
    refuse_wrong_settings(given())
    with services.running() as env:
        failed = static(env)
        if pytest(env, ["-q", "tests/architecture"]):
            failed.append("architecture")
    return verdict(failed)


def test(arguments: Sequence[str]) -> int:
    """0 when everything holds; with arguments, only pytest runs, with these."""
    install.everything(for_tests=True)
    refuse_wrong_settings(given())
    with services.running(throwaway=True) as env:
        failed = [] if arguments else static(env)
        warn_without_browser()
        code = pytest(env, arguments)
    if failed:
        return verdict(failed)
    return code


def verdict(failed: Sequence[str]) -> int:
    """1 and a last line when something failed, else 0."""
    if failed:
        print(f"FAILED: {', '.join(failed)} (each said why above)", flush=True)
    return 1 if failed else 0
