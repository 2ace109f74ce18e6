"""What schemathesis makes of the service's own description: what fits it, and what does not.

A case in an address is made up; so that more than its absence is asked for, a real one stands there
now and then, and with it the tag of what was read.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok

from tests.prove.calling import Call

Use = Callable[[Call, str], None]
Made = Case[Any]
# How often the case in an address, and the tag, are real ones.
REAL = 0.3
# Where making a call or answering it takes long, fewer are made.
SHARES = {
    "/api/v1/notifications": 0.15,
    "/api/v1/cases": 0.3,
    "/api/v1/token": 4,
    "/api/v1/token/revoke": 4,
    "/api/v1/cases/{token}/notification/again": 0.1,
    "/api/v1/cases/{token}/notification/amendments": 0.5,
    "/api/v1/cases/{token}/notification/withdrawal": 0.7,
    "/api/v1/cases/{token}/rapid-review": 0.1,
}


class Described:
    """Makes calls from a description; what it makes follows from the seed."""

    def __init__(self, document: dict[str, Any], dice: Random) -> None:
        self.dice = dice
        found = schemathesis.openapi.from_dict(json.loads(json.dumps(document)))
        self.ways = [
            (one.path, one.as_strategy(generation_mode=mode))
            for one in (each.ok() for each in found.get_all_operations() if isinstance(each, Ok))
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
            # Any text may stand for a case: what takes nothing else is sent nothing unfit, and
            # finding that out takes as long as making a hundred calls.
            if mode is GenerationMode.POSITIVE
            or any(list(part) for part in (one.query, one.headers, one.body))
        ]

    def use(self, each: int, use: Use, real: Callable[[], tuple[str, str]], go_on: Any) -> None:
        """So many calls of every operation, fitting and unfitting, are handed over.

        `real` names a case and the tag with which it was read; `go_on` is asked before each call.
        """
        for way in list(self.ways):
            made = self._made(way[1], max(1, int(each * SHARES.get(way[0], 1))))
            for case in made:
                if not go_on():
                    return
                use(self._call(case, real), way[0])
            if not made:
                # What does not fit an address that takes nothing can't be made.
                self.ways.remove(way)

    def _made(self, strategy: Any, each: int) -> list[Made]:
        made: list[Made] = []

        @seed(self.dice.getrandbits(64))
        @settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def make(case: Made) -> None:
            made.append(case)

        try:
            make()
        except Unsatisfiable:
            return []
        return made

    def _call(self, case: Made, real: Callable[[], tuple[str, str]]) -> Call:
        headers = dict(case.headers or {})
        parts = {name: str(text) for name, text in (case.path_parameters or {}).items()}
        if "token" in parts and self.dice.random() < REAL:
            parts["token"], tag = real()
            if "If-Match" in headers and self.dice.random() < REAL:
                headers["If-Match"] = tag
        path = case.operation.path
        for name, text in parts.items():
            path = path.replace(f"{{{name}}}", text)
        kind, body = _body(case)
        if kind:
            headers["Content-Type"] = kind
        raw = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
        return Call(case.method.upper(), raw, _query(case.query or {}), headers, body)


def _query(asked: dict[str, Any]) -> str:
    return urlencode(list(_pairs(asked)), errors="surrogatepass")


def _pairs(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one if isinstance(one, str) else json.dumps(one, default=str)


def _body(case: Made) -> tuple[str, bytes]:
    if case.body is NOT_SET:
        return "", b""
    kind = case.media_type or ""
    if kind.endswith("json"):
        return kind, json.dumps(case.body, default=str).encode()
    if isinstance(case.body, dict):
        return kind, _query(case.body).encode()
    return kind, str(case.body).encode("utf-8", "surrogatepass")
