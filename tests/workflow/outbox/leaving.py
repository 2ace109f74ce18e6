"""All that leaves the service about a case, and the search for what it must not hold.

The case is filled in, page by page, with words that stand nowhere else. They are looked for in
everything that leaves, and so is every word for the kind of harm; capital letters hide nothing.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email import message_from_bytes, policy
from io import StringIO
from itertools import product
from queue import Empty
from typing import Any

from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from config.celery import app
from config.logs import JsonLines, NoSecretAddress
from tests import databases
from tests.notifications.answers import PAGES, country, sent, sign_in, when, written
from tests.story import Cast, a_case, cast
from tests.workflow.outbox.conftest import Post
from tests.workflow.outbox.kinds import ACCOUNT, BESIDE, TRANSITIONS, harm_in
from tests.workflow.reminders.telling import at as it_is
from tests.workflow.reminders.telling import delivered, swept
from workflow import clock
from workflow.feeds import addresses
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.models import Case, Deadline, Invitation, Outbox, Person, Webhook
from workflow.outbox import tasks
from workflow.outbox.mail import ABOUT_MESSAGES, compose
from workflow.outbox.mime import ready
from workflow.outbox.rings import RINGS
from workflow.outbox.wording import WORDINGS
from workflow.people import managing
from workflow.reminders.letters import WORDS

FILLED_IN: dict[str, dict[str, Any]] = {
    "basis": {"happened": "died", "abuse": "known"},
    "status": {"status": "here"},
    "cause": {"cause": "maltreatment"},
    "awareness": {**PAGES["awareness"], "how": "Told at Hobbinsgate."},
    "contact": {"name": "Ada Wrenfeather", "job": "Keeper of Larkspurs", "phone": "01632 960977"},
    "where": {"postcode": "ZZ7 7QX", "place": "Moonhollow Weir"},
    "description": {"description": "Child A fell at Wyvernholt, and nobody saw it."},
    "safety": {"action": "Child B stays at Cuckoopint."},
    "informed-when": {**PAGES["informed-when"], "police_reference": "QX/77193"},
    "name": {"given": "Zelda", "family": "Quixote", "others": "Zellie"},
    "part": {"fate": "died", **when("died_on", "2026-11-18")},
    "birth": when("born_on", "2019-07-23"),
    "school": {"status": "in_school", "setting": "Ravenscourt Infants", "local_id": "LX-771943"},
    "home": {"address": "7 Thistledown Row"},
    "social-care": {"looked_after": "now"},
    "care": {"legal": "C2", "placement": "U4", "responsible": "Southfen", "out_of_area": "no"},
}
ON_ITS_PAGES = (
    "Hobbinsgate",
    "Larkspurs",
    "01632 960977",
    "ZZ7 7QX",
    "Moonhollow",
    "Wyvernholt",
    "Cuckoopint",
    "QX/77193",
    "Zelda",
    "Quixote",
    "Zellie",
    "23 July 2019",
    "Ravenscourt",
    "LX-771943",
    "999 000 0018",
    "Thistledown",
)
OTHERWISE_WRITTEN = ("2019-07-23", "23/07/2019", "23 Jul 2019", "9990000018", "01632960977")
SENTINELS = (*ON_ITS_PAGES, *OTHERWISE_WRITTEN)
# Who works on it, and for which area. An invitation, which is about no case, names both.
STAFF_AND_AREAS = ("Wrenfeather", "Northmoor", "Southfen")
INVITED = "invitation"
# What an e-mail carries that nobody writes: numbers drawn at random, and whom it goes to.
NOT_SAID = {"to", "message-id", "x-message-id", "content-type", "date"}
ALL_KINDS = {*TRANSITIONS, *BESIDE, *WORDINGS, *ABOUT_MESSAGES, *ACCOUNT, "anything-else"}
DAYS = ("2026-11-27", "2026-11-30", "2026-12-01", "2026-12-18", "2026-12-21", "2027-01-04")
# Where something was said, and what.
Told = list[tuple[str, str]]


class Filled:
    """A case that was sent and one that is overdue, both filled in, with their people."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.everyone: Cast = country(cast())
        for person in Person.objects.all():
            person.name = f"{person.name} Wrenfeather"
            person.save()
        self.sent = sent(self._draft(), self.everyone.ada, FILLED_IN)
        self.draft = written(self._draft(), self.everyone.ada, FILLED_IN)
        Client().post(reverse("account_reset_password"), {"email": self.everyone.ada.email})

    def _draft(self) -> Case:
        told = a_case(self.everyone, aware="2026-11-19", outcome="died", looked_after=True)
        return told.case


