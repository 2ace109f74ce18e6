"""Every kind of message, and the words that none of them may hold."""

import re
from pathlib import Path

from django.conf import settings

from workflow.machine.diagram import MACHINES
from workflow.machine.move import acts_of

TRANSITIONS = sorted({name for machine in MACHINES for name in acts_of(machine)})
# Acts that move no state and tell somebody.
BESIDE = (
    "added_or_corrected",
    "agree_later_date",
    "approve_afterwards",
    "dates_moved",
    "decline_proposal",
    "decline_redaction",
    "document_refused",
    "emergency",
    "emergency_overdue",
    "facts_corrected",
    "given_access",
    "nobody_may_approve",
    "nobody_may_take_out",
    "nobody_named_may_approve",
    "nobody_named_may_name",
    "nobody_named_may_take_out",
    "plan_publication",
    "propose_criteria_not_met",
    "propose_redaction",
    "propose_withdrawal",
    "sent_on",
    "sign_again",
    "sign_off",
    "sign_off_received",
    "take_words_out",
    "words_gone",
    "words_stay",
    "words_wait",
)
# Whatever tells what happened to a child, or what the child is to the authority.
KIND_OF_HARM = re.compile("harm|death|died|abuse|neglect|looked-after|leaver", re.IGNORECASE)
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# The sign-in messages: each kind is the name of its templates.
ACCOUNT = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for path in TEMPLATES.glob("*/email/*_subject.txt")
)


def harm_in(*said: str) -> list[str]:
    """The words that tell the kind of harm."""
    return KIND_OF_HARM.findall("\n".join(said))
