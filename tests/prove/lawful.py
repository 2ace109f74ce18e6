"""The three machines written down a second time, as data, from the description of the process.

Nothing here is read from the service. Each line is an act: the states it leads from, the state it
leads to, who may do it, whether it asks for a reason, and what must hold. T1 to T15 are the core
transitions of the process; what goes beyond them says why.
"""

from dataclasses import dataclass

SERVICE = "the service"
SHORT = {
    "LA": "la_notifier la_approver",
    # A system of the authority files; it decides nothing.
    "FILER": "la_notifier la_approver la_filing_system",
    "SEC": "panel_secretariat",
    "PARTNERSHIP": "business_unit la_notifier la_approver",
    # It is put before the partners and sent by a system too; who signs is a person.
    "SENDER": "business_unit la_notifier la_approver la_filing_system",
    "DECIDE": "la_approver business_unit",
    "CONDUCT": "business_unit reviewer national_reviewer",
    "PANEL": "panel_member panel_chair panel_secretariat",
    "RULE": "panel_chair panel_secretariat",
    "SYSTEM": SERVICE,
    "BEFORE": "referred draft threshold_decision awaiting_approval",
    "SENT": "submitted acknowledged information_requested linked_to_rapid_review",
    "CLOSED": "not_notified criteria_not_met withdrawn_duplicate closed_no_review",
    "WRITING": "opened agency_returns meeting_held drafted partner_signoff signed",
    "RETURNED": "returned_for_more_information",
    "WITH": "submitted panel_triage panel_considered",
    "WORK": "scoping reviewer_appointed in_progress awaiting_parallel_proceedings draft_report"
    " partner_approval",
    "NATIONAL": "panel_decision sos_notified sos_confirms_reviewer",
}
NOTIFICATION = """
# T1: any agency refers; only the authority takes it up.
start_draft | referred | draft | LA
# T2, and from there back to the draft: the process names the way in, so there is one on.
consider_threshold | referred draft | threshold_decision | LA
decide_to_notify | threshold_decision | draft | LA
# T3, from every state before sending: an authority can see at once that nothing is to be notified.
decide_not_to_notify | BEFORE | not_notified | la_approver | reason
ask_for_approval | draft threshold_decision | awaiting_approval | FILER | | aware duty
return_to_draft | awaiting_approval | draft | FILER | reason
# T4, and without the approval where an authority asks for none. The secretariat may send what it
# was told by telephone.
submit | draft threshold_decision awaiting_approval | submitted | FILER SEC | | aware duty
# Moved families and places: before sending another authority can take the case over.
take_over | BEFORE | draft | SYSTEM
# T5; where the Panel receives nothing the department does.
acknowledge | submitted | acknowledged | SEC dfe_receiver
request_information | submitted acknowledged linked_to_rapid_review | information_requested |\
 SEC dfe_receiver | reason
reply | information_requested | acknowledged | LA | reason
# The normal exit; sending the rapid review confirms the same (T8: acknowledging gates nothing).
link_to_rapid_review | submitted acknowledged information_requested | linked_to_rapid_review |\
 SEC SYSTEM | | panel
# T6: proposed by the authority, confirmed by the secretariat, also while the review is under way.
confirm_criteria_not_met | SENT | criteria_not_met | SEC | reason | proposed:criteria_not_met
withdraw_as_duplicate | SENT | withdrawn_duplicate | SEC dfe_receiver | reason | proposed:withdrawal
# T7, by a person: nothing closes by itself.
close_without_review | submitted acknowledged | closed_no_review | dfe_receiver SEC | | no_panel
# What goes wrong in practice, 13 and 16: the same case goes on, with new clocks.
reopen | CLOSED | draft | LA SEC | reason
harm_became_death | SENT criteria_not_met closed_no_review not_notified | draft | LA | reason
abuse_now_suspected | submitted acknowledged information_requested closed_no_review not_notified |\
 draft | LA | reason
"""
RAPID_REVIEW = """
# The partners' own steps in their order; each may be left out, because only sending is owed.
ask_for_returns | opened | agency_returns | PARTNERSHIP
hold_meeting | opened agency_returns | meeting_held | PARTNERSHIP
draft_report | opened agency_returns meeting_held | drafted | PARTNERSHIP
seek_signatures | opened agency_returns meeting_held drafted | partner_signoff | SENDER\
 | | unsigned
close_signing | partner_signoff | signed | SYSTEM
# A system may write it anew until it is sent; nobody's signature stands for words not seen.
reopen_signing | signed | partner_signoff | SYSTEM
# T9: silence of a partner blocks nothing, so it can be sent from every state of the writing.
submit | WRITING RETURNED | submitted | SENDER | | notified
triage | submitted | panel_triage | SEC
# T10.
return_for_information | WITH | RETURNED | PANEL | reason
# A further notification, when harm becomes a death, is owed a rapid review: the one at the Panel
# goes back to be sent again.
notified_again | WITH | RETURNED | SYSTEM
defer | panel_triage | panel_triage | PANEL | reason
consider | submitted panel_triage | panel_considered | PANEL
# T11, in two kinds: the Panel advises, and may ask the partners to reply.
issue_response | panel_considered | response_issued | SEC
ask_for_reply | panel_considered | reply_awaited | SEC
take_reply | reply_awaited | replied | DECIDE SYSTEM
supersede | WRITING RETURNED WITH | superseded_by_national_review | panel_chair | reason
end | WRITING RETURNED WITH reply_awaited | no_longer_required | SYSTEM
"""
PRACTICE_REVIEW = """
# T12. A decision against a review is an end, reopened for a reason.
decide_yes | undecided no_lcspr | decision_yes | DECIDE | reason:no_lcspr | local
put_off | undecided | undecided | DECIDE | reason | local
decide_no | undecided decision_yes | no_lcspr | DECIDE | reason | local
scope | decision_yes | scoping | DECIDE | | local
appoint_reviewer | scoping | reviewer_appointed | DECIDE | | local
start | reviewer_appointed sos_confirms_reviewer | in_progress | CONDUCT RULE
await_proceedings | in_progress | awaiting_parallel_proceedings | CONDUCT RULE | reason
resume | awaiting_parallel_proceedings | in_progress | CONDUCT RULE
draft_report | in_progress | draft_report | CONDUCT RULE
seek_approval | draft_report | partner_approval | CONDUCT RULE
# T13.
send_advance_copy | partner_approval publication_delayed | advance_copy_sent | DECIDE RULE
# T14.
publish | advance_copy_sent | published | DECIDE RULE
# T15, from the approval on: before it no publication has been announced to anybody.
delay_publication | partner_approval advance_copy_sent | publication_delayed | DECIDE RULE | reason
publish_improvements_only | partner_approval advance_copy_sent publication_delayed |\
 not_published_improvements_only | DECIDE RULE | reason
monitor | published not_published_improvements_only | actions_monitored | DECIDE RULE
close | actions_monitored | closed | DECIDE RULE | reason
# Not from the copy on: by then the report goes out, is delayed, or its improvements alone do.
discontinue | decision_yes WORK publication_delayed NATIONAL | discontinued |\
 la_approver panel_chair | reason
# The national review's own way in.
tell_secretary_of_state | panel_decision | sos_notified | RULE | | national
confirm_reviewer | sos_notified | sos_confirms_reviewer | RULE | | national
"""


