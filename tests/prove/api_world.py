"""Two authorities with systems that ask for them, and cases that each filed of its own."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from reviews.services import signing
from reviews.services.signing import Given
from tests.notifications.api.filed import CHILD, body
from tests.notifications.api.filed import SCOPES as NOTIFYING
from tests.prove.calling import FORM, JSON, Answer, Call, Line
from tests.reviews.api import reviewed
from tests.story import Cast, cast
from workflow import clock
from workflow.api import clients
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import signs_for
from workflow.people import reference

FILE = "/api/v1/notifications"
READS = ("cases.read", "reference.read")
SCOPES = (*NOTIFYING, "rapid_reviews.write")
# Before the proof begins every system has filed so many.
CASES = 2


@dataclass
class System:
    """A system, with its secret, its token of now, and the addresses of what it filed."""

    client: str
    secret: str
    token: str = ""
    filed: list[str] = field(default_factory=list)
    # What sends the rapid reviews that every partner has signed.
    signed: list[Call] = field(default_factory=list)

    @property
    def form(self) -> dict[str, str]:
        """What a token is asked for with."""
        known = {"client_id": self.client, "client_secret": self.secret}
        return {"grant_type": "client_credentials", **known}


@dataclass
class Places:
    """Who asks: of each of two authorities one that files and one that reads; one was shut out."""

    filing: list[System]
    reading: list[System]
    gone: System


def settle(line: Line) -> Places:
    """They are let in by the service, and have filed by it."""
    reference._codes(reference.Count())
    everyone, today, now = cast(), clock.today(), clock.now()

    def let_in(place: Any, may: tuple[str, ...]) -> clients.LetIn:
        return clients.let_in("Case files", place, may, by=everyone.sam, on=today, at=now)

    places = (everyone.northmoor, everyone.southfen)
    # There an approver reads first, so that what is taken back can be filed again.
    everyone.southfen.approval_required = True
    everyone.southfen.save()
    gone = let_in(places[0], SCOPES)
    clients.revoke(gone.client, by=everyone.sam, on=today, at=now)
    found = Places(
        [_known(let_in(place, SCOPES)) for place in places],
        [_known(let_in(place, READS)) for place in places],
        _known(gone),
    )
    for number, system in enumerate((*found.filing, *found.reading)):
        ask_for_a_token(line, system)
        for each in range(CASES if system in found.filing else 0):
            answer = line.call(filing(system, whole(), UUID(int=100 * number + each)))
            assert answer.status == 201, answer
            system.filed.append(json.loads(answer.body)["case"])
    found.filing[0].signed.append(_signed(line, found.filing[0], everyone))
    return found


def _signed(line: Line, system: System, everyone: Cast) -> Call:
    """What sends a rapid review that was put by the system and signed by people."""
    here = f"{FILE.rpartition('/')[0]}/cases/{system.filed[0]}"

    def write(end: str, said: Any, key: str) -> Call:
        asking = Call("GET", here, headers={"Authorization": f"Bearer {system.token}"})
        headers = sent_by(system, key, **{"If-Match": line.call(asking).headers["Etag"]})
        return Call("POST", f"{here}/{end}", headers=headers, body=json.dumps(said).encode())

    answer = line.call(write("rapid-review", review(), "putting"))
    assert answer.status == 200, answer
    today, now = clock.today(), clock.now()
    row = RapidReview.objects.get(case__token=system.filed[0].replace("-", ""))
    for who in reviewed.PARTNERS:
        person = everyone.people[who]
        (place,) = signs_for(person, row.case, on=today)
        given = Given("agree", person.name, "Head of safeguarding", "", today)
        signing.sign(row, place, given, by=person, on=today, at=now)
    return write("rapid-review/sending", {}, "sending")


def _known(made: clients.LetIn) -> System:
    return System(made.client.client_id, made.secret)


def ask_for_a_token(line: Line, system: System) -> Answer:
    """The system has a token that is in force."""
    sent = urlencode(system.form).encode()
    answer = line.call(Call("POST", "/api/v1/token", headers={"Content-Type": FORM}, body=sent))
    system.token = json.loads(answer.body)["access_token"]
    return answer


def whole() -> dict[str, Any]:
    """A notification that is filed, about what became known yesterday; like any other of them."""
    known = clock.today() - timedelta(days=1)
    said = body(
        awareness={"aware_on": known.isoformat()},
        when={"began_on": (known - timedelta(days=1)).isoformat()},
        **{"informed-when": {"police_on": known.isoformat()}},
    )
    return {**said, "different_because": "It is another incident, which was looked into."}


def review() -> dict[str, Any]:
    """A rapid review as it is put before the partners, who decided today."""
    return reviewed.body(declined={"decided_on": clock.today().isoformat()})


def child() -> dict[str, Any]:
    """The pages about one child."""
    return CHILD


def sent_by(system: System, key: object, **more: str) -> dict[str, str]:
    """The headers of a write."""
    known = {"Authorization": f"Bearer {system.token}", "Content-Type": JSON}
    return {**known, "Idempotency-Key": f"key of {key}", **more}


def filing(system: System, said: Any, key: UUID) -> Call:
    """A notification is filed."""
    return Call("POST", FILE, headers=sent_by(system, key), body=json.dumps(said).encode())
