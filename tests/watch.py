"""What must hold of every case: while anything is asked of anybody, somebody has it, by a date.

What is asked is read from what people wrote and from the legal clocks, not from the states: a
state that forgets a step can't also forget to be looked at.
"""

from datetime import date

from reviews.models import PanelResponse, PartnersDecision
from workflow import services
from workflow.machine.notification_states import BEFORE_SENDING
from workflow.models import Case, Deadline, Person
from workflow.people import roles
from workflow.queues import WorkList
from workflow.views.frame import OVERVIEW, case_frame

NOBODY = "Nobody"
UNAPPROVED = "an approval of what was sent without it"


def asked_of_somebody(case: Case) -> list[str]:
    """Everything that still waits for an answer in a case, in words."""
    found = [f"clock: {row.duty}" for row in Deadline.objects.filter(case=case).open()]
    if case.notification.state in BEFORE_SENDING:
        found.append("a notification to send, or to decide against")
    if case.notification.approval_outstanding:
        found.append(UNAPPROVED)
    if case.notification.proposal:
        found.append("a proposal to answer")
    decided = PartnersDecision.objects.filter(case=case).order_by("number").last()
    if decided is not None and decided.decision == "undecided":
        found.append("a decision to take")
    answer = PanelResponse.objects.filter(case=case).order_by("pk").last()
    replied = PartnersDecision.objects.filter(response=answer).exists()
    if answer is not None and answer.reply_by and not replied:
        found.append(f"a reply to the Panel by {answer.reply_by}")
    return found


def holes_in(case: Case, *, on: date) -> list[str]:
    """Where header, case page and work lists leave a case to nobody, or disagree about it."""
    waiting, asked = services.turns(case, on=on), asked_of_somebody(case)
    reader = case.authority.memberships.select_related("person").order_by("pk")[0].person
    header = case_frame(case, reader, on=on, active=OVERVIEW).header
    named = [] if header["waiting_for"] == NOBODY else header["waiting_for"].split(", ")
    found = []
    if asked and not named:
        found.append(f"waits for nobody: {'; '.join(asked)}")
    if UNAPPROVED in asked and roles.LA_APPROVER.title not in named:
        found.append(f"{UNAPPROVED} is asked of {named}")
    if bool(header["next_due"]) != bool(named):
        found.append(f"waits for {named} by {header['next_due']}")
    if {turn.role.title for turn in waiting} != set(named):
        found.append(f"the case page says {[turn.role.title for turn in waiting]}, not {named}")
    for turn in waiting:
        if not turn.people:
            found.append(f"nobody answers for {turn.role.title}")
        found += [
            f"{person} does not find it in the work list of {turn.role.title}"
            for person in turn.people
            if not _listed(case, person, on=on)
        ]
    return found


def _listed(case: Case, person: Person, *, on: date) -> bool:
    person.forget_memberships()
    work = WorkList(person, on=on)
    segment = work.segment("needs-action")
    assert segment is not None
    rows = work.page(segment, size=100).rows
    return any(row.case.pk == case.pk and any(t.is_mine for t in row.turns) for row in rows)
