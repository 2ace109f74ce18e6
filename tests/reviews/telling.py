"""Rapid reviews told through the real services: pages filled in, signed, sent, answered.

Every text is invented, and each is a sentinel: it must never turn up where it does not belong.
"""

from datetime import date
from typing import Any

from reviews.forms.document import paper_of
from reviews.forms.report import report_of
from reviews.models import PanelResponse, PartnersDecision, SentReview, SignOff
from reviews.services import considering, deciding, sending, signing
from reviews.services.considering import Findings
from reviews.services.drafts import document_of
from reviews.services.signing import Given
from tests.story import Story, a_case, cast, day, moment
from workflow.machine.signatures import signs_for
from workflow.people.codes import Code
from workflow.people.reference import rows_of
from workflow.sealed import answers

SENTINEL = "zebra-quartz"
Typed = dict[str, list[str]]


def load_codes() -> None:
    """The code lists as they are committed."""
    Code.objects.bulk_create(
        Code(
            list=row["list"],
            code=row["code"],
            label=row["label"],
            group=row["group"],
            order=order,
            source=row["source"],
            licence=row["licence"],
        )
        for order, row in enumerate(rows_of("codes.csv"))
    )


def typed_date(name: str, on: str | date) -> Typed:
    """A date as typed in three boxes."""
    on = day(on) if isinstance(on, str) else on
    return {
        f"{name}-day": [str(on.day)],
        f"{name}-month": [str(on.month)],
        f"{name}-year": [str(on.year)],
    }


def text(of: str) -> str:
    """An invented text of one chapter."""
    return f"Invented words about {of}, {SENTINEL}."


def chapters() -> dict[str, Typed]:
    """Every chapter, filled in."""
    slugs = (
        "family summary involvement practice voice equality good-practice safety learning contact"
    )
    found: dict[str, Typed] = {
        slug: {"text": [text(slug)], "finished": ["yes"]} for slug in slugs.split()
    }
    found["timeline"] = {
        "since-not-known": ["not-known"],
        "until-not-known": ["not-known"],
        "text": [text("timeline")],
        "finished": ["yes"],
    }
    found["themes"] = {"themes": ["challenge", "babies"], "finished": ["yes"]}
    found["parallel"] = {"processes": ["inquest"], "text": [text("inquest")], "finished": ["yes"]}
    return found


def decision_pages(lcspr: str, *, decided_on: str, decide_by: str, met: bool) -> dict[str, Typed]:
    """The partners' decision, filled in."""
    criteria = ("improvements", "themes", "agencies", "panel_advised")
    found: dict[str, Typed] = {
        "criteria": {
            "criteria_met": ["yes" if met else "no"],
            "rationale": [text("the criteria")],
        },
        "local-criteria": {code: ["not-known"] for code in criteria},
        "lcspr": {"decision": [lcspr], "rationale": [text("the decision")]},
        "national": {"suggested": ["no"]},
        "gaps": {},
    }
    if lcspr == "yes":
        found["commissioned"] = {
            **typed_date("decided_on", decided_on),
            "scope-not-known": ["not-known"],
            "publish_on-not-known": ["not-known"],
        }
    elif lcspr == "undecided":
        found["undecided"] = {**typed_date("decide_by", decide_by), "gaps": [text("the gaps")]}
    else:
        found["declined"] = {**typed_date("decided_on", decided_on), "alternative": ["audit"]}
    return found


