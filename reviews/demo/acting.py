"""The steps of the plots, each one call of the service by the person whose act it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from notifications import cycles, transferring
from reviews.demo.preparing import Preparing
from reviews.demo.reviewing import WHY, Reviewing
from reviews.services.reading import local_review, newest_review
from workflow import clock, services
from workflow.access import context
from workflow.law.duties import RAPID_REVIEW
from workflow.machine.links import LinkKind, of_the_same_death
from workflow.machine.move import acts_of
from workflow.machine.notification_states import Proposal
from workflow.models import Case, Deadline, Person

if TYPE_CHECKING:
    from reviews.demo.telling import Story


class Actor(Preparing, Reviewing):
    """Plays the steps of a story after its draft."""

    BEFORE_SENDING: ClassVar[frozenset[str]] = frozenset(
        {
            "consider_threshold",
            "decide_to_notify",
            "ask_for_approval",
            "return_to_draft",
            "hand_over",
        }
    )
    # Who begins the story tells these.
    BEGINNINGS: ClassVar[frozenset[str]] = frozenset({"refer", "start_draft", "telephone"})
    # How many working days after the step before it a step is taken.
    PACE: ClassVar[dict[str, int]] = {
        "acknowledge": 1, "acknowledge_dfe": 1, "link_to_rapid_review": 2, "reply": 2,
        "request_information": 1, "close": 5, "triage": 1, "consider": 4, "return": 3,
        "harm_became_death": 6, "abuse_now_suspected": 12, "reopen": 10, "national": 8,
        "agree_later": 8,
    }  # fmt: skip

    def __init__(self, story: "Story") -> None:
        self.story = story

    def play(self, step: str) -> None:
        """The step is taken, some working days after the one before."""
        name, _, more = step.partition(":")
        act: Callable[[str], None] = getattr(self, f"_{name}", None) or self._plain(name)
        if name == "review":
            days, _, decision = more.partition(":")
            sent = self.story.case.notified_on or self.story.day
            day = self.story.calendar.add(sent, int(days))
            self.story.on_day(day, lambda: self._review(decision))
            return
        if name in {"lcspr", "national", "answer", "publish"}:
            act(more)
            return
        self.story.later(self.PACE.get(name, 1), lambda: act(more))

    def step(self, name: str) -> Callable[[], None]:
        """A step as an act without parameters."""
        act: Callable[[str], None] = getattr(self, f"_{name}", None) or self._plain(name)
        return lambda: act("")

    def _plain(self, name: str) -> Callable[[str], None]:
        story = self.story

        def act(_more: str) -> None:
            case = story.fresh
            subjects = [case.notification, newest_review(case), local_review(case)]
            for subject in subjects:
                if subject is not None and hasattr(type(subject), name):
                    by = self._who(subject, name)
                    self._do(subject, name, by, reason=WHY, facts=self._facts(name))
                    return

        return act

    def _who(self, subject: Any, name: str) -> Person:
        area, nation = self.story.area, self.story.nation
        roles = acts_of(type(subject))[name].roles
        people = {
            "la_notifier": area.notifier,
            "business_unit": area.business_unit,
            "panel_secretariat": nation.secretariat,
            "la_approver": area.approver,
            "panel_member": nation.reviewer,
            "panel_chair": nation.chair,
            "dfe_receiver": nation.receiver,
        }
        return next(people[role] for role in people if role in roles)

    def _facts(self, name: str) -> dict[str, Any]:
        later = self.story.calendar.add(self.story.day, 5)
        return {"reply_on": later, "meet_on": later, "aware_on": self.story.day}

    def _return_to_draft(self, _more: str) -> None:
        process = self.story.fresh.notification
        self._do(process, "return_to_draft", self.story.area.approver, reason=WHY)

    def _hand_over(self, _more: str) -> None:
        """The authority of another place takes the case over, before it is sent."""
        story, giver, receiver = self.story, self.story.area, self.story.neighbour
        now: dict[str, Any] = {"on": story.day, "at": clock.now()}
        services.propose_transfer(
            story.fresh, receiver.authority, by=giver.notifier, reason=WHY, **now
        )
        transferring.accept(
            story.case.token,
            aware_on=story.day,
            giver_reads_until=None,
            by=receiver.notifier,
            **now,
        )
        story.area = receiver
        story.go_over({"awareness": ""}, {"awareness.aware_on": story.day})

    def _restrict(self, _more: str) -> None:
        """Somebody of the staff is implicated: only these see the case from now on."""
        story, area, nation = self.story, self.story.area, self.story.nation
        people = [area.notifier, area.approver, area.business_unit]
        people += [nation.secretariat, nation.chair]
        services.restrict(
            story.fresh,
            [person.pk for person in people],
            by=area.approver,
            on=story.day,
            at=clock.now(),
            reason=WHY,
        )

    def _send_again(self, _more: str) -> None:
        self.story.send_again()

    def _acknowledge_dfe(self, _more: str) -> None:
        self._do(self.story.fresh.notification, "acknowledge", self.story.nation.receiver)

    def _close(self, _more: str) -> None:
        receiver = self.story.nation.receiver
        self._do(self.story.fresh.notification, "close_without_review", receiver)

    def _propose(self, proposal: Proposal) -> None:
        services.propose(
            self.story.fresh,
            proposal,
            by=self.story.area.notifier,
            on=self.story.day,
            at=clock.now(),
            reason=WHY,
        )

    def _propose_criteria(self, _more: str) -> None:
        self._propose(Proposal.CRITERIA_NOT_MET)

    def _propose_withdrawal(self, _more: str) -> None:
        self._propose(Proposal.WITHDRAWAL)

    def _confirm_criteria(self, _more: str) -> None:
        self._do(
            self.story.fresh.notification,
            "confirm_criteria_not_met",
            self.story.nation.secretariat,
            reason=WHY,
        )

    def _withdraw(self, _more: str) -> None:
        self._do(
            self.story.fresh.notification,
            "withdraw_as_duplicate",
            self.story.nation.secretariat,
            reason=WHY,
        )

    def _agree_later(self, _more: str) -> None:
        """The Panel's secretariat agrees a later date for the rapid review."""
        story = self.story
        running = Deadline.objects.get(case=story.fresh, duty=RAPID_REVIEW.slug, met_on=None)
        services.agree_later_date(
            story.case,
            running.duty,
            running.cycle,
            story.calendar.add(running.due_on, 5),
            by=story.nation.secretariat,
            on=story.day,
            at=clock.now(),
            reason=WHY,
        )

    def _link(self, _more: str) -> None:
        """The case before it tells of the same death, notified by another authority."""
        story = self.story
        case, by = story.fresh, story.nation.secretariat
        kind, now = LinkKind.SAME_DEATH, clock.now()
        # A story sees its own case alone; whoever links them sees both.
        with context.acting(by, on=story.day):
            (other,) = of_the_same_death(case, Case.objects.visible_to(by, story.day))
            services.link_cases(case, other, kind, by=by, on=story.day, at=now, reason=WHY)

    def _decline(self, _more: str) -> None:
        services.decline_proposal(
            self.story.fresh,
            by=self.story.nation.secretariat,
            on=self.story.day,
            at=clock.now(),
            reason=WHY,
        )

    def _harm_became_death(self, _more: str) -> None:
        self._go_on("harm_became_death", {"outcome": "died"}, {"basis": {"happened": ["died"]}})

    def _abuse_now_suspected(self, _more: str) -> None:
        facts = {"abuse": "suspected", "suspected_on": self.story.day}
        self._go_on("abuse_now_suspected", facts, {"basis": {"abuse": ["suspected"]}})

    def _reopen(self, _more: str) -> None:
        self._go_on("reopen", {}, {})

    def _go_on(self, act: str, facts: dict[str, Any], answers: dict[str, Any]) -> None:
        day = self.story.day
        typed = {
            "aware_on-day": [str(day.day)],
            "aware_on-month": [str(day.month)],
            "aware_on-year": [str(day.year)],
        }
        cycles.go_on(
            self.story.case.token,
            act,
            facts={"aware_on": day, **facts},
            answers={**answers, "awareness": typed},
            reason=WHY,
            by=self.story.area.notifier,
            on=day,
            at=clock.now(),
        )

    def _return(self, _more: str) -> None:
        review = newest_review(self.story.fresh)
        self._do(
            review,
            "return_for_information",
            self.story.nation.secretariat,
            reason=WHY,
            facts={"reply_on": self.story.calendar.add(self.story.day, 7)},
        )
