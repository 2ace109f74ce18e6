"""Areas that must not see each other, every role in each, and what each of their cases holds.

Whatever is typed for a case holds a word that is nowhere else; so does the name of whoever works in
an area.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import override_settings

from notifications.attached import services as documents
from notifications.attached.checking import Cleaned
from notifications.attached.limits import KINDS
from notifications.attached.scanning import scan_due
from reviews.demo import acting, reviewing, telling
from reviews.demo.pen import LEAVE, Pen
from reviews.demo.people import Area, Nation
from reviews.demo.plots import DECIDED, ELSEWHERE, IN_REVIEW, NOT_SENT, PLOTS, WITH_THE_PANEL, Plot
from reviews.services import considering
from tests import databases
from tests.notifications.documents import clamd
from tests.prove.sights import Reader, Told, World, judge, known, word
from tests.story import BEGAN, organisation, person
from workflow import clock, services
from workflow.feeds import addresses
from workflow.forms import LongTextField, NameField
from workflow.models import (
    Case,
    Grant,
    Membership,
    Organisation,
    Partnership,
    PartnershipMember,
    Person,
)
from workflow.people import reference, roles

AREAS = 3
# The roles of an area, at its authority, its integrated care board and its police force.
AT_HOME = (
    "la_notifier", "la_approver", "la_administrator", "business_unit", "safeguarding_partner",
    "agency_contributor", "reviewer",
)  # fmt: skip
NATIONAL = {
    "panel": ("panel_secretariat", "panel_member", "panel_chair", "national_reviewer"),
    "dfe": ("dfe_receiver", "dfe_analyst"),
    "ofsted": ("ofsted_observer",),
    "operator": ("deadline_administrator", "auditor", "privacy_officer"),
}
# For a short run: of each area what is needed, and one of every later stage.
SHORT = (NOT_SENT[3], WITH_THE_PANEL[4], WITH_THE_PANEL[12])
LATER = (IN_REVIEW[3], DECIDED[0], ELSEWHERE[1])
ENDED = {"withdraw", "close", "confirm_criteria", "close_review", "decide_not_to_notify"}


class CanaryPen(Pen):
    """Writes the case's word wherever anything is typed."""

    def __init__(self, number: int, answers: Any, own: str) -> None:
        super().__init__(number, answers)
        self.own = own

    def _value(self, page: str, name: str, item: str, field: Any) -> Any:
        found = super()._value(page, name, item, field)
        if found is LEAVE and isinstance(field, LongTextField) and not field.conditional:
            return f"Words of {self.own}."
        return found

    def _written(self, field: Any) -> Any:
        if isinstance(field, LongTextField):
            return f"Words of {self.own}."
        if isinstance(field, NameField):
            return f"Rowan {self.own}"
        found = super()._written(field)
        return self.own if found == "Invented" else found


class Teller(telling.Story):
    """Tells a plot of the demo through the services, in the case's own words."""

    def __init__(self, own: str, number: int, *args: Any, **more: Any) -> None:
        self.own = own
        super().__init__(number, *args, **more)
        self.pen = CanaryPen(number, self._answers(), own)

    def _answers(self) -> dict[str, Any]:
        found = super()._answers()
        named = {key for key in found if key.startswith(("name.", "contact."))}
        return {
            key: f"{value} {self.own}" if key in named and isinstance(value, str) else value
            for key, value in found.items()
        }

    def told(self) -> Case:
        """The case, where its plot ends."""
        why, respond = f"A reason of {self.own}.", considering.respond
        findings = replace(reviewing.FINDINGS, learning=why, notes=why)
        with (
            patch.object(acting, "WHY", why),
            patch.object(reviewing, "WHY", why),
            patch.object(reviewing, "FINDINGS", findings),
            patch.object(considering, "respond", lambda *a, **k: respond(*a, **{**k, "text": why})),
        ):
            return self.tell()


def settle(*, whole: bool, seed: int) -> World:
    """The areas, their people and their cases exist, told through the real services."""
    reference._codes(reference.Count())
    nation, national = _nation()
    areas, local = [], []
    for number in range(AREAS):
        area, readers = _area(number)
        areas.append(area)
        local += readers
    world = World([], [*local, *national], areas)
    held = {reader.role for reader in world.readers}
    assert held == {role.slug for role in roles.OF_PEOPLE}, held
    for number, (at, plot) in enumerate(_plots(whole=whole)):
        after = (at + 1) % AREAS
        own = word(number + 100)
        case = Teller(
            own, number, plot, areas[at], nation, neighbour=areas[after], today=clock.today()
        ).told()
        ended = bool(ENDED & set(plot.steps)) and "reopen" not in plot.steps
        passed = "hand_over" in plot.steps
        told = Told(case, after if passed else at, own, ended, {at, after} if passed else {at})
        world.told.append(told)
    for one in world.told:
        one.case.refresh_from_db()
    _attach(world)
    _restrict_some(world)
    _end_some_sight(world, Random(seed))
    return world


def _attach(world: World) -> None:
    """Every case has a document, in the case's own words; one in three of them is held."""
    held, scanned = world.told[::3], [one for n, one in enumerate(world.told) if n % 3]
    _attach_to(scanned, world)
    with (
        clamd.running() as fake,
        override_settings(CLAMD=fake.address),
        databases.as_worker(str(connection.settings_dict["NAME"])),
    ):
        assert scan_due(seconds=60) == len(scanned)
    _attach_to(held, world)


