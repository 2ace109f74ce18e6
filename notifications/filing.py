"""Filing a whole notification at once, as a program does.

It goes the way of the screens, in their order and by their rules: started, each page saved, the
facts following, checked whole, then sent, or put before an approver where the authority asks for
one. Either all of it happens or nothing; what stands in the way is told all at once.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from notifications import duplicates, index, rules, services
from notifications.forms.acts import AcceptedForm, DifferentForm
from notifications.pages.basis import BasisForm, StatusForm
from notifications.programs import (
    Fault,
    NotFiledError,
    Said,
    fault_of,
    faults_in,
    typed_in,
    untold,
)
from notifications.scribe import Scribe
from notifications.sections import Leaf, PageForm
from notifications.services import NATIONAL, Sending, paper_of
from workflow import services as machine
from workflow.forms.programs import remedy
from workflow.machine.approval import needs_approval
from workflow.machine.notification_states import FILERS
from workflow.models import Case, Organisation, Person
from workflow.sealed import keys

# Answered by the secretariat alone, of what reached it another way.
NOT_FOR_PROGRAMS = frozenset({"received"})
LATE = "late"
SCREENING: dict[str, type[PageForm]] = {"basis": BasisForm, "status": StatusForm}


@dataclass(frozen=True)
class Filed:
    """A case that was filed, and what is unusual about it without holding anything up."""

    case: Case
    warnings: list[Fault]


def file(
    said: Said,
    *,
    authority: Organisation,
    by: Person,
    on: date,
    at: datetime,
    opening: UUID | None = None,
) -> Filed:
    """The notification is with its recipients, or waits for an approver of the authority.

    Raises NotFiledError with everything, and what `services.start` raises.
    """
    clerk = Clerk(said, by, on, at)
    try:
        with transaction.atomic():
            return clerk.filed(authority, opening)
    except Exception as fault:
        # What was rolled back to a savepoint, or by us, never commits: its key opens nothing. Of a
        # COMMIT that failed nobody knows, and the sweep of keys decides.
        never = isinstance(fault, NotFiledError) or connection.in_atomic_block
        if clerk.key_id and never:
            keys.destroy(clerk.key_id)
        raise


@dataclass
class Clerk(Scribe):
    """Files one notification."""

    key_id: object = None
    NOT_FOR_PROGRAMS: ClassVar[frozenset[str]] = NOT_FOR_PROGRAMS

    def filed(self, authority: Organisation, opening: UUID | None) -> Filed:
        """All of it, within a transaction."""
        typed = self._screening()
        case = services.start(
            authority=authority, typed=typed, lists=self.lists, opening=opening, **self.moved
        )
        self.key_id = case.key_id
        return self.finished(case, typed)

    def finished(self, case: Case, started: Container[str]) -> Filed:
        """Each page that was not started with is saved, and all of it is sent, or asked about."""
        self.write(paper_of(case, on=self.on, lists=self.lists), started)
        how = self._how(case)
        alike = self._check(case, how.on)
        if self.faults:
            raise NotFiledError(self.faults)
        index.keep(self.paper)
        if alike:
            act, cycle = duplicates.ACT, {"cycle": case.notification.cycle}
            why = self.said.different
            machine.record_act(case, act, allowed=FILERS, reason=why, payload=cycle, **self.moved)
        warnings = [fault_of(one, self.place) for one in rules.warnings(self.paper)]
        return Filed(self._sent(case, how), warnings)

    def is_asked(self, leaf: Leaf) -> bool:
        """Whether the page is asked; that of lateness is, once it is late."""
        return self._is_late(self.on) if leaf.page.slug == LATE else super().is_asked(leaf)

    def saved(self, leaf: Leaf) -> None:
        """The facts follow."""
        try:
            services.keep_facts(self.paper, of_children=False, **self.moved)
        except machine.CannotAdvance as refusal:
            what = "Change the answers of this page."
            self.faults += [Fault(self.place(leaf), why, what) for why in refusal.reasons]

    def _sent(self, case: Case, how: Sending) -> Case:
        if needs_approval(case, self.by, on=self.on):
            machine.advance(case.notification, "ask_for_approval", **self.moved)
            return case
        return services.send(case.token, by=self.by, today=self.on, how=how)

    def _screening(self) -> dict[str, dict[str, list[str]]]:
        """The pages with which a notification is started."""
        typed = {}
        for slug, kind in SCREENING.items():
            if slug not in self.said.pages:
                continue
            empty = kind(on=self.on, lists=self.lists)
            typed[slug], wrong = typed_in(empty, self.said.pages[slug], f"pages.{slug}")
            self.faults += wrong
        if "status" in typed and typed.get("basis", {}).get("happened") != ["died"]:
            # It is not asked then, which is told when its turn comes.
            del typed["status"]
        return typed

    def _is_late(self, on: date) -> bool:
        return services.is_late(self.paper.case, on=on)

    def _how(self, case: Case) -> Sending:
        """When and how it goes out."""
        now = Sending(self.on, self.at)
        national = settings.STATUTORY_CHANNEL == NATIONAL
        approved = needs_approval(case, self.by, on=self.on)
        said = self.said.accepted
        if said is not None and (approved or not national):
            why = "an approver records it" if approved else "this service is the channel"
            self.faults.append(Fault("accepted", f"It is not asked: {why}.", "Leave it out."))
        if approved or not national:
            return now
        typed, wrong = typed_in(AcceptedForm(on=self.on), said or {}, "accepted")
        form = AcceptedForm(typed, on=self.on)
        wrong += untold(wrong, faults_in(form, "accepted"))
        self.faults += wrong
        if wrong:
            return now
        known = form.cleaned
        at = form.instant("accepted_on", "accepted_time") or self.at
        return Sending(known["accepted_on"], at, channel_reference=known["reference"])

    def _check(self, case: Case, day: date) -> bool:
        """Everything is found that stands in the way. True when it was like another incident."""
        # On the day that it reached its recipients; "in the past" is meant on that day.
        paper = self.paper = self.paper.on_day(day)
        found = self.missing()
        found += [fault_of(one, self.place) for one in rules.refusals(paper, on=day)]
        if self._is_late(day) and LATE not in self.said.pages:
            late = "It is sent after the date due, and no reason is given."
            form = paper.bound(paper.leaf(LATE), {}, checked=False)
            code: Any = form.fields["code"]
            found.append(Fault(f"pages.{LATE}.code", late, remedy(code)))
        alike = duplicates.looks_like(paper, by=self.by, on=self.on)
        found += self._different(alike)
        self.faults += untold(self.faults, found)
        if not self.faults:
            self.faults += [
                Fault("pages.basis", why, "Change the answers about why it is notified.")
                for act in machine.possible_acts(case, by=self.by, on=self.on)
                for why in act.reasons
                if act.name == "submit"
            ]
        return bool(alike)

    def _different(self, alike: Sequence[duplicates.Likeness]) -> list[Fault]:
        if not alike:
            return []
        form = DifferentForm({"reason": [self.said.different]}, on=self.on)
        # Which case it is like is read where reading leaves a trace.
        like = " ".join(
            f"It looks like a case of your authority: {o.because.lower()}." for o in alike
        )
        what = "If it is another incident, say here why. If it is the same, correct that case."
        return [
            Fault(
                "different_because",
                like if one.detail.startswith("It is not") else one.detail,
                what,
            )
            for one in faults_in(form, "different_because")
        ]