class Told(Story):
    """A story that goes on with its rapid review."""

    def filled(
        self,
        on: str,
        lcspr: str = "no_sufficient_learning",
        *,
        decided_on: str = "",
        decide_by: str = "2027-01-29",
        met: bool = True,
        late: str = "",
        by: str = "bea",
    ) -> "Told":
        """Every page of the rapid review is filled in and kept."""
        pages = chapters() | decision_pages(
            lcspr, decided_on=decided_on or on, decide_by=decide_by, met=met
        )
        pages["meeting"] = {"met_on-not-known": ["not-known"], "other_areas": ["no"]}
        if late:
            pages["late"] = {"late_reason": [late]}
        for section, typed in pages.items():
            self.typed(section, typed, on=on, by=by)
        known = answers.read(self.case, document_of(self.rapid_review))
        if ("participants", "1") not in known:
            somebody = {"name": ["Robin Invented"], "position": ["Nurse"], "agency": ["hospital"]}
            self.listed("participants", somebody, on=on, by=by)
            self.listed("agencies", {"agency": ["gp"], "contributed": ["yes"]}, on=on, by=by)
        return self

    def typed(self, section: str, typed: Typed, *, on: str, by: str = "bea") -> None:
        """One page is kept as typed."""
        name = document_of(self.rapid_review)
        row = answers.read(self.case, name).get((section, ""))
        answers.save(
            self.case,
            name,
            section,
            typed=typed,
            seen_version=row.version if row else 0,
            by=self.cast.people[by],
            at=moment(on),
            complete=True,
        )

    def listed(self, section: str, typed: Typed, *, on: str, by: str = "bea") -> None:
        """An item is added to a list."""
        answers.add_item(
            self.case,
            document_of(self.rapid_review),
            section,
            typed=typed,
            by=self.cast.people[by],
            at=moment(on),
            complete=True,
        )

    def sent(
        self, on: str, *, by: str = "bea", clock: str = "10:00", confirmed: bool = True
    ) -> SentReview:
        """The rapid review is sent as it is filled in."""
        review = self.rapid_review
        review.case = self.again()
        report = report_of(paper_of(review, on=day(on)))
        row = sending.send(
            review,
            report,
            confirmed=confirmed,
            by=self.cast.people[by],
            on=day(on),
            at=moment(on, clock),
        )
        self.again()
        return row

    def signed(
        self, who: str, view: str, on: str, *, comment: str = "", clock: str = "11:00"
    ) -> SignOff:
        """A partner gives its own view."""
        person = self.cast.people[who]
        (organisation,) = signs_for(person, self.again(), on=day(on))
        return signing.sign(
            self.rapid_review,
            organisation,
            given(view, on, comment=comment, name=person.name),
            by=person,
            on=day(on),
            at=moment(on, clock),
        )

    def considered(self, on: str, *, by: str = "priya", **more: Any) -> None:
        """The Panel has formed its view."""
        found = Findings(
            **{
                "completeness": "complete",
                "quality": "good",
                "agrees_criteria": True,
                "agrees_decision": True,
                "notes": text("internal notes"),
                **more,
            }
        )
        considering.consider(
            self.rapid_review, found, by=self.cast.people[by], on=day(on), at=moment(on)
        )

    def responded(
        self, on: str, outcome: str, *, reply_by: str = "", confirmed: bool = True
    ) -> PanelResponse:
        """The Panel's answer has gone out."""
        return considering.respond(
            self.rapid_review,
            outcome=outcome,
            text=text("the response"),
            reply_by=day(reply_by) if reply_by else None,
            confirmed=confirmed,
            by=self.cast.sol,
            on=day(on),
            at=moment(on, "15:00"),
        )

    def decided(
        self,
        on: str,
        code: str,
        *,
        decided_on: str = "",
        by: str = "bea",
        alternative: str = "",
        reason: str = "",
    ) -> PartnersDecision:
        """The partners confirm or change."""
        return deciding.decide(
            self.again(),
            code=code,
            alternative=alternative,
            decided_on=day(decided_on or on),
            reason=reason or text("confirming"),
            by=self.cast.people[by],
            on=day(on),
            at=moment(on, "16:00"),
        )


def given(
    view: str, on: str, *, comment: str = "", name: str = "Invented Person", position: str = ""
) -> Given:
    """A view as it is given."""
    return Given(view, name, position or "Head of safeguarding", comment, day(on))


def a_rapid_review(*, notified: str = "2026-11-23") -> Told:
    """Northmoor's notification was sent on a day; the rapid review is open."""
    load_codes()
    story = a_case(cast(), aware=notified)
    told = Told(story.cast, story.case)
    told.notified(notified)
    return told
