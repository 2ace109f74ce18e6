"""What follows from an act on one machine for the others: guards look, consequences move."""

from datetime import date
from typing import Any

from workflow.law import duties
from workflow.law.starting import starts_on
from workflow.machine.approval import (
    approvers_of,
    asked_to_approve,
    may_approve,
    needs_approval,
    told_that_nobody_may,
)
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import CLOCKS, FACTS_CHANGED, TELLING, NotificationState
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import OVER, PracticeReviewState, ReviewKind
from workflow.machine.rapid_review import IN_PREPARATION, RapidReview, RapidReviewState
from workflow.machine.rapid_review import WITH_THE_PANEL as REVIEW_WITH_THE_PANEL
from workflow.machine.refusals import CannotAdvance, NoDate
from workflow.machine.reports import Reporting
from workflow.machine.signatures import yet_to_sign
from workflow.people.organisations import panel_id

NOT_COMMISSIONED = (PracticeReviewState.UNDECIDED, PracticeReviewState.NO_LCSPR)
# What starts a clock in the place of awareness, where it came later.
SUSPECTED = "abuse or neglect was first suspected"
OPEN_RAPID_REVIEW = (*IN_PREPARATION, *REVIEW_WITH_THE_PANEL, RapidReviewState.RETURNED)


class Acting(Reporting):
    """A move that knows all three machines."""

    # Whether sending itself tells the safeguarding partners of the area: they must be known here.
    partners_told: bool = False

    def send_notification(self, process: NotificationProcess) -> None:
        """The clocks of notifying stop; the rapid review opens in the same moment."""
        case = self.case
        self.meet(*(slug for slug in CLOCKS if slug != TELLING), cycle=process.cycle)
        if told_on := self.facts.get("partners_told_on"):
            # The authority told them itself, as it said where it notified by another way.
            self.clocks.meet(
                TELLING,
                cycle=process.cycle,
                on=told_on,
                at=self.recorded_at,
                late_reason=str(self.facts.get("late_reason", "")),
            )
        elif self.partners_told:
            self.meet(TELLING, cycle=process.cycle, written=bool(self.facts.get("received_by")))
        if case.notified_on is None:
            case.notified_on, case.notified_at = self.on, self.at
        process.received_by = str(self.facts.get("received_by", ""))
        process.channel_reference = str(self.facts.get("channel_reference", ""))
        self._approve(process)
        process.proposal = ""
        if case.route.rapid_review:
            self.open_rapid_review(process.cycle)

    def begin_next_cycle(self, process: NotificationProcess) -> None:
        """The same case is looked at anew: new clocks, the old ones kept."""
        process.cycle += 1
        process.proposal = ""
        process.begun_by(self.by)
        take_facts(self.case, self.facts)
        self.run_notifying_clocks(process)

    def run_notifying_clocks(self, process: NotificationProcess) -> None:
        """The clocks of the duties that the facts now give rise to, and no others, run."""
        case = self.case
        arising = {duty.slug for duty in case.route.duties}
        no_longer = [slug for slug in CLOCKS if slug not in arising]
        self.cancel(*no_longer, cycle=process.cycle, why=FACTS_CHANGED)
        if case.aware_on is None:
            return
        reasons: list[str] = []
        for slug in (one for one in CLOCKS if one in arising):
            duty, aware_on, suspected_on = duties.by_slug(slug), case.aware_on, case.suspected_on
            start_on = starts_on(duty, aware_on=aware_on, suspected_on=suspected_on)
            how: Any = {"cycle": process.cycle, "owed_by_id": case.authority_id, "at": self.at}
            since = SUSPECTED if start_on != aware_on else ""
            try:
                self.clocks.start(slug, start_on=start_on, since=since, **how)
            except NoDate as without:
                reasons += without.reasons
        if reasons:
            raise NoDate(*dict.fromkeys(reasons))

    def ask_to_approve(self, process: NotificationProcess, *, afterwards: bool = False) -> None:
        """Whoever may approve what went without them is told; what waits stands in their list.

        Where nobody but its authors may, whoever can change that is told.
        """
        authors = process.authors or {self.by.pk if self.by else 0}
        kind, told = "approve_afterwards", approvers_of(self.case, but=authors, on=self.on)
        if told and not afterwards:
            return
        if not told:
            kind, told = told_that_nobody_may("approve", self.case, on=self.on)
        self.messages += asked_to_approve(self.case, kind, told, at=self.recorded_at)

    def end_rapid_review(self, *, why: str) -> None:
        """No rapid review is owed any more."""
        self.facts = {**self.facts, "why": why}
        for review in self._rapid_reviews(*OPEN_RAPID_REVIEW, RapidReviewState.REPLY_AWAITED):
            self.apply(review, "end", system=True)

    def take_reply(self) -> None:
        """Where the Panel asked the partners to reply, what they now decided is the reply."""
        for review in self._rapid_reviews(RapidReviewState.REPLY_AWAITED):
            self.apply(review, "take_reply", system=True)

    def refuse_if_all_signed(self, review: RapidReview) -> None:
        """Nobody is asked for a view that all have given: CannotAdvance says so."""
        if not yet_to_sign(review, on=self.on):
            raise CannotAdvance("Every partner has given its view. You can send it to the Panel.")

    def send_rapid_review(self, review: RapidReview) -> None:
        """The Panel has the rapid review: its clock starts, and the decision in it is recorded."""
        self.meet(duties.RAPID_REVIEW.slug)
        self.clocks.start_next(
            duties.PANEL_RESPONSE.slug, start_on=self.on, owed_by_id=panel_id(), at=self.at
        )
        review.sent_on, review.sent_at = self.on, self.at
        process = self.case.notification
        if process.state in (
            NotificationState.SUBMITTED,
            NotificationState.ACKNOWLEDGED,
            NotificationState.INFORMATION_REQUESTED,
        ):
            self.apply(process, "link_to_rapid_review", system=True)
        self._take_decision()

    def decide_local_review(self, review: PracticeReview) -> None:
        """The partners commission an LCSPR: six months from the day they decided."""
        review.decided_on = self.facts.get("decided_on", self.on)
        review.decision_code = str(self.facts.get("decision_code", "yes"))
        deadline = self.clocks.start_next(
            duties.LOCAL_REVIEW.slug,
            start_on=review.decided_on,
            owed_by_id=self.case.authority_id,
            at=self.at,
        )
        review.clock = deadline.cycle

    def put_decided_day_right(self, review: PracticeReview, decided_on: date) -> None:
        """The decision that stands was taken earlier than was said: its six months run from then.

        They are counted as long as they run: a review that is over keeps the date it was met by.
        """
        review.decided_on = decided_on
        slug = duties.LOCAL_REVIEW.slug
        known = self.clocks.get(slug, review.clock) if review.clock else None
        if known is not None and known.is_open:
            owed: Any = {"owed_by_id": known.owed_by_id, "at": self.at}
            self.clocks.start(slug, cycle=known.cycle, start_on=decided_on, **owed)
        self.touch(review)

    def open_national_review(self) -> None:
        """The Panel's own review of the case begins."""
        self._add_practice_review(ReviewKind.NATIONAL, PracticeReviewState.PANEL_DECISION)

    def _approve(self, process: NotificationProcess) -> None:
        """Where the authority asks for it, a second person has read it, or will afterwards.

        An absent approver never holds a sending: it can go now and be approved after.
        """
        if self.by is None or not self.case.authority.approval_required:
            return
        if may_approve(self.case, self.by, on=self.on):
            process.approved_by, process.approved_on = self.by, self.on
        elif self.facts.get("approval_outstanding"):
            process.approval_outstanding = True
            self.ask_to_approve(process, afterwards=True)
        elif needs_approval(self.case, self.by, on=self.on):
            raise CannotAdvance(
                "Somebody other than its author must approve it. Ask for approval, or send it now "
                "and have it approved afterwards."
            )

    def open_rapid_review(self, cycle: int) -> None:
        """One rapid review serves the incident: an open one goes on, with the new clock beside."""
        self.clocks.start(
            duties.RAPID_REVIEW.slug,
            cycle=cycle,
            start_on=self.on,
            owed_by_id=self.case.authority_id,
            at=self.at,
        )
        # A first notification has no rapid review before it, so there is nothing to look up.
        going_on = self._rapid_reviews(*OPEN_RAPID_REVIEW) if cycle > 1 else []
        for known in going_on:
            if known.state in REVIEW_WITH_THE_PANEL:
                # It must be sent again, or nobody could stop the new clock.
                self.apply(known, "notified_again", system=True)
        if going_on:
            return
        review = RapidReview(
            case=self.case, authority_id=self.case.authority_id, number=cycle, entered_on=self.on
        )
        self.settle(review)
        self.record(
            "open",
            {"to": str(review.state)},
            machine=review.MACHINE,
            number=review.number,
            system=True,
        )

    def _rapid_reviews(self, *states: str) -> list[RapidReview]:
        found = list(
            RapidReview.objects.filter(case=self.case, state__in=states).order_by("number")
        )
        for review in found:
            review.case = self.case
        return found

    def _take_decision(self) -> None:
        decision = self.facts.get("lcspr")
        if decision is None:
            return
        local = (
            PracticeReview.objects.filter(case=self.case, kind=ReviewKind.LOCAL)
            .order_by("-number")
            .first()
        )
        if local is None or local.state in OVER:
            self._add_practice_review(ReviewKind.LOCAL, _FIRST_STATE[decision])
            return
        local.case = self.case
        if decision == "undecided" and local.state == PracticeReviewState.UNDECIDED:
            self.expect_by(self.facts["decide_by"])
            self.settle(local)
        elif decision == "yes" and local.state in NOT_COMMISSIONED:
            self.apply(local, "decide_yes")
        elif decision == "no" and local.state != PracticeReviewState.NO_LCSPR:
            self.apply(local, "decide_no")
        elif decision != "undecided" and taken_earlier(local, self.facts.get("decided_on")):
            self.put_decided_day_right(local, self.facts["decided_on"])

    def _add_practice_review(self, kind: str, state: str) -> PracticeReview:
        number = 1 + PracticeReview.objects.filter(case=self.case).count()
        review = PracticeReview(
            case=self.case,
            authority_id=self.case.authority_id,
            number=number,
            kind=kind,
            state=state,
            entered_on=self.on,
            decision_code=str(self.facts.get("decision_code", "")),
        )
        if state == PracticeReviewState.DECISION_YES:
            self.decide_local_review(review)
        elif state == PracticeReviewState.NO_LCSPR:
            review.decided_on = self.facts.get("decided_on", self.on)
        elif state == PracticeReviewState.UNDECIDED:
            self.expect_by(self.facts["decide_by"])
        self.settle(review)
        self.record("open", {"to": str(state)}, machine=review.MACHINE, number=number)
        return review


_FIRST_STATE = {
    "yes": PracticeReviewState.DECISION_YES,
    "no": PracticeReviewState.NO_LCSPR,
    "undecided": PracticeReviewState.UNDECIDED,
}


def taken_earlier(review: PracticeReview, decided_on: date | None) -> bool:
    """Whether a day is before the one on which the decision of a review is said to be taken."""
    known = review.decided_on
    return known is not None and decided_on is not None and decided_on < known


def take_facts(case: Case, facts: Any) -> None:
    """The case holds the facts given; those not given stay."""
    for name in (*Case.FACTS, "aware_on", "aware_time", "suspected_on", "incident_on"):
        if name in facts:
            setattr(case, name, facts[name])
    if "children_count" in facts:
        case.children_count = facts["children_count"]
