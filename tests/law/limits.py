"""A duty as it would be with one more limit: what an amendment of the law comes to."""

from dataclasses import replace

from workflow.law.duty import Duty, Limit


def with_limit(duty: Duty, limit: Limit) -> Duty:
    """The duty with this limit beside those it has."""
    return replace(duty, limits=(*duty.limits, limit))
