"""The steps after the rapid review: the Panel's side, the partners' decision, the local review."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from reviews.services import considering, deciding, postponing
from reviews.services.reading import local_review, newest_review
from workflow import clock, services
from workflow.machine.practice_review_states import ReviewKind
from workflow.models import Person, PracticeReview

if TYPE_CHECKING:
    from reviews.demo.telling import Story

WHY = "Invented reason, for the demonstration."
FINDINGS = considering.Findings(
    completeness="complete",
    quality="good",
    agrees_criteria=True,
    agrees_decision=True,
    learning="Invented: ask how fathers and partners were seen.",
    notes="Invented note of the Panel.",
)


class Reviewing:
    """Mixed into the actor: what the Panel and the partners do once a rapid review is in."""

    story: "Story"
    LOCAL_STEPS: ClassVar[tuple[str, ...]] = (
        "scope",
        "appoint_reviewer",
        "start",
        "await_proceedings",
        "resume",
        "draft_report",
        "seek_approval",
    )
    NATIONAL_STEPS: ClassVar[tuple[str, ...]] = (
        "tell_secretary_of_state",
        "confirm_reviewer",
        "start",
    )

    def _do(self, subject: Any, name: str, by: Person, **more: Any) -> None:
        services.advance(subject, name, by=by, on=self.story.day, at=clock.now(), **more)

    def _consider(self, _more: str) -> None:
        review = newest_review(self.story.fresh)
        if review is not None:
            considering.consider(
                review,
                FINDINGS,
                by=self.story.nation.reviewer,
                on=self.story.day,
                at=clock.now(),
            )

    def _answer(self, outcome: str) -> None:
        self.story.later(4, lambda: self._consider(""))
        self.story.later(3, lambda: self._respond(outcome))

    def _respond(self, outcome: str) -> None:
        review = newest_review(self.story.fresh)
        if review is None:
            return
        considering.respond(
            review,
            outcome=outcome,
            text="Invented response of the Panel, for the demonstration.",
            reply_by=self.story.calendar.add(max(self.story.day, self.story.today), 10),
            confirmed=True,
            by=self.story.nation.secretariat,
            on=self.story.day,
            at=clock.now(),
        )

    def _confirm(self, decision: str) -> None:
        deciding.decide(
            self.story.fresh,
            code={"yes": "yes", "no": "no_sufficient_learning"}[decision],
            alternative="" if decision == "yes" else "learning_event",
            decided_on=self.story.day,
            reason=WHY,
            by=self.story.area.approver,
            on=self.story.day,
            at=clock.now(),
        )

    def _national(self, steps: str) -> None:
        if not steps:
            self.story.later(8, self._supersede)
            return
        for name in self.NATIONAL_STEPS[: int(steps)]:
            self.story.later(5, partial(self._national_step, name))

    def _supersede(self) -> None:
        review = newest_review(self.story.fresh)
        if review is not None:
            considering.take_into_national_review(
                review,
                text="Invented: the questions reach beyond one area.",
                by=self.story.nation.chair,
                on=self.story.day,
                at=clock.now(),
            )

    def _lcspr(self, steps: str) -> None:
        for name in self.LOCAL_STEPS[: int(steps)]:
            self.story.later(6, partial(self._local_step, name))

    def _local_step(self, name: str) -> None:
        self._do(self._local(), name, self.story.area.business_unit, reason=WHY)

    def _national_step(self, name: str) -> None:
        self._do(self._practice(ReviewKind.NATIONAL), name, self.story.nation.chair)

    def _advance(self, _more: str) -> None:
        publish_on = self.story.calendar.add(self.story.day, 9)
        facts = {"publish_on": publish_on}
        self._do(self._local(), "send_advance_copy", self.story.area.approver, facts=facts)

    def _plan(self, _more: str) -> None:
        services.plan_publication(
            self._local(),
            self.story.calendar.add(max(self.story.day, self.story.today), 30),
            by=self.story.area.business_unit,
            on=self.story.day,
            at=clock.now(),
            reason=WHY,
        )

    def _put_off(self, _more: str) -> None:
        postponing.put_off(
            self.story.fresh,
            code="undecided",
            decide_by=self.story.calendar.add(max(self.story.day, self.story.today), 15),
            reason=WHY,
            by=self.story.area.business_unit,
            on=self.story.day,
            at=clock.now(),
        )

    def _publish(self, _more: str) -> None:
        self.story.later(8, lambda: self._do(self._local(), "publish", self.story.area.approver))

    def _delay(self, _more: str) -> None:
        self._do(self._local(), "delay_publication", self.story.area.approver, reason=WHY)

    def _improvements(self, _more: str) -> None:
        self._do(self._local(), "publish_improvements_only", self.story.area.approver, reason=WHY)

    def _close_review(self, _more: str) -> None:
        self._do(self._local(), "close", self.story.area.business_unit, reason=WHY)

    def _local(self) -> Any:
        return local_review(self.story.fresh)

    def _practice(self, kind: str) -> PracticeReview:
        found = PracticeReview.objects.filter(case=self.story.fresh, kind=kind)
        review = found.latest("number")
        review.case = self.story.case
        return review
