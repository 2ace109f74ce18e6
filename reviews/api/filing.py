"""Putting a rapid review before the partners, and sending what they have signed to the Panel."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request

from notifications.programs import Fault, NotFiledError, Said, of_another_kind, untold
from reviews import filing
from reviews.api import shapes
from reviews.services.reading import newest_review, newest_sent, signatures
from workflow import services as machine
from workflow.api.once import Asked
from workflow.api.problems import Refused, Wrong, refuse
from workflow.api.sent import refuse_unknown
from workflow.api.shapes import Shape
from workflow.api.tags import refuse_unless_seen, tag_of
from workflow.api.writing import Done, WritingView
from workflow.machine.case import Case
from workflow.machine.rapid_review import RapidReview
from workflow.machine.token import grouped
from workflow.views.access import case_for, moment, person_of

LISTS = ("participants", "agencies")


class OfARapidReview(WritingView):
    """A view that changes the rapid review of one case, as it was seen."""

    scope = "rapid_reviews.write"
    told = shapes.STANDING
    asks_what_was_seen = True
    kinds: ClassVar[dict[str, tuple[type, str]]] = {}
    gathers = True

    def done(self, request: Request, said: dict[str, Any], asked: Asked, **where: Any) -> Done:
        """It is done, if the case still stands as it was seen; or everything is told."""
        on, _ = moment()
        case_for(self.sent, where["token"], "file.rapid_review", on=on)
        case = machine.lock_case(where["token"], by=asked.account, on=on)
        refuse_unless_seen(request, case)
        review = newest_review(case)
        if review is None:
            raise Http404
        faults: list[Fault] = []
        wrong, strange = of_another_kind(said, self.kinds), refuse_unknown(said, self.takes)
        unfit = {fault.at for fault in wrong} | {one.name for one in strange}
        try:
            self.change(review, {name: said[name] for name in said.keys() - unfit})
        except NotFiledError as refusal:
            faults = refusal.faults
        if not (unfit or faults):
            return _done(case, review)
        # Where something is unfit, it was done to find what else is wrong: the refusal undoes it.
        raise _refused([*wrong, *untold(wrong, faults)], strange)

    def change(self, review: RapidReview, said: dict[str, Any]) -> None:
        """Changes the rapid review of a case that is locked."""
        raise NotImplementedError


class Put(OfARapidReview):
    """A rapid review is put before the partners, whole, to be read and signed by people."""

    takes: ClassVar = ("pages", *LISTS)
    kinds: ClassVar = {
        "pages": (dict, "an object of pages"),
        **dict.fromkeys(LISTS, (list, "a list, one object for each")),
    }

    @classmethod
    def taken(cls) -> Shape:
        """Every page with its questions."""
        return shapes.putting()

    def change(self, review: RapidReview, said: dict[str, Any]) -> None:
        """It says this, and whoever gave no view yet is asked for one."""
        on, at = moment()
        items = {name: said.get(name, []) for name in LISTS}
        sent = Said(said.get("pages", {}), items)
        filing.put(sent, review, by=person_of(self.sent), on=on, at=at)


class Send(OfARapidReview):
    """What every partner has signed is sent to the Panel, with their decision in it."""

    takes: ClassVar = ("late", "confirmed")
    kinds: ClassVar = {"late": (dict, "an object"), "confirmed": (bool, "true or false")}

    @classmethod
    def taken(cls) -> Shape:
        """Why it is late, and that what is unusual was read."""
        return shapes.sending()

    def change(self, review: RapidReview, said: dict[str, Any]) -> None:
        """The Panel has it."""
        on, at = moment()
        how: Any = {"by": person_of(self.sent), "on": on, "at": at}
        filing.send(review, late=said.get("late"), confirmed=said.get("confirmed", False), **how)


def _done(case: Case, review: RapidReview) -> Done:
    case.refresh_from_db()
    found = RapidReview.objects.get(pk=review.pk)
    found.case = case
    return Done(case, standing(found), 200, {"ETag": tag_of(case)})


def _refused(faults: Iterable[Fault], strange: Iterable[Wrong]) -> Refused:
    wrong = [Wrong("body", one.at or "body", one.detail, one.remedy) for one in faults]
    return refuse(422, "The rapid review can’t be taken as it is", *strange, *wrong)


def standing(review: RapidReview) -> dict[str, Any]:
    """Where a rapid review and each of the partners stand, without what it says."""
    case, sent, on = review.case, newest_sent(review), moment().on
    return {
        "case": grouped(case.token),
        "reference": case.reference or None,
        "state": review.state,
        "words": review.get_state_display(),
        "number": review.number,
        "version": sent.version if sent else None,
        "sent_on": review.sent_on,
        "sent_at": review.sent_at,
        "partners": [
            {
                "name": one.organisation.name,
                "view": one.newest.view if one.newest else None,
                "of_this_draft": one.of_this_draft,
            }
            for one in signatures(review, on=on)
        ],
    }
