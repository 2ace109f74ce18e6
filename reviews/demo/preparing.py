"""The steps of preparing the rapid review: its draft, the partners' views of it, and sending it."""

from typing import TYPE_CHECKING, Any

from reviews.demo.reviewing import WHY
from reviews.demo.writing import AGENCIES, PARTICIPANTS, Writer
from reviews.forms.document import paper_of
from reviews.forms.report import report_of
from reviews.services import sending, signing
from reviews.services.reading import newest_review
from workflow import clock, services
from workflow.api import clients
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import statutory_partners
from workflow.models import Person

if TYPE_CHECKING:
    from reviews.demo.telling import Story


class Preparing:
    """Mixed into the actor: what the partnership does, and its system, until the Panel has it."""

    story: "Story"
    system: Person

    def _sign(self, _more: str, view: str = "agree", partners: int = 2) -> None:
        review = newest_review(self.story.fresh)
        if review is None:
            return
        people = {"authority": self.story.area.partner, "icb": self.story.area.health,
                  "police": self.story.area.police}  # fmt: skip
        for partner in statutory_partners(review.case, on=self.story.day)[:partners]:
            person = people[partner.kind]
            given = signing.Given(view, person.name, "Lead partner (invented)", WHY, self.story.day)
            signing.sign(review, partner, given, by=person, on=self.story.day, at=clock.now())

    def _sign_all(self, _more: str) -> None:
        self._sign("", partners=3)

    def _dissent(self, _more: str) -> None:
        self._sign("", view="dissent")

    def _review(self, decision: str) -> None:
        case, story = self.story.fresh, self.story
        review = newest_review(case)
        if review is None:
            return
        report = report_of(self._written(review, decision, by=story.area.business_unit).fill())
        sending.send(
            review, report, confirmed=True, by=story.area.business_unit, on=story.day,
            at=clock.now(),
        )  # fmt: skip

    def _put(self, _more: str) -> None:
        """A system of the authority puts all of it before the partners."""
        story, review = self.story, newest_review(self.story.fresh)
        if review is None:
            return
        now: dict[str, Any] = {"on": story.day, "at": clock.now()}
        self.system = clients.let_in(
            "Invented case system", story.area.authority, ["rapid_reviews.write"],
            by=story.area.administrator, **now,
        ).client.account  # fmt: skip
        self._written(review, "no", by=self.system).fill()
        services.advance(review, "seek_signatures", by=self.system, **now)

    def _put_anew(self, _more: str) -> None:
        """It replaces what they had signed: each is asked again."""
        review = newest_review(self.story.fresh)
        if review is None:
            return
        writer = self._written(review, "no", by=self.system)
        leaf = writer.paper.leaf("summary")
        added = {"summary.text": "Invented: what the police added since."}
        self.story.pen.answers = {**self.story.pen.answers, **added}
        writer.save(leaf, self.story.pen.fill("summary", writer.paper.bound(leaf, {})))
        services.record_rewriting(review, by=self.system, on=self.story.day, at=clock.now())

    def _written(self, review: RapidReview, decision: str, *, by: Person) -> Writer:
        """A pen over the draft of what is decided today, whoever holds it."""
        codes = {"yes": "yes", "no": "no_sufficient_learning", "undecided": "undecided"}
        story, day = self.story, self.story.day
        story.pen.answers = {
            "today": day,
            "criteria.criteria_met": True,
            "lcspr.decision": codes[decision],
            "commissioned.decided_on": day,
            "declined.decided_on": day,
            "declined.alternative": "learning_event",
            "undecided.decide_by": story.calendar.add(max(day, story.today), 15),
            "national.suggested": False,
            "meeting.met_on": day,
            "meeting.other_areas": False,
            "agency.contributed": "yes",
            "late.late_reason": "meeting_delayed",
        }
        writer = Writer(paper_of(review, on=day), story.pen, by=by, at=clock.now())
        if not writer.paper.rows:
            writer.add(PARTICIPANTS, 2)
            writer.add(AGENCIES, 2)
        return writer
