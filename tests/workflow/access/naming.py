"""Restricting a case of the cast's, naming people and lifting it; and who sees it then."""

from typing import Any

import pytest
from django.db import transaction

from tests import sight
from tests.story import Story, a_case, cast, day, moment, person
from workflow import services
from workflow.machine.refusals import CannotAdvance
from workflow.models import Case

TODAY = day("2026-12-10")
REASON = "A relative of somebody who works here is implicated."


def notified() -> Story:
    """A case of Northmoor's that was sent, and one more notifier there, Nell."""
    found = a_case(cast(), aware="2026-12-01").notified("2026-12-03")
    found.cast.people["nell"] = person("Nell", found.cast.northmoor, "la_notifier")
    return found


def told(story: Story, act: str, *names: str, by: str = "ben", **more: Any) -> None:
    """One of the acts around a restriction, on these people of the cast."""
    actor = story.cast.people[by]
    how: dict[str, Any] = {"by": actor, "on": TODAY, "at": moment(TODAY), "reason": REASON, **more}
    if names:
        how["people"] = [story.cast.people[name].pk for name in names]
    with sight.of(actor, on=TODAY):
        getattr(services, act)(story.again(), **how)
    story.again()


def restricted(story: Story, *names: str, by: str = "ben") -> Story:
    told(story, "restrict", *(names or ("ada", "ben", "petra")), by=by)
    return story


def seeing(story: Story, *, by_rows: bool) -> set[str]:
    """Who sees the case: as each query asks, or as the database shows it whatever is asked."""
    found = set()
    for name, one in story.cast.people.items():
        if by_rows:
            with sight.of(one, on=TODAY):
                seen = Case.objects.exists()
        else:
            seen = Case.objects.visible_to(one, TODAY).exists()
        found |= {name} if seen else set()
    return found


def refused(story: Story, act: str, *names: str, by: str = "ben", **more: Any) -> list[str]:
    """Why an act around a restriction is not possible."""
    with pytest.raises(CannotAdvance) as found, transaction.atomic():
        told(story, act, *names, by=by, **more)
    return found.value.reasons
