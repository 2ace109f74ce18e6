"""Filing a whole notification at once, as a program does.

It goes the way of the screens, in their order and by their rules: started, each page saved, the
facts following, checked whole, then sent, or put before an approver where the authority asks for
one. Either all of it happens or nothing; what stands in the way is told all at once.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from notifications import duplicates, rules, services
from notifications.forms.acts import AcceptedForm, DifferentForm
from notifications.pages.basis import BasisForm, StatusForm
from notifications.programs import (
    Answer,
    Fault,
    NotFiledError,
    Said,
    fault_of,
    faults_in,
    typed_in,
    untold,
)
from notifications.sections import Leaf, Lists, PageForm, Paper, Section
from notifications.services import NATIONAL, Sending, paper_of
from workflow import services as machine
from workflow.forms.programs import remedy
from workflow.machine.approval import needs_approval
from workflow.machine.notification_states import FILERS
from workflow.models import Answers, Case, Organisation, Person
from workflow.sealed import answers, keys

# Answered by the secretariat alone, of what reached it another way.
NOT_FOR_PROGRAMS = frozenset({"received"})
LATE = "late"
SCREENING: dict[str, type[PageForm]] = {"basis": BasisForm, "status": StatusForm}
MOST_ITEMS = 100
NOT_ASKED = "It is not asked, as the other answers stand."
LEAVE_OUT = "Leave it out, or change the answer that makes it needless."


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
class Clerk:
    """Files one notification."""

    said: Said
    by: Person
    on: date
    at: datetime
    faults: list[Fault] = field(default_factory=list)
    key_id: object = None
    # The numbers of the children and of the adults, in the order in which they were sent.
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lists = Lists(self.on)
        self.moved: dict[str, Any] = {"by": self.by, "on": self.on, "at": self.at}
        self.paper: Paper

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
        self.paper = paper_of(case, on=self.on, lists=self.lists)
        for section in self.paper.document.sections:
            if section.items:
                self._items(section)
                continue
            for page in section.pages:
                if page.slug in self.said.pages and page.slug not in started:
                    self._page(Leaf(section, page), self.said.pages[page.slug])
        self._strange()
        self.left_out()
        how = self._how(case)
        alike = self._check(case, how.on)
        if self.faults:
            raise NotFiledError(self.faults)
        if alike:
            act, cycle = duplicates.ACT, {"cycle": case.notification.cycle}
            why = self.said.different
            machine.record_act(case, act, allowed=FILERS, reason=why, payload=cycle, **self.moved)
        warnings = [fault_of(one, self.place) for one in rules.warnings(self.paper)]
        return Filed(self._sent(case, how), warnings)

    def left_out(self) -> None:
        """What becomes of answers that were there before and were not sent: none were."""

    def number(self, section: Section, at: int) -> str:
        """The number of the child or adult that was sent in this place."""
        return str(at + 1)

    def place(self, leaf: Leaf) -> str:
        """Where the answers of a page stand in what was sent."""
        if leaf.item:
            at = self.numbers[leaf.section.slug].index(leaf.item)
            return f"{leaf.section.slug}[{at}].{leaf.page.slug}"
        return f"pages.{leaf.page.slug}"

    def kept(self, leaf: Leaf, **how: Any) -> Answers:
        """The page's answers rest; the first page of a child or adult lists it."""
        if leaf.item and leaf.page is leaf.section.pages[0]:
            return answers.add_item(self.paper.case, self.paper.name, leaf.section.slug, **how)
        return answers.save(self.paper.case, self.paper.name, *leaf.key, seen_version=0, **how)

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

    def _items(self, section: Section) -> None:
        """Each child, or each adult, with the pages about it."""
        sent = self.said.items.get(section.slug, ())
        if len(sent) > MOST_ITEMS:
            many = f"There are more than {MOST_ITEMS}."
            self.faults.append(Fault(section.slug, many, "Send fewer."))
            return
        numbers = self.numbers[section.slug] = []
        for place, one in enumerate(sent):
            at = f"{section.slug}[{place}]"
            item = self.number(section, place)
            numbers.append(item)
            if not isinstance(one, Mapping):
                self.faults.append(Fault(at, "It is no object.", "Send the answers by page."))
                one = {}  # noqa: PLW2901 - it is counted all the same
            # The first page lists it, answered or not.
            self._page(Leaf(section, section.pages[0], item), one.get(section.pages[0].slug, {}))
            for page in section.pages[1:]:
                if page.slug in one:
                    self._page(Leaf(section, page, item), one[page.slug])
            self._unknown(at, one, {page.slug for page in section.pages})

    def _page(self, leaf: Leaf, said: Any) -> None:
        """A page is saved as the screens save it."""
        at, page = self.place(leaf), leaf.page
        late = page.slug == LATE
        asked = self._is_late(self.on) if late else page.applies(self.paper, leaf.item)
        if not asked or page.slug in NOT_FOR_PROGRAMS:
            self.faults.append(Fault(at, NOT_ASKED, LEAVE_OUT))
            return
        typed, wrong = typed_in(self.paper.bound(leaf, {}, checked=False), said, at)
        self.faults += wrong
        form = self.paper.bound(leaf, typed)
        row = self.kept(leaf, typed=typed, by=self.by, at=self.at, complete=form.is_complete())
        self.paper = self.paper.with_row(row)
        try:
            services.keep_facts(self.paper, **self.moved)
        except machine.CannotAdvance as refusal:
            self.faults += [
                Fault(at, why, "Change the answers of this page.") for why in refusal.reasons
            ]

    def _is_late(self, on: date) -> bool:
        return services.is_late(self.paper.case, on=on)

    def _strange(self) -> None:
        """Pages that there are not."""
        sections = self.paper.document.sections
        known = {page.slug for section in sections if not section.items for page in section.pages}
        self._unknown("pages", self.said.pages, known - NOT_FOR_PROGRAMS)

    def _unknown(self, at: str, said: Answer, known: set[str]) -> None:
        words = f"The pages are {', '.join(sorted(known))}."
        told = {fault.at for fault in self.faults}
        self.faults += [
            Fault(f"{at}.{name}", "There is no such page.", words)
            for name in sorted(set(said) - known)
            if f"{at}.{name}" not in told
        ]

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
        found = [fault_of(p, self.place) for p in paper.problems() if p.leaf is None]
        for leaf in paper.all_leaves():
            found += faults_in(paper.form(leaf), self.place(leaf))
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