@dataclass(frozen=True)
class Deed:
    """One act of one machine."""

    name: str
    sources: frozenset[str]
    target: str
    who: frozenset[str]
    asks_reason: bool
    reason_from: frozenset[str]
    guards: tuple[str, ...]


def _read(table: str) -> dict[str, Deed]:
    found = {}
    for line in table.replace("\\\n", "").strip().splitlines():
        if line.startswith("#"):
            continue
        cells = [cell.split() for cell in f"{line} | | |".split("|")]
        sources, target, who = (_spelt(cell) for cell in cells[1:4])
        (name,) = cells[0]
        found[name] = Deed(
            name,
            frozenset(sources),
            target[0],
            frozenset(who),
            asks_reason=cells[4] == ["reason"],
            reason_from=frozenset(cell.partition(":")[2] for cell in cells[4]),
            guards=tuple(cells[5]),
        )
    return found


def _spelt(words: list[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        found += [SERVICE] if word == "SYSTEM" else SHORT.get(word, word).split()
    return found


DEEDS = {
    "notification": _read(NOTIFICATION),
    "rapid review": _read(RAPID_REVIEW),
    "practice review": _read(PRACTICE_REVIEW),
}
STARTS = {
    "notification": {"referred", "draft"},
    "rapid review": {"opened"},
    "practice review": {"undecided", "decision_yes", "no_lcspr", "panel_decision"},
}
STATES = {
    machine: sorted(
        STARTS[machine]
        | {state for deed in deeds.values() for state in (*deed.sources, deed.target)}
    )
    for machine, deeds in DEEDS.items()
}
EDGES = {
    machine: {(source, deed.target) for deed in deeds.values() for source in deed.sources}
    for machine, deeds in DEEDS.items()
}
# Whom a state waits for and for how many working days; None: for nobody, it is an end or passed on.
TURNS: dict[str, dict[str, tuple[str, int] | None]] = {
    "notification": {
        "referred": ("la_notifier", 1),
        "draft": ("la_notifier", 1),
        "threshold_decision": ("la_approver", 1),
        "awaiting_approval": ("la_approver", 1),
        "submitted": ("panel_secretariat", 1),
        "acknowledged": ("panel_secretariat", 5),
        "information_requested": ("la_notifier", 5),
        "linked_to_rapid_review": None,
        "not_notified": None,
        "criteria_not_met": None,
        "withdrawn_duplicate": None,
        "closed_no_review": None,
    },
    "rapid review": {
        **dict.fromkeys(SHORT["WRITING"].split(), ("business_unit", 5)),
        "partner_signoff": ("safeguarding_partner", 5),
        "submitted": ("panel_secretariat", 5),
        "panel_triage": ("panel_member", 5),
        "panel_considered": ("panel_secretariat", 5),
        "returned_for_more_information": ("business_unit", 5),
        "reply_awaited": ("la_approver", 10),
        "response_issued": None,
        "replied": None,
        "superseded_by_national_review": None,
        "no_longer_required": None,
    },
    "practice review": {
        "undecided": ("la_approver", 20),
        "decision_yes": ("business_unit", 5),
        "scoping": ("business_unit", 20),
        "reviewer_appointed": ("business_unit", 20),
        "in_progress": ("business_unit", 60),
        "awaiting_parallel_proceedings": ("business_unit", 20),
        "draft_report": ("business_unit", 20),
        "partner_approval": ("la_approver", 10),
        "advance_copy_sent": ("business_unit", 10),
        "publication_delayed": ("business_unit", 20),
        "published": ("business_unit", 20),
        "not_published_improvements_only": ("business_unit", 20),
        "actions_monitored": ("business_unit", 60),
        "panel_decision": ("panel_secretariat", 5),
        "sos_notified": ("panel_secretariat", 20),
        "sos_confirms_reviewer": ("panel_secretariat", 10),
        "no_lcspr": None,
        "closed": None,
        "discontinued": None,
    },
}
