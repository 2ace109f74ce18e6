"""Walks of cases through the services: whoever tries whatever, the reference knows the answer."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from tests.prove.lawful import DEEDS, SERVICE
from tests.prove.model import Model
from tests.prove.places import ROLES, Place, settled
from tests.prove.reference import BEFORE, Act, Doer, Row, after
from tests.prove.telling import answered, differs, told_otherwise
from tests.prove.untried import Untried
from tests.prove.walked import PLAIN, SHAPES, TURNING, WEIGHTS, Found
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Case, PracticeReview, RapidReview

FIRST = date(2026, 9, 1)
# How many moves a walk has at most, how many people have a turn between two of them, how many where
# something was not tried yet, and how much each of them tries in a turn.
LONGEST, TURNS, UNTRIED, TRIES = 70, 3, 40, 40
# Working days in which a proposal is to be answered.
ANSWER_WITHIN = 5
KINDS: dict[str, Any] = {"rapid review": RapidReview, "practice review": PracticeReview}


def walk(walker: int, *, seed: int, going: Callable[..., bool], places: list[Any]) -> Found:
    """Steps over cases of its own, as long as it is going on."""
    found, dice = Found(), random.Random(f"{seed} {walker}")
    todo = Untried(ROLES, slice(walker, None, len(places)), dice)
    while going(found, todo):
        one = Walk(found, dice, todo, dice.choice(places[walker]))
        while one.goes_on() and going(found, todo):
            one.go()
    return found


class Walk:
    """One case, from its opening on."""

    def __init__(
        self,
        found: Found,
        dice: random.Random,
        todo: Untried,
        place: Place,
    ) -> None:
        self.found, self.dice, self.todo, self.place = found, dice, todo, place
        self.on, self.second, self.moves = FIRST + timedelta(days=dice.randrange(60)), 0, 0
        self.checked = 0
        self._open()

    def goes_on(self) -> bool:
        """Until it has been everywhere it wants to, or something was wrong."""
        return self.moves < LONGEST and not self.broken and bool(self._ways())

    def _open(self) -> None:
        dice, place = self.dice, self.place
        opener = dice.choice(["la_notifier", "la_notifier", "la_approver", "panel_secretariat"])
        referred = dice.random() < 0.3
        by, at = place.people[opener], self._at()
        self.case = services.open_case(
            authority=place.authority, by=by, on=self.on, at=at, referred=referred
        )
        place.let_in(self.case, self.on)
        (shape,) = dice.choices(SHAPES, WEIGHTS)
        facts: dict[str, Any] = {**PLAIN, **shape, "aware_on": self.on} if shape else {}
        self.case = Case.objects.select_related("notification").get(pk=self.case.pk)
        state = "referred" if referred else "draft"
        doer = Doer(by.name, opener)
        row = Row("notification", 1, state, ("open", by.name, at))
        seen = place.seen_at_opening(opener)
        self.model = Model(place.partners, place.strict, seen, facts, row)
        self.model.authors = set() if referred else {by.name}
        self.model.begin(row, Act(doer, self.on, at))
        if facts:
            services.record_facts(self.case, facts, by=by, on=self.on, at=self._at())
            self.model.run_clocks()
            self.model.events.append(
                ("record_facts", "notification", 1, opener, by.name, None, None)
            )
        self.subjects: dict[tuple[str, int], Any] = {}
        self.held: dict[tuple[str, int], Any] = {}
        self.case.notification.case = self.case
        self.broken = False
        self._compare()
        for name, value in TURNING:
            self._learn(name, value, back=True)

    def _at(self) -> datetime:
        self.second += 1
        start = datetime(self.on.year, self.on.month, self.on.day, 9, tzinfo=UTC)
        return start + timedelta(seconds=self.second % 30_000)

    def go(self) -> None:
        """Some people try what is mostly refused, then there is a move."""
        for number in range(UNTRIED):
            if number >= TURNS and not self.todo.here(self.model.rows):
                break
            if self._turn():
                return
        if not self.broken and (way := self._way()):
            self._try(*way, willing=True)
            self._aside()

    def _turn(self) -> bool:
        """Somebody tries one act, as a program does, or several with the case in hand, as a page
        does. True when one of them was done.
        """
        role, tries = self._picked()
        if role not in self.model.seen_by | {SERVICE}:
            # Who does not see the case has nothing in hand: each act is tried for itself.
            return any(self._try(*one, role) or self.broken for one in tries)
        if self.dice.random() < 1 / 8:
            return self._try(*tries[0], role)
        done: tuple[Row, str, Act] | None = None
        try:
            with transaction.atomic():
                by = self.place.people.get(role)
                held = services.lock_case(self.case.token, by=by, on=self.on)
                as_read = held.last_sequence
                for row, name in tries:
                    act = self._tried(row, name, role, held=held)
                    done = (row, name, act) if act else None
                    # Nobody goes on with a case on which an act was begun, and then refused.
                    if done or self.broken or held.last_sequence != as_read:
                        break
        except services.NotFound:
            self._diverged(f"the case is not found by {role}")
        return done is not None and self._moved(*done)

    def _picked(self) -> tuple[str, list[tuple[Row, str]]]:
        """Somebody's role, and what they try: what was not tried yet, or anything."""
        if left := self.todo.here(self.model.rows):
            role = self.dice.choice(sorted(left))
            # What leads on comes last: it would leave the rest for another time.
            stay = [one for one in left[role] if not self._possible(*one, role)]
            return role, (stay or left[role])[:TRIES]
        role = self.dice.choice(ROLES)
        # With nothing in hand every try is a transaction of its own.
        sees = role in self.model.seen_by | {SERVICE}
        rows = self.dice.choices(self.model.rows, k=TRIES if sees else 1)
        return role, [(row, self.dice.choice(list(DEEDS[row.machine]))) for row in rows]

    def _way(self) -> tuple[Row, str, str] | None:
        """Of the acts that are possible the one that leads to most, by somebody who may."""
        found, edges = None, self.found.edges
        worth = {machine: self.todo.worth(machine, edges) for machine in DEEDS}
        best = (-1.0, 0.0)
        for row, name, role in self._ways():
            gain = self.todo.gain(row.machine, row.state, name, worth[row.machine], edges)
            if best < (gain, tie := self.dice.random()):
                best, found = (gain, tie), (row, name, role)
        return found

    def _ways(self) -> list[tuple[Row, str, str]]:
        """The acts that are possible, each by somebody who may."""
        ways = []
        for row in self.model.rows:
            for name, deed in DEEDS[row.machine].items():
                roles = [role for role in sorted(deed.who) if self._possible(row, name, role)]
                if roles:
                    ways.append((row, name, self.dice.choice(roles)))
        return ways

    def _possible(self, row: Row, name: str, role: str) -> bool:
        return self.model.refusal(row, name, self._act(role, name, willing=True)) is None

    def _act(self, role: str, name: str, *, willing: bool = False) -> Act:
        person = self.place.people.get(role)
        doer = Doer(person.name if person else SERVICE, role)
        soon = self.on + timedelta(days=14)
        facts: dict[str, Any] = dict.fromkeys(("reply_on", "meet_on", "decide_by"), soon)
        facts["publish_on"] = soon
        if name in {"reopen", "harm_became_death", "abuse_now_suspected", "take_over"}:
            facts = {"aware_on": self.on}
            if name == "harm_became_death":
                facts["outcome"] = "died"
            if name == "abuse_now_suspected":
                facts["abuse"] = "suspected"
        if name == "submit":
            decision = self.dice.choice(["yes", "yes", "no", "undecided", None])
            facts |= {"lcspr": decision} if decision else {}
            facts["approval_outstanding"] = self.dice.random() < 0.3
        reason = "An invented reason." if willing or self.dice.random() < 0.8 else ""
        return Act(doer, self.on, self._at(), reason, facts)

    def _try(self, row: Row, name: str, role: str, *, willing: bool = False) -> bool:
        """One step. True when it moved."""
        act = self._tried(row, name, role, willing=willing)
        return act is not None and self._moved(row, name, act)

    def _tried(
        self, row: Row, name: str, role: str, *, willing: bool = False, held: Case | None = None
    ) -> Act | None:
        """The act, when it was done; else the service refused it as the reference says."""
        act = self._act(role, name, willing=willing)
        self.found.steps += 1
        self.found.cells[row.machine, row.state, name, role] += 1
        self.todo.tried(row, name, role)
        expected = self.model.refusal(row, name, act)
        subject = self._subject(row, held)
        # With the case in hand what is refused is taken back by itself, and the page goes on.
        with transaction.atomic() if held else nullcontext():
            answer = answered(subject, name, self.place.people.get(role), act)
        if wrong := told_otherwise(expected, answer):
            self._diverged(f"{row.machine} at {row.state}: {name} by {role}: {wrong}")
        return act if expected is answer is None else None

    def _moved(self, row: Row, name: str, act: Act) -> bool:
        self.found.edges[row.machine, row.state, name] += 1
        self.found.moves += 1
        self.moves += 1
        self.model.apply(row, name, act)
        self._compare()
        self.on += timedelta(days=self.dice.choice((0, 0, 1, 2)))
        return True

    def _subject(self, row: Row, held: Case | None = None) -> Any:
        """The machine as it was read once; of a case in hand as it stands."""
        case, known = held or self.case, self.held if held else self.subjects
        if row is self.model.notification:
            return case.notification
        key = (row.machine, row.number)
        if key not in known or known[key].case is not case:
            known[key] = KINDS[row.machine].objects.get(case=case, number=row.number)
            known[key].case = case
        return known[key]

    def _aside(self) -> None:
        """What moves no state but decides what may: a proposal, and a planned publication."""
        self._learn(*self.dice.choice(TURNING), back=self.dice.random() < 0.8)
        model, place = self.model, self.place
        on, at = self.on, self._at()
        said: Any = {"on": on, "at": at, "reason": "An invented reason."}
        sent = model.notification.state in DEEDS["notification"]["withdraw_as_duplicate"].sources
        if sent and not model.proposal and self.dice.random() < 0.3:
            proposal = self.dice.choice(list(Proposal))
            services.propose(self.case, proposal, by=place.people["la_notifier"], **said)
            # What moves no machine is noted under the first number, in whatever cycle it stands.
            self._noted(f"propose_{proposal}", "notification", 1)
            model.proposal = str(proposal.value)
            if model.notification.expected is None:
                model.notification.expected = after(on, ANSWER_WITHIN)
            self._compare()
        for row in model.practice:
            plannable = row.kind == "local" and row.clock and row.copy is None
            if plannable and row.state == "decision_yes" and self.dice.random() < 0.5:
                day = on + timedelta(days=30)
                who = place.people["la_approver"]
                services.plan_publication(self._subject(row), day, by=who, **said)
                model.plan(row, day)
                self._noted("plan_publication", row.machine, row.number, "la_approver")
                self._compare()

    def _learn(self, name: str, value: object, *, back: bool) -> None:
        """Before it is sent a fact turns out otherwise, and perhaps as it was after all."""
        if self.model.notification.state in BEFORE and self.model.facts:
            was = self.model.facts[name]
            for one in (value, was) if back else (value,):
                self._turns_out(name, one)

    def _turns_out(self, name: str, value: object) -> None:
        if self.model.facts[name] == value or self.broken:
            return
        by = self.place.people["la_notifier"]
        services.record_facts(self.case, {name: value}, by=by, on=self.on, at=self._at())
        self.model.facts[name] = value
        self.model.run_clocks()
        self._noted("record_facts", "notification", 1)
        self._compare()

    def _noted(self, act: str, machine: str, number: int, role: str = "la_notifier") -> None:
        name = self.place.people[role].name
        self.model.events.append((act, machine, number, role, name, None, None))

    def _compare(self) -> None:
        if wrong := differs(self.case.pk, self.model, self.checked):
            self._diverged(wrong)
        self.checked = len(self.model.events)
        self.found.stranded += [
            f"{slug} after {self.model.events[-1]}" for slug in self.model.stranded()
        ]

    def _diverged(self, wrong: str) -> None:
        self.found.divergences.append(wrong)
        self.broken = True


def settle(walkers: int) -> list[list[Place]]:
    """For each walker an area, one that wants approval, and one whose partners are unknown."""
    return [settled(number) for number in range(walkers)]
