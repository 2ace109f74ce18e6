"""Reading a told case back from the database."""

from tests.story import Story
from workflow.machine.notification_states import CLOCKS
from workflow.models import Deadline


def deadlines(story: Story, duty: str) -> list[Deadline]:
    """The clocks of a duty, in the order of their cycles."""
    return list(Deadline.objects.filter(case=story.case, duty=duty).order_by("cycle"))


def state(story: Story) -> str:
    """Where the notification stands now."""
    return str(story.again().notification.state)


def without_a_clock(story: Story) -> list[str]:
    """The duties that the facts give rise to and whose clock neither runs nor was met."""
    case = story.again()
    rows = Deadline.objects.filter(case=case, cycle=case.notification.cycle, cancelled_on=None)
    return sorted({duty.slug for duty in case.route.duties} - {row.duty for row in rows})


def running_in_vain(story: Story) -> list[str]:
    """The clocks of notifying that run although the facts give rise to no such duty."""
    case = story.again()
    rows = Deadline.objects.open().filter(case=case, duty__in=CLOCKS)
    return sorted({row.duty for row in rows} - {duty.slug for duty in case.route.duties})
