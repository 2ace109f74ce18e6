"""Words are taken out of the reasons of acts, too; and of what was said of a missed date.

The log commits to the sealed form of each reason. So the digest of what that was is kept beside it
when words are taken out, and the entry that says so says in the log itself what is left: whoever
verifies compares the two. What repeats a reason, in another entry or in a row of its own, is
rewritten with it: it was written by the same person at the same moment, and says the same. Of
entries those alone that one act has written: they are recorded at one instant.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet

from workflow.access.giving import has_left, who_received
from workflow.access.restrictions import CaseRestriction
from workflow.audit.models import Event
from workflow.audit.walls import OF_A_CORRECTION, REASONS
from workflow.board.models import SEEN, SEEN_BY_THE_PANEL, BreachAcknowledgement
from workflow.law.words import long_date
from workflow.machine.case import Case
from workflow.machine.case_transfer import CaseTransfer
from workflow.machine.titles import title
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.retention.copies import (
    CONFIRM,
    DOCUMENTS,
    OF_THE_AUTHORITY,
    Copy,
    FreeText,
    Page,
    Place,
    Rewrite,
    Whose,
    has_the_case,
    one_line,
    whole_text,
)
from workflow.retention.walls import OF_KEEPING
from workflow.retention.written import OF_THE_PANEL, Written
from workflow.sealed.slot import as_stored

# Why a record is held, ends, or lost words stands as it was said. Who opened a case in an emergency
# has it no more, and whether that was right is judged by what they said.
STAND = (*OF_KEEPING, "open_in_emergency", "review_emergency")
LOCAL = (roles.AUTHORITY, roles.ICB, roles.POLICE, roles.EDUCATION)
# Under what names pages of acts ask for a reason.
TYPED_AS = frozenset({"reason", "note", "absent"})
_MACHINES = {"n": "notification", "r": "rapid review", "p": "practice review"}


@dataclass(frozen=True)
class Committed(Copy):
    """The reason of an act, to whose sealed form the log committed."""

    def left(self, rewrite: Rewrite) -> dict[str, str]:
        """By the act's key, the digest of the sealed form that it has once it is rewritten."""
        sealed = self._sealed(rewrite)
        return {} if sealed == self._rests() else {str(self.row.pk): _digest(sealed)}

    def write(self, rewrite: Rewrite) -> None:
        """It rests rewritten, with what the log committed to beside it."""
        before, sealed = self._rests(), self._sealed(rewrite)
        if sealed == before:
            return
        rows = Event.objects.filter(pk=self.row.pk)
        was = self.row.reason_was or _digest(before)
        if rows.update(reason=sealed, reason_was=was) != 1:
            message = f"Event {self.row.pk} is out of reach."
            raise RuntimeError(message)

    def _rests(self) -> Any:
        """As the database has it: what this row holds may be rewritten already."""
        return Event.objects.values_list("reason", flat=True).get(pk=self.row.pk)

    def _sealed(self, rewrite: Rewrite) -> Any:
        """Its new sealed form: the same each time, since it is sealed once."""
        text = rewrite(self.row.reason)
        if text != self.row.reason:
            self.row.reason = text
        with as_stored():
            return self.row.reason


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


@dataclass(frozen=True)
class Repeated:
    """Rows in which the reason of an act stands once more: known by who wrote them, and when.

    `at` is the column that says what the entry says in `told`. `where` narrows the rows.
    """

    model: Any
    column: str
    by: str = "by"
    at: str = "at"
    told: str = "at"
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> str:
        """The column, after its table."""
        return f"{self.model._meta.db_table}.{self.column}"

    def copies(self, event: Event, said: str) -> Iterator[Copy]:
        """Those that say the same as an entry does."""
        known = {self.by: event.actor_id, self.at: getattr(event, self.told)}
        rows = self.model.objects.filter(case=event.case, **known, **self.where)
        for row in rows.order_by("pk"):
            row.case = event.case
            if one_line(getattr(row, self.column)) == said:
                yield Copy(row, self.column, whole_text)


REPEATED: list[Repeated] = []


def also_in(*found: Repeated) -> None:
    """A room says where it repeats the reasons of its acts."""
    REPEATED.extend(one for one in found if one not in REPEATED)
    for name in REASONS:
        holds = DOCUMENTS[name].holds | {one.holds for one in found}
        DOCUMENTS[name] = replace(DOCUMENTS[name], holds=holds)


@dataclass(frozen=True)
class Reasons(Written):
    """The reasons of acts of one kind of bodies: each once, however many entries repeat it."""

    def place(self, row: Any, column: str) -> Place:
        """Of which act; its page tells which, so that it is named unopened and unasked."""
        page = f"{row.act}/{row.machine[:1]}/{row.on.isoformat()}"
        return Place(self.name, self.name, page, str(row.pk), column)

    def _texts(self, case: Case) -> Iterator[FreeText]:
        seen: set[tuple[Any, ...]] = set()
        for found in super()._texts(case):
            row = found.row
            one_act = OF_A_CORRECTION if row.act in OF_A_CORRECTION else row.recorded_at
            key = (row.actor_id, row.at, one_act, one_line(found.text))
            if key not in seen:
                seen.add(key)
                yield found

    def _copies(self, case: Case, place: Place) -> list[Copy]:
        event = self._row(case, place)
        said = one_line(event.reason)
        found: list[Copy] = []
        for row in self.rows().filter(_of_one_act(event), case=case).order_by("pk"):
            row.case = case
            if one_line(row.reason) == said:
                found.append(Committed(row, place.field, whole_text))
        for one in REPEATED:
            found += one.copies(event, said)
        return found

    def _names(self, pages: Collection[Page]) -> dict[Page, str]:
        return {one: _called(one[0]) for one in pages}


