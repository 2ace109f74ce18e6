"""Adding to or correcting what was sent: before and after are kept, with the reason.

Neither makes a late act on time: clocks that were met stay as they were.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from notifications import rules
from notifications.models import Amendment, Notification
from notifications.recording import children_of, describe
from notifications.sections import Leaf, Paper, Problem
from notifications.services import keep_facts, paper_of
from workflow import clock, services
from workflow.machine.approval import tell_where_nobody_is_left
from workflow.machine.case import Abuse
from workflow.machine.notification_states import WITH_THE_PANEL
from workflow.models import Answers, Capacity, Case, Event, Grant, Outbox, Person
from workflow.outbox.services import messages_of
from workflow.sealed import answers

AMENDERS = ("la_notifier", "la_approver", "la_filing_system", "panel_secretariat")
NEW = "new"


class DoesNotFit(Exception):
    """What was sent would not fit together any more: every reason, each with its page."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The correction does not fit what else was sent.")
        self.problems = problems


@transaction.atomic
def amend(
    token: str,
    leaf: Leaf,
    *,
    typed: Mapping[str, list[str]],
    reason: str,
    seen_version: int,
    by: Person,
    on: date,
    at: datetime,
) -> Amendment:
    """The answers of a page are corrected, and whoever received the notification is told.

    The item `new` adds a child or adult. Raises CannotAdvance without a reason, without a change
    or before sending; DoesNotFit where the rules of sending would have refused it;
    answers.Conflict when somebody else changed the page meanwhile.
    """
    case = services.lock_case(token, by=by, on=on)
    paper = paper_of(case, on=on)
    sent_on = _day_sent(case)
    before = {} if leaf.item == NEW else paper.typed(leaf)
    _refuse(sent_on, before, typed, reason)
    _refuse_what_was_known(paper, leaf, typed)
    row = _saved(paper, leaf, typed, seen_version, by, at)
    _refuse_what_does_not_fit(paper, paper.with_row(row), leaf, sent_on=sent_on)
    amendment = Amendment(
        case=case,
        cycle=case.notification.cycle,
        page=leaf.page.slug,
        item=row.item,
        before=before,
        after=row.answers,
        reason=reason,
        by=by,
        on=on,
        at=at,
    )
    amendment.save()
    _follow(paper.with_row(row), amendment)
    return amendment


def _day_sent(case: Case) -> date | None:
    """The day on which the present notification was sent; None while it is a draft or was not.

    A case whose first notification was sent may be at the draft of its next.
    """
    if case.notified_on is None:
        return None
    sent = Notification.objects.filter(case=case, cycle=case.notification.cycle)
    return sent.values_list("sent_on", flat=True).first()


def is_open(paper: Paper, leaf: Leaf) -> bool:
    """Whether a page of what was sent may be corrected, or an answer added that was not known."""
    if leaf.page.amendable:
        return True
    asked = leaf.page.addable and leaf.page.applies(paper, leaf.item)
    # Of a case that ended it is added when it is looked at again.
    goes_on = paper.case.notification.state in WITH_THE_PANEL
    return asked and goes_on and bool(_not_known(paper, leaf))


def _not_known(paper: Paper, leaf: Leaf) -> set[str]:
    """The questions of a page that were not answered, or answered "Not known yet"."""
    form = paper.form(leaf)
    return set(form.fields) if paper.row(leaf) is None else set(form.not_known())


def _saved(
    paper: Paper,
    leaf: Leaf,
    typed: Mapping[str, list[str]],
    seen_version: int,
    by: Person,
    at: datetime,
) -> Answers:
    """The page's next version, or a child or adult newly listed."""
    if leaf.item == NEW:
        return answers.add_item(
            paper.case, paper.name, leaf.section.slug, typed=typed, by=by, at=at, complete=True
        )
    return answers.save(
        paper.case,
        paper.name,
        *leaf.key,
        typed=typed,
        seen_version=seen_version,
        by=by,
        at=at,
        complete=True,
    )


def _follow(paper: Paper, done: Amendment) -> None:
    """Facts and counted rows follow, the trail says so, and whoever received it is told."""
    # Two entries of one act, which gives one reason.
    how: Any = {"by": done.by, "on": done.on, "at": done.at, "reason": done.reason}
    how["recorded_at"] = clock.now()
    reviewed = paper.case.route.rapid_review
    keep_facts(paper, act="facts_corrected", **how)
    _refuse_to_end_the_review(paper.case, reviewed=reviewed)
    count_again(paper)
    payload = {"page": done.page, "item": done.item}
    event = services.record_act(
        paper.case, "added_or_corrected", allowed=AMENDERS, payload=payload, **how
    )
    _tell_receivers(event, on=done.on, at=done.at)
    tell_where_nobody_is_left(paper.case, on=done.on, at=done.at)


