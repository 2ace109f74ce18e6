"""What programs with and without faults send: own generators, beside those of schemathesis.

What is sent follows from the seed and from what was answered.
"""

import json
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

from django.conf import settings

from tests.notifications.api.disturbed import VALUES, disturbed
from tests.prove import api_oddities as oddities
from tests.prove.api_judging import CANARY, Judge
from tests.prove.api_world import (
    FILE,
    Places,
    System,
    ask_for_a_token,
    child,
    review,
    sent_by,
    whole,
)
from tests.prove.calling import FORM, JSON, Answer, Call, Line
from tests.workflow.api import addresses
from workflow.api.cases import Cases, Events
from workflow.machine.token import grouped

# In a thousand of each kind; what is cheap to refuse is sent more often.
KINDS = {
    "address": 572, "form": 330, "question": 25, "header": 30, "body": 28, "correction": 8,
    "theirs": 4, "filing": 3, "refiling": 2, "reviewing": 1, "again": 1,
}  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "X")
NO_CASES = 40


class Programs:
    """The systems of one authority, and what they send; each call is judged."""

    def __init__(self, places: Places, number: int, dice: Random, judge: Judge) -> None:
        self.line, self.dice, self.judge = Line(), dice, judge
        self.own, self.reader = places.filing[number], places.reading[number]
        self.others, self.gone = places.filing[1 - number], places.gone
        self.tags: dict[str, str] = {}
        self.calls = self.filed = self.changed = self.limited = 0
        self.differences: list[str] = []

    def begin(self) -> None:
        """However short a run is, it files, corrects, asks too often, and for what is not there."""
        for sending in self.own.signed:
            if self.ask(sending).status != 200:
                self.differences.append("a rapid review was not sent that each partner signed")
        self._again()
        case, tag = self.real()
        said = {"page": "partners", "answers": {"agreed": "yes", "views": "All."}, "reason": "Why."}
        self._write(f"/api/v1/cases/{case}/notification/amendments", said, **{"If-Match": tag})
        self._limited(Call("GET", "/api/v1/codes", headers=self._bearer(self.own)))
        for kind in KINDS:
            getattr(self, f"_{kind}")()

    def sit_down(self) -> None:
        """Both systems have new tokens."""
        for system in (self.own, self.reader):
            ask_for_a_token(self.line, system)

    def one(self) -> None:
        """Something is sent, as often as its kind says."""
        (kind,) = self.dice.choices(list(KINDS), list(KINDS.values()))
        getattr(self, f"_{kind}")()

    def ask(self, call: Call, route: str = "") -> Answer:
        """The answer, judged."""
        answer = self.line.call(call)
        self.calls += 1
        self.judge.judge(call, answer, route or _route(call.path))
        case = _case_in(call.path)
        if answer.status in {200, 201} and case and "Etag" in answer.headers:
            self.tags[case] = answer.headers["Etag"]
        if answer.status == 412:
            self.tags.pop(case, None)
        if call.method == "POST" and answer.status == 201:
            self._learn(json.loads(answer.body)["case"], answer)
        elif call.method == "POST" and answer.status == 200 and case:
            self.changed += 1
        return answer

    def by_description(self, call: Call, route: str) -> None:
        """What schemathesis made is sent by a system that may, or by one that may not."""
        token = self.own.token if self.dice.random() < 0.95 else self.reader.token
        secure = not route.startswith("/api/v1/token")
        headers = {**call.headers, **({"Authorization": f"Bearer {token}"} if secure else {})}
        body = call.body
        if not secure and self.dice.random() < 0.3:
            body += f"&{_encoded(self.reader.form)}".encode()
        source = Call.source if secure else self._elsewhere()
        self.ask(Call(call.method, call.path, call.query, headers, body, source), route)

    def real(self) -> tuple[str, str]:
        """A case of the authority's, and the tag with which it was read last."""
        case = self.dice.choice(self.own.filed[-NO_CASES:])
        if case not in self.tags:
            path = f"/api/v1/cases/{case}/notification"
            self.ask(Call("GET", path, headers=self._bearer(self.own)))
        return case, self.tags.get(case, "")

    def _learn(self, case: str, answer: Answer) -> None:
        if case not in self.own.filed:
            self.filed += 1
            self.own.filed.append(case)
        self.tags[case] = answer.headers["Etag"]

    def _bearer(self, system: System) -> dict[str, str]:
        return {"Authorization": f"Bearer {system.token}"}

    def _key(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128))

    def _address(self) -> None:
        cases = [*self.own.filed[-NO_CASES:], self.others.filed[0]]
        path, _, query = addresses.an_address(self.dice, cases).partition("?")
        method = self.dice.choice(["GET"] * 12 + list(METHODS))
        system = self.dice.choice([self.own] * 6 + [self.reader] * 3 + [self.gone])
        headers = {**self._bearer(system), "Accept": self.dice.choice(["*/*"] * 9 + [JSON])}
        if self.dice.random() < 0.05:
            headers["Accept"] = self.dice.choice(addresses.SENT)
        call = Call(method, _plain(path), query, headers)
        if self.dice.random() < 0.02:
            self._limited(call)
        else:
            self.ask(call)

    def _question(self) -> None:
        """What an address may be asked for, with sense or without."""
        case, _ = self.real()
        path, known = self.dice.choice(
            [("cases", Cases.asked), ("cases", Cases.asked), (f"cases/{case}/events", Events.asked)]
        )
        names = self.dice.sample(known, min(len(known), self.dice.randint(1, 3)))
        query = _encoded({name: self.dice.choice(addresses.VALUES) for name in names})
        self.ask(Call("GET", f"/api/v1/{path}", query, self._bearer(self.own)))

    def _limited(self, call: Call) -> None:
        """Asked too often."""
        usual = settings.API_REQUESTS_PER_MINUTE
        settings.API_REQUESTS_PER_MINUTE = 1
        try:
            self.limited += self.ask(call).status == 429
        finally:
            settings.API_REQUESTS_PER_MINUTE = usual

    def _header(self) -> None:
        dice, (case, tag) = self.dice, self.real()
        path = dice.choice([FILE, *(f"/api/v1/cases/{case}/{end}" for end in _ENDS)])
        method = "POST" if path == FILE or path.endswith(_WRITES) else "GET"
        headers = sent_by(self.own, self._key(), **{"If-Match": tag})
        for _ in range(dice.randint(1, 2)):
            name, values = dice.choice(oddities.HEADERS)
            headers[name] = dice.choice(values).replace("{}", tag if name == "If-Match" else
                                                        self.own.token)  # fmt: skip
        sent = json.dumps({"reason": CANARY, "page": CANARY}).encode()
        self.ask(Call(method, path, headers=headers, body=sent if method == "POST" else b""))

    def _body(self) -> None:
        case, tag = self.real()
        path = self.dice.choice([FILE, *(f"/api/v1/cases/{case}/{end}" for end in _WRITES)])
        headers = sent_by(self.own, self._key(), **{"If-Match": tag})
        sent = self.dice.choice(oddities.RAW)
        if self.dice.random() < 0.5:
            known = ("pages", "children", "adults", "different_because", "accepted", "page", "item",
                     "answers", "reason", "x")  # fmt: skip
            said = {name: self.dice.choice(VALUES) for name in self.dice.sample(known, 3)}
            sent = json.dumps(said).encode()
        self.ask(Call("POST", path, headers=headers, body=sent))

    def _form(self) -> None:
        dice, known = self.dice, self.dice.choice((self.reader, self.reader, self.gone)).form
        fields = dict(dice.sample(sorted(known.items()), dice.randint(0, 3)))
        for _ in range(dice.randint(0, 2)):
            name = dice.choice([*known, "scope", "token", "resource", "\0", ""])
            fields[name] = dice.choice([*addresses.VALUES, CANARY, "cases.read"])
        sent = _encoded(fields) + dice.choice(["", "", "&", "&=", "%", "&scope=a&scope=b", "&a"])
        kind = dice.choice([FORM] * 9 + list(oddities.KINDS_OF_BODY))
        headers = {"Content-Type": kind}
        if dice.random() < 0.3:
            headers["Authorization"] = dice.choice(oddities.CREDENTIALS)
        path = dice.choice(["/api/v1/token", "/api/v1/token/revoke"])
        body = sent.encode("utf-8", "surrogatepass")
        self.ask(Call("POST", path, headers=headers, body=body, source=self._elsewhere()))

    def _elsewhere(self) -> str:
        """From where a secret may be wrong without a word about those who ask from here."""
        return f"198.51.100.{self.dice.randrange(256)}"

    def _filing(self) -> None:
        said: Any = whole()
        if self.dice.random() < 0.97:
            disturbed(self.dice, said)
        self._write(FILE, said)

    def _refiling(self) -> None:
        """What was taken back from its approver, or was sent, is filed again."""
        case, tag = self.real()
        address = f"/api/v1/cases/{case}/notification"
        if self.dice.random() < 0.8:
            self._write(f"{address}/withdrawal", {"reason": CANARY}, **{"If-Match": tag})
            tag = self.tags.get(case, tag)
        said: Any = whole()
        if self.dice.random() < 0.7:
            disturbed(self.dice, said)
        self._write(f"{address}/again", said, **{"If-Match": tag})

    def _reviewing(self) -> None:
        """A rapid review is put before the partners, or sent, which they did not sign."""
        case, tag = self.real()
        address = f"/api/v1/cases/{case}/rapid-review"
        said: Any = review()
        if self.dice.random() < 0.7:
            disturbed(self.dice, said)
        self._write(address, said, **{"If-Match": tag})
        late = {"late_reason": self.dice.choice(["other", CANARY])}
        said = self.dice.choice([{}, {"confirmed": True}, {"late": late}, {"late": CANARY}])
        self._write(f"{address}/sending", said, **{"If-Match": self.tags.get(case, tag)})

    def _correction(self) -> None:
        dice, (case, tag) = self.dice, self.real()
        pages = [(page, "", said) for page, said in whole()["pages"].items()]
        pages += [(page, "1", said) for page, said in child().items()]
        page, item, answers = deepcopy(dice.choice([*pages, ("late", "", {}), ("x", "9", {})]))
        said: dict[str, Any] = {"page": page, "answers": answers, "reason": CANARY}
        if item or dice.random() < 0.1:
            said["item"] = dice.choice([item] * 5 + ["new", "2"])
        if dice.random() < 0.4:
            disturbed(dice, said)
        end = dice.choice(["amendments"] * 9 + ["withdrawal"])
        if end == "withdrawal":
            said = {"reason": said.get("reason")}
        tag = dice.choice([tag] * 9 + [dice.choice(oddities.TAGS).replace("{}", tag)])
        self._write(f"/api/v1/cases/{case}/notification/{end}", said, **{"If-Match": tag})

    def _write(self, path: str, said: Any, **more: str) -> None:
        headers = sent_by(self.own, self._key(), **more)
        self.ask(Call("POST", path, headers=headers, body=json.dumps(said).encode()))

    def _theirs(self) -> None:
        """A case of the other authority's is answered as one that there is not."""
        end = self.dice.choice(["", *(f"/{one}" for one in _ENDS)])
        method = "POST" if end.endswith(_WRITES) else "GET"
        headers = sent_by(self.own, self._key(), **{"If-Match": '"1-1"'})
        sent = b"{}" if method == "POST" else b""
        theirs, nothing = (
            self.ask(Call(method, f"/api/v1/cases/{case}{end}", headers=headers, body=sent))
            for case in (self.others.filed[0], grouped("0" * 12))
        )
        if (theirs.status, theirs.headers, theirs.body) != (404, nothing.headers, nothing.body):
            self.differences.append(f"{method} {end}: what is theirs is told from what is not")

    def _again(self) -> None:
        """A notification is filed twice with one key, and something else with it."""
        headers = sent_by(self.own, self._key())
        call = Call("POST", FILE, headers=headers, body=json.dumps(whole()).encode())
        first, second = self.ask(call), self.ask(call)
        if (first.status, first.body) != (201, second.body):
            self.differences.append(f"{first.status} and {second.status} with one key")
        said = {**whole(), "different_because": CANARY}
        other = Call("POST", FILE, headers=headers, body=json.dumps(said).encode())
        if self.ask(other).status != 422:
            self.differences.append("another question was taken with the same key")


_WRITES = (
    "notification/amendments", "notification/withdrawal", "notification/again", "rapid-review",
    "rapid-review/sending",
)  # fmt: skip
_ENDS = ("deadlines", "events", "notification", *_WRITES)


def _plain(path: str) -> str:
    return unquote_to_bytes(path).decode("utf-8", "surrogateescape")


def _encoded(fields: dict[str, str]) -> str:
    return "&".join(f"{quote(name)}={quote(text)}" for name, text in fields.items())


def _case_in(path: str) -> str:
    parts = path.split("/")
    return parts[4] if path.startswith("/api/v1/cases/") and len(parts) > 4 else ""


def _route(path: str) -> str:
    """The path as it is described."""
    case = _case_in(path)
    return path.replace(f"/{case}", "/{token}", 1) if case else path
