"""Filing a notification, correcting it, and asking to withdraw it: each by the screens' rules."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request

from notifications import filing
from notifications.amending import NEW, DoesNotFit, amend, is_open
from notifications.api import shapes
from notifications.api.reading import standing
from notifications.forms.acts import AmendReasonForm, ProposeForm
from notifications.programs import (
    Fault,
    NotFiledError,
    Said,
    fault_of,
    faults_in,
    of_another_kind,
    typed_in,
    untold,
)
from notifications.refiling import file_again
from notifications.sections import Leaf, Lists, PageForm, Paper, Problem
from notifications.services import paper_of
from workflow import services as machine
from workflow.access.policy import may
from workflow.api.once import Asked
from workflow.api.problems import Refused, Wrong, refuse
from workflow.api.shapes import TEXT, Shape, whole
from workflow.api.tags import refuse_unless_seen, tag_of
from workflow.api.writing import Done, WritingView
from workflow.machine.notification_states import NotificationState, Proposal
from workflow.models import Case
from workflow.views.access import case_for, moment, person_of

WRITE = "notifications.write"
ITEMS = ("children", "adults")
KINDS: dict[str, tuple[type, str]] = {
    "pages": (dict, "an object of pages"),
    **dict.fromkeys(ITEMS, (list, "a list, one object for each")),
    "different_because": (str, "text"),
    "accepted": (dict, "an object"),
}


class File(WritingView):
    """A notification is filed whole, for the system's own authority."""

    scope = WRITE
    takes: ClassVar = ("pages", *ITEMS, "different_because", "accepted")
    status = 201
    told = shapes.FILED

    @classmethod
    def taken(cls) -> Shape:
        """Every page with its questions."""
        return shapes.filing()

    def done(self, request: Request, said: dict[str, Any], asked: Asked, **where: Any) -> Done:
        """It is with its recipients, or waits for an approver; else everything is told."""
        on, at = moment()
        by = asked.account
        if not may(by, "open.notification", None, on):
            raise Http404
        authority = request.auth.application.organisation  # type: ignore[union-attr]  # A token's.
        how: Any = {"by": by, "on": on, "at": at, "opening": asked.opening}
        try:
            filed = filing.file(_said(said), authority=authority, **how)
        except NotFiledError as refusal:
            raise _refused(refusal.faults) from None
        case = _again(filed.case)
        told = {
            **standing(case),
            "warnings": [{"name": one.at, "detail": one.detail} for one in filed.warnings],
            "address": reverse("api:notification", args=[case.token]),
        }
        return Done(case, told, self.status, {"Location": told["address"], "ETag": tag_of(case)})


class OfACase(WritingView):
    """A view that changes the notification of one case, as it was read."""

    scope = WRITE
    told = shapes.CHANGED
    asks_what_was_seen = True

    def done(self, request: Request, said: dict[str, Any], asked: Asked, **where: Any) -> Done:
        """It is changed, if it still stands as it was read."""
        on, _ = moment()
        case_for(self.sent, where["token"], "write.notification", on=on)
        case = machine.lock_case(where["token"], by=asked.account, on=on)
        refuse_unless_seen(request, case)
        with transaction.atomic():
            self.change(case, said)
        fresh = _again(case)
        return Done(fresh, standing(fresh), 200, {"ETag": tag_of(fresh)})

    def change(self, case: Case, said: dict[str, Any]) -> None:
        """Changes a case that is locked."""
        raise NotImplementedError


class FileAgain(OfACase):
    """A draft that an approver returned is filed again, whole, by the system that filed it."""

    takes: ClassVar = File.takes

    @classmethod
    def taken(cls) -> Shape:
        """As for filing."""
        return shapes.filing()

    def change(self, case: Case, said: dict[str, Any]) -> None:
        """It says this now, and is with its recipients or waits for an approver again."""
        on, at = moment()
        try:
            file_again(_said(said), case, by=person_of(self.sent), on=on, at=at)
        except NotFiledError as refusal:
            raise _refused(refusal.faults) from None


