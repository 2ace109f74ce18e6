"""What a sign of health says to a person: what is wrong, what waits, and what there is to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.forms.times import london_words
from workflow.health.sending import SECONDS_TO_UNANSWERED
from workflow.health.signs import NO_EVICTION, Sign
from workflow.law.words import counted, long_date

NOTHING_TO_DO = "Nothing is lost and nothing needs doing here."
HOLD = (
    "It is held by the setting SENDING, as after a backup was restored. See under Reminders and "
    "messages what waits: what went out after the backup goes out once more. Then set SENDING=on "
    "and start every process again."
)
NOT_ASKED = "It could not be asked, because the database does not answer."


@dataclass(frozen=True)
class Said:
    """A part's name, how it is, what is wrong ("" when well), and what to do about it."""

    title: str
    state: str
    wrong: str
    to_do: str = NOTHING_TO_DO


def said(sign: Sign, *, at: datetime) -> Said:
    """A sign in words, as at the moment it was read."""
    if sign.figures.get("asked") is False and not sign.well:
        return Said(TITLES[sign.name], NOT_ASKED, f"{TITLES[sign.name]}: {NOT_ASKED}")
    found = WORDS[sign.name](sign.figures, at)
    if sign.well:
        return Said(TITLES[sign.name], found.state, "", "")
    return found


def ago(seconds: int) -> str:
    """A length of time in the largest unit that fits: "3 minutes"."""
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(seconds, "second")


def _database(figures: dict[str, Any], at: datetime) -> Said:
    return Said(
        TITLES["database"],
        "It answers.",
        "The database does not answer: nobody can sign in or send anything.",
        "Start the database, or put its connection right. What was acknowledged is kept in it.",
    )


def _migrations(figures: dict[str, Any], at: datetime) -> Said:
    missing = figures.get("missing", 0)
    return Said(
        TITLES["migrations"],
        "Every migration is applied.",
        f"{counted(missing, 'migration')} of this version not applied.",
        "Run manage.py migrate.",
    )


def _scheduler(figures: dict[str, Any], at: datetime) -> Said:
    seconds = figures.get("seconds")
    if seconds is None:
        state = wrong = "The scheduler has never run: no reminder is recorded."
    else:
        state = f"Last ran {ago(seconds)} ago."
        since = f"The scheduler has not run for {ago(seconds)}"
        wrong = f"{since}: reminders that became due since then are not recorded yet."
    # Before anything has been looked at nobody knows better than that it is the beat.
    start = "beat" if figures.get("worker", True) else "worker, which sweeps when the beat rings"
    to_do = f"Start the {start}, or let cron run manage.py sweep."
    return Said(
        TITLES["scheduler"], state, wrong, f"{to_do} What became due is recorded then, once."
    )


def _worker(figures: dict[str, Any], at: datetime) -> Said:
    idle, rings = figures["idle_seconds"] or 0, figures["unanswered_seconds"] or 0
    due = counted(figures["due"], "message")
    if rings > SECONDS_TO_UNANSWERED:
        wrong = f"The worker has answered no ring for {ago(rings)}: it does not run, or it hangs."
        to_do = "Start the worker."
    else:
        wrong = f"Nobody has taken a message to send for {ago(idle)}, and {due} could be sent."
        to_do = (
            "See that the worker and the beat run. While the broker does not answer, that is why."
        )
    to_do += " What waits goes out then, once."
    return Said(TITLES["worker"], "Nothing waits for it.", wrong, to_do)


def _outbox(figures: dict[str, Any], at: datetime) -> Said:
    waiting, refused, last = (figures[name] for name in ("waiting", "refused", "last_sent_at"))
    waits = f"{counted(waiting, 'message')} {'waits' if waiting == 1 else 'wait'}"
    oldest = f"The oldest has waited for {ago(figures['oldest_seconds'])}."
    state = f"{waits}." if waiting else "Nothing waits to be sent."
    if refused:
        again = "was refused by the server and is" if refused == 1 else "were refused and are"
        state += f" {refused:,} of them {again} tried again: nothing else waits for that."
    if figures["on_hold"]:
        return Said(TITLES["outbox"], state, f"Sending is held: {waits}, and none goes out.", HOLD)
    if not figures.get("worker", True):
        wrong = f"{waits}, and nobody takes what could be sent. {oldest}"
        return Said(TITLES["outbox"], state, wrong, "It goes out when somebody does.")
    since = f"since {london_words(last)}" if last else "so far"
    wrong = f"The mail server has not taken anything {since}; {waits}. {oldest}"
    return Said(TITLES["outbox"], state, wrong)


def _webhooks(figures: dict[str, Any], at: datetime) -> Said:
    waiting, idle = figures["waiting"], figures["idle"]
    state = f"{counted(waiting, 'message')} to other systems {'waits' if waiting == 1 else 'wait'}."
    state = state if waiting else "Nothing waits to be told to other systems."
    if away := figures.get("away", 0):
        state += f" {counted(away, 'system')} {'has' if away == 1 else 'have'} been away for an"
        state += " hour or longer: the authority is told on five days, then each week. One that is"
        state += " no good any more can be ended with manage.py webhook."
    system = "system waits" if idle == 1 else "systems wait"
    return Said(
        TITLES["webhooks"],
        state,
        f"{idle:,} {system} to be called, and nobody calls.",
        "See that the worker and the beat run, or let cron run manage.py sweep.",
    )


def _mail(figures: dict[str, Any], at: datetime) -> Said:
    asked = figures.get("asked")
    return Said(
        TITLES["mail"],
        "It answers." if asked else "This place sends in another way than by a mail server.",
        "The mail server does not answer: messages wait until it does.",
    )


