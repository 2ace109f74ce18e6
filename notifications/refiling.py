"""Filing anew what an approver returned, whole, as the program that filed it does.

What is sent takes the place of what was there: a page that says the same rests as it is, one that
is left out is emptied, a child or adult too few is taken out. What was there stays in the history.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from notifications.filing import Clerk, Filed
from notifications.programs import Fault, Said
from notifications.sections import Leaf, Section
from notifications.services import keep_facts, paper_of
from workflow.machine.notification_states import NotificationState
from workflow.machine.refusals import CannotAdvance
from workflow.models import Answers, Case, Person
from workflow.sealed import answers

NOT_RETURNED = "Only a draft can be filed again, and only by the system that filed it."


@transaction.atomic
def file_again(said: Said, case: Case, *, by: Person, on: date, at: datetime) -> Filed:
    """The draft says what was sent, and is with its recipients or waits for an approver again.

    The case must be locked. Raises NotFiledError with everything that stands in the way, and
    CannotAdvance when it is not this system's draft.
    """
    process = case.notification
    if process.state != NotificationState.DRAFT or process.author_id != by.pk:
        raise CannotAdvance(NOT_RETURNED)
    return _Clerk(said, by, on, at).finished(case, ())


class _Clerk(Clerk):
    """Files over what is there."""

    def finished(self, case: Case, started: Any) -> Filed:
        """As the first time, and what was there is known."""
        self.before = paper_of(case, on=self.on, lists=self.lists)
        self.sent: set[tuple[str, str]] = set()
        return super().finished(case, started)

    def number(self, section: Section, at: int) -> str:
        """Children and adults keep their numbers, in their order; a new one gets a new number."""
        there = self.before.items(section)
        if at < len(there):
            return there[at]
        rows = Answers.objects.filter(
            case=self.before.case, document=self.before.name, section=section.slug
        )
        return str(1 + max((int(item) for item in rows.values_list("item", flat=True)), default=0))

    def kept(self, leaf: Leaf, **how: Any) -> Answers:
        """What says the same rests as it is, unedited."""
        self.sent.add(leaf.key)
        row = self.before.row(leaf)
        if row is None:
            return super().kept(leaf, **how)
        return row if row.answers == how["typed"] else self._saved(row, **how)

    def left_out(self) -> None:
        """Whatever is still asked and was not sent has no answer any more."""
        for section in self.before.document.sections:
            kept = self.numbers.get(section.slug, [])
            for item in self.before.items(section) if section.items else [""]:
                if item and item not in kept:
                    self._taken_out(section, item)
                    continue
                for leaf in self.paper.leaves(section, item):
                    row = self.before.row(leaf)
                    if row is not None and row.answers and leaf.key not in self.sent:
                        how: Any = {"by": self.by, "at": self.at, "complete": False}
                        self.paper = self.paper.with_row(self._saved(row, typed={}, **how))
        try:
            keep_facts(self.paper, **self.moved)
        except CannotAdvance as refusal:
            self.faults += [Fault("pages", why, "Send the page.") for why in refusal.reasons]

    def _taken_out(self, section: Section, item: str) -> None:
        row = self.before.rows[section.slug, item]
        gone = answers.remove_item(
            row.case, row.document, section.slug, item, seen_version=row.version,
            by=self.by, at=self.at,
        )  # fmt: skip
        self.paper = self.paper.with_row(gone)

    def _saved(self, row: Answers, **how: Any) -> Answers:
        where = (row.case, row.document, row.section, row.item)
        return answers.save(*where, seen_version=row.version, **how)
