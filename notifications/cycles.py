"""The same case goes on: harm became a death, abuse is suspected now, a decision is reopened.

The answers are carried over into the next notification, to be corrected and added to; what was
sent before rests as it was sent.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from notifications import index
from notifications.facts import CHILDREN
from notifications.sections import Paper
from notifications.services import paper_of
from workflow import services
from workflow.models import Answers, Case, Person
from workflow.sealed.names import document_of

HARM_BECAME_DEATH = "harm_became_death"
ABUSE_SUSPECTED = "abuse_now_suspected"
REOPEN = "reopen"
# Not carried over: they were about the sending itself.
LEFT_BEHIND = frozenset({"late", "received"})


@transaction.atomic
def go_on(
    token: str,
    act: str,
    *,
    facts: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, list[str]]],
    reason: str,
    by: Person,
    on: date,
    at: datetime,
) -> Case:
    """The next notification of the case is begun, with clocks of its own.

    `facts` are those that changed; `answers` the same by page, as typed. Raises what
    `services.advance` raises.
    """
    case = services.lock_case(token, by=by, on=on)
    before = paper_of(case, on=on)
    services.advance(case.notification, act, by=by, on=on, at=at, reason=reason, facts=facts)
    carry_over(before, case, answers, without=LEFT_BEHIND, by=by, at=at)
    index.keep(paper_of(case, on=on))
    return case


def carry_over(
    before: Paper,
    case: Case,
    changed: Mapping[str, Mapping[str, list[str]]],
    *,
    without: frozenset[str],
    by: Person,
    at: datetime,
) -> None:
    """The present notification of the case begins with the answers of the one before.

    `changed` are further answers by page; pages in `without` begin empty.
    """
    name = document_of(case.notification.cycle)
    copies = []
    for (section, item), row in before.rows.items():
        if section in without:
            continue
        new = changed.get(section, {}) if not item else {}
        copies.append(_copy(case, name, row, {**dict(row.answers), **new}, by=by, at=at))
    Answers.objects.bulk_create(copies)


def _copy(
    case: Case, name: str, row: Answers, typed: dict[str, Any], *, by: Person, at: datetime
) -> Answers:
    return Answers(
        case=case,
        authority_id=case.authority_id,
        document=name,
        section=row.section,
        item=row.item,
        order=row.order,
        # What was complete may no longer be: a child who has died needs a date of death.
        complete=row.complete and row.section.split(".")[0] != CHILDREN,
        answers=typed,
        edited_by=by,
        edited_at=at,
    )
