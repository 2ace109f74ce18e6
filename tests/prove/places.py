"""Invented areas with one person in each role, so that a role alone decides what its holder may."""

from dataclasses import dataclass, field
from datetime import date

from tests.prove.lawful import SERVICE, SHORT
from tests.story import BEGAN, organisation, person
from workflow.models import (
    Case,
    Grant,
    Organisation,
    Partnership,
    PartnershipMember,
    Person,
)

AT_HOME = (
    "la_notifier", "la_approver", "la_administrator", "business_unit", "la_filing_system",
)  # fmt: skip
OPERATOR = ("deadline_administrator", "auditor")
NATIONAL = {
    "panel": ("panel_secretariat", "panel_member", "panel_chair", "national_reviewer"),
    "dfe": ("dfe_receiver", "dfe_analyst"),
    "ofsted": ("ofsted_observer",),
    "operator": OPERATOR,
}
# Named to a case one by one; the agency's contributor is named to none here.
BY_NAME = ("reviewer", "national_reviewer")
ELSEWHERE, SIGNED_OUT = "approver of another authority", "notifier who may not sign in"
ROLES = (
    *AT_HOME,
    "reviewer",
    "agency_contributor",
    "safeguarding_partner",
    *(role for roles in NATIONAL.values() for role in roles),
    SERVICE,
    ELSEWHERE,
    SIGNED_OUT,
)


@dataclass
class Place:
    """An authority, its people and those of the whole country; by role."""

    authority: Organisation
    partners: tuple[str, ...]
    strict: bool
    people: dict[str, Person] = field(default_factory=dict)

    def let_in(self, case: Case, on: date) -> None:
        """Those who reach a case only in their own name have been named to this one."""
        Grant.objects.bulk_create(
            Grant(
                case=case,
                authority=self.authority,
                person=self.people[role],
                capacity="reviewer",
                since=on,
                reason="Named",
            )
            for role in BY_NAME
        )

    def seen_at_opening(self, opener: str) -> set[str]:
        """The roles that see a case before it is sent."""
        found = {*AT_HOME, *BY_NAME, *OPERATOR}
        return found | (set(SHORT["PANEL"].split()) if opener == "panel_secretariat" else set())


def settled(walker: int) -> list[Place]:
    """An area, one that asks for approval, and one whose partners are not known here."""
    away = organisation("authority", f"Away {walker}", dfe_code=f"96{walker}0")
    others = {ELSEWHERE: person("Away", away, "la_approver")}
    for kind, roles in NATIONAL.items():
        body = Organisation.objects.filter(kind=kind).first() or organisation(kind, kind, key=kind)
        for role in roles:
            others[role] = person(f"{role} {walker}", body, role)
    return [_place(walker, number, others) for number in range(3)]


def _place(walker: int, number: int, others: dict[str, Person]) -> Place:
    strict, partnered = number == 1, number != 2
    name = f"Area {walker} {number}"
    authority = organisation("authority", name, dfe_code=f"95{walker}{number}")
    authority.approval_required = strict
    authority.save()
    icb = organisation("icb", f"Board of {name}")
    if partnered:
        partnership = Partnership.objects.create(name=f"Partners of {name}", since=BEGAN)
        for member in (authority, icb):
            PartnershipMember.objects.create(
                partnership=partnership, organisation=member, since=BEGAN
            )
    people = {role: person(f"{role} {name}", authority, role) for role in (*AT_HOME, "reviewer")}
    people["agency_contributor"] = person(f"Agency {name}", authority, "agency_contributor")
    people["safeguarding_partner"] = person(f"Partner {name}", icb, "safeguarding_partner")
    out = people[SIGNED_OUT] = person(f"Out {name}", authority, "la_notifier")
    out.is_active = False
    out.save()
    return Place(authority, (icb.name,) if partnered else (), strict, people | others)
