"""A person's calendar: what it holds, how it follows, and who can't read it."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from config.logs import JsonLines, NoSecretAddress, hide_secret_addresses
from tests.story import Cast, Story, a_case, cast, day, moment
from workflow import services
from workflow.feeds import addresses
from workflow.models import CalendarFeed, Deadline, Membership, Person

SENTINELS = ("Northmoor", "Ada", "harm", "abuse", "death", "died", "neglect", "looked", "leaver")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.fixture
def sent(everyone: Cast) -> Story:
    """Sent on 4 December: the rapid review is due on Tuesday 29 December."""
    return a_case(everyone, aware="2026-12-01").notified("2026-12-04")


def address_of(person: Person) -> str:
    return f"/calendar/{addresses.make(person, at=moment('2026-12-10'))}.ics"


def read(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    found = Calendar.from_ical(answer.content)
    assert not found.errors
    return list(found.events)


def of(person: Person) -> list[Any]:
    return read(address_of(person))


def summaries(events: list[Any]) -> list[str]:
    return [str(one["SUMMARY"]) for one in events if one["STATUS"] == "CONFIRMED"]


def test_an_open_date_is_an_all_day_entry_that_keeps_nobody_busy(
    everyone: Cast, sent: Story
) -> None:
    (entry,) = [one for one in of(everyone.ada) if one["STATUS"] == "CONFIRMED"]
    assert entry["SUMMARY"] == f"{sent.case.reference}: rapid review due"
    assert entry["DTSTART"].dt == day("2026-12-29")
    assert entry["DTEND"].dt == day("2026-12-30")
    assert isinstance(entry["DTSTART"].dt, date)
    assert (entry["CLASS"], entry["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
    assert entry["SEQUENCE"] == 0
    assert entry["LAST-MODIFIED"].dt == moment("2026-12-04")


def test_the_calendar_says_how_often_to_look(everyone: Cast, sent: Story) -> None:
    text = Client().get(address_of(everyone.ada)).content.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "METHOD:PUBLISH" in text


def test_a_moved_date_is_the_same_entry_with_a_higher_number(everyone: Cast) -> None:
    draft = a_case(everyone, aware="2026-12-07")
    address = address_of(everyone.ada)
    before = {str(one["UID"]): one for one in read(address)}
    draft.facts("2026-12-09", aware_on=day("2026-12-08"))
    after = {str(one["UID"]): one for one in read(address)}
    assert before.keys() == after.keys()
    for uid, entry in after.items():
        assert entry["DTSTART"].dt == day("2026-12-15")
        assert before[uid]["DTSTART"].dt == day("2026-12-14")
        assert entry["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert entry["LAST-MODIFIED"].dt > before[uid]["LAST-MODIFIED"].dt


def test_the_number_of_an_entry_counts_nothing_and_outlives_the_services_secret(
    everyone: Cast, sent: Story, settings: Any
) -> None:
    a_case(everyone, aware="2026-12-08")
    address = address_of(everyone.ada)
    before = {str(one["UID"]): one["DTSTART"].dt for one in read(address)}
    assert len(before) == len(read(address)) > 2
    assert all(re.fullmatch(r"[0-9a-f]{32}@localhost", number) for number in before)
    settings.SECRET_KEY = "another secret, as long as it has to be: " + "x" * 50
    assert {str(one["UID"]): one["DTSTART"].dt for one in read(address)} == before


def test_a_later_date_that_is_agreed_changes_the_entry_and_not_its_day(
    everyone: Cast, sent: Story
) -> None:
    address = address_of(everyone.ada)
    (before,) = [one for one in read(address) if "rapid review" in one["SUMMARY"]]
    seen = [before]
    for number, agreed in enumerate(("2027-01-08", "2027-01-15")):
        agreed_at = moment(f"2026-12-{8 + number:02}")
        services.agree_later_date(
            sent.again(),
            "rapid-review",
            1,
            day(agreed),
            by=everyone.sol,
            on=agreed_at.date(),
            at=agreed_at,
            reason="The partners meet later.",
        )
        (after,) = [one for one in read(address) if "rapid review" in one["SUMMARY"]]
        assert after["SEQUENCE"] > seen[-1]["SEQUENCE"]
        assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == agreed_at
        assert (after["UID"], after["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
        seen.append(after)
    sent.reviewed("2026-12-10")
    (met,) = [one for one in read(address) if "rapid review" in one["SUMMARY"]]
    assert met["SEQUENCE"] > seen[-1]["SEQUENCE"]


def test_a_met_date_is_cancelled_and_gone_after_two_months(everyone: Cast, sent: Story) -> None:
    address = address_of(everyone.ada)
    (review,) = [one for one in read(address) if "rapid review" in one["SUMMARY"]]
    sent.reviewed("2026-12-10")
    (met,) = [one for one in read(address) if "rapid review" in one["SUMMARY"]]
    assert met["UID"] == review["UID"]
    assert met["STATUS"] == "CANCELLED"
    assert met["SEQUENCE"] > review["SEQUENCE"]
    with time_machine.travel(moment("2027-02-09"), tick=False):
        assert not [one for one in read(address) if one["UID"] == review["UID"]]


def test_each_sees_the_dates_that_are_theirs_to_meet(everyone: Cast, sent: Story) -> None:
    reference = sent.case.reference
    review = [f"{reference}: rapid review due"]
    for name in ("ada", "ben", "bea", "ira", "polly"):
        assert summaries(of(everyone.people[name])) == review, name
    for name in ("cara", "sol", "priya", "dele", "olu", "sam", "adam"):
        assert summaries(of(everyone.people[name])) == [], name
    sent.reviewed("2026-12-10")
    for name in ("sol", "priya", "petra"):
        assert summaries(of(everyone.people[name])) == [f"{reference}: response due"], name


def test_another_authoritys_cases_are_absent(everyone: Cast, sent: Story) -> None:
    theirs = a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-04", by="cara")
    for name in ("ada", "ben", "bea", "ira", "polly"):
        text = Client().get(address_of(everyone.people[name])).content.decode()
        assert theirs.case.label not in text, name
    text = Client().get(address_of(everyone.cara)).content.decode()
    assert theirs.case.label in text
    assert str(sent.case.reference) not in text


def test_a_duty_that_nobody_holds_passes_to_whoever_stands_in(everyone: Cast, sent: Story) -> None:
    Membership.objects.filter(organisation=everyone.northmoor).exclude(person=everyone.adam).update(
        until=day("2026-12-09")
    )
    assert summaries(of(everyone.adam)) == [f"{sent.case.reference}: rapid review due"]


def test_an_entry_holds_no_name_no_place_and_no_kind_of_harm(everyone: Cast) -> None:
    cases: tuple[dict[str, Any], ...] = (
        {},
        {"outcome": "died", "abuse": "neither", "looked_after": True},
        {"outcome": "died", "abuse": "neither", "care_leaver": True, "under_18": False},
    )
    for facts in cases:
        a_case(everyone, aware="2026-12-07", **facts)
    assert Deadline.objects.values("duty").distinct().count() == 4
    text = Client().get(address_of(everyone.ada)).content.decode()
    entries = re.sub(r"(?m)^(PRODID|NAME|X-WR-CALNAME).*(\r\n .*)*", "", text)
    for word in SENTINELS:
        assert word.lower() not in entries.lower(), word
    assert text.count("BEGIN:VEVENT") == Deadline.objects.count()


def test_only_the_digest_of_the_secret_is_stored(everyone: Cast) -> None:
    secret = addresses.make(everyone.ada, at=moment("2026-12-10"))
    stored = CalendarFeed.objects.get()
    assert len(secret) == 43
    assert stored.digest == addresses.digest_of(secret) != secret
    assert secret not in str(CalendarFeed.objects.values().get())


def test_a_dead_address_looks_like_one_that_never_was(everyone: Cast, sent: Story) -> None:
    replaced = address_of(everyone.ada)
    removed = address_of(everyone.ben)
    addresses.revoke(everyone.ben, at=moment("2026-12-10"))
    standing = address_of(everyone.ada)
    deactivated = address_of(everyone.bea)
    Person.objects.filter(pk=everyone.bea.pk).update(is_active=False)
    left = address_of(everyone.ira)
    Membership.objects.filter(person=everyone.ira).update(until=day("2026-12-09"))
    unknown = "/calendar/" + "x" * 43 + ".ics"
    answers = [Client().get(one) for one in (replaced, removed, deactivated, left, unknown)]
    assert [one.status_code for one in answers] == [404] * 5
    assert len({one.content for one in answers}) == 1
    assert Client().get(standing).status_code == 200


def test_what_it_costs_does_not_grow_with_the_number_of_dates(everyone: Cast) -> None:
    address = address_of(everyone.ada)
    counts = []
    for _ in range(2):
        for _ in range(3):
            a_case(everyone, aware="2026-12-07")
        with CaptureQueriesContext(connection) as asked:
            read(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_address_is_shown_once_and_can_be_replaced_and_removed(everyone: Cast) -> None:
    ada = Client()
    ada.force_login(everyone.ada)
    assert "No address made" in ada.get("/account/").content.decode()
    made = ada.post("/account/calendar/", {"act": "make"})
    assert made["Cache-Control"] == "no-store"
    (shown,) = set(re.findall(r"/calendar/[\w-]+\.ics", made.content.decode()))
    assert Client().get(shown).status_code == 200
    assert shown not in ada.get("/account/calendar/").content.decode()
    again = ada.post("/account/calendar/", {"act": "make"}).content.decode()
    assert shown not in again
    assert Client().get(shown).status_code == 404
    (newer,) = set(re.findall(r"/calendar/[\w-]+\.ics", again))
    assert Client().get(newer).status_code == 200
    ada.post("/account/calendar/", {"act": "remove"})
    assert Client().get(newer).status_code == 404
    assert "No address made" in ada.get("/account/").content.decode()


def test_the_secret_is_in_no_log_line(everyone: Cast, caplog: pytest.LogCaptureFixture) -> None:
    secret = addresses.make(everyone.ada, at=moment("2026-12-10"))
    caplog.handler.addFilter(NoSecretAddress())
    caplog.handler.setFormatter(JsonLines())
    addresses.revoke(everyone.ada, at=moment("2026-12-10"))
    Client().get(f"/calendar/{secret}.ics")
    assert secret not in caplog.text
    assert "Not Found: /calendar/…" in json.loads(caplog.text)["message"]


def test_the_web_servers_own_log_is_without_it_too() -> None:
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    log = logging.getLogger("gunicorn.access.of.a.test")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.addHandler(Kept())
    hide_secret_addresses(log.name)
    line = {"h": "192.0.2.1", "r": "GET /calendar/very-secret.ics HTTP/1.1", "s": "404"}
    log.info('%(h)s "%(r)s" %(s)s', line)
    log.info('%(h)s "%(r)s" %(s)s', {**line, "r": "GET /account/calendar/ HTTP/1.1"})
    assert written == [
        '192.0.2.1 "GET /calendar/… HTTP/1.1" 404',
        '192.0.2.1 "GET /account/calendar/ HTTP/1.1" 404',
    ]
