"""Who is given sight of a case, and when: at opening, and at sending."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from workflow.access.models import Capacity, Grant
from workflow.law import bodies
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation

if TYPE_CHECKING:
    from workflow.machine.case import Case

CAPACITY_OF_KIND = {
    roles.AUTHORITY: Capacity.PARTNER,
    roles.ICB: Capacity.PARTNER,
    roles.POLICE: Capacity.PARTNER,
    roles.EDUCATION: Capacity.PARTNER,
    roles.PANEL: Capacity.PANEL,
    roles.DFE: Capacity.DFE,
    roles.OFSTED: Capacity.OFSTED,
}
KIND_OF_BODY = {
    bodies.PANEL.slug: roles.PANEL,
    bodies.CHILD_PROTECTION_AUTHORITY.slug: roles.PANEL,
    bodies.SECRETARY_OF_STATE.slug: roles.DFE,
    bodies.OFSTED.slug: roles.OFSTED,
}

# As what a body has a case that was sent to it.
RECEIVED = (Capacity.PANEL, Capacity.DFE, Capacity.OFSTED, Capacity.PARTNER)

# One statement finds the recipients and gives them sight: sending stays a handful of statements
# however many partners there are.
_GIVE = """
    INSERT INTO workflow_grant
        (case_id, authority_id, organisation_id, capacity, since, given_by_id, reason)
    SELECT %(case)s, %(authority)s, found.id, found.capacity, %(on)s, %(by)s, 'Notification sent'
    FROM (
        SELECT o.id, CASE o.kind WHEN 'panel' THEN 'panel' WHEN 'dfe' THEN 'dfe' ELSE 'ofsted' END
            AS capacity
        FROM workflow_organisation o
        WHERE o.kind = ANY(%(kinds)s)
            AND (o.since IS NULL OR o.since <= %(on)s) AND (o.until IS NULL OR o.until >= %(on)s)
        UNION
        SELECT m.organisation_id, 'partner'
        FROM workflow_partnershipmember m
        WHERE %(partners)s AND m.partnership_id = %(partnership)s
            AND m.organisation_id <> %(authority)s
            AND m.since <= %(on)s AND (m.until IS NULL OR m.until >= %(on)s)
    ) AS found
    ON CONFLICT DO NOTHING
    RETURNING organisation_id, capacity
"""


def give_at_opening(case: "Case", membership: Membership, *, on: date) -> None:
    """The notifying authority and whoever opened it see the case; the operator its clocks."""
    holders: dict[int, str] = {case.authority_id: Capacity.NOTIFYING_AUTHORITY}
    opener = membership.organisation
    holders.setdefault(opener.pk, CAPACITY_OF_KIND[opener.kind])
    operators = Organisation.objects.of_kind(roles.OPERATOR).values_list("pk", flat=True)
    for operator in operators:
        holders.setdefault(operator, Capacity.OPERATOR)
    Grant.objects.bulk_create(
        Grant(
            case=case,
            authority_id=case.authority_id,
            organisation_id=organisation,
            capacity=capacity,
            since=on,
            given_by=membership.person,
            reason="Case opened",
        )
        for organisation, capacity in holders.items()
    )


def receivers_of(case: "Case", *, on: date) -> list[int]:
    """Who received the notification to act on it: the Panel, else the department."""
    given = Grant.objects.in_force(on).filter(case=case, organisation__isnull=False)
    found = dict(given.values_list("capacity", "organisation_id"))
    receiver = found.get(Capacity.PANEL) or found.get(Capacity.DFE)
    return [receiver] if receiver else []


def who_received(
    case: "Case", *, on: date, capacities: Collection[Capacity] = RECEIVED
) -> set[int]:
    """Every body that received what was sent and has the case still, not only who acts on it."""
    given = Grant.objects.in_force(on).filter(
        case=case, organisation__isnull=False, capacity__in=capacities
    )
    return set(given.values_list("organisation_id", flat=True))


def has_left() -> "ExpressionWrapper[Q]":
    """Whether the body of a row has that row's case no more: its sight of it was ended.

    It is neither the authority that has the case nor a partner of that one, and was given sight of
    it once, or wrote while another authority had it. What a restriction sets aside is not ended.
    Known of the case at hand.
    """
    given = Grant.objects.filter(case=OuterRef("case"), organisation=OuterRef("organisation"))
    stands = given.filter(
        capacity__in=(Capacity.NOTIFYING_AUTHORITY, Capacity.PARTNER), withdrawn_at=None
    )
    ended = Q(Exists(given.exclude(withdrawn_at=None))) | ~Q(authority=F("case__authority"))
    left = ended & ~Q(Exists(stands))
    return ExpressionWrapper(left, output_field=BooleanField())


def partners_of(case: "Case", *, on: date) -> list[Organisation]:
    """The safeguarding partners of the area other than the authority itself, by name.

    Of a restricted case, those of whose people somebody is named to it.
    """
    if case.partnership is None:
        return []
    members = case.partnership.members.current(on).exclude(organisation=case.authority_id)
    if case.restricted:
        named = Grant.objects.active(on).filter(case=case, capacity=Capacity.PARTNER)
        members = members.filter(organisation__in=named.values("named_at"))
    return [member.organisation for member in members.select_related("organisation")]


def give_at_sending(case: "Case", *, by_id: int | None, on: date) -> dict[int, str]:
    """The recipients that the law names see the case from now on; returns who does newly, as what.

    Which they are is the route's answer: the Panel, the Secretary of State (the Department for
    Education), Ofsted, and the safeguarding partners of the area.
    """
    recipients = {recipient.slug for recipient in case.route.recipients}
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVE,
            {
                "case": case.pk,
                "authority": case.authority_id,
                "by": by_id,
                "on": on,
                "kinds": sorted({KIND_OF_BODY[slug] for slug in recipients & KIND_OF_BODY.keys()}),
                "partners": bodies.PARTNERS.slug in recipients,
                "partnership": case.partnership_id,
            },
        )
        return dict(cursor.fetchall())
