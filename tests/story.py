"""The cast, and stories told through the real services.

Ada leads safeguarding at Northmoor, Ben is her deputy and approves, Cara leads at Southfen and must
never see Northmoor, Priya reviews for the Panel, Sol is its secretariat, Petra its chair, Dele
receives for the department, Ira and Polly are the health and police partners, Bea runs the business
unit, Sam administers, Otto may not sign in. All of them and both places are invented.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from tests import sight
from workflow import services
from workflow.models import (
    Case,
    Membership,
    Organisation,
    Partnership,
    PartnershipMember,
    Person,
    PracticeReview,
    RapidReview,
)

BEGAN = date(2018, 7, 1)
LONDON = ZoneInfo("Europe/London")
PASSWORD = "a-long-invented-passphrase"


def day(text: str) -> date:
    """A date from its ISO words."""
    return date.fromisoformat(text)


def moment(on: date | str, clock: str = "10:00") -> datetime:
    """A London wall-clock moment as an instant."""
    on = day(on) if isinstance(on, str) else on
    local = datetime.combine(on, time.fromisoformat(clock), tzinfo=LONDON)
    return local.astimezone(UTC)


@dataclass
class Cast:
    """Everybody, in their places."""

    northmoor: Organisation
    southfen: Organisation
    partnership: Partnership
    panel: Organisation
    dfe: Organisation
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def organisation(kind: str, name: str, **more: Any) -> Organisation:
    """An invented organisation."""
    return Organisation.objects.create(kind=kind, name=name, since=BEGAN, **more)


def person(name: str, organisation: Organisation, *roles: str) -> Person:
    """Somebody with roles in one organisation since the beginning."""
    found = Person.objects.create_person(
        email=f"{name.lower().replace(' ', '.')}@{organisation.pk}.example",
        name=name,
        password=PASSWORD,
        joined_at=moment(BEGAN),
    )
    for role in roles:
        Membership.objects.create(person=found, organisation=organisation, role=role, since=BEGAN)
    return found


@cache
def hashed() -> str:
    """The one passphrase of all as the database keeps it, made once."""
    return make_password(PASSWORD)


# Each of the cast, where they are and in which roles.
WHO: dict[str, tuple[str, tuple[str, ...]]] = {
    "ada": ("northmoor", ("la_notifier",)),
    "ben": ("northmoor", ("la_notifier", "la_approver")),
    "bea": ("northmoor", ("business_unit",)),
    "lena": ("northmoor", ("safeguarding_partner",)),
    "adam": ("northmoor", ("la_administrator",)),
    "cara": ("southfen", ("la_notifier", "la_approver")),
    "ira": ("icb", ("safeguarding_partner",)),
    "polly": ("police", ("safeguarding_partner",)),
    "sol": ("panel", ("panel_secretariat",)),
    "priya": ("panel", ("panel_member",)),
    "petra": ("panel", ("panel_chair",)),
    "dele": ("dfe", ("dfe_receiver",)),
    "olu": ("ofsted", ("ofsted_observer",)),
    "sam": ("operator", ("deadline_administrator",)),
    "otto": ("northmoor", ("la_notifier",)),
}


def cast() -> Cast:
    """The whole cast, stored: nearly every test begins with it, so each table is written once."""
    at = {
        "northmoor": Organisation(
            kind="authority", name="Northmoor", dfe_code="9901", region="North East"
        ),
        "southfen": Organisation(
            kind="authority", name="Southfen", dfe_code="9902", region="South East"
        ),
        "panel": Organisation(
            kind="panel", name="Child Safeguarding Practice Review Panel", key="panel"
        ),
        "dfe": Organisation(kind="dfe", name="Department for Education", key="dfe"),
        "ofsted": Organisation(kind="ofsted", name="Ofsted", key="ofsted"),
        "operator": Organisation(kind="operator", name="Service operator", key="operator"),
        "icb": Organisation(kind="icb", name="Northmoor Integrated Care Board"),
        "police": Organisation(kind="police", name="Northmoor Police"),
    }
    for place in at.values():
        place.since = BEGAN
    Organisation.objects.bulk_create(at.values())
    partnership = Partnership.objects.create(name="Northmoor Safeguarding", since=BEGAN)
    PartnershipMember.objects.bulk_create(
        PartnershipMember(partnership=partnership, organisation=at[name], since=BEGAN)
        for name in ("northmoor", "icb", "police")
    )
    return Cast(
        at["northmoor"], at["southfen"], partnership, at["panel"], at["dfe"], _everybody(at)
    )


def _everybody(at: dict[str, Organisation]) -> dict[str, Person]:
    people = {
        name: Person(
            email=f"{name}@{at[where].pk}.example",
            name=name.capitalize(),
            password=hashed(),
            joined_at=moment(BEGAN),
            is_active=name != "otto",
        )
        for name, (where, _) in WHO.items()
    }
    Person.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(person=people[name], organisation=at[where], role=role, since=BEGAN)
        for name, (where, roles) in WHO.items()
        for role in roles
    )
    return people


@dataclass
class Story:
    """A case, told forward. Each step is the real service, on the day it names.

    The database shows the actor what is theirs to see, as in the service (`sight`).
    """

    cast: Cast
    case: Case

    def again(self) -> Case:
        """The case as it now stands in the database."""
        self.case = Case.objects.select_related("notification", "authority").get(pk=self.case.pk)
        return self.case

    def act(
        self, subject: Any, name: str, by: str, on: str, clock: str = "10:00", **more: Any
    ) -> Any:
        """One act; the subject is read afresh first."""
        subject.refresh_from_db()
        actor = self.cast.people[by]
        with sight.of(actor, on=day(on)):
            event = services.advance(
                subject, name, by=actor, on=day(on), at=moment(on, clock), **more
            )
        self.again()
        return event

    def facts(self, on: str, *, by: str = "ada", **facts: Any) -> "Story":
        """The case's facts as known on a day."""
        case, actor = self.again(), self.cast.people[by]
        with sight.of(actor, on=day(on)):
            services.record_facts(case, facts, by=actor, on=day(on), at=moment(on))
        self.again()
        return self

    def notified(self, on: str, *, by: str = "ada", clock: str = "10:00", **facts: Any) -> "Story":
        """The notification is sent."""
        self.act(self.again().notification, "submit", by, on, clock, facts=facts)
        return self

    def died(self, on: str) -> "Story":
        """The child who was harmed has died: the next notification of the case is begun."""
        facts = {"outcome": "died", "aware_on": day(on)}
        words = "The child has died."
        subject = self.again().notification
        self.act(subject, "harm_became_death", "ada", on, reason=words, facts=facts)
        return self

    @property
    def rapid_review(self) -> RapidReview:
        """The newest rapid review."""
        return RapidReview.objects.select_related("case").filter(case=self.case).latest("number")

    @property
    def practice_review(self) -> PracticeReview:
        """The newest practice review."""
        found = PracticeReview.objects.select_related("case").filter(case=self.case)
        return found.latest("number")

    def reviewed(self, on: str, lcspr: str = "no", *, by: str = "ada", **facts: Any) -> "Story":
        """The rapid review is sent, with the partners' decision in it."""
        facts.setdefault("decided_on", day(on))
        self.act(self.rapid_review, "submit", by, on, facts={"lcspr": lcspr, **facts})
        return self

    def answered(self, on: str) -> "Story":
        """The Panel considers the rapid review and issues its response."""
        self.act(self.rapid_review, "consider", "priya", on)
        self.act(self.rapid_review, "issue_response", "sol", on, "16:00")
        return self