def _attach_to(cases: list[Told], world: World) -> None:
    for one in cases:
        documents.attach(
            one.case,
            Cleaned(KINDS["text"], f"Words of {one.word}.".encode()),
            name=f"Rowan {one.word}.txt",
            about=f"Words of {one.word}.",
            size=20,
            by=world.areas[one.area].notifier,
            on=clock.today(),
            at=clock.now(),
        )
        one.case.refresh_from_db()


def _restrict_some(world: World) -> None:
    """Of each area one case that the Panel has is for named people alone, where it has two."""
    chairs = [known(one) for one in world.readers if one.role == "panel_chair"]
    for number, area in enumerate(world.areas):
        mine = [t for t in world.told if t.area == number and t.case.notified_on and not t.ended]
        if len(mine) < 2 or not mine[-1].case.grants.filter(capacity="panel").exists():
            continue
        people = frozenset(one.pk for one in (area.notifier, area.approver, *chairs))
        if not mine[-1].case.restricted:
            how: Any = {"by": area.approver, "on": clock.today(), "at": clock.now()}
            services.restrict(mine[-1].case, people, reason=f"Of {mine[-1].word}.", **how)
    for one in world.told:
        one.case.refresh_from_db()
        if one.case.restricted:
            by_name = one.case.grants.filter(named_at__isnull=False)
            one.named = frozenset(by_name.values_list("person_id", flat=True))


def _plots(*, whole: bool) -> Iterator[tuple[int, Plot]]:
    if whole:
        yield from ((number % AREAS, plot) for number, plot in enumerate(PLOTS))
        return
    for area in range(AREAS):
        yield from ((area, plot) for plot in (*SHORT, LATER[area]))
    yield 0, next(plot for plot in PLOTS if "hand_over" in plot.steps)


def _nation() -> tuple[Nation, list[Reader]]:
    made: dict[str, Person] = {}
    for kind, held in NATIONAL.items():
        body = Organisation.objects.filter(kind=kind).first() or organisation(kind, kind, key=kind)
        made |= {role: person(f"{_title(role)} of the nation", body, role) for role in held}
    nation = Nation(
        secretariat=made["panel_secretariat"],
        reviewer=made["panel_member"],
        chair=made["panel_chair"],
        receiver=made["dfe_receiver"],
    )
    return nation, [Reader(role, someone) for role, someone in made.items()]


def _title(role: str) -> str:
    return roles.by_slug(role).title


def _area(number: int) -> tuple[Area, list[Reader]]:
    own = word(number)
    authority = organisation("authority", f"Place {number}", dfe_code=f"97{number:02}")
    board = organisation("icb", f"Board {number}")
    force = organisation("police", f"Force {number}")
    partnership = Partnership.objects.create(name=f"Partnership {number}", since=BEGAN)
    for member in (authority, board, force):
        PartnershipMember.objects.create(partnership=partnership, organisation=member, since=BEGAN)
    home = {role: person(f"{_title(role)} {own}", authority, role) for role in AT_HOME}
    # As in the service, whoever approves also notifies.
    Membership.objects.create(
        person=home["la_approver"], organisation=authority, role="la_notifier", since=BEGAN
    )
    health = person(f"Health {own}", board, "safeguarding_partner")
    police = person(f"Police {own}", force, "safeguarding_partner")
    authority.senior = home["la_approver"]
    authority.save()
    readers = [Reader(role, someone, number) for role, someone in home.items()]
    readers += [Reader("safeguarding_partner", one, number) for one in (health, police)]
    area = Area(
        authority, home["la_notifier"], home["la_approver"], home["business_unit"],
        home["la_administrator"], home["safeguarding_partner"], health, police,
    )  # fmt: skip
    return area, readers


def _end_some_sight(world: World, chance: Random) -> None:
    """Everybody once had sight of a case that they see no longer, and some by name of one now."""
    today, now = clock.today(), clock.now()
    yesterday, began = today - timedelta(days=1), today - timedelta(days=9)
    national = Grant.objects.filter(organisation__kind="operator")
    for one in world.told[:: max(2, len(world.told) // 3)]:
        # Nobody of the operator's sees these any more, or there were nothing to hide from them.
        national.filter(case=one.case).update(withdrawn_at=now)
    ways: list[dict[str, Any]] = [
        {"until": yesterday},
        {"withdrawn_at": now - timedelta(minutes=5)},
        {"until": today, "withdrawn_at": now - timedelta(minutes=1)},
    ]
    for number, reader in enumerate(world.readers):
        judge(world, reader, on=today)
        hidden = [one for one in world.hidden(reader) if one.area != reader.area]
        assert hidden, f"nothing is hidden from {reader.role}"
        one = chance.choice(hidden)
        given = {"person": reader.person, "capacity": "reviewer", "since": began}
        reason = f"Named for {one.word}."
        Grant.objects.create(case=one.case, reason=reason, **given, **ways[number % len(ways)])
        if reader.role in {"reviewer", "national_reviewer"}:
            mine = [t for t in world.told if reader.area in (t.area, None) and t is not one]
            Grant.objects.create(case=chance.choice(mine).case, reason="Named", **given)
        reader.feed = addresses.make(known(reader), at=now)
        judge(world, reader, on=today)
