"""The demo's people and partnerships: invented. The authorities are real, what is told is not."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflow import clock
from workflow.models import Coverage, Membership, Organisation, Person
from workflow.people import partnerships, roles

SINCE = date(2020, 1, 1)
PASSWORD = "invented-demo-passphrase"  # noqa: S105 - printed on the demo's own terminal
# By their Department for Education code: one or two of every region.
AUTHORITIES = (
    "330", "301", "383", "865", "916", "925", "815",
    "886", "352", "210", "878", "840", "926", "942",
)  # fmt: skip
# The one authority whose notifications a second person reads before they are sent.
ASKS_APPROVAL = "383"

GIVEN = ("Ada", "Ben", "Bea", "Lena", "Adam", "Ira", "Polly")
FAMILY = (
    "Fennimore", "Okonjo-Vale", "Thackery", "Marchbanks", "Quillfeather", "Ravensworth", "Pell",
    "Winterbourne", "Ashgrove", "Lindqvist", "Farthingale", "Penhaligon", "Oakenshaw", "Clearwater",
)  # fmt: skip
LOCAL = (
    ("notifier", ("la_notifier",)),
    ("approver", ("la_notifier", "la_approver")),
    ("business.unit", ("business_unit",)),
    ("partner", ("safeguarding_partner",)),
    ("administrator", ("la_administrator",)),
)
NATIONAL = (
    (roles.PANEL, "secretariat@panel.example", "Sol Winterbourne", "panel_secretariat"),
    (roles.PANEL, "deputy@panel.example", "Sunniva Pell", "panel_secretariat"),
    (roles.PANEL, "reviewer@panel.example", "Priya Ashgrove", "panel_member"),
    (roles.PANEL, "chair@panel.example", "Petra Lindqvist", "panel_chair"),
    (roles.PANEL, "national.reviewer@panel.example", "Nia Hollowell", "national_reviewer"),
    (roles.DFE, "receiver@department.example", "Dele Farthingale", "dfe_receiver"),
    (roles.DFE, "analyst@department.example", "Dara Middlemarch", "dfe_analyst"),
    (roles.OFSTED, "observer@inspectorate.example", "Olu Penhaligon", "ofsted_observer"),
    (roles.OPERATOR, "deadlines@operator.example", "Sam Oakenshaw", "deadline_administrator"),
    (roles.OPERATOR, "auditor@operator.example", "Una Clearwater", "auditor"),
    (roles.OPERATOR, "privacy@operator.example", "Pia Hollowell", "privacy_officer"),
)
FIRST = AUTHORITIES[0]


# Reached by name on single cases only; in the first authority and its police force.
BY_NAME = (
    ("reviewer", "Rhona Thackery", "reviewer"),
    ("contributor", "Cole Marchbanks", "agency_contributor"),
)


@dataclass(frozen=True)
class Area:
    """An authority with the people who play its parts."""

    authority: Organisation
    notifier: Person
    approver: Person
    business_unit: Person
    administrator: Person
    partner: Person
    health: Person
    police: Person


@dataclass(frozen=True)
class Nation:
    """The people of the national bodies."""

    secretariat: Person
    reviewer: Person
    chair: Person
    receiver: Person


def slug(name: str) -> str:
    """A name as a domain carries it."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def settle_nation() -> Nation:
    """The national bodies have their people."""
    made: dict[str, Person] = {}
    for kind, email, name, role in NATIONAL:
        organisation = Organisation.objects.of_kind(kind).order_by("pk")[0]
        made.setdefault(role, _person(email, name, organisation, role))
    return Nation(
        secretariat=made["panel_secretariat"],
        reviewer=made["panel_member"],
        chair=made["panel_chair"],
        receiver=made["dfe_receiver"],
    )


def settle_areas() -> list[Area]:
    """Each of the demo's authorities has a partnership and its people."""
    covered = [_covered(code) for code in AUTHORITIES]
    partnerships.load("\n".join([_HEAD, *(_row(*area) for area in covered)]).encode())
    return [_area(number, *area) for number, area in enumerate(covered)]


_HEAD = "name,since,until,authorities,icbs,police"


def _covered(code: str) -> tuple[Organisation, Organisation, Organisation]:
    authority = Organisation.objects.get(dfe_code=code)
    by = {
        row.organisation.kind: row.organisation
        for row in Coverage.objects.filter(authority=authority, main=True).select_related(
            "organisation"
        )
    }
    return authority, by[roles.ICB], by[roles.POLICE]


def _row(authority: Organisation, board: Organisation, force: Organisation) -> str:
    begins = max(day for day in (SINCE, authority.since, board.since, force.since) if day)
    ods = board.codes.filter(scheme="ods").values_list("code", flat=True).first()
    board_code = ods or str(board.key).removeprefix("icb:")
    pfa = force.codes.filter(scheme="pfa").values_list("code", flat=True).first()
    name = f"{authority.name} Safeguarding Children Partnership (demo)"
    return f"{name},{begins.isoformat()},,{authority.dfe_code},{board_code},{pfa}"


def _area(number: int, authority: Organisation, board: Organisation, force: Organisation) -> Area:
    place = f"{slug(authority.name)}.example"
    people = [
        _person(f"{part}@{place}", _name(number, order), authority, *held)
        for order, (part, held) in enumerate(LOCAL)
    ]
    health = _person(
        f"partner@{slug(board.name)[:40]}.example", _name(number, 5), board, "safeguarding_partner"
    )
    police = _person(
        f"partner@{slug(force.name)}.example", _name(number, 6), force, "safeguarding_partner"
    )
    if number == 0:
        for (part, name, role), place_of in zip(BY_NAME, (authority, force), strict=True):
            _person(f"{part}@{slug(place_of.name)}.example", name, place_of, role)
    authority.senior = people[1]
    authority.approval_required = authority.dfe_code == ASKS_APPROVAL
    authority.save()
    notifier, approver, unit, partner, administrator = people
    return Area(authority, notifier, approver, unit, administrator, partner, health, police)


def _name(number: int, order: int) -> str:
    return f"{GIVEN[order]} {FAMILY[(number + order * 3) % len(FAMILY)]}"


def _person(email: str, name: str, organisation: Organisation, *held: str) -> Person:
    found = Person.objects.filter(email=email).first()
    if found is not None:
        return found
    person = Person.objects.create_person(
        email=email, name=name, password=PASSWORD, joined_at=clock.now()
    )
    begins = max(day for day in (SINCE, organisation.since) if day)
    for role in held:
        Membership.objects.create(person=person, organisation=organisation, role=role, since=begins)
    return person


class SignIn(NamedTuple):
    """One way to sign in to the demo."""

    role: str
    email: str
    password: str


# What a newcomer tries first, in the order in which a case meets them.
_SHOWN = (
    ("Notifier, Birmingham", "notifier@birmingham.example"),
    ("Approver, Birmingham", "approver@birmingham.example"),
    ("Notifier, Leeds (asks for approval)", "notifier@leeds.example"),
    ("Business unit, Birmingham", "business.unit@birmingham.example"),
    ("Safeguarding partner, police", "partner@westmidlandspolice.example"),
    ("Local authority administrator, Birmingham", "administrator@birmingham.example"),
    ("Reviewer of a local review", "reviewer@birmingham.example"),
    ("Agency contributor, police", "contributor@westmidlandspolice.example"),
    *((roles.by_slug(role).title, email) for _kind, email, _name, role in NATIONAL),
)


def sign_ins() -> list[SignIn]:
    """The sign-ins that the demo prints and the README shows."""
    return [SignIn(role, email, PASSWORD) for role, email in _SHOWN]