def a_case(
    cast: Cast,
    *,
    aware: str,
    suspected: str | None = None,
    opened: str | None = None,
    by: str = "ada",
    **facts: Any,
) -> Story:
    """A draft of Northmoor's with its awareness date, and so its clocks."""
    on = opened or aware
    author = cast.people[by]
    authority = cast.southfen if by == "cara" else cast.northmoor
    with sight.of(author, on=day(on)):
        at = moment(on, "09:00")
        case = services.open_case(authority=authority, by=author, on=day(on), at=at)
    known = {
        "outcome": "seriously_harmed",
        "abuse": "suspected",
        "place": "in_area",
        "looked_after": False,
        "care_leaver": False,
        "under_18": True,
        "under_25": True,
        "aware_on": day(aware),
        "suspected_on": day(suspected) if suspected else None,
        "children_count": 1,
        **facts,
    }
    return Story(cast, case).facts(on, by=by, **known)


def three_stages(cast: Cast) -> list[Story]:
    """A draft, one sent late, and one decided: all of them Northmoor's."""
    return [
        a_case(cast, aware="2026-12-07"),
        a_case(cast, aware="2026-11-02").notified("2026-11-12", late_reason="other"),
        a_case(cast, aware="2026-10-01")
        .notified("2026-10-05")
        .reviewed("2026-10-20", "yes")
        .answered("2026-11-02"),
    ]
