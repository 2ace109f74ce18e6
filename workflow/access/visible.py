"""Which cases a person may see: those with a grant to them, or to where they belong."""

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

from workflow import clock
from workflow.access.models import Grant
from workflow.access.reach import grants_of
from workflow.people.person import Person

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class VisibleToQuerySet(models.QuerySet[M_co, M_co]):
    """Rows of cases. `case_path` leads from a row to its case: empty on the case itself."""

    case_path: ClassVar[str] = ""

    def visible_to(self, person: Person, on: date | None = None, *, to_act: bool = False) -> Self:
        """The rows of the cases a person may see on a London date, today if none is given.

        `to_act` leaves out what they see in an emergency alone: they read it and do nothing there.

        Someone who may not sign in, or whose memberships and grants have ended, sees none.
        """
        if not person.is_active:
            return self.none()
        day = on or clock.today()
        case = OuterRef(f"{self.case_path}_id" if self.case_path else "pk")
        given = Grant.objects.active(day).filter(grants_of(person, day), case=case)
        return self.filter(Exists(given.to_act() if to_act else given))
