"""Which safeguarding partners are asked to sign a rapid review, and which have: from the trail.

A partner's view is an event on the rapid review that names the organisation. What the view says
lives with the review's content, in the room above.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q

from workflow.access.models import Capacity, Grant
from workflow.access.policy import may, roles_for
from workflow.audit.models import Event
from workflow.machine.case import Case
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

STATUTORY = (roles.AUTHORITY, roles.ICB, roles.POLICE)
"""The kinds of organisation that are safeguarding partners of an area: section 16E(3)."""

PARTNER = roles.SAFEGUARDING_PARTNER.slug
SIGN_OFF = "sign_off"
SIGNERS = tuple(sorted(roles_for(SIGN_OFF)))
VIEWS = (SIGN_OFF, "sign_off_received")
"""The acts by which a partner's view came: its own, or one written down by the business unit."""
REWRITTEN = "rewrite_rapid_review"
"""A system replaced words that a partner had signed: each view from before is of other words."""
OF_THIS_DRAFT = "of_this_draft"
"""In a view's event: whether it is of the draft as it stood when it came. A letter may be of an
earlier one; in events from before this was said, every view is taken to be."""


def statutory_partners(case: Case, *, on: date) -> list[Organisation]:
    """The safeguarding partners of the case's area on a day: the authority, then ICB and police."""
    found = {case.authority_id: case.authority}
    if case.partnership is not None:
        members = case.partnership.members.current(on).select_related("organisation")
        for member in members.filter(organisation__kind__in=STATUTORY):
            found.setdefault(member.organisation_id, member.organisation)
    return sorted(found.values(), key=lambda row: (STATUTORY.index(row.kind), row.name))


def yet_to_sign(review: RapidReview, *, on: date) -> list[Organisation]:
    """The statutory partners that have given no view of this rapid review yet.

    Where words that one of them had signed were replaced, none of them has.
    """
    given = _views_of(review)
    return [row for row in statutory_partners(review.case, on=on) if row.pk not in given]


def yet_to_sign_this_draft(review: RapidReview, *, on: date) -> list[Organisation]:
    """Those, and besides the partners whose view came since and is of an earlier draft."""
    given = _views_of(review)
    return [row for row in statutory_partners(review.case, on=on) if not given.get(row.pk)]


def _views_of(review: RapidReview) -> dict[int, bool]:
    """Of each partner that gave its view: whether the newest is of the draft as it stood then."""
    done = Event.objects.filter(
        case=review.case_id, machine=RapidReview.MACHINE, number=review.number
    )
    given: dict[int, bool] = {}
    acts = done.filter(act__in=[*VIEWS, REWRITTEN]).order_by("sequence")
    for act, payload in acts.values_list("act", "payload"):
        if act == REWRITTEN:
            given = {}
        else:
            given[payload["organisation_id"]] = payload.get(OF_THIS_DRAFT, True)
    return given


def anybody_signed(review: RapidReview, *, on: date) -> bool:
    """Whether any statutory partner's view of this rapid review counts."""
    return len(yet_to_sign(review, on=on)) < len(statutory_partners(review.case, on=on))


def signs_for(person: Person, case: Case, *, on: date) -> list[Organisation]:
    """The statutory partners for which a person answers on a day: asked by link and page alike.

    Those where the person is the safeguarding partner or, where nobody is, stands in; none for
    somebody whose role may not sign.
    """
    if not may(person, SIGN_OFF, case, on):
        return []
    return [
        organisation
        for organisation in statutory_partners(case, on=on)
        if person in responsible_people(organisation, PARTNER, on)
    ]


def waits_to_be_signed_by(organisations: Iterable[int]) -> Q:
    """The condition on cases that one of these partners is asked to sign and has not."""
    rewritten = Event.objects.filter(
        case=OuterRef("case"),
        machine=RapidReview.MACHINE,
        number=OuterRef("number"),
        act=REWRITTEN,
        sequence__gt=OuterRef("sequence"),
    )
    reviews = RapidReview.objects.filter(
        case=OuterRef("pk"), state=RapidReviewState.PARTNER_SIGNOFF
    )
    found = Q()
    for organisation in sorted(organisations):
        given = Event.objects.filter(
            case=OuterRef("case"),
            machine=RapidReview.MACHINE,
            number=OuterRef("number"),
            act__in=VIEWS,
            payload__organisation_id=organisation,
        ).exclude(Exists(rewritten))
        asked = Grant.objects.filter(
            case=OuterRef("case"),
            organisation=organisation,
            capacity__in=[Capacity.NOTIFYING_AUTHORITY, Capacity.PARTNER],
        )
        found |= Q(Exists(reviews.filter(Exists(asked)).exclude(Exists(given))))
    return found
