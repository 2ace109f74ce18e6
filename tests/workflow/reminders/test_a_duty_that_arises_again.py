"""A clock that runs again has steps of its own; those of before are owed to nobody."""

from tests import databases
from tests.story import a_case, cast, moment
from tests.workflow.reminders.telling import swept, told
from workflow import clock
from workflow.models import Reminder


def test_reminders_are_planned_anew_for_it(committing_db: str) -> None:
    with clock.told(moment("2026-11-20")):
        story = a_case(cast(), aware="2026-11-20")
    with databases.as_worker(committing_db):
        swept("2026-11-20", "12:00")
    story.facts("2026-11-24", abuse="neither")
    with databases.as_worker(committing_db):
        swept("2026-11-27")
        assert told("due-today") == set()
    story.facts("2026-11-30", abuse="suspected")
    with databases.as_worker(committing_db):
        swept("2026-12-02")
        assert told("due-today") == set()
        assert {"Ada", "Ben"} <= told("escalated")
        since = Reminder.objects.filter(recorded_at__gte=moment("2026-11-24"))
        assert {row.revision for row in since} == {2}
