"""Reading a told case back from the database."""

from tests.story import Story
from workflow.models import Deadline


def deadlines(story: Story, duty: str) -> list[Deadline]:
    """The clocks of a duty, in the order of their cycles."""
    return list(Deadline.objects.filter(case=story.case, duty=duty).order_by("cycle"))


def state(story: Story) -> str:
    """Where the notification stands now."""
    return str(story.again().notification.state)
