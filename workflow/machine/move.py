"""One act with all its consequences: states, clocks, events, rows and messages, stored together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from workflow import clock
from workflow.audit.models import Event
from workflow.deadlines.clocks import Clocks
from workflow.deadlines.models import Deadline
from workflow.machine.acts import SYSTEM, Act, Stage
from workflow.machine.case import Case
from workflow.machine.practice_review_states import BODIES
from workflow.machine.refusals import AlreadyDone, CannotAdvance
from workflow.outbox.models import Outbox
from workflow.people.membership import Membership
from workflow.people.person import Person

Machine = Any
"""A row of one of the three machines."""


@dataclass
class Move:
    """What is being done to a locked case, by whom and when; `flush` stores it."""

    case: Case
    clocks: Clocks
    on: date
    at: datetime
    recorded_at: datetime
    by: Person | None = None
    membership: Membership | None = None
    reason: str = ""
    reason_code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    touched: list[Machine] = field(default_factory=list)
    messages: list[Outbox] = field(default_factory=list)
    _expect_by: date | None = None

    def apply(self, subject: Machine, name: str, *, system: bool = False) -> Event:
        """The subject has moved, and the trail says so. Refuses with every reason at once."""
        refuse_unless_possible(subject, name)
        before, self._expect_by = subject.state, None
        # First in the trail: what the act brings about follows it.
        event = self.record(name, {}, machine=subject.MACHINE, number=subject.number, system=system)
        getattr(subject, name)(self)
        asked = self.settle(subject)
        # An act may begin the next cycle: it is told under that one.
        event.number = subject.number
        event.payload = {"from": str(before), "to": str(subject.state), **self.changed_clocks()}
        if asked is not None:
            event.payload["by"] = asked.isoformat()
        return event

    def record(
        self,
        act: str,
        payload: Mapping[str, Any],
        *,
        machine: str = "",
        number: int = 1,
        system: bool = False,
    ) -> Event:
        """One more event in the case's trail, the next in sequence."""
        self.case.last_sequence += 1
        person = None if system else self.by
        membership = None if system else self.membership
        event = Event(
            case=self.case,
            authority_id=self.case.authority_id,
            sequence=self.case.last_sequence,
            act=act,
            machine=machine,
            number=number,
            actor=person,
            capacity=membership.role if membership else SYSTEM,
            organisation_id=membership.organisation_id if membership else None,
            on=self.on,
            at=self.at,
            recorded_at=self.recorded_at,
            reason_code="" if system else self.reason_code,
            reason="" if system else self.reason,
            payload=dict(payload),
        )
        self.events.append(event)
        return event

    def meet(self, *slugs: str, cycle: int | None = None, written: bool = False) -> None:
        """Stops open clocks as met by this act; where `written`, at the moment it is written down.

        So what the service does at that moment is not told as done on the day of the act itself.
        """
        at = self.recorded_at if written else self.at
        on = clock.london_date(at) if written else self.on
        late_reason = str(self.facts.get("late_reason", ""))
        self.clocks.meet(*slugs, cycle=cycle, on=on, at=at, late_reason=late_reason)

    def cancel(self, *slugs: str, why: str, cycle: int | None = None) -> None:
        """Stops open clocks as no longer owed."""
        self.clocks.cancel(*slugs, cycle=cycle, on=self.on, why=why)

    def expect_by(self, day: date) -> None:
        """The date by which the other side is asked to act: internal, and marked so."""
        self._expect_by = day

    def touch(self, row: models.Model) -> None:
        """The row is stored with the rest of the act."""
        if row not in self.touched:
            self.touched.append(row)

    def settle(self, subject: Machine) -> date | None:
        """The subject entered its state today and, while open, is expected to move by a date.

        Returns that date where the act itself named it.
        """
        waiting = subject.WAITING[subject.state]
        subject.entered_on = self.on
        subject.expected_on = None
        if waiting.stage is Stage.OPEN:
            subject.expected_on = self._expect_by or self.clocks.expect(
                self.on, waiting.working_days
            )
        # The date was for this one: what else the act moves has its own.
        asked, self._expect_by = self._expect_by, None
        self.touch(subject)
        return asked

    def changed_clocks(self) -> dict[str, Any]:
        """The clocks this act moved, for the trail."""
        return {
            "clocks": [
                {
                    "duty": row.duty,
                    "cycle": row.cycle,
                    "start": row.start_on.isoformat(),
                    "due": row.due_on.isoformat(),
                    "met": row.met_on.isoformat() if row.met_on else None,
                    "cancelled": row.cancelled_why or None,
                    **_corrected(row),
                }
                for row in self.clocks.changed
            ]
        }


def _corrected(row: Deadline) -> dict[str, str]:
    """When it was due by a corrected awareness: of no other clock is it said."""
    return {"corrected": row.corrected_due_on.isoformat()} if row.corrected_due_on else {}


def acts_of(machine: type[Any]) -> dict[str, Act]:
    """Every transition of a machine by name, with the act it is bound to."""
    transitions = machine._meta.get_field("state").get_all_transitions(machine)
    return {transition.name: transition.custom["act"] for transition in transitions}


def act_of(machine: type[Any], name: str) -> Act:
    """The act a transition is bound to. Raises KeyError for a word that is no transition."""
    return acts_of(machine)[name]


def roles_for(subject: Machine, act: Act) -> tuple[str, ...]:
    """The roles that may do an act on this very subject: on a review only its own body's."""
    body = BODIES.get(getattr(subject, "kind", ""))
    left = tuple(role for role in act.roles if body is None or role in (SYSTEM, *body))
    # Where none is left the kind itself forbids the act, and the act's own condition says why.
    return left or act.roles


def refuse_unless_possible(subject: Machine, name: str) -> None:
    """Nothing, when the act is possible now; else every reason why not, or who was first."""
    method = getattr(type(subject), name)
    meta = method._django_fsm
    if not meta.has_transition(subject.state):
        raise _overtaken(subject, name)
    conditions = meta.get_transition(subject.state).conditions
    reasons = [condition.why for condition in conditions if not condition(subject)]
    if reasons:
        raise CannotAdvance(*reasons)


def _overtaken(subject: Machine, name: str) -> Exception:
    """Why a state offers no such act: what was done last, by whom and when."""
    done = {transition: act.done for transition, act in acts_of(type(subject)).items()}
    last = (
        Event.objects.filter(
            case=subject.case_id,
            machine=subject.MACHINE,
            number=subject.number,
            act__in=["open", *done],
        )
        .order_by("-sequence")
        .values_list("act", "at", "actor__name")
        .first()
    )
    stands = subject.get_state_display()
    if last is None:
        title = act_of(type(subject), name).title
        return CannotAdvance(f"{title}: not possible while it stands at {stands}.")
    act, at, who = last
    return AlreadyDone(
        who=who or "the service", what=done.get(act, "Opened"), when=at, state=stands
    )
