"""The models of every room: Django knows them all as the app `workflow`."""

from workflow.access.models import Capacity, Grant
from workflow.people.models import (
    Code,
    Coverage,
    Membership,
    Organisation,
    OrganisationCode,
    Partnership,
    PartnershipMember,
    Person,
)
from workflow.sealed.models import Answers, SealedModel

__all__ = [
    "Answers",
    "Capacity",
    "Code",
    "Coverage",
    "Grant",
    "Membership",
    "Organisation",
    "OrganisationCode",
    "Partnership",
    "PartnershipMember",
    "Person",
    "SealedModel",
]
