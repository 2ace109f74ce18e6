"""The launcher's commands, as the Makefile calls them."""

import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from deploy.local import checks, demo, install, parts, services
from deploy.local.given import given, gives_a_database, refuse_wrong_settings
from deploy.local.places import (
    LOCAL,
    PROJECT,
    PYTHON,
    StopError,
    explained,
    make_local,
    recorded,
    say,
)
from deploy.local.programs import AskedToStop, end_recorded, foreground, run

MADE = (".venv", ".local", "node_modules", "static/built", "staticfiles")
WITH_SERVERS = frozenset({"bench", "check", "demo", "pictures", "test"})
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def clean() -> int:
    """Nothing runs any more, and nothing is left of what the launcher made."""
    end_recorded(parts.RUNNING)
    if LOCAL.exists():
        with services.exclusively():
            services.stop_servers()
    if private := recorded().get("private"):
        shutil.rmtree(private, ignore_errors=True)
    for name in (*MADE, *CACHES):
        shutil.rmtree(PROJECT / name, ignore_errors=True)
    for folder in PROJECT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in PROJECT.glob(".coverage*"):
        file.unlink()
    return 0


def in_service(*line: str) -> int:
    """The code of a Python program run with the servers and their settings at hand."""
    install.everything(for_tests=True)
    refuse_wrong_settings(given())
    with services.running() as env:
        return foreground([PYTHON, *line], env=env)


def lock() -> int:
    """The hashed requirement files say anew what the .in files ask for."""
    install.venv()
    install.python_packages("test", covers=["local"])
    tool = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    tool += ["--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
    tool += ["--no-header", "--no-annotate", "--upgrade", "--only-binary=:all:"]
    tool += ["--override", "requirements/overrides.in"]
    for name in ("test", "local", "base", "node"):
        say(f"Locking requirements/{name}.txt")
        source, made = f"requirements/{name}.in", f"requirements/{name}.txt"
        same = [] if name in {"test", "node"} else ["--constraint", "requirements/test.txt"]
        run([*tool, *same, source, "-o", made], log="lock", doing=f"Locking {source}")
    return 0


def prove(arguments: Sequence[str]) -> int:
    """The code of a proof; it brings its own servers, so that it can crash them."""
    install.everything(for_tests=True)
    make_local()
    return foreground([PYTHON, "-m", "tests.prove", *arguments], env=given())


def law() -> int:
    """docs/law.md says what the code says; needs no database."""
    install.venv()
    install.python_packages("local")
    run([PYTHON, "manage.py", "law", "--write"], log="law", doing="`manage.py law`")
    return 0


def documents() -> int:
    """Every part of docs/ that is made from code says what the code says; needs no database."""
    install.venv()
    install.python_packages("test", covers=["local"])
    run([PYTHON, "manage.py", "law", "--write"], log="law", doing="`manage.py law`")
    run([PYTHON, "-m", "tests.docs"], log="docs", doing="Writing docs/")
    return 0


def interrupted(number: int, frame: FrameType | None) -> None:
    """A signal that asks to stop ends the launcher as Ctrl-C does."""
    raise AskedToStop


def main(arguments: Sequence[str]) -> int:
    """The exit code; every refusal is one sentence, never a traceback."""
    commands: dict[str, Callable[[], int]] = {
        "bench": lambda: in_service("-m", "tests.bench", *arguments[1:]),
        "check": checks.check,
        "clean": clean,
        "demo": demo.demo,
        "docs": documents,
        "law": law,
        "lock": lock,
        "pictures": lambda: in_service("-m", "pytest", "-q", "tests/journeys/pictures.py"),
        "prove": lambda: prove(arguments[1:]),
        "test": lambda: checks.test(arguments[1:]),
    }
    if not arguments or arguments[0] not in commands:
        print(f"Which one: {', '.join(commands)}?", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        if arguments[0] in WITH_SERVERS:
            # Before anything is installed, which may take minutes.
            gives_a_database(given())
        return commands[arguments[0]]()
    except StopError as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"\n{explained(error)}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("Stopped")
        return 130 if arguments[0] != "demo" else 0
