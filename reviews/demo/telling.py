"""Telling a plot through the services, each step on the day it would have happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from notifications import services as notifications
from notifications.pages.others import ReceivedForm
from notifications.sections.lists import Lists
from notifications.services import Sending
from reviews.demo.acting import Actor
from reviews.demo.pen import Pen, days_before
from reviews.demo.people import Area, Nation
from reviews.demo.plots import Plot
from reviews.demo.writing import ADULTS, CHILDREN, Incomplete, Writer, afternoon
from workflow import clock, services
from workflow.deadlines.calendar import calendar
from workflow.forms import NOT_KNOWN
from workflow.law.calendar import Calendar
from workflow.models import Case, Person

CHRISTMAS_YEAR_BEFORE = 1
DAYS_UNTIL_BORN = 60


class Story:
    """One case being told. `day` moves forward only, and never past today."""

    def __init__(
        self,
        number: int,
        plot: Plot,
        area: Area,
        nation: Nation,
        *,
        neighbour: Area,
        today: date,
    ) -> None:
        self.number, self.plot, self.today = number, plot, today
        # Another authority may take the case over: then the area is that one.
        self.area, self.neighbour, self.nation = area, neighbour, nation
        self.calendar: Calendar = calendar()
        self.aware = self._aware()
        self.day = self.aware
        self.lists = Lists(today)
        self.pen = Pen(number, self._answers())
        self.case: Case

    def tell(self) -> Case:
        """The case stands where its plot ends."""
        actor = Actor(self)
        self._begin(actor)
        if self.plot.steps == ("refer",):
            return self.case
        self.at_once(self._draft)
        before = [step for step in self.plot.steps if step in Actor.BEFORE_SENDING]
        for step in before:
            self.later(1, actor.step(step))
        if self.plot.sends is not None:
            self.on_day(self.calendar.add(self.aware, self.plot.sends), self._send)
            if self.fresh.notification.approval_outstanding and self.plot.steps:
                self.at_once(self._approve_afterwards)
        for step in self.plot.steps:
            if step not in {*before, *Actor.BEGINNINGS}:
                actor.play(step)
        return self.case

    def _begin(self, actor: Actor) -> None:
        """The authority begins it, or takes up what the police referred, or telephones."""
        if self.by_telephone:
            self.at_once(self._enter)
        else:
            self.at_once(self._refer if "refer" in self.plot.steps else self._open)
        if "start_draft" in self.plot.steps:
            self.later(1, actor.step("start_draft"))

    def at_once(self, act: Callable[[], Any]) -> Any:
        """The act is done on the story's day."""
        at = self.moment()
        # One act, one transaction, as one press of a button.
        with clock.told(at), transaction.atomic():
            return act()

    def on_day(self, day: date, act: Callable[[], Any]) -> Any:
        """The act is done on a day, or today when that day has not come yet."""
        self.day = max(self.day, min(day, self.today))
        return self.at_once(act)

    def later(self, working_days: int, act: Callable[[], Any]) -> Any:
        """The act is done so many working days on."""
        return self.on_day(self.calendar.add(self.day, working_days), act)

    def moment(self) -> datetime:
        """The instant of the story's day, never in the future."""
        hour, minute = afternoon(self.day, self.number)
        local = datetime.combine(self.day, time(hour, minute), tzinfo=clock.LONDON)
        return min(local, clock.now())

    @property
    def fresh(self) -> Case:
        """The case as it now rests."""
        self.case = Case.objects.select_related("notification", "authority", "partnership").get(
            pk=self.case.pk
        )
        return self.case

    def _aware(self) -> date:
        if isinstance(self.plot.aware, int):
            return self.calendar.add(self.today, -self.plot.aware)
        year = self.today.year - CHRISTMAS_YEAR_BEFORE
        return date.fromisoformat(f"{year}-{self.plot.aware}")

    def _refer(self) -> None:
        self.case = services.open_case(
            authority=self.area.authority,
            by=self.area.police,
            on=self.day,
            at=clock.now(),
            referred=True,
        )

    def _open(self) -> None:
        by, at = self.area.notifier, clock.now()
        self.case = services.open_case(authority=self.area.authority, by=by, on=self.day, at=at)

    @property
    def by_telephone(self) -> bool:
        """Whether the Panel's secretariat writes down what the authority told it."""
        return "telephone" in self.plot.steps

    @property
    def writer(self) -> Person:
        """Who writes the notification."""
        return self.nation.secretariat if self.by_telephone else self.area.notifier

    def _enter(self) -> None:
        form = ReceivedForm(QueryDict(), on=self.day, lists=self.lists)
        self.case = notifications.start(
            authority=self.area.authority,
            by=self.writer,
            on=self.day,
            at=clock.now(),
            typed={"received": self.pen.fill("received", form)},
            lists=self.lists,
        )

    def _draft(self) -> None:
        by, at = self.writer, clock.now()
        paper = notifications.paper_of(self.case, on=self.day, lists=self.lists)
        writer = Writer(paper, self.pen, by=by, at=at)
        ends_unsent = self.plot.sends is None and not self.plot.steps
        if not ends_unsent:
            writer.add(CHILDREN, self.plot.children)
            writer.add(ADULTS, 1 + self.number % 2)
        writer.fill(most=5 + self.number % 4 if ends_unsent else None)
        notifications.keep_facts(writer.paper, by=by, on=self.day, at=at)

    def send_again(self) -> None:
        """The next notification of the case is sent, which tells that a child has died."""
        self.plot = replace(self.plot, happened="died")
        died = {"part.died_on:1": days_before(self.day, 1)}
        self.go_over({"part": "1", "response": ""}, died)
        self._send()

    def go_over(self, pages: dict[str, str], changed: dict[str, Any]) -> None:
        """What was carried over is changed on these pages, and what is asked besides filled in."""
        by, at = self.area.notifier, clock.now()
        self.pen.answers = {**self._answers(), **changed, "today": self.day}
        paper = notifications.paper_of(self.fresh, on=self.day, lists=self.lists)
        writer = Writer(paper, self.pen, by=by, at=at)
        for page, item in pages.items():
            leaf = writer.paper.leaf(page, item)
            writer.save(leaf, self.pen.fill(page, writer.paper.bound(leaf, {}), item))
        notifications.keep_facts(writer.fill(), by=by, on=self.day, at=at)

    def _send(self) -> None:
        by, at = self.writer, clock.now()
        if notifications.is_late(self.fresh, on=self.day):
            self.write_late(by, at)
        elsewhere = settings.STATUTORY_CHANNEL == notifications.NATIONAL and not self.by_telephone
        how = Sending(
            on=self.day,
            at=at,
            channel_reference=f"DEMO-{self.number}" if elsewhere else "",
            approval_outstanding=self.area.authority.approval_required,
        )
        try:
            notifications.send(self.case.token, by=by, today=self.day, how=how)
        except notifications.NotReady as refusal:
            raise Incomplete("; ".join(problem.text for problem in refusal.problems)) from refusal

    def _approve_afterwards(self) -> None:
        services.approve_after_sending(
            self.fresh, by=self.area.approver, on=self.day, at=clock.now()
        )

    def write_late(self, by: Any, at: datetime) -> None:
        """The reason for lateness is given, as the screen asks for it."""
        paper = notifications.paper_of(self.case, on=self.day, lists=self.lists)
        writer = Writer(paper, self.pen, by=by, at=at)
        leaf = paper.leaf("late")
        writer.save(leaf, {"code": [self.plot.late], "words": ["Invented for the demo."]})

    def _answers(self) -> dict[str, Any]:
        plot = self.plot
        died = plot.happened == "died"
        grown = plot.age >= 18
        found: dict[str, Any] = {
            "today": self.aware,
            "basis.happened": plot.happened,
            "basis.abuse": plot.abuse,
            "basis.place": plot.place,
            "basis.age": "18_to_24" if grown else "under_18",
            "status.status": plot.status,
            "partners.agreed": "yes",
            "awareness.aware_on": self.aware,
            "when.exactness": "one_day",
            "when.began_on": days_before(self.aware, 1 + self.number % 3),
            "when.ended_on": NOT_KNOWN,
            "contact.job": "Head of safeguarding (invented)",
            "social-care.looked_after": "now" if plot.status == "here" else "never",
            "social-care.care_leaver": plot.status == "care_leaver",
            "home.residence": "here",
            "where.postcode": NOT_KNOWN,
            "received.way": "telephone",
            "received.partners": "no",
            "received.received_time": time(11, 5),
            "informed.informed": [],
            "school.status": "below_school_age" if plot.age < 5 else "in_school",
        }
        for item in range(1, plot.children + 1):
            found |= self._child(item, died=died and item == 1)
        return {**found, **plot.answers}

    def _child(self, item: int, *, died: bool) -> dict[str, Any]:
        known = not (self.plot.unidentified and item > 1)
        spared = "neither" if self.plot.happened == "ongoing_risk" else "harmed"
        return {
            f"name.given:{item}": f"Child-{item}" if known else NOT_KNOWN,
            f"name.family:{item}": "Inventedname" if known else NOT_KNOWN,
            f"part.fate:{item}": "died" if died else spared,
            f"part.died_on:{item}": days_before(self.aware, 1) if died else NOT_KNOWN,
            **self._birth(item),
        }

    def _birth(self, item: int) -> dict[str, Any]:
        if self.plot.unborn:
            due = date.fromordinal(self.aware.toordinal() + DAYS_UNTIL_BORN)
            return {f"birth.basis:{item}": "unborn", f"birth.due_on:{item}": due}
        age = max(0, self.plot.age - item + 1)
        return {f"birth.basis:{item}": "estimated", f"birth.age:{item}": age}
