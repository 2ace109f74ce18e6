"""Telling people that a part fails: one line of the log, one message, and when it is over.

A part that fails and recovers in turns is one alarm: it is over only when it has been well for a
while. The message leaves at once, past the outbox and the worker, since it may
be these that fail.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.conf import settings
from django.db import DatabaseError

from workflow import clock
from workflow.health.reading import Reading
from workflow.health.signs import Sign
from workflow.health.words import said
from workflow.outbox.faults import NotTakenError, UnreachableError
from workflow.outbox.letters import Message, Note, address
from workflow.outbox.transports import transport
from workflow.people import roles
from workflow.people.membership import Membership

log = logging.getLogger(__name__)

# A sweep is missed when it is half a minute late: with a look every 20 seconds, whoever is on call
# hears of a dead scheduler within two minutes.
SECONDS_TO_MISSED = 95
WELL_FOR = timedelta(minutes=5)
AGAIN_AFTER = timedelta(hours=1)
# What a service that has just been started still has to catch up with.
CATCHES_UP = frozenset(
    {"audit_log", "key_copies", "outbox", "reminders", "scheduler", "webhooks", "worker"}
)


def ill(reading: Reading) -> dict[str, str]:
    """The parts that fail, each with the sentence that says so."""
    found = [_strictly(sign) for sign in reading.signs]
    return {sign.name: said(sign, at=reading.at).wrong for sign in found if not sign.well}


def _strictly(sign: Sign) -> Sign:
    age = sign.figures.get("seconds")
    missed = sign.name == "scheduler" and age is not None and age > SECONDS_TO_MISSED
    return replace(sign, well=False) if missed else sign


@dataclass
class Alarm:
    """A part that fails: since when, when somebody was told, and when it last failed."""

    since: datetime
    told_at: datetime
    failed_at: datetime


@dataclass
class Alarms:
    """What fails now, and whom to tell of it."""

    open: dict[str, Alarm] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    began: datetime | None = None

    def consider(self, reading: Reading) -> None:
        """New alarms are raised, old ones repeated each hour, and what is over is said."""
        failing, now = ill(reading), reading.at
        self.began = self.began or now
        if now - self.began < timedelta(seconds=SECONDS_TO_MISSED):
            failing = {name: words for name, words in failing.items() if name not in CATCHES_UP}
        if reading["database"].well:
            self.people = administrators(now) or self.people
        for name, words in failing.items():
            alarm = self.open.get(name)
            if alarm is None:
                self.open[name] = Alarm(now, now, now)
                self._tell("ALARM", words)
                continue
            alarm.failed_at = now
            if now - alarm.told_at >= AGAIN_AFTER:
                alarm.told_at = now
                self._tell("STILL", words)
        for name in [one for one in self.open if one not in failing]:
            if now - self.open[name].failed_at >= WELL_FOR:
                del self.open[name]
                self._tell("OVER", f"{name} has done its work for five minutes.")

    def _tell(self, what: str, words: str) -> None:
        log.log(logging.INFO if what == "OVER" else logging.ERROR, "%s: %s", what, words)
        to = sorted({*settings.ALARM_EMAIL, *self.people})
        if not to:
            log.error("nobody to tell: set ALARM_EMAIL, or make somebody deadline administrator")
            return
        text = f"{words}\n\n{address('/status/')}\n"
        try:
            with transport() as post:
                note = Note(f"{what}: {words}"[:78], text)
                for one in to:
                    post.send(Message((one,), note, make_msgid(domain="alarm.invalid")))
        except (NotTakenError, UnreachableError) as fault:
            log.error("the alarm could not be sent by mail (%s)", fault)  # noqa: TRY400


def administrators(at: datetime) -> list[str]:
    """The addresses of the deadline administrators; [] when the database can't say."""
    held = Membership.objects.current(clock.london_date(at)).filter(
        role=roles.DEADLINE_ADMINISTRATOR.slug, person__is_active=True
    )
    try:
        return sorted(set(held.values_list("person__email", flat=True)))
    except DatabaseError:
        return []
