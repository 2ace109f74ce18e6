"""What each message says: the act and the date, the reference and a link. Never more."""

from dataclasses import dataclass

from workflow.machine.diagram import MACHINES
from workflow.machine.move import acts_of


@dataclass(frozen=True)
class Wording:
    """The subject and the sentences of one kind of message; `{label}` is the case's reference."""

    subject: str
    happened: str
    act: str


_SIGN_IN = "Sign in to read it."
# Why it was started is the kind of harm, and so is never said in a message.
_NEW_NOTIFICATION = Wording(
    "New notification started: {label}", "A new notification of the case was started.", _SIGN_IN
)

WORDINGS: dict[str, Wording] = {
    "submit": Wording("Notification received: {label}", "A notification was sent.", _SIGN_IN),
    "approve_afterwards": Wording(
        "Approve what was sent: {label}",
        "A notification of your authority was sent before anyone could approve it.",
        "Sign in to read it and approve it on the next working day at the latest.",
    ),
    "nobody_may_approve": Wording(
        "Nobody may approve: {label}",
        "A notification asks for approval, and nobody but its author may give it.",
        "Sign in and make somebody else an approver, under “People”. The time limit runs.",
    ),
    "nobody_named_may_approve": Wording(
        "Nobody may approve: {label}",
        "A notification asks for approval, and nobody else who is named to the case may give it.",
        "Sign in and name another approver of the authority to the case. The time limit runs.",
    ),
    # Whoever is named to a restricted case, and may name nobody: no administrator hears of it.
    "nobody_named_may_name": Wording(
        "Nobody may decide: {label}",
        "Something waits for an approver, and nobody else who is named to the case may decide it, "
        "or name somebody who may.",
        "Ask an administrator of your authority who is not concerned in it to make one of you who "
        "are named an approver, and tell them no more of the case.",
    ),
    "acknowledge": Wording(
        "Notification acknowledged: {label}",
        "The notification has arrived.",
        "You need do nothing now.",
    ),
    "request_information": Wording(
        "Information requested: {label}",
        "You are asked for information.",
        "Sign in to read what is asked, and reply by the date given there.",
    ),
    "reply": Wording("Information given: {label}", "The request was answered.", _SIGN_IN),
    "link_to_rapid_review": Wording(
        "Criteria confirmed: {label}", "The criteria are confirmed.", "The rapid review goes on."
    ),
    "confirm_criteria_not_met": Wording(
        "Criteria not met: {label}", "It is agreed that the criteria are not met.", _SIGN_IN
    ),
    "withdraw_as_duplicate": Wording(
        "Notification withdrawn: {label}", "The withdrawal is agreed.", _SIGN_IN
    ),
    "decline_proposal": Wording(
        "Proposal not agreed: {label}", "Your proposal was not agreed.", "Sign in to read why."
    ),
    "close_without_review": Wording(
        "Closed without a review: {label}", "The notification is closed.", _SIGN_IN
    ),
    "return_for_information": Wording(
        "Rapid review returned: {label}",
        "The Panel asks for more information.",
        "Sign in to read what is asked, and reply by the date given there.",
    ),
    "issue_response": Wording(
        "Decision on {label} is ready to read", "The Panel has responded.", _SIGN_IN
    ),
    "ask_for_reply": Wording(
        "Decision on {label} is ready to read",
        "The Panel has responded, and asks the partners to confirm or change their decision.",
        "Sign in to read it, and reply by the date given there.",
    ),
    "take_reply": Wording(
        "Reply to the Panel: {label}",
        "The partners confirmed what they decided.",
        _SIGN_IN,
    ),
    "sign_off": Wording(
        "A partner’s view: {label}",
        "A safeguarding partner gave its view of the rapid review.",
        _SIGN_IN,
    ),
    "sign_off_received": Wording(
        "A partner’s view: {label}",
        "The view of a safeguarding partner was written down.",
        _SIGN_IN,
    ),
    "sign_again": Wording(
        "Sign again: {label}",
        "Words of a rapid review that you had signed were changed.",
        "Sign in to read it as it is now, and give your view again.",
    ),
    "propose_criteria_not_met": Wording(
        "Proposal to answer: {label}",
        "The authority proposes that the criteria are not met.",
        "Sign in to read why, and answer.",
    ),
    "propose_withdrawal": Wording(
        "Proposal to answer: {label}",
        "The authority proposes to withdraw the notification as a duplicate.",
        "Sign in to read why, and answer.",
    ),
    "agree_later_date": Wording(
        "Later date agreed: {label}",
        "A later date was agreed. The legal date stands.",
        "Sign in to read which, and why.",
    ),
    "added_or_corrected": Wording(
        "Information added: {label}", "Information was added or corrected.", _SIGN_IN
    ),
    "facts_corrected": Wording(
        "Facts corrected: {label}", "Facts of the case were corrected.", _SIGN_IN
    ),
    "sent_on": Wording(
        "Notification for you: {label}",
        "What was added to a notification makes it one that is owed to you.",
        _SIGN_IN,
    ),
    "harm_became_death": _NEW_NOTIFICATION,
    "abuse_now_suspected": _NEW_NOTIFICATION,
    "plan_publication": Wording(
        "Day of publication: {label}",
        "The day on which the report is to be published was set or moved.",
        _SIGN_IN,
    ),
    "supersede": Wording(
        "National review: {label}", "The Panel reviews the case itself.", _SIGN_IN
    ),
    # What it is called, and what was found in it, is said on the page alone.
    "document_refused": Wording(
        "Document refused: {label}",
        "A document that you attached was refused, because a virus or something like it was found "
        "in it. Nobody could or can open it.",
        "Sign in to see which one. Have the device it came from checked.",
    ),
    # Neither which words, nor of which answer, is said in any message.
    "propose_redaction": Wording(
        "Proposal to answer: {label}",
        "Somebody proposes to take words out of what was written about a case.",
        "Sign in to read which and why, and answer. Nothing is done before you, or somebody else "
        "who may, confirms it.",
    ),
    "nobody_may_take_out": Wording(
        "Nobody may confirm: {label}",
        "Somebody proposes to take words out of what was written about a case, and nobody but "
        "them may confirm it.",
        "Sign in and make somebody else an approver, under “People”.",
    ),
    "nobody_named_may_take_out": Wording(
        "Nobody may confirm: {label}",
        "Somebody proposes to take words out of an answer of a case, and nobody else who is "
        "named to it may confirm it.",
        "Sign in and name another approver of the authority to the case.",
    ),
    "take_words_out": Wording(
        "Words taken out: {label}",
        "Words were taken out of what was written about a case, as you proposed.",
        "You need do nothing now.",
    ),
    "decline_redaction": Wording(
        "Proposal not agreed: {label}",
        "Your proposal to take words out of what was written about a case was not agreed.",
        "Sign in to see by whom, and ask them why.",
    ),
    "words_wait": Wording(
        "Words to be taken out: {label}",
        "It is proposed to take words out of what you received or signed.",
        "Sign in to see of which page. They go on the day given there at the earliest, and stay "
        "while the record is under a legal hold. The Panel’s chair or an approver of the authority "
        "can place one. Of your own view, as the authority wrote it down, you can say no there.",
    ),
    "words_stay": Wording(
        "Words stay: {label}",
        "Words that were to be taken out of what you received or signed stay.",
        "You need do nothing now.",
    ),
    "words_gone": Wording(
        "Words taken out: {label}",
        "Words were taken out of what you received or signed.",
        "Sign in to see of which page, and by which rule.",
    ),
    # Why only some may open it is said in no message.
    "given_access": Wording("You can open {label}", "You were given access to a case.", _SIGN_IN),
    "emergency": Wording(
        "Case opened in an emergency: {label}",
        "Somebody without a right to this case opened it for 60 minutes.",
        "Sign in to read who and why, and review it within 5 working days.",
    ),
    "emergency_overdue": Wording(
        "Emergency not reviewed: {label}",
        "A case was opened in an emergency, and nobody reviewed it within 5 working days.",
        "Sign in to see that it is reviewed.",
    ),
    "dates_moved": Wording(
        "Due date moved: {label}",
        "A due date moved, because a bank holiday or a time limit changed.",
        "Sign in to see the new date and why it moved.",
    ),
}
ANY_OTHER = Wording("Something was done on {label}", "Something was done on a case.", _SIGN_IN)


def wording(kind: str) -> Wording:
    """The words for a kind of message: its own, else what the machine says of the act."""
    if kind in WORDINGS:
        return WORDINGS[kind]
    for machine in MACHINES:
        act = acts_of(machine).get(kind)
        if act is not None:
            return Wording(f"{act.done}: {{label}}", f"{act.done}.", _SIGN_IN)
    return ANY_OTHER
