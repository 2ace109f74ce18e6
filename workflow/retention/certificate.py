"""The certificate of a destroyed record: what stays of it, and that the audit log holds it."""

from dataclasses import dataclass

from workflow.audit import content
from workflow.audit.models import Checkpoint, Event, Leaf
from workflow.law.retention import RetentionClass, by_slug
from workflow.machine.case import Case
from workflow.retention.models import DisposalStep
from workflow.retention.standing import Standing
from workflow.sealed import keys


@dataclass(frozen=True)
class Certificate:
    """Reference, class, who and when; where the log proves it; whether the key is really gone.

    `position` is the entry's number in the log from 1, `signed` the size of the first signed
    checkpoint that covers it: None while it waits for the log.
    """

    reference: str
    confirmed: DisposalStep
    proposed: DisposalStep
    retention_class: RetentionClass
    position: int | None
    signed: int | None
    key_is_gone: bool


def certificate_of(case: Case, stands: Standing) -> Certificate | None:
    """The certificate of a case whose record was destroyed; None while it stands."""
    confirmed = stands.certificate
    if confirmed is None:
        return None
    steps = DisposalStep.objects.filter(case=case, pk__lt=confirmed.pk)
    proposed = steps.select_related("by", "organisation").order_by("-pk")[0]
    event = Event.objects.filter(case=case, act="confirm_disposal").values_list("pk", flat=True)
    leaf = Leaf.objects.filter(kind=content.EVENT, entry__in=event).first()
    position = leaf.position + 1 if leaf else None
    covering = Checkpoint.objects.filter(size__gte=position or 0).order_by("size").first()
    return Certificate(
        case.label,
        confirmed,
        proposed,
        by_slug(confirmed.retention_class),
        position,
        covering.size if covering and position else None,
        keys.store().is_gone(case.key_id) and not keys.store().is_there(case.key_id),
    )
