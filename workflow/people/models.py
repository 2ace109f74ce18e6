"""The rows of this room, in one place for Django and for importers."""

from workflow.people.codes import Code
from workflow.people.invitation import Invitation, PeopleAct
from workflow.people.membership import Membership
from workflow.people.organisations import (
    Coverage,
    Organisation,
    OrganisationCode,
    Partnership,
    PartnershipMember,
)
from workflow.people.person import Person

__all__ = [
    "Code",
    "Coverage",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationCode",
    "Partnership",
    "PartnershipMember",
    "PeopleAct",
    "Person",
]
