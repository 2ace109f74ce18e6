"""`python -m tests.bench`: measure the paths that matter, one line of JSON for each.

Ratios within one run mean something on any machine; times alone do not. Exits with 1 when a goal is
missed, and says so on the path's own line.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

import django
from django.test.utils import setup_test_environment

PATHS = {
    "P1-sweep": "tests.bench.sweep",
    "P1-delivery": "tests.bench.post",
    "P2-send": "tests.bench.sending",
    "P3-queue": "tests.bench.queue",
    "P3-board": "tests.bench.board",
    "P4-working-days": "tests.bench.working_days",
    "P5-transition": "tests.bench.transition",
}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", choices=PATHS, action="append", help=f"one of {', '.join(PATHS)}"
    )
    return parser.parse_args(given)


def start() -> None:
    """Django is ready as in the tests: plain http, no host refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    setup_test_environment(debug=False)
    from django.conf import settings  # noqa: PLC0415 - Django comes first.

    from tests.conftest import pytest_configure  # noqa: PLC0415

    pytest_configure()
    # What is measured looks with shut eyes from the start (see `stage`).
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.startswith("tests.")]


def main(given: Sequence[str] | None = None) -> int:
    """0 when every goal was met; each line is printed as soon as it is known."""
    names = arguments(given).only or list(PATHS)
    start()
    missed = []
    for name in names:
        run: Callable[[], Iterable[dict[str, object]]] = import_module(PATHS[name]).run
        for line in run():
            print(json.dumps(line), flush=True)  # noqa: T201 - this is what it is for.
            if not line["ok"]:
                missed.append(line["bench"])
    if missed:
        print(f"Goals missed: {', '.join(map(str, missed))}", file=sys.stderr)  # noqa: T201
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