def _tell_receivers(event: Event, *, on: date, at: datetime) -> None:
    """Whoever received the notification has a message that it was added to or corrected."""
    receivers = Grant.objects.in_force(on).filter(
        case=event.case,
        capacity__in=(Capacity.PANEL, Capacity.DFE),
        organisation__isnull=False,
    )
    told = messages_of(
        event.case,
        act=event.act,
        sequence=event.sequence,
        organisations=receivers.values_list("organisation_id", flat=True),
        at=at,
    )
    Outbox.objects.bulk_create(told, ignore_conflicts=True)


def count_again(paper: Paper) -> None:
    """The counted rows follow the corrected answers; their history keeps what was sent."""
    cycle = paper.case.notification.cycle
    row = Notification.objects.select_for_update().get(case=paper.case, cycle=cycle)
    row.case = paper.case
    describe(row, paper)
    row.save()
    known = {child.ordinal: child.pk for child in row.about.all()}
    for child in children_of(paper, row):
        child.pk = known.get(child.ordinal)
        child.save(force_update=child.pk is not None, force_insert=child.pk is None)


def amendments_of(paper: Paper) -> list[Amendment]:
    """Every amendment of a notification, newest first."""
    rows = Amendment.objects.filter(case=paper.case, cycle=paper.case.notification.cycle)
    found = list(rows.select_related("by").order_by("-pk"))
    for row in found:
        row.case = paper.case
    return found


def _refuse(
    sent_on: date | None,
    before: Mapping[str, list[str]],
    typed: Mapping[str, list[str]],
    reason: str,
) -> None:
    reasons = []
    if sent_on is None:
        reasons.append("Nothing has been sent yet: change the draft instead.")
    if not reason.strip():
        reasons.append("Enter why you are adding or correcting this.")
    if _said(before) == _said(typed):
        reasons.append("Change something, or go back: what you entered is what was sent.")
    if reasons:
        raise services.CannotAdvance(*reasons)


def _refuse_what_was_known(paper: Paper, leaf: Leaf, typed: Mapping[str, list[str]]) -> None:
    """What decides the duties is added where it was not known, and not changed where it was.

    Abuse that is suspected now has an act of its own, which asks from when: its clock runs from
    that day and not from awareness.
    """
    if leaf.page.amendable:
        return
    if not is_open(paper, leaf):
        raise services.CannotAdvance("This page can’t be corrected after sending.")
    added, before = _not_known(paper, leaf), _said(paper.typed(leaf))
    said, form = _said(typed), paper.form(leaf)
    reasons = [
        f"“{getattr(field, 'short', '') or field.label}” was answered when this was sent. To "
        "change it, use “Say that something has changed”."
        for name, field in form.fields.items()
        if name not in added and said.get(name) != before.get(name)
    ]
    if "abuse" in added and set(said.get("abuse", ())) & {Abuse.KNOWN, Abuse.SUSPECTED}:
        reasons.append(
            "Abuse or neglect that is known or suspected now is notified to the Panel. Use “Say "
            "that something has changed”: it asks from which day, and the time runs from then."
        )
    if reasons:
        raise services.CannotAdvance(*reasons)


def _refuse_to_end_the_review(case: Case, *, reviewed: bool) -> None:
    """What the Panel has is ended by its secretariat alone, on a proposal."""
    if reviewed and not case.route.rapid_review:
        raise services.CannotAdvance(
            "By this answer the incident would not be the Panel’s any more. Propose that the "
            "criteria are not met, with this as the reason: its secretariat agrees to that, or not."
        )


def _refuse_what_does_not_fit(
    before: Paper, after: Paper, leaf: Leaf, *, sent_on: date | None
) -> None:
    """DoesNotFit for what is wrong with this page now, and for what it makes wrong elsewhere.

    What did not fit on another page before holds up no correction of this one.
    """
    if sent_on is None:
        return
    known = {(one.leaf, one.field) for one in rules.refusals_of_sent(before, on=sent_on)}
    found = rules.refusals_of_sent(after, on=sent_on)
    here = [one for one in found if one.leaf == leaf]
    if problems := here or [one for one in found if (one.leaf, one.field) not in known]:
        raise DoesNotFit(problems)


def _said(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {
        name: [text.replace("\r\n", "\n") for text in texts]
        for name, texts in typed.items()
        if any(texts)
    }
