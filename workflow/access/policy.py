"""Who may do what: one table of acts, each with the roles and, on a case, the capacities.

The transitions of a case name their own roles; this table is for what is read and written
around them. A role that reads only clocks never stands beside an act that shows content.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models.functions import Coalesce

from workflow import clock
from workflow.access.models import Capacity, Grant
from workflow.access.reach import grants_of, reaches
from workflow.people import roles
from workflow.people.person import Person

if TYPE_CHECKING:
    from workflow.machine.case import Case


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles that may do an act and, where it is done on a case, in which capacities."""

    roles: frozenset[str]
    capacities: frozenset[str] = frozenset()


def _to(who: str, *capacities: str) -> Permission:
    """A permission for role slugs that all exist: a misspelt one stops the program."""
    return Permission(
        frozenset(roles.by_slug(slug).slug for slug in who.split()), frozenset(capacities)
    )


_CONTENT = " ".join(role.slug for role in roles.ALL if role.reads_content)
_CASES = " ".join(role.slug for role in roles.ALL if role.reads_cases)
_ALL = tuple(Capacity.values)
_CLOCKS = {Capacity.OPERATOR, Capacity.OFSTED, Capacity.ASKED}
_READ = tuple(value for value in Capacity.values if value not in _CLOCKS)
_OWN = (Capacity.NOTIFYING_AUTHORITY,)
_LOCAL = (Capacity.NOTIFYING_AUTHORITY, Capacity.PARTNER)
_PANEL = (Capacity.PANEL,)

ACTS: dict[str, Permission] = {
    # Reading. The case page and its clocks hold no name and no story.
    "view.case": _to(_CASES, *_ALL),
    "view.clocks": _to(_CASES, *_ALL),
    # Whoever is asked to take a case over needs its facts and dates, not who did what before.
    "view.timeline": _to(_CASES, *(value for value in _ALL if value != Capacity.ASKED)),
    "view.content": _to(_CONTENT, *_READ),
    # What was selected from lists, without a name or a word that anybody wrote.
    "view.coded": _to("dfe_analyst ofsted_observer", Capacity.DFE, Capacity.OFSTED),
    "view.children": _to(_CONTENT, *_READ),
    "view.names": _to(_CONTENT, *_READ),
    # The local side.
    "write.notification": _to("la_notifier la_approver la_filing_system", *_OWN),
    # What is attached is content; whoever writes the story may add to it, and take away what is
    # not needed, with a reason that stays.
    "view.documents": _to(_CONTENT, *_READ),
    "attach.document": _to("la_notifier la_approver business_unit", *_LOCAL),
    "remove.document": _to("la_approver business_unit", *_LOCAL),
    "write.rapid_review": _to("la_notifier la_approver business_unit", *_LOCAL),
    # A system puts and sends those of its own authority's cases, and no partner's.
    "file.rapid_review": _to("la_filing_system", *_OWN),
    "write.practice_review": _to("la_approver business_unit reviewer", *_LOCAL, "reviewer"),
    "transfer.answer": _to("la_notifier la_approver", Capacity.ASKED),
    # One death may be owed by two authorities, to the Panel and to the Department: only the
    # Department receives both.
    "link": _to(
        "la_notifier la_approver panel_secretariat dfe_receiver", *_OWN, *_PANEL, Capacity.DFE
    ),
    # A later date stands beside the legal one; agreeing it shows no content.
    "agree.later_date": _to("panel_secretariat deadline_administrator", *_PANEL, Capacity.OPERATOR),
    "sign_off": _to("safeguarding_partner la_approver", *_LOCAL),
    # The Panel.
    "find.same_child": _to("panel_secretariat panel_member panel_chair", *_PANEL),
    "panel.acknowledge": _to("panel_secretariat", *_PANEL),
    "panel.triage": _to("panel_secretariat panel_member panel_chair", *_PANEL),
    "panel.consider": _to("panel_member panel_chair", *_PANEL),
    "panel.respond": _to("panel_secretariat panel_chair", *_PANEL),
    # Whoever watches dates says that a missed one was seen; it holds no content of the case.
    "acknowledge.breach": _to(
        "la_approver la_administrator business_unit panel_secretariat panel_chair"
        " deadline_administrator",
        *_LOCAL,
        *_PANEL,
        Capacity.OPERATOR,
    ),
    # What was sent passes to another authority only with the agreement of whoever received it.
    "transfer.agree": _to("panel_secretariat dfe_receiver", *_PANEL, Capacity.DFE),
    # A notification that does not go to the Panel is received and closed by a person.
    "receive": _to("dfe_receiver", Capacity.DFE),
    # Staff or relatives are implicated: the case is for named people alone.
    "restrict": _to("la_approver panel_chair", *_OWN, *_PANEL),
    # How long the record is kept, and how it ends. Neither shows what was written.
    "view.retention": _to(
        "la_approver la_administrator panel_secretariat panel_chair", *_OWN, *_PANEL
    ),
    "hold.record": _to("la_approver panel_chair", *_OWN, *_PANEL),
    "dispose.record": _to("la_approver la_administrator", *_OWN),
    # Words come out of every version of an answer by two people of the authority.
    "redact.propose": _to("la_notifier la_approver business_unit", *_OWN),
    "redact.confirm": _to("la_approver", *_OWN),
    # Out of a partner's view somebody of that partner proposes it, or of the business unit where
    # that wrote the view down, to which the partner may say no; once that partner has the case no
    # more, the authority that has it. What the Panel wrote is the Panel's alone.
    "redact.propose_view": _to("safeguarding_partner la_approver business_unit", *_LOCAL),
    "redact.propose_panel": _to("panel_secretariat panel_member panel_chair", *_PANEL),
    "redact.confirm_panel": _to("panel_secretariat panel_chair", *_PANEL),
    # Acts on no one case.
    "open.notification": _to("la_notifier la_approver la_filing_system"),
    "refer": _to("la_notifier la_approver business_unit safeguarding_partner"),
    "enter_on_behalf": _to("panel_secretariat"),
    "manage.calendar": _to("deadline_administrator"),
    "manage.people": _to("la_administrator deadline_administrator"),
    # Which of its own systems an authority has told of acts on its cases.
    "manage.webhooks": _to("la_administrator"),
    # To open a case out of sight for an hour, and to say afterwards whether that was right.
    "open.in_emergency": _to("la_approver panel_secretariat panel_chair dfe_receiver"),
    "review.emergencies": _to("la_approver privacy_officer"),
    "view.breaches": _to(
        "la_approver la_administrator business_unit panel_secretariat panel_chair"
        " dfe_analyst deadline_administrator auditor"
    ),
    "view.messages": _to("la_approver la_administrator deadline_administrator"),
    # That a case is restricted, its reference and its dates: nothing else of it.
    "view.restricted": _to("la_administrator deadline_administrator"),
    # An authority learns who looked at its own cases; nobody else learns it of them.
    "view.looks": _to("la_approver la_administrator"),
    "review.retention": _to("la_approver la_administrator"),
    # Which proposals to take words out wait for their answer.
    "review.redactions": _to("la_approver panel_secretariat panel_chair"),
    "look_after.service": _to("deadline_administrator"),
    "view.trail": _to("auditor"),
}


