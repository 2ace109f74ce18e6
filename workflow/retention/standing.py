"""Where a record stands: its class, until when it is kept, what holds it, who proposed its end."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from workflow.access import naming
from workflow.access.models import Capacity, Grant
from workflow.access.naming import Candidate
from workflow.access.policy import roles_for
from workflow.audit.models import Event
from workflow.law import retention
from workflow.law.retention import RetentionClass
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.retention.models import DisposalStep, LegalHold
from workflow.retention.walls import LENGTHEN_NOTHING
from workflow.sealed import keys

DISPOSE = "dispose.record"
HOLDERS = roles_for("hold.record")
MOST = 100

NOBODY_HOLDS = (
    "The case is restricted, and nobody who is named to it at the Panel may place a legal hold:"
    " nothing of its record is destroyed meanwhile. Name the Panel’s chair under “Who may see this"
    " restricted case”, or lift the restriction. Where the chair is implicated, wait until the"
    " Panel has another."
)


@dataclass(frozen=True)
class Standing:
    """Of one case, as it is now."""

    retention_class: RetentionClass
    last_act_on: date
    holds: list[LegalHold]
    step: DisposalStep | None

    @property
    def due_on(self) -> date:
        """The first day on which the record may be destroyed."""
        return self.retention_class.ends(self.last_act_on)

    @property
    def proposal(self) -> DisposalStep | None:
        """The proposal that waits for another person, if one does."""
        waits = self.step is not None and self.step.kind == DisposalStep.Kind.PROPOSED
        return self.step if waits else None

    @property
    def certificate(self) -> DisposalStep | None:
        """What says that the record was destroyed, if it was."""
        gone = self.step is not None and self.step.kind == DisposalStep.Kind.CONFIRMED
        return self.step if gone else None


def standing_of(case: Case) -> Standing:
    """How long the record of a case is kept, and what stands in the way of its end."""
    acts = Event.objects.filter(case=case).exclude(act__in=LENGTHEN_NOTHING)
    steps = DisposalStep.objects.filter(case=case).select_related("by", "organisation")
    return Standing(
        retention.class_of(looked_after=case.looked_after, care_leaver=case.care_leaver),
        acts.aggregate(last=Max("on"))["last"] or case.opened_on,
        list(standing_holds(case)),
        steps.order_by("-pk").first(),
    )


def standing_holds(case: Case) -> QuerySet[LegalHold]:
    """The holds of a case that nobody lifted yet."""
    found = LegalHold.objects.filter(case=case, lifted__isnull=True)
    return found.select_related("by", "organisation")


def is_held(case: Case) -> bool:
    """Whether nothing of a case may be destroyed: of a hold its mark beside the key is enough.

    An older database that was put back does not know every hold that stands.
    """
    return standing_holds(case).exists() or keys.store().is_held(case.key_id)


def against_destroying(case: Case, *, on: date) -> list[str]:
    """Why nothing of a restricted case is destroyed, words or all of it, on a day.

    While the Panel has it, somebody there must be named who may keep the record from that: else
    nobody outside the authority could. Who sees the case is not asked for that: it may be the chair
    who is implicated.
    """
    if not case.restricted or named_holders(case, on=on):
        return []
    theirs = Grant.objects.in_force(on).filter(case=case, capacity=Capacity.PANEL)
    return [NOBODY_HOLDS] if theirs.filter(organisation__isnull=False).exists() else []


def named_holders(case: Case, *, on: date) -> list[Candidate]:
    """Who is named to a restricted case at the Panel and may place a hold on its record."""
    named = [one for one in naming.named(case, on=on) if one.capacity == Capacity.PANEL]
    return [one for one in named if HOLDERS & set(one.roles)]


def due(person: Person, *, on: date, most: int = MOST) -> list[Case]:
    """The cases of the person's bodies whose period is over, the oldest first, with `last_act_on`.

    What is held, and what has an open date, can't be ended and is not among them. Only cases are
    looked at that were opened longer ago than the shortest period and still stand.
    """
    roles = roles_for(DISPOSE)
    places = [row.organisation_id for row in person.memberships_on(on) if row.role in roles]
    last = (
        Event.objects.filter(case=OuterRef("pk"))
        .exclude(act__in=LENGTHEN_NOTHING)
        .order_by()
        .values("case")
        .annotate(last=Max("on"))
        .values("last")
    )
    shorter = Q(looked_after=False) & ~Q(care_leaver=True)
    over = Q(last_act_on__lte=retention.LOOKED_AFTER.begun_by(on))
    over |= shorter & Q(last_act_on__lte=retention.OTHERS.begun_by(on))
    found = (
        Case.objects.visible_to(person, on)
        .filter(authority__in=places, disposed_on__isnull=True)
        .filter(opened_on__lte=retention.SHORTEST.begun_by(on), next_due_on=None)
        .exclude(Exists(LegalHold.objects.filter(case=OuterRef("pk"), lifted=None)))
        .annotate(last_act_on=Subquery(last))
        .filter(over)
        .order_by("opened_on", "pk")
    )
    return list(found[:most])
