"""From which day the clocks of notifying run: the readings of awareness, applied."""

import datetime as dt

from workflow.law import readings
from workflow.law.duty import Duty


def starts_on(duty: Duty, *, aware_on: dt.date, suspected_on: dt.date | None) -> dt.date:
    """The day zero of a notifying duty.

    The day the authority became aware; where abuse or neglect was first suspected later and the
    duty turns on the suspicion, that later day (readings.ABUSE_SUSPECTED_LATER). An earlier
    suspicion moves nothing: the incident itself was not known then.
    """
    if suspected_on is None or readings.ABUSE_SUSPECTED_LATER not in duty.readings:
        return aware_on
    return max(aware_on, suspected_on)
