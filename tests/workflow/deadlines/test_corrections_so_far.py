"""After the upgrade what was corrected before it is known late too."""

from django.core.management import call_command

from tests import databases
from tests.story import a_case, cast, day
from workflow.models import Deadline

BEFORE = "0061_know_what_a_correction_shows_late"
AFTER = "0062_say_it_of_the_corrections_so_far"


def test_a_correction_from_before_is_told_by_the_dates_of_the_case(committing_db: str) -> None:
    everyone = cast()
    story = a_case(everyone, aware="2026-10-12").notified("2026-10-14")
    story.facts("2026-10-20", aware_on=day("2026-10-01"))
    right = a_case(everyone, aware="2026-10-12").notified("2026-10-14")
    rows = Deadline.objects.exclude(corrected_due_on=None).order_by("pk")
    known = list(rows.values_list("case", "duty", "corrected_due_on"))
    assert {case for case, _, _ in known} == {story.case.pk}
    who = databases.owner()
    with databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        call_command("migrate", "workflow", BEFORE, verbosity=0)
        # As the release before leaves it, or one of its web processes that still runs.
        assert Deadline.objects.update(corrected_due_on=None)
        assert not rows.exists()
        # And as it leaves one that was corrected back.
        assert Deadline.objects.filter(case=right.case, met_on__isnull=False).update(
            corrected_due_on=day("2026-10-08")
        )
        call_command("migrate", "workflow", AFTER, verbosity=0)
        assert list(rows.values_list("case", "duty", "corrected_due_on")) == known
