"""What has to be done before some pages are there: each with its route, its reader, its address."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import time_machine
from allauth.account.forms import default_token_generator
from django.test import Client, override_settings
from django.urls import reverse

from notifications.attached.scanning import scan_due
from tests import databases
from tests.notifications.answers import a_draft, at, written
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach as attached
from tests.notifications.redacted import DESCRIPTION, NAME, answered, free, proposed
from tests.reviews.telling import Told
from tests.story import PASSWORD, Cast, Story, a_case, day, moment
from tests.templates.markup import Markup
from tests.workflow.reminders.telling import swept
from tests.workflow.retention import telling as retention
from tests.workflow.signing_in.codes import set_up
from tests.workflow.signing_in.keys import has_a_key
from workflow import clock, opaque
from workflow.access.emergencies import Emergency
from workflow.models import Invitation, LegalHold, Outbox, Person, ProclaimedHoliday, Reminder
from workflow.people import managing
from workflow.retention.copies import free_texts
from workflow.webhooks import managing as webhooks

# A page's route, who reads it and in which browser, and its address.
Page = tuple[str, str, Client, str]
HOLIDAY = {
    "day-day": "7", "day-month": "June", "day-year": "2027",
    "title": "Bank holiday for an invented jubilee",
    "proclaimed-day": "1", "proclaimed-month": "12", "proclaimed-year": "2026",
}  # fmt: skip


def enters(person: Person) -> Client:
    """A browser in which somebody signed in by the page itself, so lately that nothing is asked."""
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def pages_after_something(everyone: Cast, story: Story, database: str) -> Iterator[Page]:
    """Every page that hangs on something done before; each deed is done as its pages are read."""
    yield from of_people(everyone)
    yield from of_an_emergency(everyone, story)
    yield from of_a_restricted_case(everyone)
    yield from of_a_kept_record(everyone)
    yield from of_words_to_take_out(everyone)
    yield from of_a_notification(everyone)
    yield from of_documents(everyone, database)
    yield from of_a_rapid_review(everyone)
    yield from of_a_proclaimed_day(everyone)
    yield from of_messages(everyone, database)


def of_people(everyone: Cast) -> Iterator[Page]:
    """About who may come in, and how."""
    set_up(everyone.ben)
    has_a_key(everyone.ben)
    yield "mfa_authenticate", "ben", enters(everyone.ben), reverse("mfa_authenticate")
    managing.invite(
        email="nora@northmoor.example", name="Nora", organisation=everyone.northmoor,
        role="la_notifier", since=day("2026-12-10"), by=everyone.adam, on=clock.today(),
        at=clock.now(),
    )  # fmt: skip
    invited = reverse("invitation", args=[Invitation.objects.get().secret])
    yield "invitation", "nobody", Client(), invited
    adam, place = enters(everyone.adam), everyone.northmoor.pk
    for name in ("people-of", "people-invite", "organisation-settings"):
        yield name, "adam", adam, reverse(name, args=[place])
    for name in ("person", "person-role"):
        yield name, "adam", adam, reverse(name, args=[place, everyone.ada.pk])
    how: Any = {"by": everyone.adam, "on": clock.today(), "at": clock.now()}
    hook = webhooks.register("https://hooks.example/", everyone.northmoor, **how).webhook
    for name in ("webhooks", "webhook-new"):
        yield name, "adam", adam, reverse(name, args=[place])
    for name in ("webhook", "webhook-secret", "webhook-again", "webhook-end"):
        yield name, "adam", adam, reverse(name, args=[place, hook.pk])
    webhooks.end(hook, **how)
    yield "webhook", "adam", adam, reverse("webhook", args=[place, hook.pk])
    key = {
        "uidb36": opaque.hide(opaque.PERSON, everyone.ada.pk),
        "key": default_token_generator.make_token(everyone.ada),
    }
    name = "account_reset_password_from_key"
    yield name, "nobody", Client(), reverse(name, kwargs=key)


def of_an_emergency(everyone: Cast, story: Story) -> Iterator[Page]:
    """About a case that somebody of another authority opened in an emergency."""
    cara, ben = enters(everyone.cara), signed_in(everyone.ben)
    yield "emergency", "cara", cara, reverse("emergency")
    said = {"reference": story.again().label, "reason": "A child of this case is with us now."}
    cara.post(reverse("emergency"), said)
    yield "case", "cara", cara, reverse("case", args=[story.case.token])
    yield "emergencies", "ben", ben, reverse("emergencies")
    review = reverse("emergency-review", args=[Emergency.objects.get().pk])
    yield "emergency-review", "ben", ben, review


def of_a_restricted_case(everyone: Cast) -> Iterator[Page]:
    """About a case of named people, as they see it and as an administrator does."""
    case = a_case(everyone, aware="2026-12-01").notified("2026-12-03").case
    ben, adam = signed_in(everyone.ben), signed_in(everyone.adam)
    restrict = reverse("restrict-case", args=[case.token])
    yield "restrict-case", "ben", ben, restrict
    named = (everyone.ada, everyone.ben, everyone.petra)
    people = [opaque.hide(opaque.PERSON, one.pk) for one in named]
    ben.post(restrict, {"people": people, "reason": "A relative works here."})
    yield "restrict-case", "ben", ben, restrict
    yield "people-with-access", "ben", ben, reverse("people-with-access", args=[case.token])
    yield "case", "ben", ben, reverse("case", args=[case.token])
    yield "lift-restriction", "ben", ben, reverse("lift-restriction", args=[case.token])
    yield "restricted-cases", "adam", adam, reverse("restricted-cases")


def of_a_kept_record(everyone: Cast) -> Iterator[Page]:
    """About a record that is held, and one that ends decades later."""
    case = a_case(everyone, aware="2026-12-01").notified("2026-12-03").case
    petra, parts = signed_in(everyone.petra), {"token": case.token}
    petra.post(reverse("hold-record", kwargs=parts), {"reason": "A claim is expected."})
    lift = reverse("lift-hold", kwargs={**parts, "key": LegalHold.objects.get().pk})
    yield "lift-hold", "petra", petra, lift
    yield "record-kept", "petra", petra, reverse("record-kept", kwargs=parts)
    story = retention.closed(everyone)
    parts = {"token": story.case.token}
    with time_machine.travel(moment(retention.DUE), tick=False):
        adam = enters(everyone.adam)
        yield "records-due", "adam", adam, reverse("records-due")
        yield "end-record", "adam", adam, reverse("end-record", kwargs=parts)
        retention.step(story, "propose", "ben")
        yield "end-record", "adam", adam, reverse("end-record", kwargs=parts)
        retention.step(story, "confirm", "adam")
        yield "record-kept", "adam", adam, reverse("record-kept", kwargs=parts)


def of_words_to_take_out(everyone: Cast) -> Iterator[Page]:
    """About an answer that names somebody in error, as two people take the name out."""
    said = {"description": {"description": f"{NAME} called."}}
    case = written(a_draft(everyone), everyone.ada, said)
    ada, parts = enters(everyone.ada), {"token": case.token}
    yield "redact", "ada", ada, reverse("redact", kwargs=parts)
    where = {**parts, "key": free(case, DESCRIPTION).row.pk, "field": "description"}
    yield "redact-words", "ada", ada, reverse("redact-words", kwargs=where)
    found = proposed(case, everyone)
    answer = reverse("redact-answer", kwargs={**parts, "key": found.pk})
    for name in ("ada", "ben"):
        yield "redact-answer", name, enters(everyone.people[name]), answer
    ben = enters(everyone.ben)
    yield "redactions", "ben", ben, reverse("redactions")
    yield "case", "ben", ben, reverse("case", kwargs=parts)
    yield "redact", "ada", ada, reverse("redact", kwargs=parts)
    answered(case, found, everyone)
    yield "redact", "ada", ada, reverse("redact", kwargs=parts)


def of_a_notification(everyone: Cast) -> Iterator[Page]:
    """About two drafts of one child, and about a notification of which the Panel asks more."""
    ada = signed_in(everyone.ada)
    written(a_draft(everyone), everyone.ada)
    second = written(a_draft(everyone), everyone.ada)
    yield "notifications:duplicate", "ada", ada, at("duplicate", second)
    child = at("item-remove", second, section="children", item=1)
    yield "notifications:item-remove", "ada", ada, child
    asked = a_case(everyone, aware="2026-12-01").notified("2026-12-03")
    asked.act(
        asked.case.notification, "request_information", "sol", "2026-12-07",
        reason="Which hospital?", facts={"reply_on": day("2026-12-14")},
    )  # fmt: skip
    yield "notifications:reply", "ada", ada, at("reply", asked.case)
    for name in ("timeline", "redact"):
        yield name, "sol", enters(everyone.sol), reverse(name, args=[asked.case.token])


def of_documents(everyone: Cast, database: str) -> Iterator[Page]:
    """About a case with a document in each state."""
    case = a_case(everyone, aware="2026-12-01").notified("2026-12-03").case
    ben = signed_in(everyone.ben)
    with clamd.running() as fake, override_settings(CLAMD=fake.address):
        for content in (b"Minutes.", clamd.MARK, b"Letter."):
            attached(case, ben, content)
            with databases.as_worker(database):
                scan_due(seconds=5)
    attached(case, ben, b"Report.")
    again = reverse("notifications:document-remove", args=[case.token, 3])
    yield "notifications:document-remove", "ben", ben, again
    ben.post(again, {"reason": "Of another case."})
    for name in ("notifications:document-attach", "notifications:documents"):
        yield name, "ben", ben, reverse(name, args=[case.token])


def of_a_rapid_review(everyone: Cast) -> Iterator[Page]:
    """About one that is filled in, and then sent."""
    bea, case = signed_in(everyone.bea), a_case(everyone, aware="2026-11-23").case
    told = Told(everyone, case)
    told.notified("2026-11-23")
    told.filled("2026-12-03")
    told.signed("polly", "dissent", "2026-12-04", comment=f"{NAME} was not asked.")
    agency = {"token": case.token, "section": "agencies", "item": 1}
    removed = reverse("reviews:item-remove", kwargs=agency)
    yield "reviews:item-remove", "bea", bea, removed
    told.sent("2026-12-07")
    yield "reviews:print", "bea", bea, reverse("reviews:print", args=[case.token])
    yield from of_what_a_partner_wrote(told)


def of_what_a_partner_wrote(told: Told) -> Iterator[Page]:
    """About a comment that names somebody, as its partner and an approver take the name out."""
    polly, ben = (enters(told.cast.people[name]) for name in ("polly", "ben"))
    parts = {"token": told.case.token}
    texts = free_texts(told.again(), on=clock.today(), of=["sign-off"])
    (comment,) = (one for one in texts if one.place.field == "comment")
    yield "reviews:read", "polly", polly, reverse("reviews:read", kwargs=parts)
    yield "redact", "polly", polly, reverse("redact", kwargs=parts)
    named = {**parts, "key": comment.row.pk, "field": comment.address}
    yield "redact-words", "polly", polly, reverse("redact-words", kwargs=named)
    found = proposed(told.case, told.cast, "polly", comment.place)
    answer = reverse("redact-answer", kwargs={**parts, "key": found.pk})
    yield "redact-answer", "ben", ben, answer
    answered(told.case, found, told.cast)
    yield "reviews:read", "polly", polly, reverse("reviews:read", kwargs=parts)


def of_a_proclaimed_day(everyone: Cast) -> Iterator[Page]:
    """About a bank holiday that is proclaimed: what would move, what moved, and taking it back."""
    sam = signed_in(everyone.sam)
    check = f"{reverse('proclaim-check')}?{urlencode(HOLIDAY)}"
    yield "proclaim-check", "sam", sam, check
    fields = Markup(sam.get(check).content.decode()).all("input")
    (edition,) = (one.attrs["value"] for one in fields if one.attrs.get("name") == "edition")
    yield "dates-moved", "sam", sam, sam.post(check, {"edition": edition})["Location"]
    key = ProclaimedHoliday.objects.get().pk
    yield "proclaim-withdraw", "sam", sam, reverse("proclaim-withdraw", args=[key])


def of_messages(everyone: Cast, database: str) -> Iterator[Page]:
    """About a reminder that the worker's sweep recorded, and a message of another kind."""
    with databases.as_worker(database):
        swept("2026-12-10", "09:00")
    sam = signed_in(everyone.sam)
    rows: dict[str, Any] = {
        "why-reminder": Reminder.objects.order_by("pk"),
        "why-message": Outbox.objects.filter(kind="emergency"),
    }
    for name, found in rows.items():
        yield name, "sam", sam, reverse(name, args=[found[0].pk])


def signed_in(person: Person) -> Client:
    """A browser in which somebody is signed in, whatever they would be asked for."""
    client = Client()
    client.force_login(person)
    return client