def _called(page: str) -> str:
    act, machine, on = page.split("/")
    return f"{title(_MACHINES.get(machine, ''), act)}, {long_date(date.fromisoformat(on))}"


def _of_one_act(event: Event) -> Q:
    """By what the entries are known that one act has written, as the database knows them."""
    together = Q(recorded_at=event.recorded_at)
    if event.act in OF_A_CORRECTION:
        together |= Q(act__in=OF_A_CORRECTION)
    return Q(actor=event.actor_id, at=event.at) & together


def _acts(**of: Any) -> QuerySet[Event]:
    return Event.objects.filter(actor__isnull=False, **of).exclude(act__in=STAND)


def _where(row: Event) -> str:
    return f"{title(row.machine, row.act)}, {long_date(row.on)}"


def _received(row: Any, on: date) -> set[int]:
    """Whoever received what was sent and has the case still: they read the timeline."""
    return who_received(row.case, on=on) if row.case.notified_on else set()


def _others(row: Any, on: date) -> set[int]:
    """The same, of what the Panel said: the authority too, and not the Panel."""
    return ({row.case.authority_id} | _received(row, on)) - {row.organisation_id}


def _did_it(case: Case, row: Any, held: Membership) -> bool:
    """Who did it; once that body has the case no more, who has it."""
    if row is None:
        return False
    whose = case.authority_id if row.has_left else row.organisation_id
    return bool(held.organisation_id == whose)


OF_WHO_DID_IT = Whose("redact.propose_view", CONFIRM, _did_it, has_the_case, OF_THE_AUTHORITY.who)


def _reasons(name: str, title_: str, rows: Callable[[], QuerySet[Event]], **more: Any) -> Reasons:
    how: dict[str, Any] = {"readers": _received, "typed_as": TYPED_AS, **more}
    columns, anywhere = {"reason": "Reason"}, (frozenset[str](),)
    how |= {"typed_at": anywhere, "writer": "actor_id", "of": "Act"}
    return Reasons(name, title_, rows, columns, _where, **how)


OF_ACTS, OF_THE_PANELS_ACTS, OF_PARTNERS_ACTS = REASONS
# An authority's own, of the case that it had: with the case they pass on to another. What else is
# done locally is a partner's, or of an authority that was asked to take the case over.
ACTS = _reasons(
    OF_ACTS,
    "Reasons of acts",
    lambda: _acts(organisation__kind=roles.AUTHORITY, organisation=F("authority")),
)
PANELS_ACTS = _reasons(
    OF_THE_PANELS_ACTS,
    "Reasons of the Panel’s acts",
    lambda: _acts(organisation__kind=roles.PANEL),
    readers=_others,
    typed_as=TYPED_AS | {"text"},
)
PARTNERS_ACTS = _reasons(
    OF_PARTNERS_ACTS,
    "Reasons of acts of partners and other areas",
    lambda: (
        _acts(organisation__kind__in=LOCAL)
        .exclude(organisation=F("authority"))
        .annotate(has_left=has_left())
    ),
)
_SAYS = {"reason": "What is being done about it"}
_ON_ITS_PAGE = (frozenset({"late"}),)
MISSED = Written(
    SEEN,
    "Missed dates that were seen",
    lambda: BreachAcknowledgement.objects.filter(
        organisation__kind=roles.AUTHORITY, organisation=F("authority")
    ),
    _SAYS,
    lambda row: long_date(row.on),
    _received,
    _ON_ITS_PAGE,
    of="Acknowledgement",
)
MISSED_BY_THE_PANEL = Written(
    SEEN_BY_THE_PANEL,
    "Missed dates that the Panel has seen",
    lambda: BreachAcknowledgement.objects.filter(organisation__kind=roles.PANEL),
    _SAYS,
    lambda row: long_date(row.on),
    _others,
    _ON_ITS_PAGE,
    of="Acknowledgement",
)
TEXTS = {
    OF_ACTS: ACTS.document(),
    OF_THE_PANELS_ACTS: PANELS_ACTS.document(OF_THE_PANEL),
    OF_PARTNERS_ACTS: PARTNERS_ACTS.document(OF_WHO_DID_IT),
    SEEN: MISSED.document(),
    SEEN_BY_THE_PANEL: MISSED_BY_THE_PANEL.document(OF_THE_PANEL),
}
_OF_PROPOSING: dict[str, Any] = {"by": "proposed_by", "at": "proposed_on", "told": "on"}
_OF_ANSWERING: dict[str, Any] = {"by": "answered_by", "at": "answered_on", "told": "on"}
OURS = (
    Repeated(CaseRestriction, "reason"),
    *(
        one
        for model in (CaseTransfer, apps.get_model("workflow", "CaseTransferEvent"))
        for one in (
            Repeated(model, "reason", **_OF_PROPOSING),
            Repeated(model, "answer", **_OF_ANSWERING),
        )
    ),
)
