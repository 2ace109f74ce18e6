"""Writing the message of an outbox row."""

import hmac
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

from allauth.account.forms import default_token_generator
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from workflow import opaque
from workflow.access.naming import named_to
from workflow.deadlines.calendar import calendar
from workflow.forms.times import london_words
from workflow.law.calendar import Calendar
from workflow.outbox.letters import Letter, Message, Note, address, case_address
from workflow.outbox.models import Outbox
from workflow.outbox.turn import readers_among
from workflow.outbox.wording import wording
from workflow.people import roles
from workflow.people.invitation import Invitation
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people
from workflow.reminders.letters import digest_letter, letter_about

# Reminders by their clocks, their rungs and the London date on which they are sent.
Known = dict[tuple[int, tuple[str, ...], date], Letter]
LOOKS_AFTER = "You get this because you look after your authority’s people and systems."
# Whose post it is, in each kind of organisation.
READERS = {
    roles.AUTHORITY: "la_notifier",
    roles.ICB: "safeguarding_partner",
    roles.POLICE: "safeguarding_partner",
    roles.EDUCATION: "safeguarding_partner",
    roles.PANEL: "panel_secretariat",
    roles.DFE: "dfe_receiver",
    roles.OFSTED: "ofsted_observer",
    roles.OPERATOR: "deadline_administrator",
}


def addresses(row: Outbox, *, on: date) -> list[str]:
    """Where the message goes: to its person, or to the people who answer for the organisation.

    What an act on a restricted case has to say goes to nobody who is not named to it, and to no
    address that an organisation shares.
    """
    if told_by_name(row) and row.case is not None:
        return readers_among(named_to([row.case.pk], on=on)[row.case.pk], row)
    if row.person is not None:
        return [row.person.email] if row.person.is_active else []
    organisation: Organisation | None = row.organisation
    if organisation is None:
        return []
    if organisation.contact_email:
        return [organisation.contact_email]
    return sorted({person.email for person in post_of(organisation, on=on)})


def post_of(organisation: Organisation, *, on: date) -> list[Person]:
    """The people whom an organisation's post reaches; none where it has an address for that."""
    if organisation.contact_email:
        return []
    return responsible_people(organisation, READERS[organisation.kind], on)


def told_by_name(row: Outbox) -> bool:
    """Whether a message is about a restricted case: then nobody but who is named is to be told.

    A reminder is not among them: it was withheld already, where it is about such a case.
    """
    return row.kind != "reminder" and row.case is not None and row.case.restricted


def compose(
    row: Outbox, *, on: date, days: Calendar | None = None, known: Known | None = None
) -> Message | None:
    """The message of a row, or None when nobody is there to read it.

    `days`, where a caller has the calendar in force already, saves a query; `known` holds the
    reminders of clocks read together, since each goes to several people.
    """
    if row.webhook is not None:
        return about_an_act(row)
    to = addresses(row, on=on)
    if not to:
        return None
    if row.kind == "reminder":
        words: Letter | Note = _reminder(row, on, days, {} if known is None else known)
    else:
        words = _words(row, on, days)
    return Message(tuple(to), words, message_id(row), logged_as(row))


def _reminder(row: Outbox, on: date, days: Calendar | None, known: Known) -> Letter:
    (deadline,) = row.clocks
    rungs = tuple(row.rungs.get(deadline.pk, ()))
    letter = known.get((deadline.pk, rungs, on))
    if letter is None:
        letter = letter_about(deadline, on, days or calendar(), rungs)
        known[deadline.pk, rungs, on] = letter
    return letter


def _words(row: Outbox, on: date, days: Calendar | None) -> Letter | Note:
    if row.kind == "digest":
        return digest_letter(row, on, days or calendar())
    if row.kind in ABOUT_MESSAGES:
        return ABOUT_MESSAGES[row.kind]()
    if row.kind in ABOUT_ONE_THING:
        return ABOUT_ONE_THING[row.kind](row)
    if row.case is not None:
        return about_a_case(row)
    return about_an_account(row)