def leaks(told: Told) -> set[tuple[str, str]]:
    """Where something of the case stands, and what."""
    found: set[tuple[str, str]] = set()
    for where, text in told:
        said = " ".join(text.split()).lower()
        words = SENTINELS if where.startswith(INVITED) else (*SENTINELS, *STAFF_AND_AREAS)
        found |= {(where, word) for word in words if word.lower() in said}
        found |= {(where, word.lower()) for word in harm_in(said)}
    return found


def everything_told(filled: Filled, post: Post) -> Told:
    """All that leaves the service about the two cases, as it leaves."""
    with written_down() as lines:
        told = rendered(filled) + called(filled)
        with databases.as_worker(filled.database):
            told += sent_out(post)
        told += calendars(filled.everyone)
        with it_is(DAYS[0]):
            asked_for_in_vain(filled)
    logged = [json.loads(line)["message"] for line in lines.getvalue().splitlines()]
    assert any("not sent" in line for line in logged), logged
    assert any("Not Found" in line for line in logged), logged
    return told + [("log", line) for line in lines.getvalue().splitlines()]


@contextmanager
def written_down() -> Iterator[StringIO]:
    """The lines that the service logs meanwhile, as it writes them."""
    lines, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(lines), root.level
    handler.setFormatter(JsonLines())
    handler.addFilter(NoSecretAddress())
    # The mail server of the test is none of the service.
    handler.addFilter(lambda record: record.name != "mail.log")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def rendered(filled: Filled) -> Told:
    """A message of every kind there is, and a reminder and a digest of every duty."""
    everyone, case = filled.everyone, filled.sent
    rows = [Outbox(kind=act, case=case, organisation=everyone.panel) for act in sorted(ALL_KINDS)]
    for row in rows:
        if row.kind in {*ABOUT_MESSAGES, *ACCOUNT}:
            row.case, row.organisation, row.person = None, None, everyone.ada
    dues = enumerate(product(sorted(WORDS), (30, 0, -30)))
    clocks = [a_clock(number, case, duty, due_in) for number, (duty, due_in) in dues]
    for deadline in clocks:
        row = Outbox(kind="reminder", person=everyone.ada)
        row.clocks = [deadline]
        rows.append(row)
    digest = Outbox(kind="digest", person=everyone.sam)
    digest.clocks = clocks
    rows += [digest, invited(everyone)]
    told: Told = []
    with databases.as_worker(filled.database):
        for number, row in enumerate(rows):
            row.pk, row.dedupe = row.pk or number, row.dedupe or str(number)
            message = compose(row, on=clock.today())
            assert message is not None, row.kind
            told += read(row.kind, ready(message).whole)
    return [(where, without_secrets(text)) for where, text in told]


def called(filled: Filled) -> Told:
    """What a webhook is told of every act there is, on a case and on a draft."""
    place = filled.everyone.northmoor
    hook = Webhook(authority=place, address="https://hooks.example/")
    told: Told = []
    for act, case in product(sorted(ALL_KINDS), (filled.sent, filled.draft)):
        row = Outbox(pk=1, kind=act, case=case, webhook=hook, payload={"at": "2026-11-20T10:00Z"})
        message = compose(row, on=clock.today())
        assert message is not None, act
        told.append((f"webhook {act}", message.words.text))
    return told


