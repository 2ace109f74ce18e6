"""A reminder's step, its recipients and its fate, in words."""

from collections.abc import Iterable

from workflow.health.words import ago
from workflow.law.ladders import LADDERS, Rung, base
from workflow.law.words import counted, long_date
from workflow.outbox.models import Outbox
from workflow.outbox.wording import wording
from workflow.reminders.models import PlannedRung, Reminder

__all__ = ["AUDIENCES", "about", "ago", "audience", "fault", "step", "story_of_message"]

AUDIENCES = {
    "doers": "those whose work it is",
    "seniors": "their approvers and named seniors",
    "secretariat": "the Panel’s secretariat",
    "administrators": "the deadline administrators",
    "partners": "the safeguarding partners",
}
FAULTS = {
    "ConnectionRefusedError": "the mail server did not answer",
    "gaierror": "the mail server was not found",
    "SMTPConnectError": "the mail server did not answer",
    "SMTPRecipientsRefused": "the mail server refused the address",
    "SMTPSenderRefused": "the mail server refused our own address",
    "SMTPDataError": "the mail server refused the message",
    "SMTPServerDisconnected": "the mail server hung up",
    "SMTPAuthenticationError": "the mail server refused our password",
    "TimeoutError": "the mail server took too long",
    "NotifyNoAnswer": "GOV.UK Notify did not answer",
    "NotifySlow": "GOV.UK Notify took too long",
    "NotifyLimit": "GOV.UK Notify takes no more for now: a limit was reached",
    "NotifyServerError": "GOV.UK Notify had a fault of its own",
    "NotifyBrokenAnswer": "GOV.UK Notify gave an answer that can’t be read",
    "NotifyRefusedKey": "GOV.UK Notify refused our key, or this machine’s clock is wrong",
    "NotifyNotFound": "GOV.UK Notify knows no such template",
    "NotifyWrongTemplate": "the template in GOV.UK Notify does not pass our words through",
    "NotifyBadRequest": "GOV.UK Notify refused the address or the message",
    "NotifyTemporaryFailure": "the mailbox took nothing for three days",
    "WebhookNotAllowed": "its host is at an address that is not public",
    "WebhookCertificate": "its certificate is not good for its name",
    "WebhookTimeout": "it took too long",
    "WebhookNoAnswer": "it did not answer",
    "WebhookBrokenAnswer": "its answer can’t be read",
    "WebhookServerError": "it had a fault of its own",
    "WebhookBusy": "it asked to be told later",
    "WebhookRedirect": "it led elsewhere, which is not followed",
    "WebhookRefused": "it refused what it was told",
    "WebhookSecretUnreadable": "its secret can’t be opened: change it",
    "NotifyTechnicalFailure": "GOV.UK Notify could not hand it on",
}
ACCOUNT = "About an account"
# Of a message to a webhook.
UNTOLD = "The webhook was ended, or nothing more is told of the case."
WEBHOOKS = {
    "webhook_not_taken": "A webhook took nothing.",
    "webhook_changed": "A webhook was registered, changed or ended.",
}


def step(duty: str, key: str) -> str:
    """When a step is told: "3 working days before the date"."""
    try:
        rung = next(one for one in LADDERS[duty] if one.key == base(key))
    except (KeyError, StopIteration):
        return "A step of an earlier version of this service"
    if rung.anchor == "set":
        return "When the date was set"
    number = key.partition(":")[2]
    return _distance(rung) + (f", for the {_nth(int(number))} time" if number.isdigit() else "")


def _distance(rung: Rung) -> str:
    side = "the clock started" if rung.anchor == "start" else "the date"
    if rung.first_late:
        return "The day after the date"
    if rung.months is not None:
        many = counted(rung.months, "month")
        return f"Every {many} after {side}" if rung.repeats else f"{many} after {side}"
    days = rung.working_days or 0
    if days == 0:
        return "On the date itself"
    if rung.repeats:
        return f"Every {counted(days, 'working day')} after {side}"
    return f"{counted(days, 'working day')} {'before' if days < 0 else 'after'} {side}"


def _nth(number: int) -> str:
    teen = 10 < number % 100 < 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def audience(duty: str, key: str) -> str:
    """Whom a step is meant for."""
    found = [one.to for one in LADDERS.get(duty, ()) if one.key == base(key)]
    named = [AUDIENCES[who] for who in (found[0] if found else ())]
    return _listed(named) or "Nobody any more"


def _listed(parts: Iterable[str]) -> str:
    *before, last = [*parts] or [""]
    words = f"{', '.join(before)} and {last}" if before else last
    return words[:1].upper() + words[1:]


def about(message: Outbox) -> str:
    """What a message tells, in its own words."""
    if message.kind == "dead_letter":
        return "A message could not be sent."
    if message.kind in WEBHOOKS:
        return WEBHOOKS[message.kind]
    if message.kind == "bounced":
        return "A message came back."
    if message.kind == "nobody_approves":
        return "Nobody may approve at an authority."
    return wording(message.kind).happened if message.case_id else f"{ACCOUNT}."


def fault(message: Outbox) -> str:
    """What last went wrong with a message, in words; "" when nothing did."""
    if message.fault:
        return FAULTS.get(message.fault, "the mail server gave an error")
    if message.attempts or not message.dead_at:
        return ""
    return "its system was away" if message.webhook_id else "nobody is there to read it"


def story_of_message(message: Outbox) -> tuple[str, str, str]:
    """A message's fate as a tag, its colour, and what there is to say besides."""
    why = fault(message)
    if message.bounced_at and message.delivered_at:
        return "Bounced", "red", "It came back from one address; the others took it."
    if message.bounced_at:
        return "Bounced", "red", "It came back: the address took no mail."
    if message.sent_at:
        return ("Delivered", "green", "") if message.delivered_at else ("Sent", "green", "")
    if message.dead_at:
        words = f"Given up after {counted(message.attempts, 'attempt')}"
        return "Given up", "red", f"{words}: {why}." if why else f"{words}."
    if message.cancelled_at:
        why = UNTOLD if message.webhook_id else "What it spoke of was done, or its date had moved."
        return "Not sent", "grey", why
    return "Waiting", "blue", f"To be tried again: {why}." if why else ""


def story_of_reminder(reminder: Reminder) -> tuple[str, str, str]:
    """A reminder's fate as a tag, its colour, and what there is to say besides."""
    if reminder.withheld:
        return "Not sent", "grey", f"{reminder.get_withheld_display()}."
    if reminder.message is None:
        return "Waiting", "blue", "For the digest of the day."
    tag, colour, more = story_of_message(reminder.message)
    digest = "In the digest of the day." if reminder.quiet else ""
    return tag, colour, " ".join(part for part in (digest, more) if part)


def story_of_nobody(row: PlannedRung) -> tuple[str, str, str]:
    """Why nobody was told of a step, as a tag, its colour, and what there is to say besides."""
    deadline = row.deadline
    if row.nobody:
        return "Nobody to tell", "red", "Nobody who could have been told was able to see the case."
    if row.revision != deadline.revision:
        return "Not needed", "grey", "The date had moved: this step was for the date before."
    if deadline.met_on is not None:
        done = long_date(deadline.met_on)
        return "Not needed", "grey", f"What was asked for had been done, on {done}."
    if deadline.cancelled_on is not None:
        ended = long_date(deadline.cancelled_on)
        return "Not needed", "grey", f"The duty had ended, on {ended}."
    return "Not needed", "grey", "The duty was not owed at that time."
