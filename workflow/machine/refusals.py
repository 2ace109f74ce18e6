"""Why an act was refused, in sentences a person can act on."""

from dataclasses import dataclass
from datetime import datetime

from workflow.forms.times import london_words


class CannotAdvance(Exception):
    """The act is not possible; `reasons` says everything that stands in its way."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class NoDate(CannotAdvance):
    """A date that the act needs can't be worked out; each reason names the date it counts from."""


@dataclass
class AlreadyDone(Exception):
    """Somebody else acted first."""

    who: str
    what: str
    when: datetime
    state: str

    def __str__(self) -> str:
        when = london_words(self.when)
        return f"{self.what}, by {self.who} on {when}. It now stands at: {self.state}."


class RecordDestroyed(Exception):
    """The record of this case was destroyed when its period was over; a certificate says so."""


class NotFound(Exception):
    """There is no such case for this person: not theirs and not there are the same answer."""