class Amend(OfACase):
    """A page of what was sent is corrected, or a child or adult added, with the reason."""

    takes: ClassVar = ("page", "item", "answers", "reason")

    @classmethod
    def taken(cls) -> Shape:
        """A page, whole, and why."""
        parts = whole(page=TEXT, item=TEXT, answers={"type": "object"}, reason=TEXT)
        return {**parts, "required": ["page", "answers", "reason"]}

    def change(self, case: Case, said: dict[str, Any]) -> None:
        """The page says this now, whole, and whoever received it is told."""
        on, at = moment()
        paper = paper_of(case, on=on, lists=Lists(on))
        leaf, faults = _leaf(paper, said)
        reason, wrong = _checked(AmendReasonForm(on=on), {"reason": said.get("reason", "")})
        faults += wrong
        typed: dict[str, list[str]] = {}
        if leaf is not None:
            empty = paper.bound(leaf, {}, checked=False)
            typed, wrong = typed_in(empty, said.get("answers"), "answers")
            form = paper.bound(leaf, typed)
            faults += [*wrong, *untold(wrong, faults_in(form, "answers"))]
        if faults or leaf is None:
            raise _refused(faults)
        try:
            amend(
                case.token,
                leaf,
                typed=typed,
                reason=reason.cleaned["reason"],
                seen_version=paper.version(leaf),
                by=person_of(self.sent),
                on=on,
                at=at,
            )
        except DoesNotFit as refusal:
            raise _refused(_unfitting(refusal.problems, leaf)) from None


class Withdraw(OfACase):
    """It is proposed to the secretariat to withdraw what was sent, or an approval is not asked."""

    takes: ClassVar = ("reason",)

    @classmethod
    def taken(cls) -> Shape:
        """Why."""
        return whole(reason=TEXT)

    def change(self, case: Case, said: dict[str, Any]) -> None:
        """What waits for an approver is a draft again; what was sent waits for the secretariat."""
        on, at = moment()
        given = {"proposal": Proposal.WITHDRAWAL.value, "reason": said.get("reason", "")}
        form, faults = _checked(ProposeForm(on=on), given)
        if faults:
            raise _refused(faults)
        how: Any = {"by": person_of(self.sent), "on": on, "at": at}
        how["reason"] = form.cleaned["reason"]
        if case.notification.state == NotificationState.AWAITING_APPROVAL:
            machine.advance(case.notification, "return_to_draft", **how)
        else:
            machine.propose(case, Proposal.WITHDRAWAL, **how)


def _said(body: dict[str, Any]) -> Said:
    """What is filed. Refused when its outermost parts are of another kind."""
    if wrong := of_another_kind(body, KINDS):
        raise _refused(wrong)
    items = {name: body.get(name, []) for name in ITEMS}
    different = body.get("different_because", "")
    return Said(body.get("pages", {}), items, different, body.get("accepted"))


def _leaf(paper: Paper, said: dict[str, Any]) -> tuple[Leaf | None, list[Fault]]:
    """The page that is to be corrected, or why there is none."""
    page, item = said.get("page"), said.get("item", "")
    known = {leaf.page.slug for leaf in paper.all_leaves() if is_open(paper, leaf)}
    known |= {section.pages[0].slug for section in paper.document.sections if section.items}
    if not isinstance(page, str) or page not in known:
        return None, [Fault("page", "It can’t be corrected.", f"It is one of {_row(known)}.")]
    section, found = paper.document.section_of(page)
    there = set(paper.items(section)) if section.items else {""}
    if section.items and found is section.pages[0]:
        there.add(NEW)
    leaf = Leaf(section, found, item if isinstance(item, str) else "?")
    if leaf.item not in there:
        what = f"Send one of {_row(there)}." if section.items else "Leave it out."
        return None, [Fault("item", "This page has no such item.", what)]
    if leaf.item != NEW and not found.applies(paper, leaf.item):
        return None, [Fault("page", "It is not asked, as the answers stand.", "Correct those.")]
    return leaf, []


def _unfitting(problems: Iterable[Problem], leaf: Leaf) -> list[Fault]:
    """What does not fit: at its question of this page, else at the answers of it as a whole."""
    found = []
    for problem in problems:
        fault = fault_of(problem, lambda _leaf: "answers")
        found.append(fault if problem.leaf == leaf else replace(fault, at="answers"))
    return found


def _checked(empty: PageForm, said: dict[str, Any]) -> tuple[PageForm, list[Fault]]:
    """A form of an act with what was said, and what is wrong with it."""
    typed, wrong = typed_in(empty, said, "")
    form = type(empty)(typed, on=empty.on)
    found = [*wrong, *untold(wrong, faults_in(form, ""))]
    return form, [Fault(one.at.lstrip("."), one.detail, one.remedy) for one in found]


def _row(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _again(case: Case) -> Case:
    """The case as it now rests."""
    found = Case.objects.select_related("notification", "authority").get(pk=case.pk)
    found.notification.case = found
    return found


def _refused(faults: Iterable[Fault]) -> Refused:
    wrong = [Wrong("body", one.at or "body", one.detail, one.remedy) for one in faults]
    return refuse(422, "The notification can’t be taken as it is", *wrong)