def roles_for(act: str) -> frozenset[str]:
    """The slugs of the roles that may do an act; KeyError for a word that is no act."""
    return ACTS[act].roles


class Rights:
    """What one person may do on one case on one date: read once, asked as often as needed."""

    def __init__(self, person: Person, case: "Case", on: date) -> None:
        self.on = on
        self.held: set[tuple[str, str]] = set()
        if person.is_active:
            given = Grant.objects.active(on).filter(grants_of(person, on), case=case)
            for holder, place, capacity in given.values_list(
                "person_id", Coalesce("organisation_id", "named_at_id"), "capacity"
            ):
                for membership in person.memberships_on(on):
                    at_home = membership.organisation_id == place
                    by_name = holder and place is None
                    if by_name or (at_home and reaches(membership.role, capacity)):
                        self.held.add((membership.role, capacity))

    def may(self, act: str) -> bool:
        """Whether the person may do an act on the case; KeyError for a word that is no act."""
        permission = ACTS[act]
        return any(
            role in permission.roles and capacity in permission.capacities
            for role, capacity in self.held
        )


def may(person: Person, act: str, case: "Case | None" = None, on: date | None = None) -> bool:
    """Whether a person may do an act on a London date, today if none is given.

    An act that is done on a case is never allowed without one, an act on no case needs none.
    """
    day = on or clock.today()
    permission = ACTS[act]
    if permission.capacities:
        return case is not None and Rights(person, case, day).may(act)
    return bool(person.roles_on(day) & permission.roles)
