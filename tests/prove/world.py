"""An invented country whose people act, late and on time, for as many years as the proof lasts."""

import heapq
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import DatabaseError, InterfaceError, connection

from tests.story import BEGAN, organisation, person
from workflow import clock, services
from workflow.models import (
    Case,
    Organisation,
    Partnership,
    PartnershipMember,
    Person,
    PracticeReview,
    RapidReview,
)

LOST = (DatabaseError, InterfaceError)


@dataclass
class Area:
    """One authority and its people, each with the part they play."""

    authority: Organisation
    notifiers: list[Person]
    approver: Person
    unit: Person
    partners: dict[Person, Organisation]


@dataclass
class Country:
    """Everybody."""

    areas: list[Area]
    secretariat: list[Person]
    chair: Person
    member: Person
    administrators: list[Person]


def settle(areas: int) -> Country:
    """The country exists: areas with two notifiers each, the Panel, the operator."""
    # Nobody here ever signs in.
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    Argon2PasswordHasher.memory_cost = 8
    panel = organisation("panel", "The Panel", key="panel")
    organisation("dfe", "The Department", key="dfe")
    organisation("ofsted", "The Inspectorate", key="ofsted")
    operator = organisation("operator", "The Operator", key="operator")
    return Country(
        [_area(number) for number in range(areas)],
        [person(f"Secretary {number}", panel, "panel_secretariat") for number in (1, 2)],
        person("Chair", panel, "panel_chair"),
        person("Member", panel, "panel_member"),
        [person(f"Keeper {number}", operator, "deadline_administrator") for number in (1, 2)],
    )


def _area(number: int) -> Area:
    authority = organisation("authority", f"Area {number}", dfe_code=f"99{number:02}")
    board = organisation("icb", f"Board {number}")
    police = organisation("police", f"Force {number}")
    partnership = Partnership.objects.create(name=f"Partnership {number}", since=BEGAN)
    for member in (authority, board, police):
        PartnershipMember.objects.create(partnership=partnership, organisation=member, since=BEGAN)
    approver = person("Approver", authority, "la_approver")
    authority.senior = approver
    authority.save()
    return Area(
        authority,
        [person(f"Notifier {one}", authority, "la_notifier") for one in (1, 2)],
        approver,
        person("Unit", authority, "business_unit"),
        {
            person("Health", board, "safeguarding_partner"): board,
            person("Police", police, "safeguarding_partner"): police,
        },
    )