def a_clock(number: int, case: Case, duty: str, due_in: int) -> Deadline:
    """One clock of a duty, due this many days from now."""
    on = clock.today()
    return Deadline(
        pk=number,
        case=case,
        duty=duty,
        due_on=on + timedelta(days=due_in),
        receipt=duties.by_slug(duty).receipt(on, COMMITTED).as_json(),
    )


def invited(everyone: Cast) -> Outbox:
    """The message that invites somebody to Northmoor."""
    managing.invite(
        email="nora@elsewhere.example",
        name="Nora Wrenfeather",
        organisation=everyone.northmoor,
        role="la_notifier",
        since=clock.today(),
        by=everyone.adam,
        on=clock.today(),
        at=clock.now(),
    )
    return Outbox.objects.get(kind=INVITED)


def without_secrets(text: str) -> str:
    """The text without what was drawn at random for an invitation, which may spell anything."""
    for made in Invitation.objects.all():
        text = text.replace(made.secret, "")
    return text


def read(kind: str, raw: bytes) -> Told:
    """What an e-mail says: its headers, its text and its page, each read as a reader's program."""
    mail_read: Any = message_from_bytes(raw, policy=policy.default)
    told = [
        (f"{kind} {name}", str(value))
        for name, value in mail_read.items()
        if name.lower() not in NOT_SAID
    ]
    parts = [part for part in mail_read.walk() if not part.is_multipart()]
    return told + [(f"{kind} {part.get_content_type()}", part.get_content()) for part in parts]


def sent_out(post: Post) -> Told:
    """What the sweeps of six weeks send over real SMTP, with a day on which nothing is taken."""
    told: Told = []
    for on in DAYS:
        post.answer = "550 No" if on == DAYS[0] else "250 OK"
        swept(on)
        with it_is(on):
            told += given_to_workers()
        delivered(on)
    kinds = set(Outbox.objects.filter(sent_at__isnull=False).values_list("kind", flat=True))
    assert {"submit", "reminder", "digest", INVITED} <= kinds
    for envelope in post.taken:
        subject = message_from_bytes(envelope.original_content or b"")["Subject"]
        kind = INVITED if subject.startswith("You are invited") else "sent"
        told += read(kind, envelope.original_content or b"")
    return [(where, without_secrets(text)) for where, text in told]


def calendars(everyone: Cast) -> Told:
    """The calendar of everybody who has dates, as a calendar program reads it."""
    told: Told = []
    for name in ("ada", "ben", "polly", "sol"):
        secret = addresses.make(everyone.people[name], at=clock.now())
        answer = Client().get(f"/calendar/{secret}.ics")
        assert answer.status_code == 200, name
        # Folded lines are joined again: a word may stand on two of them.
        told.append(("calendar", answer.content.decode().replace("\r\n ", "")))
    assert sum(len(Calendar.from_ical(text).events) for _, text in told) > len(told)
    return told


def given_to_workers() -> Told:
    """What the workers are told over the real broker of what waits now, as it lies there."""
    told: Told = []
    with app.connection_for_write() as line:
        queue = line.SimpleQueue(RINGS)
        queue.clear()
        assert tasks.ring()
        with suppress(Empty):
            while True:
                message = queue.get(block=False)
                message.ack()
                told.append(("task", json.dumps([message.payload, message.headers["argsrepr"]])))
        queue.close()
    return told


def asked_for_in_vain(filled: Filled) -> None:
    """Somebody asks for pages of the case that are not theirs or not there."""
    for person in (filled.everyone.cara, filled.everyone.ada):
        client = sign_in(person)
        client.get(reverse("case", args=[filled.sent.token]))
        client.get(f"{reverse('case', args=[filled.sent.token])}nothing-here/")
        for clock_of in Deadline.objects.filter(case=filled.sent):
            client.get(reverse("date-explained", args=[filled.sent.token, clock_of.duty, 9]))
