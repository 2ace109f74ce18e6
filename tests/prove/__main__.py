"""`python -m tests.prove NAME`: one line of JSON at the end, and 0 only when the promise held."""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from importlib import import_module

PROOFS = (
    "api", "at-rest", "audit", "documents", "durability", "full-stack", "isolation", "machine",
    "reminders",
)  # fmt: skip


def main(given: Sequence[str] | None = None) -> int:
    """0 when the proof held."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("proof", choices=PROOFS)
    parser.add_argument("--seed", type=int, default=_number("SEED"), help="replays a run")
    parser.add_argument(
        "--seconds", type=float, default=_number("SECONDS_LIMIT"), help="bounds the run"
    )
    parser.add_argument("--broken", default="", help="builds in a fault: the proof must fail")
    parser.add_argument("--cases", type=float, help="how many are opened a day, for reminders")
    asked = parser.parse_args(given)
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**9)
    proof = import_module(f"tests.prove.{asked.proof.replace('-', '_')}")
    more = {} if asked.cases is None else {"cases": asked.cases}
    line = proof.prove(seed=seed, seconds=asked.seconds, broken=asked.broken, **more)
    print(json.dumps(line), flush=True)  # noqa: T201 - this is what it is for.
    return 0 if line["ok"] else 1


def _number(name: str) -> int | None:
    text = os.environ.get(name, "")
    return int(text) if text.isdecimal() else None


if __name__ == "__main__":
    sys.exit(main())
