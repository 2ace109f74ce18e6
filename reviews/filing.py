"""A rapid review as a program files it: put before the partners whole, and sent once they signed.

It is written and sent by the screens' forms and services. Whether a partner agrees is a person's
to say, on the screens, and a program sends nothing that each of them has not seen as it stands. To
send without a partner's view, or over what somebody typed, is a person's decision.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from notifications.programs import Fault, NotFiledError, Said, faults_in, typed_in, untold
from notifications.scribe import LEAVE_OUT, NOT_ASKED, Over
from notifications.sections import Leaf, Paper
from reviews.codes import Partner
from reviews.forms.document import paper_of
from reviews.forms.report import report_of
from reviews.models import SentReview
from reviews.services import sending
from reviews.services.drafts import LATE, WRITABLE, draft_of, written_of
from reviews.services.reading import Signature, is_late, signatures
from workflow import services
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import STATUTORY, anybody_signed, yet_to_sign
from workflow.models import Person
from workflow.sealed import answers

SEEK = "seek_signatures"
THEIRS = "Somebody else has written in it: it is finished and sent on the screens."
AT_SENDING = "Why it is late is said when it is sent."
NOTHING = "Nothing was put before the partners yet."


class _Pen(Over):
    """Writes all of it but why it is late, which is said when it is sent."""

    NOT_FOR_PROGRAMS = frozenset({LATE})

    def missing(self) -> list[Fault]:
        """What is missing but for that."""
        found = super().missing()
        return [fault for fault in found if fault.at.split(".")[:2] != ["pages", LATE]]

    def left_out(self) -> None:
        """What was said of it before stays."""
        self.sent.add((LATE, ""))
        super().left_out()

    def _page(self, leaf: Leaf, said: Any) -> None:
        if leaf.page.slug == LATE:
            self.faults.append(Fault(self.place(leaf), AT_SENDING, "Leave it out here."))
            return
        super()._page(leaf, said)


@transaction.atomic
def put(said: Said, review: RapidReview, *, by: Person, on: date, at: datetime) -> None:
    """The rapid review says what was sent, and each partner that gave no view is asked for one.

    Where a partner had signed what was there before, the trail says that it was written anew, and
    each is asked again, also one that had signed; what the Panel returned asks nobody. The
    case must be locked. Raises NotFiledError with everything that stands in the way, and
    CannotAdvance where it can't be written in, or a person has.
    """
    if review.state not in WRITABLE:
        words = review.get_state_display()
        raise services.CannotAdvance(f"It now stands at “{words}”: it can’t be written in.")
    _refuse_over_a_person(review, by)
    before, signed = draft_of(review), anybody_signed(review, on=on)
    scribe = _Pen(said, by, on, at)
    scribe.write(paper_of(review, on=on))
    faults = [*scribe.faults, *untold(scribe.faults, scribe.missing())]
    if not faults:
        # What only the whole of it shows, as a decision that can't be taken back.
        what = "Change the answers about the partners’ decision."
        decided = report_of(scribe.paper).decided
        if found := sending.wrong_decision(review.case, decided, on=on):
            faults = [Fault("pages.lcspr.decision", " ".join(found), what)]
    if faults:
        raise NotFiledError(faults)
    how: Any = {"by": by, "on": on, "at": at}
    if signed and draft_of(review) != before:
        services.record_rewriting(review, **how)
    if yet_to_sign(review, on=on) and _may_seek(review, by, on=on):
        services.advance(review, SEEK, **how)


@transaction.atomic
def send(
    review: RapidReview,
    *,
    late: Mapping[str, Any] | None,
    confirmed: bool,
    by: Person,
    on: date,
    at: datetime,
) -> SentReview:
    """The Panel has what this program put before the partners and every one of them signed.

    `late` answers the page about lateness, once it is asked. The case must be locked. Raises
    NotFiledError with all that is wrong with that page, and what is unusual and not yet
    `confirmed`; CannotAdvance when a view is missing, and what sending raises.
    """
    how: Any = {"by": by, "on": on, "at": at}
    faults: list[Fault] = []
    if review.state in WRITABLE:
        _refuse_over_a_person(review, by)
        if wrong := _unready(review, on=on):
            raise services.CannotAdvance(*wrong)
        if late is not None or _owes_why_late(review, on=on):
            faults = _say_why_late(review, late or {}, **how)
    report = report_of(paper_of(review, on=on))
    if review.state in WRITABLE and not confirmed:
        unusual = sending.what_is_unusual(report, signatures(review, on=on))
        what = "Have somebody read this. If it is meant, send true here."
        faults += [Fault("confirmed", " ".join(unusual), what)] if unusual else []
    if faults:
        raise NotFiledError(faults)
    # What is unusual was asked about, or it was sent before, which is told.
    return sending.send(review, report, confirmed=True, **how)


def missing(signature: Signature) -> str:
    """Why a partner holds up a program, in a sentence; nothing when it doesn't."""
    name = signature.organisation.name
    if signature.newest is None:
        return f"{name} has given no view yet."
    return "" if signature.of_this_draft else sending.EARLIER.format(name)


def _unready(review: RapidReview, *, on: date) -> list[str]:
    """All that holds up a program for which it has to be put, or signed, anew."""
    if not written_of(review).exists():
        return [NOTHING]
    signed = signatures(review, on=on)
    there = {one.organisation.kind for one in signed}
    reasons = [
        f"No {Partner(kind).label} is on record as a safeguarding partner here: it can’t have "
        "signed. It is finished and sent on the screens."
        for kind in STATUTORY
        if kind not in there
    ]
    reasons += [why for one in signed if (why := missing(one))]
    return reasons + _gaps(paper_of(review, on=on))


def _gaps(paper: Paper) -> list[str]:
    """What became wrong since it was put, as a date that passed, by the page on which it stands."""
    pages = {
        leaf.page.slug: error.message
        for leaf in paper.all_leaves()
        for _, error in paper.form(leaf).in_order()
        if leaf.page.slug != LATE
    }
    return [f"On the page {slug}: {words}. Put it again." for slug, words in pages.items()]


def _say_why_late(
    review: RapidReview, said: Mapping[str, Any], *, by: Person, on: date, at: datetime
) -> list[Fault]:
    """The page about lateness says so, or all that is wrong with it: no partner signs that."""
    paper = paper_of(review, on=on)
    leaf: Leaf = paper.leaf(LATE)
    if not leaf.page.applies(paper, ""):
        return [Fault(LATE, NOT_ASKED, LEAVE_OUT)]
    typed, wrong = typed_in(paper.bound(leaf, {}, checked=False), said, LATE)
    wrong += untold(wrong, faults_in(paper.bound(leaf, typed), LATE))
    if not wrong and paper.typed(leaf) != typed:
        answers.save(
            review.case, paper.name, *leaf.key, typed=typed, seen_version=paper.version(leaf),
            by=by, at=at, complete=True,
        )  # fmt: skip
    return wrong


def _owes_why_late(review: RapidReview, *, on: date) -> bool:
    return is_late(review.case, on=on) and not paper_of(review, on=on).value(LATE, "late_reason")


def _may_seek(review: RapidReview, by: Person, *, on: date) -> bool:
    """Whether the partners can be asked to sign, as it stands."""
    return any(
        one.name == SEEK and isinstance(one.subject, RapidReview) and not one.reasons
        for one in services.possible_acts(review.case, by=by, on=on)
    )


def _refuse_over_a_person(review: RapidReview, by: Person) -> None:
    """Nothing that anybody else typed is written over or sent."""
    if written_of(review).exclude(edited_by=by).exists():
        raise services.CannotAdvance(THEIRS)
