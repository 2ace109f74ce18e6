"""What follows when the report of a review goes out: the copy before it, and its publication.

Each kind of review has a duty of its own to send the report before the public has it, and who owes
it: the partners send theirs to the Panel and the Secretary of State, the Panel sends that of a
national review to the Secretary of State.
"""

from datetime import date
from typing import Any

from workflow.law import duties
from workflow.machine.move import Move
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import PracticeReviewState, ReviewKind
from workflow.people.organisations import panel_id

COPY_OF: dict[str, str] = {
    ReviewKind.LOCAL: duties.ADVANCE_COPY.slug,
    ReviewKind.NATIONAL: duties.NATIONAL_REPORT_TO_SOS.slug,
}


class Reporting(Move):
    """A move that can make a report public."""

    def plan_publication(self, review: PracticeReview, publish_on: date) -> None:
        """The copy is due so many working days before the day planned; a moved day moves it."""
        review.publish_on = publish_on
        if review.state == PracticeReviewState.ADVANCE_COPY_SENT:
            return
        slug, national = COPY_OF[review.kind], review.kind == ReviewKind.NATIONAL
        known = self.clocks.get(slug, review.copy_clock) if review.copy_clock else None
        owed_by = panel_id() if national else self.case.authority_id
        owed: Any = {"owed_by_id": owed_by, "at": self.at}
        if known is not None and known.is_open:
            self.clocks.start(slug, cycle=known.cycle, start_on=publish_on, **owed)
        else:
            review.copy_clock = self.clocks.start_next(slug, start_on=publish_on, **owed).cycle

    def send_advance_copy(self, review: PracticeReview) -> None:
        """The copy went out; whether in time is counted back from the day of publication."""
        self.plan_publication(review, self.facts.get("publish_on", review.publish_on))
        self.meet(COPY_OF[review.kind], cycle=review.copy_clock)

    def end_copy_clock(self, review: PracticeReview, *, why: str) -> None:
        """No day of publication is planned any more, so no copy is due before it."""
        review.publish_on = None
        if review.copy_clock:
            self.cancel(COPY_OF[review.kind], why=why, cycle=review.copy_clock)

    def publish_review(self, review: PracticeReview) -> None:
        """The report is public: the six-month clock stops."""
        review.publish_on = self.on
        if review.clock:
            self.meet(duties.LOCAL_REVIEW.slug, cycle=review.clock)
