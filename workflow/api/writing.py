"""What holds for everything that a program has done: once for each key, and whole or not at all."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.http import Http404
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.api import once
from workflow.api.base import ApiView
from workflow.api.once import Asked
from workflow.api.problems import Refused, Wrong, refuse
from workflow.api.sent import refuse_unknown, said_in
from workflow.machine.case import Case
from workflow.machine.refusals import AlreadyDone, CannotAdvance, NotFound
from workflow.views.access import moment, person_of

# What the database refuses when a key was used for what its system does not see any more.
USED = frozenset({"api_write_once", "workflow_case_opening_key"})
LOOK = "Read the case to see where it stands, and what may be done there."


@dataclass(frozen=True)
class Done:
    """What was done, on which case, and what is said of it."""

    case: Case
    said: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class WritingView(ApiView):
    """A view that does something for a system, once for each key that it sends."""

    # The names that its body may hold.
    takes: ClassVar[tuple[str, ...]] = ()
    # Whether it tells itself of names that it may not hold, with all else that is wrong.
    gathers: ClassVar[bool] = False
    # Whether it changes only what was seen as it stands.
    asks_what_was_seen: ClassVar[bool] = False
    tagged = True

    def post(self, request: Request, **where: Any) -> Response:
        """It is done, or was done before: either way the answer is the same."""
        said, account, at = said_in(self.sent), person_of(self.sent), moment().at
        asked = once.asked_in(request, account, said)
        once.hold(asked)
        answer = once.answered(asked) or self._anew(request, said, asked, at=at, **where)
        return Response(answer["said"], answer["status"], headers=answer["headers"])

    def done(self, request: Request, said: dict[str, Any], asked: Asked, **where: Any) -> Done:
        """Does it. May raise what the services of cases raise."""
        raise NotImplementedError

    def _anew(
        self, request: Request, said: dict[str, Any], asked: Asked, *, at: datetime, **where: Any
    ) -> dict[str, Any]:
        if not self.gathers and (strange := refuse_unknown(said, self.takes)):
            raise refuse(422, "The body holds what is not known here", *strange)
        try:
            with transaction.atomic():
                done = self.done(request, said, asked, **where)
                told = json.loads(JSONRenderer().render(done.said))
                answer = {"said": told, "status": done.status, "headers": done.headers}
                once.keep(asked, done.case, answer, at=at)
        except (CannotAdvance, AlreadyDone) as refusal:
            raise _not_possible(refusal) from None
        except NotFound:
            raise Http404 from None
        except IntegrityError as fault:
            if _constraint(fault) not in USED:
                raise
            raise once.used_out_of_sight() from None
        return answer


def _not_possible(refusal: CannotAdvance | AlreadyDone) -> Refused:
    reasons = refusal.reasons if isinstance(refusal, CannotAdvance) else [str(refusal)]
    wrong = [Wrong("path", "case", why, LOOK) for why in reasons]
    return refuse(409, "It is not possible as the case stands", *wrong)


def _constraint(fault: IntegrityError) -> str:
    return str(getattr(getattr(fault.__cause__, "diag", None), "constraint_name", ""))