def message_id(row: Outbox) -> str:
    """The same for each attempt, so that a mail sent twice is recognised as one."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), row.dedupe.encode(), "sha256")
    return f"<{digest[:20].hex()}@{settings.DEFAULT_FROM_EMAIL.partition('@')[2]}>"


def logged_as(row: Outbox) -> str:
    """How the delivery log names the row, and each copy of its message in its head."""
    return opaque.hide(opaque.MESSAGE, row.pk)


def about_a_case(row: Outbox) -> Letter:
    """The letter about an act on a case: its reference and a link, never more."""
    case, words = row.case, wording(row.kind)
    if case is None:
        raise ValueError("This message is about no case.")
    return Letter(
        subject=words.subject.format(label=case.label),
        parts=(f"{words.happened} Reference: {case.label}", words.act),
        # Whoever is told of an emergency does not always see its case.
        link=address(reverse("emergencies"))
        if row.kind.startswith("emergency")
        else case_address(case.token),
        why=f"You get this because you have an account with {settings.SERVICE_NAME}.",
    )


def about_an_act(row: Outbox) -> Message | None:
    """What a webhook is told: the reference, and when something was done; never what.

    From the order of acts it could be read what harm was done. A draft has no reference yet, and is
    named by what stands in its addresses. None once the webhook has ended, and of a case that is
    another authority's by now.
    """
    hook, case = row.webhook, row.case
    if hook is None or case is None or case.restricted or hook.ended_at is not None:
        return None
    if case.authority_id != hook.authority_id:
        return None
    at = datetime.fromisoformat(row.payload["at"]).astimezone(UTC)
    named_by = case.reference or case.address
    said = {"reference": named_by, "at": at.isoformat()}
    return Message((hook.address,), Note("", json.dumps(said)), message_id(row), logged_as(row))


def about_a_webhook() -> Letter:
    """The letter that tells an authority's administrators that their own system took nothing."""
    return Letter(
        subject="Your system did not take what it was told",
        parts=(
            "A webhook of your authority was called many times and did not take what it was told.",
            "Sign in to see which one, and why.",
            "What it refused ten times, or did not take for four days, is given up.",
            "That is told once more only when you say so on that page.",
            "While it takes nothing you get this on five days, then once a week.",
        ),
        link=address(reverse("people")),
        why=LOOKS_AFTER,
    )


def about_a_changed_webhook() -> Letter:
    """The letter that tells an authority that an administrator or the operator did something."""
    return Letter(
        subject="A webhook of your authority was changed",
        parts=(
            "An address told of acts on your cases was registered, given another secret, or ended.",
            "It was an administrator of yours, or the operator ended it.",
            "An administrator sees by whom under People, Webhooks.",
            "If nobody of you meant that, let an administrator end it there, and tell us.",
        ),
        link=address("/"),
        why="You get this because you administer or approve for your authority.",
    )


def about_a_dead_letter() -> Letter:
    """The letter that tells the operator of a message which could not be sent."""
    return Letter(
        subject="A message could not be sent",
        parts=(
            "A message was tried many times and could not be sent.",
            "Sign in to see which one, and why, in the delivery log.",
        ),
        link=address("/"),
        why="You get this because you look after this service.",
    )


def about_a_bounce() -> Letter:
    """The letter that tells the operator of a message which came back."""
    return Letter(
        subject="A message came back",
        parts=(
            "A message was sent and came back: an address takes no mail.",
            "Sign in to see which one in the delivery log, and put the address right.",
        ),
        link=address("/"),
        why="You get this because you look after this service.",
    )


def about_an_invitation(row: Outbox) -> Letter:
    """The letter that offers a role. Its link is made here and now, and rests nowhere."""
    made = Invitation.objects.select_related("organisation", "invited_by").get(
        pk=row.payload["invitation"]
    )
    return Letter(
        subject=f"You are invited to {settings.SERVICE_NAME}"[:78],
        parts=(
            f"{made.invited_by.name} invites you, as {made.title} at {made.organisation.name}.",
            f"Accept by {london_words(made.expires_at)}. The link works once.",
        ),
        link=address(reverse("invitation", args=[made.secret])),
        why="You get this because somebody entered your address. If you did not expect it, "
        f"do nothing, or email {settings.SUPPORT_EMAIL}.",
    )


def about_no_approver(row: Outbox) -> Letter:
    """The letter that tells whoever gives roles at an authority that nobody there may approve."""
    if row.authority is None:
        raise ValueError("This message is about no authority.")
    return Letter(
        subject=f"Nobody may approve at {row.authority.name}"[:78],
        parts=(
            f"{row.authority.name} asks for approval of a notification, and has no approver.",
            "One can be sent all the same, and waits then to be approved afterwards.",
            "Sign in and make somebody an approver, under “People”.",
            "You get this once a week until somebody is.",
        ),
        link=address(reverse("people")),
        why="You get this because you can give people their roles there.",
    )


ABOUT_ONE_THING: dict[str, Callable[[Outbox], Letter]] = {
    "invitation": about_an_invitation,
    "nobody_approves": about_no_approver,
}
ABOUT_MESSAGES: dict[str, Callable[[], Letter]] = {
    "dead_letter": about_a_dead_letter,
    "bounced": about_a_bounce,
    "webhook_not_taken": about_a_webhook,
    "webhook_changed": about_a_changed_webhook,
}


def about_an_account(row: Outbox) -> Note:
    """A sign-in message; its kind is the name of its templates.

    The link that sets a new password is made here and now, and rests nowhere.
    """
    link = ""
    if row.person is not None and row.kind.endswith("password_reset_key"):
        key = default_token_generator.make_token(row.person)
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": opaque.hide(opaque.PERSON, row.person.pk), "key": key},
        )
        link = address(path)
    subject = render_to_string(f"{row.kind}_subject.txt", {})
    body = render_to_string(f"{row.kind}_message.txt", {"password_reset_url": link})
    return Note(" ".join(subject.split()), body.strip())
