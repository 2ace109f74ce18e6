"""What the rooms above call: open a case, lock it, move it, and write in its trail.

Each call is one transaction. The case's row is locked first, always, so that two people acting at
once meet one after the other and the second is told who was first.
"""

from workflow.machine.advancing import advance, lock_case, record_act, record_facts
from workflow.machine.opening import open_case
from workflow.machine.proposals import (
    agree_later_date,
    approve_after_sending,
    decline_proposal,
    link_cases,
    propose,
    record_partners_told,
)
from workflow.machine.refusals import AlreadyDone, CannotAdvance, NotFound
from workflow.machine.turn import Possible, Turn, machines_of, possible_acts, turns

__all__ = [
    "AlreadyDone",
    "CannotAdvance",
    "NotFound",
    "Possible",
    "Turn",
    "advance",
    "agree_later_date",
    "approve_after_sending",
    "decline_proposal",
    "link_cases",
    "lock_case",
    "machines_of",
    "open_case",
    "possible_acts",
    "propose",
    "record_act",
    "record_facts",
    "record_partners_told",
    "turns",
]
