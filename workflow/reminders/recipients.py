"""Who could be told: the audience of each rung, those in reserve, and who asked to be spared.

Read once for all organisations of a sweep. Who of them can see a case, the sweep's statement knows:
it joins what is found here and tells at least two, where there are as many.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from workflow.law import duties
from workflow.law.ladders import Audience
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.reminders.models import ReminderChoice

# So many are told, of those who can see the case; only beyond them can anybody be spared.
ENOUGH = 2

# Whose work the act is. Where nobody holds a role, its stand-ins and the named senior follow.
DOERS: dict[str, tuple[str, ...]] = {
    duties.NOTIFY_THE_PANEL.slug: ("la_notifier",),
    duties.TELL_THE_PARTNERS.slug: ("la_notifier",),
    duties.LOOKED_AFTER_CHILD_DEATH.slug: ("la_notifier",),
    duties.CARE_LEAVER_DEATH.slug: ("la_notifier",),
    duties.RAPID_REVIEW.slug: ("la_notifier", "business_unit"),
    duties.PANEL_RESPONSE.slug: ("panel_secretariat",),
    duties.LOCAL_REVIEW.slug: ("business_unit", "la_approver"),
    duties.ADVANCE_COPY.slug: ("business_unit", "la_approver"),
    duties.NATIONAL_REPORT_TO_SOS.slug: ("panel_secretariat",),
}
SENIORS = ("la_approver", "panel_chair")
Wants = ReminderChoice.Wants


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told, and the organisation whose sight of the case lets them open it."""

    person: int
    through: int


@dataclass
class Directory:
    """Everybody who could be told on a London date, by organisation and role."""

    on: date
    _held: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)
    _seniors: dict[int, int] = field(default_factory=dict)
    _wants: dict[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, owners: Iterable[int], *, on: date) -> "Directory":
        """The people of these organisations, of the Panel, of the partners and of the operator."""
        found = cls(on)
        shared = Q(kind__in=[roles.PANEL, roles.OPERATOR, roles.ICB, roles.POLICE, roles.EDUCATION])
        bodies = Organisation.objects.filter(Q(pk__in=list(owners)) | shared)
        named = {}
        for body in bodies:
            found._kinds[body.pk] = body.kind
            if body.senior_id is not None:
                named[body.pk] = body.senior_id
        held = Membership.objects.current(on).filter(
            organisation__in=found._kinds, person__is_active=True
        )
        by_role: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for person, body_id, role in held.order_by("pk").values_list(
            "person_id", "organisation_id", "role"
        ):
            by_role[body_id][role].append(person)
        found._held = by_role
        # As `responsible.senior_of` has it: whoever belongs there no longer is told nothing.
        found._seniors = {
            body_id: senior for body_id, senior in named.items() if found._belongs(senior, body_id)
        }
        choices = ReminderChoice.objects.order_by("person_id", "-pk").distinct("person_id")
        found._wants = dict(choices.values_list("person_id", "wants"))
        return found

    def audience(self, owner: int, duty: str, to: Iterable[Audience]) -> list[Recipient]:
        """Whose it is to be told of a duty that an organisation owes."""
        found = (one for audience in to for one in self._audience(owner, duty, audience))
        return list(dict.fromkeys(found))

    def reserves(self, owner: int) -> list[Recipient]:
        """Who is told besides where fewer than two of an audience can see the case, in turn."""
        return list(dict.fromkeys(self._reserves(owner)))

    def spared(self, people: Iterable[int]) -> list[tuple[int, bool]]:
        """Those of these people who asked to be spared quiet reminders; whether loud ones too."""
        asked = ((person, self._wants.get(person, Wants.ALL)) for person in sorted(set(people)))
        return [(person, wants == Wants.NONE) for person, wants in asked if wants != Wants.ALL]

    def partners(self) -> list[Recipient]:
        """The partners of every area: which of them are told of a case, its grants say."""
        kinds = (roles.ICB, roles.POLICE, roles.EDUCATION)
        return list(self._everywhere(kinds, roles.SAFEGUARDING_PARTNER.slug))

    def _belongs(self, person: int, body: int) -> bool:
        held = self._held.get(body, {})
        return any(person in held.get(role.slug, ()) for role in roles.OF_PEOPLE)

    def _audience(self, owner: int, duty: str, audience: Audience) -> Iterator[Recipient]:
        if audience == "doers":
            for role in DOERS[duty]:
                yield from self._role(owner, role)
        elif audience == "seniors":
            for role in SENIORS:
                yield from self._holders(owner, role)
            yield from self._senior(owner)
        elif audience == "partners":
            yield from self._holders(owner, roles.SAFEGUARDING_PARTNER.slug)
        elif audience == "secretariat":
            yield from self._everywhere((roles.PANEL,), "panel_secretariat")
        else:
            yield from self._administrators()

    def _role(self, owner: int, role: str) -> Iterator[Recipient]:
        """The holders of a role; where there are none, its stand-ins and the named senior."""
        holders = list(self._holders(owner, role))
        if not holders:
            holders = list(self._senior(owner))
            for stand_in in roles.by_slug(role).stand_ins:
                holders = holders or list(self._holders(owner, stand_in))
        yield from holders

    def _reserves(self, owner: int) -> Iterator[Recipient]:
        yield from self._senior(owner)
        for role in roles.ALL:
            if role.reads_cases and self._kinds.get(owner) in role.kinds:
                yield from self._holders(owner, role.slug)
        yield from self._administrators()

    def _administrators(self) -> Iterator[Recipient]:
        return self._everywhere((roles.OPERATOR,), roles.DEADLINE_ADMINISTRATOR.slug)

    def _everywhere(self, kinds: tuple[str, ...], role: str) -> Iterator[Recipient]:
        for body, kind in self._kinds.items():
            if kind in kinds:
                yield from self._holders(body, role)

    def _holders(self, body: int, role: str) -> Iterator[Recipient]:
        for person in self._held.get(body, {}).get(role, []):
            yield Recipient(person, body)

    def _senior(self, body: int) -> Iterator[Recipient]:
        if body in self._seniors:
            yield Recipient(self._seniors[body], body)


def chosen_by(person: Person) -> str:
    """What a person last asked for; all reminders unless they asked otherwise."""
    newest = person.reminder_choices.order_by("-pk").values_list("wants", flat=True).first()
    return newest or Wants.ALL
