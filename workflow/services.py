"""What the rooms above call: open a case, lock it, move it, and write in its trail.

Each call is one transaction. The case's row is locked first, always, so that two people acting at
once meet one after the other and the second is told who was first.
"""

from workflow.machine.advancing import (
    advance,
    lock_case,
    record_act,
    record_facts,
)
from workflow.machine.noting import lock_to_note, note
from workflow.machine.opening import open_case
from workflow.machine.proposals import (
    agree_later_date,
    approve_after_sending,
    decline_proposal,
    link_cases,
    propose,
    record_partners_told,
)
from workflow.machine.publishing import plan_publication, put_decided_day_right
from workflow.machine.refusals import AlreadyDone, CannotAdvance, NoDate, NotFound
from workflow.machine.restricting import lift, name_people, restrict
from workflow.machine.running_again import run_owed_clocks
from workflow.machine.signing import ask_nobody_to_sign, record_rewriting, record_view
from workflow.machine.transfers import (
    accept_transfer,
    answer_for_the_secretariat,
    decline_transfer,
    propose_transfer,
    take_back_transfer,
)
from workflow.machine.turn import Possible, Turn, machines_of, possible_acts, turns

__all__ = [
    "AlreadyDone",
    "CannotAdvance",
    "NoDate",
    "NotFound",
    "Possible",
    "Turn",
    "accept_transfer",
    "advance",
    "agree_later_date",
    "answer_for_the_secretariat",
    "approve_after_sending",
    "ask_nobody_to_sign",
    "decline_proposal",
    "decline_transfer",
    "lift",
    "link_cases",
    "lock_case",
    "lock_to_note",
    "machines_of",
    "name_people",
    "note",
    "open_case",
    "plan_publication",
    "possible_acts",
    "propose",
    "propose_transfer",
    "put_decided_day_right",
    "record_act",
    "record_facts",
    "record_partners_told",
    "record_rewriting",
    "record_view",
    "restrict",
    "run_owed_clocks",
    "take_back_transfer",
    "turns",
]
