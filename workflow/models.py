"""The models of every room: Django knows them all as the app `workflow`."""

from workflow.access.emergencies import Emergency, EmergencyReview
from workflow.access.models import Capacity, Grant
from workflow.access.restrictions import CaseRestriction
from workflow.api.models import ApiClient, ApiUse, ApiWrite
from workflow.audit.models import Arrival, Checkpoint, Counted, Event, Leaf, Look
from workflow.board.models import BreachAcknowledgement, SavedFilter
from workflow.deadlines.models import DatesMoved, Deadline, ProclaimedHoliday
from workflow.feeds.models import CalendarFeed
from workflow.health.models import DeadLetterAct
from workflow.machine.case import Case
from workflow.machine.case_transfer import CaseTransfer
from workflow.machine.links import CaseLink
from workflow.machine.notification import NotificationProcess
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview
from workflow.outbox.models import Outbox
from workflow.people.models import (
    Code,
    Coverage,
    Invitation,
    Membership,
    Organisation,
    OrganisationCode,
    Partnership,
    PartnershipMember,
    PeopleAct,
    Person,
)
from workflow.reminders.models import Heartbeat, PlannedRung, Reminder, ReminderChoice
from workflow.retention.models import DisposalStep, HoldLifted, LegalHold
from workflow.retention.redaction import Redaction
from workflow.sealed.models import Answers, IndexGap, IndexKey, KeptPage, SealedModel
from workflow.signing_in.bound import OutsideAccount
from workflow.webhooks.models import Webhook, WebhookAct

__all__ = [
    "Answers",
    "ApiClient",
    "ApiUse",
    "ApiWrite",
    "Arrival",
    "BreachAcknowledgement",
    "CalendarFeed",
    "Capacity",
    "Case",
    "CaseLink",
    "CaseRestriction",
    "CaseTransfer",
    "Checkpoint",
    "Code",
    "Counted",
    "Coverage",
    "DatesMoved",
    "DeadLetterAct",
    "Deadline",
    "DisposalStep",
    "Emergency",
    "EmergencyReview",
    "Event",
    "Grant",
    "Heartbeat",
    "HoldLifted",
    "IndexGap",
    "IndexKey",
    "Invitation",
    "KeptPage",
    "Leaf",
    "LegalHold",
    "Look",
    "Membership",
    "NotificationProcess",
    "Organisation",
    "OrganisationCode",
    "Outbox",
    "OutsideAccount",
    "Partnership",
    "PartnershipMember",
    "PeopleAct",
    "Person",
    "PlannedRung",
    "PracticeReview",
    "ProclaimedHoliday",
    "RapidReview",
    "Redaction",
    "Reminder",
    "ReminderChoice",
    "SavedFilter",
    "SealedModel",
    "Webhook",
    "WebhookAct",
]
