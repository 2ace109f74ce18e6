"""Who may be shown which case, and which of its words: worked out a second time, from the grants.

Nothing here asks the service's own rules: it must not be its own judge.
"""

from dataclasses import dataclass, field
from datetime import date

from reviews.demo.people import Area
from workflow import clock
from workflow.models import Case, Grant, Membership, Person

BY_NAME_ALONE = {"agency_contributor", "reviewer", "national_reviewer", "privacy_officer"}
PARTNERLY = {"safeguarding_partner", "business_unit"}
READ_NO_STORY = {
    "la_administrator", "agency_contributor", "dfe_analyst", "ofsted_observer",
    "deadline_administrator", "auditor", "privacy_officer",
}  # fmt: skip
CLOCKS_ALONE = {"operator", "ofsted", "asked_to_take_over"}
# Who learns of restricted cases that they exist, on one page of their own, and as whose people.
WATCH = {"la_administrator": "notifying_authority", "deadline_administrator": "operator"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word(number: int) -> str:
    """A word that nobody else has."""
    found = ""
    for _ in range(5):
        number, digit = divmod(number * 7 + 3, 26)
        found += LETTERS[digit]
    return f"Zq{found}"


@dataclass
class Told:
    """A case: its area, the word in all that was typed for it, and who else had a part in it."""

    case: Case
    area: int
    word: str
    ended: bool
    touched: set[int] = field(default_factory=set)
    # By name, where it is restricted to them.
    named: frozenset[int] | None = None


@dataclass
class Reader:
    """Somebody in a role, and all that they may be shown; nobody when signed out."""

    role: str
    person: Person | None
    area: int | None = None
    tokens: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    recused: list[str] = field(default_factory=list)
    restricted: list[str] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    feed: str = "no-such-calendar"


@dataclass
class World:
    """All of it, as the matrix asks for it."""

    told: list[Told]
    readers: list[Reader]
    areas: list[Area]
    keys: dict[int | None, dict[str, list[int]]] = field(default_factory=dict)

    def hidden(self, reader: Reader) -> list[Told]:
        """The cases of which the reader may be shown nothing."""
        return [one for one in self.told if one.case.token not in reader.tokens]

    def seen(self, reader: Reader) -> list[Told]:
        """The others."""
        return [one for one in self.told if one.case.token in reader.tokens]


def known(reader: Reader) -> Person:
    """The reader, who is signed in."""
    assert reader.person is not None
    return reader.person


def judge(world: World, reader: Reader, *, on: date) -> None:
    """What the reader may be shown is worked out from the dated grants."""
    held = [
        (row.role, row.organisation_id)
        for row in Membership.objects.filter(person=reader.person, until__isnull=True)
    ]
    named = {one.word: one for one in world.told}
    by_case = {one.case.pk: one for one in world.told}
    reader.tokens, reader.words, reader.watched = set(), set(), set()
    reader.recused, reader.restricted = [], []
    areas = {reader.area} if reader.area is not None else set(range(len(world.areas)))
    for grant in Grant.objects.order_by("pk"):
        one = by_case[grant.case_id]
        mine = {role for role, at in held if _reaches(grant, role, at, reader)}
        if not mine:
            continue
        if not _in_force(grant, on):
            reader.recused.append(one.case.token)
            continue
        if one.named is not None and (grant.person_id is None or grant.person_id not in one.named):
            reader.restricted.append(one.case.token)
            if grant.capacity in {WATCH.get(role) for role in mine}:
                reader.watched.add(one.case.token)
            continue
        reader.tokens.add(one.case.token)
        areas |= one.touched
        if mine - READ_NO_STORY and grant.capacity not in CLOCKS_ALONE:
            reader.words.add(one.word)
    reader.recused = [token for token in reader.recused if token not in reader.tokens]
    reader.restricted = [token for token in reader.restricted if token not in reader.tokens]
    reader.words |= {word(number) for number in areas}
    assert reader.words & named.keys() or reader.role in READ_NO_STORY | BY_NAME_ALONE, reader.role


def _reaches(grant: Grant, role: str, at: int, reader: Reader) -> bool:
    if grant.person_id is not None:
        return reader.person is not None and grant.person_id == reader.person.pk
    if grant.organisation_id != at or role in BY_NAME_ALONE:
        return False
    return grant.capacity != "partner" or role in PARTNERLY


def _in_force(grant: Grant, on: date) -> bool:
    ends = grant.expires_at is None or grant.expires_at > clock.now()
    lasts = grant.until is None or grant.until >= on
    return grant.withdrawn_at is None and grant.since <= on and lasts and ends
