"""How long ago anybody swept."""

from datetime import datetime

from workflow.reminders.models import Heartbeat

SECONDS_TO_STALE = 120


def sweep_age(*, at: datetime) -> int | None:
    """Whole seconds since a sweep was last done to its end; None when none ever was."""
    beat = Heartbeat.objects.filter(name=Heartbeat.SWEEP).values_list("at", flat=True).first()
    return None if beat is None else max(0, int((at - beat).total_seconds()))
