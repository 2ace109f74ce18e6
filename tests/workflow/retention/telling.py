"""A case of Northmoor's that was closed, and the acts by which its record is kept or ends."""

from typing import Any

from tests import sight
from tests.story import Cast, Story, a_case, cast, day, moment
from workflow.retention import disposing, holding
from workflow.retention.models import DisposalStep, HoldLifted, LegalHold
from workflow.sealed import answers

# The last act is of 2 November 2026, so that 35 years end on that day of 2061.
BEFORE, DUE = "2061-11-01", "2061-11-02"
WORDS = "Zqwords of what happened to an invented child"
WHY = "A claim against the authority is expected."


def closed(everyone: Cast | None = None, **facts: Any) -> Story:
    """A case that was reviewed and answered, in which something was written."""
    story = a_case(everyone or cast(), aware="2026-10-01", **facts).notified("2026-10-05")
    written(story)
    story.reviewed("2026-10-20", "no").answered("2026-11-02")
    assert story.case.next_due_on is None
    return story


def written(story: Story) -> None:
    ada = story.cast.ada
    with sight.of(ada, on=day("2026-10-05")):
        at = moment("2026-10-05")
        typed = {"what_happened": [WORDS]}
        answers.save(
            story.case, "notification", "incident", typed=typed, seen_version=0, by=ada, at=at
        )


def _how(story: Story, by: str, on: str) -> dict[str, Any]:
    return {"by": story.cast.people[by], "on": day(on), "at": moment(on)}


def held(story: Story, by: str = "ben", on: str = "2027-01-04") -> LegalHold:
    case = story.again()
    with sight.of(story.cast.people[by], on=day(on)):
        return holding.hold(case, reason=WHY, **_how(story, by, on))


def lifted(story: Story, hold: LegalHold, by: str = "ben", on: str = "2028-01-04") -> HoldLifted:
    case = story.again()
    with sight.of(story.cast.people[by], on=day(on)):
        return holding.lift(case, hold.pk, reason="It is settled.", **_how(story, by, on))


def step(story: Story, act: str, by: str, on: str = DUE) -> DisposalStep:
    case = story.again()
    with sight.of(story.cast.people[by], on=day(on)):
        made: DisposalStep = getattr(disposing, act)(case, **_how(story, by, on))
    story.again()
    return made


def ended(story: Story, on: str = DUE) -> DisposalStep:
    """Adam proposes, Ben confirms."""
    step(story, "propose", "adam", on)
    return step(story, "confirm", "ben", on)
