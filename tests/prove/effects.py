"""What follows from each act, by the description of the process: states, clocks and events."""

from dataclasses import dataclass, field
from datetime import date

from tests.prove.arising import Arising
from tests.prove.lawful import DEEDS, SERVICE, SHORT, TURNS
from tests.prove.oracle import back
from tests.prove.reference import (
    CHANGED,
    COPIES,
    LIMITS,
    NOTIFYING,
    OPEN,
    OVER,
    WITH,
    WRITING,
    Act,
    Clock,
    Event,
    Row,
    after,
    months_after,
)


@dataclass
class Effects(Arising):
    """A case that can be moved."""

    partners: tuple[str, ...]
    strict: bool
    seen_by: set[str]
    facts: dict[str, object]
    notification: Row
    cycle: int = 1
    authors: set[str] = field(default_factory=set)
    proposal: str = ""
    unapproved: date | None = None
    notified: date | None = None
    told: bool = False
    reviews: list[Row] = field(default_factory=list)
    practice: list[Row] = field(default_factory=list)
    clocks: dict[tuple[str, int], Clock] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    views: set[int] = field(default_factory=set)
    _by: date | None = None

    @property
    def rows(self) -> list[Row]:
        """Its machines, in the order in which they are listed."""
        return [self.notification, *self.reviews, *self.practice]

    def _local(self) -> Row | None:
        return next((row for row in reversed(self.practice) if row.kind == "local"), None)

    def apply(self, row: Row, name: str, act: Act, *, service: bool = False) -> None:
        """The act is done, with all that follows; in the trail it stands before that."""
        before, self._by, place = row.state, None, len(self.events)
        effect = getattr(self, f"_{row.machine.replace(' ', '_')}_{name}", lambda *_: None)
        effect(row, act)
        row.state = DEEDS[row.machine][name].target
        self._settle(row, act.on)
        self._record(name, row, act, before, service=service)
        self.events.insert(place, self.events.pop())

    def begin(self, row: Row, act: Act) -> None:
        """The row is there, in its first state."""
        self._settle(row, act.on)
        self._record("open", row, act, None)

    def _settle(self, row: Row, on: date) -> None:
        turn = TURNS[row.machine][row.state]
        row.expected = (self._by or after(on, turn[1])) if turn else None

    def _record(
        self, name: str, row: Row, act: Act, before: str | None, *, service: bool = False
    ) -> None:
        service = service or act.by.role == SERVICE
        who = (None, "system") if service else (act.by.name, act.by.role)
        row.last = (name, who[0] or SERVICE, act.at)
        self.events.append((name, row.machine, row.number, who[1], who[0], before, row.state))

    def _start(self, slug: str, cycle: int, start: date, due: date | None = None) -> None:
        known = self.clocks.get((slug, cycle))
        again = known is not None and known.stands == CHANGED
        if known is None or again or (known.stands == OPEN and known.start != start):
            self.clocks[slug, cycle] = Clock(start, due or after(start, LIMITS[slug]))

    def _next(self, slug: str) -> int:
        return 1 + max((cycle for one, cycle in self.clocks if one == slug), default=0)

    def _stop(self, how: str, *slugs: str, cycle: int | None = None) -> None:
        for (slug, own), clock in self.clocks.items():
            if slug in slugs and clock.stands == OPEN and cycle in (None, own):
                clock.stands = how

    def _notification_start_draft(self, row: Row, act: Act) -> None:
        self.authors.add(act.by.name)

    _notification_ask_for_approval = _notification_start_draft

    def _notification_decide_not_to_notify(self, row: Row, act: Act) -> None:
        self._stop("not_notified", *NOTIFYING)

    def _notification_submit(self, row: Row, act: Act) -> None:
        self.authors = self.authors or {act.by.name}
        second = act.by.role == "la_approver" and act.by.name not in self.authors
        if self.strict and act.facts.get("approval_outstanding") and not second:
            self.unapproved = after(act.on, 1)
        self._give()
        slugs = [slug for slug in NOTIFYING if self.told or slug != "tell-the-partners"]
        self._stop("met", *slugs, cycle=self.cycle)
        self.notified, self.proposal = self.notified or act.on, ""
        if not self.for_the_panel:
            return
        self._start("rapid-review", self.cycle, act.on)
        open_ones = [one for one in self.reviews if one.state in (*WRITING, *WITH)]
        for one in open_ones:
            if one.state in WITH:
                self.apply(one, "notified_again", act, service=True)
        if not open_ones:
            fresh = Row("rapid review", self.cycle, "opened", ("", "", act.at))
            self.reviews.append(fresh)
            self._by = None
            self._settle(fresh, act.on)
            self._record("open", fresh, act, None, service=True)
        self._by = None

    def _give(self) -> None:
        self.seen_by |= {"dfe_receiver", "dfe_analyst", "ofsted_observer"}
        if self.for_the_panel:
            self.seen_by |= set(SHORT["PANEL"].split())
            if self.partners:
                self.seen_by.add("safeguarding_partner")
                self.told = True

    def _next_cycle(self, row: Row, act: Act) -> None:
        self.cycle = row.number = self.cycle + 1
        self.authors = set() if act.by.role == SERVICE else {act.by.name}
        self.proposal, self.unapproved = "", None
        self.facts |= act.facts
        self.run_clocks()

    def run_clocks(self) -> None:
        """The clocks of notifying that the facts give rise to run, and no others."""
        no_longer = set(NOTIFYING) - set(self.duties)
        self._stop(CHANGED, *no_longer, cycle=self.cycle)
        aware = self.facts.get("aware_on")
        if isinstance(aware, date):
            for slug in self.duties:
                self._start(slug, self.cycle, aware)

    def _notification_take_over(self, row: Row, act: Act) -> None:
        self._stop("transferred", *NOTIFYING)
        self._next_cycle(row, act)

    _notification_reopen = _next_cycle
    _notification_harm_became_death = _next_cycle
    _notification_abuse_now_suspected = _next_cycle

    def _notification_request_information(self, row: Row, act: Act) -> None:
        self._by = act.facts["reply_on"]  # type: ignore[assignment]

    def _notification_link_to_rapid_review(self, row: Row, act: Act) -> None:
        self.proposal = ""

    def _notification_confirm_criteria_not_met(self, row: Row, act: Act) -> None:
        self._end(act, "criteria_not_met")

    def _notification_withdraw_as_duplicate(self, row: Row, act: Act) -> None:
        self._end(act, "withdrawn_duplicate")

    def _end(self, act: Act, why: str) -> None:
        self.proposal = ""
        for one in self.reviews:
            if one.state in DEEDS["rapid review"]["end"].sources:
                self.apply(one, "end", Act(act.by, act.on, act.at, "", {"why": why}), service=True)
        self._by = None

    def _rapid_review_submit(self, row: Row, act: Act) -> None:
        self._stop("met", "rapid-review")
        self._start("panel-response", self._next("panel-response"), act.on)
        if self.notification.state in DEEDS["notification"]["link_to_rapid_review"].sources:
            self.apply(self.notification, "link_to_rapid_review", act, service=True)
        self._decide(act)
        self._by = None

    def _decide(self, act: Act) -> None:
        decision, known = act.facts.get("lcspr"), self._local()
        if decision is None:
            return
        if known is None or known.state in OVER:
            first = {"yes": "decision_yes", "no": "no_lcspr", "undecided": "undecided"}
            self._open("local", first[str(decision)], act)
        elif decision == "undecided" and known.state == "undecided":
            self._by = act.facts["decide_by"]  # type: ignore[assignment]
            self._settle(known, act.on)
        elif decision == "yes" and known.state in {"undecided", "no_lcspr"}:
            self.apply(known, "decide_yes", act)
        elif decision == "no" and known.state != "no_lcspr":
            self.apply(known, "decide_no", act)

    def _open(self, kind: str, state: str, act: Act) -> None:
        number = 1 + len(self.practice)
        fresh = Row("practice review", number, state, ("", "", act.at), kind)
        self._by = None
        if state == "decision_yes":
            self._practice_review_decide_yes(fresh, act, reply=False)
        elif state == "undecided":
            self._by = act.facts["decide_by"]  # type: ignore[assignment]
        self._settle(fresh, act.on)
        self.practice.append(fresh)
        self._record("open", fresh, act, None)

    def _rapid_review_return_for_information(self, row: Row, act: Act) -> None:
        self._stop("returned_for_more_information", "panel-response")
        self._by = act.facts["reply_on"]  # type: ignore[assignment]

    def _rapid_review_defer(self, row: Row, act: Act) -> None:
        self._by = act.facts["meet_on"]  # type: ignore[assignment]

    def _rapid_review_notified_again(self, row: Row, act: Act) -> None:
        self._stop("notified_again", "panel-response")

    def _rapid_review_issue_response(self, row: Row, act: Act) -> None:
        self._stop("met", "panel-response")

    def _rapid_review_ask_for_reply(self, row: Row, act: Act) -> None:
        self._rapid_review_issue_response(row, act)
        self._notification_request_information(row, act)

    def _rapid_review_supersede(self, row: Row, act: Act) -> None:
        self._stop("superseded_by_national_review", "rapid-review", "panel-response")
        self._open("national", "panel_decision", act)
        self._by = None

    def _rapid_review_end(self, row: Row, act: Act) -> None:
        why = str(act.facts.get("why", "no_longer_required"))
        self._stop(why, "rapid-review", "panel-response")

    def _practice_review_decide_yes(self, row: Row, act: Act, *, reply: bool = True) -> None:
        row.clock = self._next("local-review")
        self._start("local-review", row.clock, act.on, months_after(act.on, 6))
        if reply:
            self._reply(act)

    def _practice_review_put_off(self, row: Row, act: Act) -> None:
        self._by = act.facts["decide_by"]  # type: ignore[assignment]

    def _practice_review_decide_no(self, row: Row, act: Act) -> None:
        self._end_copy(row, "no_lcspr")
        if row.clock:
            self._stop("no_lcspr", "local-review", cycle=row.clock)
        self._reply(act)

    def _reply(self, act: Act) -> None:
        for one in self.reviews:
            if one.state == "reply_awaited":
                self.apply(one, "take_reply", act, service=True)
        self._by = None

    def plan(self, row: Row, publish_on: date) -> None:
        """The copy is due seven working days before the day planned."""
        if row.state == "advance_copy_sent":
            return
        slug = COPIES[row.kind]
        known = self.clocks.get((slug, row.copy)) if row.copy else None
        if known is None or known.stands != OPEN:
            row.copy = self._next(slug)
        self._start(slug, row.copy or 0, publish_on, back(publish_on, 7))

    def _practice_review_send_advance_copy(self, row: Row, act: Act) -> None:
        self.plan(row, act.facts["publish_on"])  # type: ignore[arg-type]
        self._stop("met", COPIES[row.kind], cycle=row.copy)

    def _end_copy(self, row: Row, why: str) -> None:
        if row.copy:
            self._stop(why, COPIES[row.kind], cycle=row.copy)

    def _practice_review_publish(self, row: Row, act: Act) -> None:
        if row.clock:
            self._stop("met", "local-review", cycle=row.clock)

    def _practice_review_delay_publication(self, row: Row, act: Act) -> None:
        self._end_copy(row, "publication_delayed")

    def _practice_review_publish_improvements_only(self, row: Row, act: Act) -> None:
        self._end_copy(row, "improvements_only")
        self._practice_review_publish(row, act)

    def _practice_review_discontinue(self, row: Row, act: Act) -> None:
        self._end_copy(row, "discontinued")
        if row.clock:
            self._stop("discontinued", "local-review", cycle=row.clock)
