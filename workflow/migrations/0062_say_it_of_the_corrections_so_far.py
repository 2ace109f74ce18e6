"""What was met is known late where awareness was corrected since, from the corrections so far.

It only writes what it works out, so it may be undone and done again: once no web process of the
release before is left, which wrote no correction down.
"""

from typing import Any

from django.db import migrations, models

from workflow import migrating
from workflow.deadlines.calendar import merged_with
from workflow.deadlines.shifts import new_due
from workflow.law import duties, moments
from workflow.law.calendar import Calendar
from workflow.law.standing import is_known_late
from workflow.law.starting import starts_on

FROM_AWARENESS = [duty.slug for duty in duties.ALL if duty.clock_starts == moments.AWARE]


def _calendar(apps: Any) -> Calendar:
    found: dict[Any, Any] = {}
    for row in apps.get_model("workflow", "ProclaimedHoliday").objects.order_by("pk"):
        found.pop(row.day, None)
        if not row.withdrawn:
            found[row.day] = row
    return merged_with(found.values())


def correct(apps: Any, schema_editor: Any) -> None:
    """Each clock that was met says when it was due by an awareness that was corrected since.

    One of which awareness was corrected back says nothing of it any more.
    """
    days = _calendar(apps)
    rows = apps.get_model("workflow", "Deadline").objects.select_related("case").filter(
        duty__in=FROM_AWARENESS,
        met_on__isnull=False,
        case__aware_on__isnull=False,
        case__notification__cycle=models.F("cycle"),
    ).exclude(
        start_on=models.F("case__aware_on"),
        case__suspected_on__isnull=True,
        corrected_due_on__isnull=True,
    )
    for row in rows.iterator(500):
        case = row.case
        day = starts_on(
            duties.by_slug(row.duty), aware_on=case.aware_on, suspected_on=case.suspected_on
        )
        before = row.corrected_due_on
        row.corrected_due_on = new_due(row.duty, day, days) if day != row.start_on else None
        if row.corrected_due_on == before:
            continue
        if is_known_late(row.due_on, row.met_on, row.corrected_due_on):
            # The case may have passed to another authority since.
            row.authority_id = row.owed_by_id
        row.save(update_fields=["corrected_due_on", "authority"])


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0061_know_what_a_correction_shows_late'),
    ]

    operations = [
        migrations.RunPython(correct, migrations.RunPython.noop, elidable=True),
    ]
