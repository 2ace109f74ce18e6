"""The trail of a case in sentences: what was done, by whom, when, and what was moved by it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflow.audit.models import Event
from workflow.machine.acts import SYSTEM
from workflow.machine.titles import title_of
from workflow.people import roles
from workflow.people.person import Person
from workflow.retention.reasons import STAND
from workflow.views.moved import moved_words
from workflow.views.recorded import known_of, recorded_words

# A form sent later than this after the act was written down afterwards, not as it happened.
AT_ONCE_SECONDS = 120


def author_of(event: Event, reader: Person, *, on: date) -> str:
    """Who did it: by name among the reader's own people, by role elsewhere."""
    if event.capacity == SYSTEM or event.actor is None:
        return "the system"
    organisation = event.organisation.name if event.organisation else ""
    if event.organisation_id in reader.organisation_ids(on):
        return f"{event.actor.name}, {organisation}"
    return f"{roles.by_slug(event.capacity).title}, {organisation}"


def gave_reasons(events: Iterable[Event], reader: Person, *, on: date) -> bool:
    """Whether somebody of the reader's body said why, other than of the authority itself.

    To whoever writes for the authority the case's own page shows the way.
    """
    own = reader.organisation_ids(on)
    return any(
        event.organisation_id in own
        and event.organisation_id != event.authority_id
        and event.act not in STAND
        and event.reason
        for event in events
    )


def entries(
    events: Iterable[Event], reader: Person, *, on: date, with_reasons: bool
) -> list[dict[str, Any]]:
    """The events for the component `timeline`; reasons only for those who may read content."""
    events, found = list(events), []
    known = known_of(events)
    for event in events:
        waited = (event.recorded_at - event.at).total_seconds()
        found.append(
            {
                "title": title_of(event),
                "by": author_of(event, reader, on=on),
                "at": event.at,
                "late": event.recorded_at if waited > AT_ONCE_SECONDS else None,
                "text": "\n".join(
                    words
                    for words in (
                        recorded_words(event, known),
                        moved_words(event) or (event.reason if with_reasons else ""),
                    )
                    if words
                ),
            }
        )
    return found
