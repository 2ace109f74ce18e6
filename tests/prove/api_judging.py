"""Whether an answer to a program is one that it can go on with.

Nothing here asks the service's own refusals how they are made: what a refusal has to say stands
here a second time.
"""

import json
from collections import Counter
from typing import Any
from urllib.parse import unquote_plus

import jsonschema_rs

from tests.prove.calling import Answer, Call

# Stands in what is sent; no refusal may repeat it.
CANARY = "Zqxcanary"
HEADERS = frozenset(
    {
        "Accept", "Authorization", "Content-Encoding", "Content-Type", "Host", "Idempotency-Key",
        "If-Match",
    }
)  # fmt: skip
NAMELESS = "(no name)"
PARTS = {"where", "name", "detail", "remedy"}
OAUTH = {"error", "error_description", "error_uri", "remedy", "errors"}


class Judge:
    """Knows what each address was said to answer, and counts what is otherwise."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.shapes: dict[tuple[str, str, str], Any] = {}
        self.takes: dict[tuple[str, str], set[str]] = {}
        for path, methods in document["paths"].items():
            for method, said in methods.items():
                self._learn(path, method.upper(), said)
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, Counter[str]] = {
            kind: Counter() for kind in ("server_errors", "unhelpful", "untrue", "repeated")
        }

    def _learn(self, path: str, method: str, said: dict[str, Any]) -> None:
        for status, answer in said["responses"].items():
            for kind, content in answer.get("content", {}).items():
                assert kind == "application/json", kind
                shape = {**content["schema"], "$schema": _DRAFT}
                self.shapes[path, method, status] = jsonschema_rs.validator_for(shape)
        for content in said.get("requestBody", {}).get("content", {}).values():
            self.takes[path, method] = set(content["schema"].get("properties", {}))

    def judge(self, call: Call, answer: Answer, route: str = "") -> None:
        """Counts what is wrong with the answer; `route` is the path as it is described."""
        self.statuses[answer.status] += 1
        for kind, why in self._against(call, answer, route):
            self.wrong[kind][f"{why} - {answer.status} to {call}"] += 1

    def _against(self, call: Call, answer: Answer, route: str) -> list[tuple[str, str]]:
        if answer.status >= 500 or answer.fault:
            return [("server_errors", answer.fault or "no reason")]
        found = [("untrue", why) for why in _headers(answer)]
        if answer.status >= 400:
            found += [("unhelpful", why) for why in _refusal(call, answer, self._known(call))]
            if CANARY.encode() in answer.body:
                found.append(("repeated", "what was sent"))
        elif call.method.upper() not in {"HEAD", "OPTIONS"}:
            found += [("untrue", why) for why in self._shape(call, answer, route)]
        return found

    def _known(self, call: Call) -> set[str]:
        path = call.path
        if "/cases/" in path:
            first, _, rest = path.partition("/cases/")
            path = f"{first}/cases/{{token}}/{rest.partition('/')[2]}".rstrip("/")
        return self.takes.get((path, call.method.upper()), set())

    def _shape(self, call: Call, answer: Answer, route: str) -> list[str]:
        shape = self.shapes.get((route, call.method.upper(), str(answer.status)))
        if shape is None:
            return ["nothing says that this is answered"]
        if not answer.body:
            return [] if shape.is_valid(None) else ["nothing was answered"]
        found = [str(one.message)[:120] for one in shape.iter_errors(json.loads(answer.body))]
        return found[:1]


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _headers(answer: Answer) -> list[str]:
    found = []
    if answer.headers.get("Cache-Control") != "no-store":
        found.append("it may be kept")
    if "Set-Cookie" in answer.headers or 300 <= answer.status < 400:
        found.append("it sets a cookie or leads elsewhere")
    for status, name in ((401, "Www-Authenticate"), (405, "Allow"), (429, "Retry-After")):
        if answer.status == status and name not in answer.headers:
            found.append(f"it lacks {name}")
    return found


def _refusal(call: Call, answer: Answer, known: set[str]) -> list[str]:
    """What is missing from a refusal, if anything."""
    if call.method.upper() == "HEAD":
        return []
    try:
        said = json.loads(answer.body)
    except ValueError:
        return ["it is no JSON"]
    kind = answer.headers.get("Content-Type", "")
    if kind == "application/json" and call.path.startswith("/api/v1/token"):
        # The form of OAuth (RFC 6749, 5.2), with the same beside it.
        if set(said) - OAUTH or not said.get("error") or not said.get("remedy"):
            return ["it is no refusal of OAuth with a remedy"]
    elif kind != "application/problem+json" or set(said) != {"type", "title", "status", "errors"}:
        return ["it is no problem detail"]
    elif said["status"] != answer.status or not said["title"]:
        return ["it says another status or no title"]
    return _fields(call, said.get("errors"), known)


def _fields(call: Call, errors: Any, known: set[str]) -> list[str]:
    if not isinstance(errors, list) or not errors:
        return ["it names no field"]
    for one in errors:
        if not isinstance(one, dict) or set(one) != PARTS:
            return ["an error has other parts"]
        if not all(isinstance(text, str) and text.strip() for text in one.values()):
            return ["an error leaves a part empty"]
        if one["remedy"] == one["detail"] and not one["remedy"].startswith(_TELLS):
            return ["its remedy is no more than what is wrong"]
        if not _is_there(call, one["where"], one["name"], known):
            return [f"it names {one['name'][:60]!r} in {one['where']}, which is not there"]
    told = [(one["where"], one["name"], one["detail"]) for one in errors]
    return [] if len(told) == len(set(told)) else ["it says the same twice"]


# What is missing is told as what to do: "Enter the date ...".
_TELLS = ("Enter ", "Select ", "Say ", "Choose ", "Give ", "Tell ", "Write ", "Add ")


def _is_there(call: Call, where: str, name: str, known: set[str]) -> bool:
    """Whether a field of this name can be found in what was sent, or is asked for there."""
    fixed = {"header": HEADERS, "path": {"address", "case"}, "method": {"method"}}
    if where in fixed:
        return name in fixed[where]
    if where not in {"query", "body"}:
        return False
    first = name.replace("[", ".").partition(".")[0]
    there = _asked(call) if where == "query" else _names(call) | known | {"body"}
    return name == NAMELESS or not {name, first}.isdisjoint(there)


def _asked(call: Call) -> set[str]:
    names = {one.partition("=")[0] for one in call.query.split("&")}
    return {unquote_plus(one, errors="replace") for one in names} | names


def _names(call: Call) -> set[str]:
    if call.body.lstrip()[:1] == b"{":
        try:
            said = json.loads(call.body)
        except (ValueError, RecursionError):
            return set()
        return set(said) | {one.replace("[", ".").partition(".")[0] for one in said}
    text = call.body.decode("utf-8", "replace")
    return {unquote_plus(one.partition("=")[0]) for one in text.split("&")}