@dataclass
class Clerk:
    """Opens cases and moves them on, each act on its day; an act cut off by a crash is retried."""

    country: Country
    dice: random.Random
    cases_a_day: float
    acts: int = 0
    _agenda: list[tuple[date, int, Callable[[], None]]] = field(default_factory=list)
    _reviewed: set[str] = field(default_factory=set)
    _number: "count[int]" = field(default_factory=count)

    def open_many(self, number: int) -> None:
        """So many cases stand open from the beginning, and will for a long time."""
        for _ in range(number):
            self._until_done(lambda: self._open(sent_after=(40, 90, 180, 400, 700)))

    def act(self) -> None:
        """Everything that is to happen on this day has happened."""
        today = clock.today()
        while self._agenda and self._agenda[0][0] <= today:
            self._until_done(heapq.heappop(self._agenda)[2])
        for _ in range(self._how_many()):
            self._until_done(self._open)

    def _how_many(self) -> int:
        whole, part = divmod(self.cases_a_day, 1)
        return int(whole) + (self.dice.random() < part)

    def _later(self, days: int, act: Callable[[], None]) -> None:
        day = clock.today() + timedelta(days=days)
        heapq.heappush(self._agenda, (day, next(self._number), act))

    def _until_done(self, act: Callable[[], None]) -> None:
        while True:
            try:
                act()
            except LOST:
                connection.close()
                time.sleep(0.05)
            except (services.CannotAdvance, services.AlreadyDone):
                # The commit that was cut off had been made.
                return
            else:
                self.acts += 1
                return

    def _open(self, sent_after: tuple[int, ...] = (3, 5, 6, 8, 20, 45, 90)) -> None:
        area, on, at = self.dice.choice(self.country.areas), clock.today(), clock.now()
        by = area.notifiers[0]
        case = services.open_case(authority=area.authority, by=by, on=on, at=at)
        aware = on - timedelta(days=self.dice.choice((0, 0, 0, 1, 2, 3, 4, 9, 16)))
        looked_after = self.dice.random() < 0.2
        # The guidance of December 2023 brought it.
        leaver = not looked_after and on > date(2024, 1, 1) and self.dice.random() < 0.1
        facts = {
            "outcome": "died" if looked_after or leaver else "seriously_harmed",
            "abuse": "neither" if leaver else "suspected",
            "place": "in_area",
            "looked_after": looked_after,
            "care_leaver": leaver,
            "under_18": not leaver,
            "under_25": True,
            "children_count": 1,
        }
        token = case.token
        self._later(0, lambda: self._facts(token, by, {**facts, "aware_on": aware}))
        if self.dice.random() < 0.3:
            moved = aware + timedelta(days=self.dice.choice((-6, -1, 1, 2)))
            if moved <= on:
                self._later(2, lambda: self._facts(token, by, {"aware_on": moved}))
        self._later(self._some_days(sent_after), lambda: self._send(token, area))

    def _some_days(self, around: tuple[int, ...]) -> int:
        return self.dice.choice(around) + self.dice.randrange(4)

    def _facts(self, token: str, by: Person, facts: dict[str, object]) -> None:
        case = Case.objects.get(token=token)
        services.record_facts(case, facts, by=by, on=clock.today(), at=clock.now())

    def _send(self, token: str, area: Area) -> None:
        notification = Case.objects.get(token=token).notification
        self._advance(notification, "submit", area.notifiers[1], {"late_reason": "other"})
        if not notification.case.care_leaver:
            if self.dice.random() < 0.5:
                self._later(self._some_days((3, 9)), lambda: self._meet(token, area))
            days = self._some_days((10, 15, 19, 22, 30, 60))
            self._later(days, lambda: self._send_review(token, area))
            if self.dice.random() < 0.5:
                days = self._some_days((4, 12, 18))
                self._later(days, lambda: self._give_view(token, area))

    def _meet(self, token: str, area: Area) -> None:
        """The partners have met on the facts."""
        self._advance(_review(token), "hold_meeting", area.unit, {})

    def _give_view(self, token: str, area: Area) -> None:
        """One of the partners agrees to the rapid review, however far it is."""
        by, body = self.dice.choice(list(area.partners.items()))
        services.record_view(_review(token), body, "agree", by=by, on=clock.today(), at=clock.now())

    def _send_review(self, token: str, area: Area) -> None:
        decision = self.dice.choice(("yes", "no", "no"))
        facts = {"lcspr": decision, "decided_on": clock.today(), "late_reason": "other"}
        if decision == "yes" and token not in self._reviewed:
            self._reviewed.add(token)
            # Set down before the act, which is not done twice when a crash cuts it off.
            self._plan_reviewing(token, area)
        self._advance(_review(token), "submit", area.notifiers[0], facts)
        self._later(self._some_days((5, 12, 18, 30)), lambda: self._consider(token))

    def _plan_reviewing(self, token: str, area: Area) -> None:
        """The local review will be carried out and published, in six months or later."""
        begins = self._some_days((20, 60, 150, 200))
        for name in ("scope", "appoint_reviewer", "start", "draft_report", "seek_approval"):
            self._later(begins, lambda name=name: self._review_on(token, area, name))  # type: ignore[misc]
        ahead = self._some_days((12, 20, 30))
        self._later(begins, lambda: self._plan_publication(token, area, ahead))
        if self.dice.random() < 0.5:
            longer = ahead + self.dice.choice((5, 9))
            self._later(begins + 2, lambda: self._plan_publication(token, area, longer))
        for days, name in ((ahead - 3, "send_advance_copy"), (ahead + 30, "publish")):
            self._later(begins + days, lambda name=name: self._review_on(token, area, name))  # type: ignore[misc]

    def _review_on(self, token: str, area: Area, name: str) -> None:
        self._advance(_practice_review(token), name, area.unit, {})

    def _plan_publication(self, token: str, area: Area, ahead: int) -> None:
        review, on = _practice_review(token), clock.today()
        services.plan_publication(
            review,
            on + timedelta(days=ahead),
            by=area.approver,
            on=on,
            at=clock.now(),
            reason="The trial ends later." if review.publish_on else "",
        )

    def _consider(self, token: str) -> None:
        self._advance(_review(token), "consider", self.country.member, {})
        self._later(1, lambda: self._respond(token))

    def _respond(self, token: str) -> None:
        self._advance(_review(token), "issue_response", self.country.secretariat[0], {})

    def _advance(self, subject: object, name: str, by: Person, facts: dict[str, object]) -> None:
        services.advance(subject, name, by=by, on=clock.today(), at=clock.now(), facts=facts)


def _practice_review(token: str) -> PracticeReview:
    return PracticeReview.objects.select_related("case").get(case__token=token)


def _review(token: str) -> RapidReview:
    return RapidReview.objects.select_related("case").get(case__token=token)