def _broker(figures: dict[str, Any], at: datetime) -> Said:
    away = "The broker (Redis) does not answer: nothing wakes the worker, so messages may wait."
    policy = figures.get("policy", NO_EVICTION)
    if policy == NO_EVICTION:
        return Said(TITLES["broker"], "It answers.", away)
    return Said(
        TITLES["broker"],
        "It answers. What it does when its memory is full could not be asked.",
        f"The broker (Redis) drops rings when its memory is full: its policy is {policy}.",
        f"Set its maxmemory-policy to {NO_EVICTION}. What a lost ring was for waits for the next.",
    )


def _keys(figures: dict[str, Any], at: datetime) -> Said:
    return Said(
        TITLES["keys"],
        f"It can be written to; {figures.get('free_megabytes', 0):,} MB are free.",
        "The store of keys can’t be written to or is full: no new case can be opened.",
        "Put the folder KEY_STORE right. Cases whose keys are there can be read as before.",
    )


def _key_copies(figures: dict[str, Any], at: datetime) -> Said:
    places, stale, without, unread = (
        figures[name] for name in ("places", "stale", "without", "unread")
    )
    well = "Every place has a copy that is new enough: one is made each day."
    if without:
        has = "has" if without == 1 else "have"
        well = f"{without:,} of {counted(places, 'place')} {has} no copy yet: one is made each day."
    wrong: list[str] = []
    see = "See why in the worker’s log"
    if unread:
        wrong.append(
            f"{unread:,} of {counted(places, 'place')} for copies of the keys can’t be read: "
            "nobody knows how new the copies there are."
        )
        see = "See with manage.py key_copies list which place can’t be read and why"
    if stale:
        wrong.append(
            f"{stale:,} of {counted(places, 'place')} {'has' if stale == 1 else 'have'} no copy of "
            "the keys from the last two days."
        )
    return Said(
        TITLES["key_copies"],
        well if places else "No copy is kept: KEY_COPIES names no place.",
        " ".join(wrong),
        f"{see}, put the place right, and run manage.py key_copies make. "
        "Where the store of keys were lost now, cases whose key no copy holds could not be read.",
    )


def _calendar(figures: dict[str, Any], at: datetime) -> Said:
    until = long_date(date.fromisoformat(figures["known_until"]))
    return Said(
        TITLES["calendar"],
        f"Bank holidays are known up to {until}.",
        f"Bank holidays are known only up to {until}: dates beyond can’t be worked out.",
        "Install the version of this service that holds the next published bank holidays.",
    )


def _dead_letters(figures: dict[str, Any], at: datetime) -> Said:
    count = figures["count"]
    return Said(
        TITLES["dead_letters"],
        "No message was given up.",
        f"{counted(count, 'message')} could not be sent and {'waits' if count == 1 else 'wait'}"
        " for you.",
        "See why below, put it right, and try again; or tell the person in another way.",
    )


def _nobody(figures: dict[str, Any], at: datetime) -> Said:
    count = figures["count"]
    return Said(
        TITLES["nobody_told"],
        "Every reminder found somebody.",
        f"{counted(count, 'reminder')} found nobody to tell.",
        "Give somebody there a role, or name a senior: under People, choose the organisation, then"
        " Organisation settings.",
    )


def _reminders(figures: dict[str, Any], at: datetime) -> Said:
    count = figures["missing"]
    return Said(
        TITLES["reminders"],
        f"A second count of {counted(figures['clocks'], 'open clock')} finds none missing.",
        f"A second count finds {counted(count, 'reminder')} missing.",
        "Run manage.py reconcile to see which. While the scheduler does not run, that is why.",
    )


def _dates(figures: dict[str, Any], at: datetime) -> Said:
    count = figures["behind"]
    return Said(
        TITLES["dates"],
        "Every open date is what the calendar and the time limits give.",
        f"{counted(count, 'open date')} {'is' if count == 1 else 'are'} not what the calendar and "
        "the time limits in force give.",
        "Moving dates was interrupted, or a time limit is new. See which under Deadlines and "
        "working days, and work them out again.",
    )


def _audit_log(figures: dict[str, Any], at: datetime) -> Said:
    signed, unsigned = figures["signed"], figures["unsigned"]
    if unsigned:
        wrong = f"The newest entries of the audit log ({unsigned:,}) are not signed."
    else:
        wrong = f"The audit log has taken nothing in for {ago(figures['oldest_seconds'])}."
    return Said(
        TITLES["audit_log"],
        f"{signed:,} entries are signed.",
        wrong,
        "See that the worker runs, has AUDIT_KEY and can write to AUDIT_CHECKPOINTS.",
    )


TITLES = {
    "database": "Database",
    "migrations": "Tables",
    "scheduler": "Scheduler",
    "worker": "Worker",
    "outbox": "Messages that wait",
    "webhooks": "Webhooks",
    "mail": "Mail server",
    "broker": "Broker",
    "keys": "Storage of keys",
    "key_copies": "Copies of keys",
    "calendar": "Calendar",
    "dead_letters": "Messages given up",
    "nobody_told": "Reminders to nobody",
    "dates": "Dates as worked out",
    "reminders": "Reminders that ought to be there",
    "audit_log": "Audit log",
}
WORDS: dict[str, Callable[[dict[str, Any], datetime], Said]] = {
    "database": _database,
    "migrations": _migrations,
    "scheduler": _scheduler,
    "worker": _worker,
    "outbox": _outbox,
    "webhooks": _webhooks,
    "mail": _mail,
    "broker": _broker,
    "keys": _keys,
    "key_copies": _key_copies,
    "calendar": _calendar,
    "dead_letters": _dead_letters,
    "nobody_told": _nobody,
    "dates": _dates,
    "reminders": _reminders,
    "audit_log": _audit_log,
}
