"""The roles people hold in organisations: where each may be held and what it reads.

Source: the actors of the statutory process (Working Together to Safeguard Children 2023,
chapter 5, and the published guide to the national notification service).
"""

from dataclasses import dataclass

AUTHORITY = "authority"
ICB = "icb"
POLICE = "police"
EDUCATION = "education"
PANEL = "panel"
DFE = "dfe"
OFSTED = "ofsted"
OPERATOR = "operator"

KINDS: tuple[tuple[str, str], ...] = (
    (AUTHORITY, "Local authority"),
    (ICB, "Integrated care board"),
    (POLICE, "Police force"),
    (EDUCATION, "Education body"),
    (PANEL, "National panel"),
    (DFE, "Department for Education"),
    (OFSTED, "Ofsted"),
    (OPERATOR, "Service operator"),
)

CONTENT = "content"
CLOCKS = "clocks"
USERS = "users"
TRAIL = "trail"

BY_ORGANISATION = "organisation"
BY_NAME = "name"


@dataclass(frozen=True, slots=True)
class Role:
    """A role, as held by a person in one organisation.

    `reads` says what a holder may see of a case they can reach. `reached` says how they reach
    it: through their organisation's grant, or only by a grant in their own name.
    `stand_ins` are the roles of the same organisation that take over when nobody holds this one.
    A role `of_a_system` is held by the account of a program, never by a person.
    """

    slug: str
    title: str
    kinds: frozenset[str]
    reads: frozenset[str]
    reached: str = BY_ORGANISATION
    stand_ins: tuple[str, ...] = ()
    of_a_system: bool = False

    @property
    def reads_content(self) -> bool:
        """Whether a holder may read what a case is about."""
        return CONTENT in self.reads

    @property
    def reads_cases(self) -> bool:
        """Whether a holder may see anything of a case at all."""
        return bool(self.reads & {CONTENT, CLOCKS})

    def __str__(self) -> str:
        return self.title


def _role(
    slug: str, title: str, kinds: str, reads: str, *, reached: str = BY_ORGANISATION, then: str = ""
) -> Role:
    return Role(
        slug=slug,
        title=title,
        kinds=frozenset(kinds.split()),
        reads=frozenset(reads.split()),
        reached=reached,
        stand_ins=tuple(then.split()),
    )


LA_NOTIFIER = _role(
    "la_notifier", "Notifier", AUTHORITY, "content clocks", then="la_approver la_administrator"
)
LA_APPROVER = _role("la_approver", "Approver", AUTHORITY, "content clocks", then="la_administrator")
LA_ADMINISTRATOR = _role(
    "la_administrator", "Local authority administrator", AUTHORITY, "clocks users"
)
SAFEGUARDING_PARTNER = _role(
    "safeguarding_partner",
    "Safeguarding partner",
    "authority icb police",
    "content clocks",
    then="la_approver la_administrator",
)
BUSINESS_UNIT = _role(
    "business_unit",
    "Business unit",
    AUTHORITY,
    "content clocks",
    then="la_approver la_administrator",
)
# Reads dates and states of its own authority. Nobody is reminded through it; it acts on nothing.
LA_SYSTEM = Role(
    "la_system",
    "Local authority system",
    frozenset({AUTHORITY}),
    frozenset({CLOCKS}),
    of_a_system=True,
)
# Files, corrects and asks to withdraw what its authority notifies, sends the rapid reviews that
# people signed, and reads what it needs for that. It approves, signs and decides nothing.
LA_FILING_SYSTEM = Role(
    "la_filing_system",
    "Local authority filing system",
    frozenset({AUTHORITY}),
    frozenset({CONTENT, CLOCKS}),
    of_a_system=True,
)
AGENCY_CONTRIBUTOR = _role(
    "agency_contributor",
    "Agency contributor",
    "authority icb police education",
    "",
    reached=BY_NAME,
)
REVIEWER = _role("reviewer", "Reviewer", AUTHORITY, "content clocks", reached=BY_NAME)
PANEL_SECRETARIAT = _role(
    "panel_secretariat", "Secretariat", PANEL, "content clocks", then="panel_chair"
)
PANEL_MEMBER = _role("panel_member", "Panel reviewer", PANEL, "content clocks", then="panel_chair")
PANEL_CHAIR = _role("panel_chair", "Panel chair", PANEL, "content clocks", then="panel_secretariat")
NATIONAL_REVIEWER = _role(
    "national_reviewer",
    "National reviewer",
    PANEL,
    "content clocks",
    reached=BY_NAME,
    then="panel_chair panel_secretariat",
)
DFE_RECEIVER = _role(
    "dfe_receiver", "Department for Education receiver", DFE, "content clocks", then="dfe_analyst"
)
DFE_ANALYST = _role("dfe_analyst", "Department for Education analyst", DFE, "clocks")
OFSTED_OBSERVER = _role("ofsted_observer", "Ofsted observer", OFSTED, "clocks")
DEADLINE_ADMINISTRATOR = _role(
    "deadline_administrator", "Deadline administrator", OPERATOR, "clocks", then="auditor"
)
AUDITOR = _role("auditor", "Auditor", OPERATOR, "clocks trail", then="deadline_administrator")
# Told whenever somebody opens a case in an emergency; reads of it what was said, and nothing more.
PRIVACY_OFFICER = _role(
    "privacy_officer",
    "Privacy officer",
    OPERATOR,
    "",
    reached=BY_NAME,
    then="auditor deadline_administrator",
)

ALL: tuple[Role, ...] = (
    LA_NOTIFIER,
    LA_APPROVER,
    LA_ADMINISTRATOR,
    SAFEGUARDING_PARTNER,
    BUSINESS_UNIT,
    LA_SYSTEM,
    LA_FILING_SYSTEM,
    AGENCY_CONTRIBUTOR,
    REVIEWER,
    PANEL_SECRETARIAT,
    PANEL_MEMBER,
    PANEL_CHAIR,
    NATIONAL_REVIEWER,
    DFE_RECEIVER,
    DFE_ANALYST,
    OFSTED_OBSERVER,
    DEADLINE_ADMINISTRATOR,
    AUDITOR,
    PRIVACY_OFFICER,
)

OF_PEOPLE = tuple(role for role in ALL if not role.of_a_system)
OF_SYSTEMS = frozenset(role.slug for role in ALL if role.of_a_system)

_BY_SLUG = {role.slug: role for role in ALL}

CHOICES: tuple[tuple[str, str], ...] = tuple((role.slug, role.title) for role in ALL)


def by_slug(slug: str) -> Role:
    """Return the role with this slug; raises KeyError for a word that is no role."""
    return _BY_SLUG[slug]


def suits(role: str, kind: str) -> bool:
    """Return whether a role may be held in an organisation of this kind."""
    return role in _BY_SLUG and kind in _BY_SLUG[role].kinds
