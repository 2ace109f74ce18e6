"""What was recorded or changed about an incident, in plain words: for all who see the timeline.

A fact is called as the question is that asks for it. Only the dates from which a clock counts are
told with what they were and became; of every other fact, that it was recorded or changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.audit.models import Event
from workflow.forms.times import london_words
from workflow.forms.words import within_a_sentence
from workflow.law import duties
from workflow.law.words import long_date
from workflow.machine.notification_states import RECEIVED
from workflow.machine.replies import ASKS
from workflow.people import codes
from workflow.retention.copies import DOCUMENTS
from workflow.retention.redaction import Rule
from workflow.retention.taken_out import Where, called
from workflow.views.clocks import CANCELLED

FACTS: dict[str, str] = {
    "outcome": "What happened",
    "abuse": "Abuse or neglect",
    "place": "Where",
    "under_18": "Age",
    "under_25": "Age",
    "looked_after": "Looked after or care leaver",
    "care_leaver": "Looked after or care leaver",
    "looked_after_by_another": "Looked after or care leaver",
    "incident_on": "Day of the incident",
    "children_count": "Number of children",
    "aware_on": "Became aware on",
    "aware_time": "Became aware at",
    "suspected_on": "Abuse or neglect first suspected on",
}
# A day that is no fact of the incident, from which a clock counts as well.
DECIDED = {"decided_on": "The partners decided on"}
COUNTED_FROM = ("aware_on", "suspected_on", "decided_on")
# What stands there before anything is known, where that is neither None nor "".
UNSET = {"children_count": 0, "looked_after_by_another": False}
# Acts that name the text out of which words are to go, or went.
REDACTIONS = ("propose_redaction", "decline_redaction", "take_words_out")


def _taken_out(event: Event, texts: Mapping[Where, str]) -> str:
    """Of which answer, by which rule and in how many copies: never the words, nor a question."""
    said = event.payload
    lines = [f"{DOCUMENTS[said['document']].title}, {texts[_text_of(event)]}."]
    lines.append(f"{Rule(event.reason_code).label}.")
    if said.get("earliest", "") > event.on.isoformat():
        lines.append(f"Not before {long_date(date.fromisoformat(said['earliest']))}.")
    if "copies" in said:
        lines.append(f"Stored copies in which the words stood: {said['copies']}.")
    return "\n".join(lines)


# Acts of the rooms above, each with what it recorded: words that nobody wrote.
RECORDED: dict[str, Callable[[Event], str]] = {}
Dues = dict[tuple[int, str, int], str]


@dataclass(frozen=True)
class Known:
    """What has to be known besides of the acts of a list: looked up once for all of them."""

    dues: Dues
    texts: Mapping[Where, str]


def known_of(events: Sequence[Event]) -> Known:
    """What each clock was due on before, and what the texts are called that words go from."""
    texts = called(_text_of(event) for event in events if event.act in REDACTIONS)
    return Known(_dues_before(events), texts)


def recorded_words(event: Event, known: Known) -> str:
    """What an act recorded or changed, one thing a line; "" where it recorded no fact."""
    if event.act in REDACTIONS:
        return _taken_out(event, known.texts)
    if event.act in RECORDED:
        return RECORDED[event.act](event)
    if event.act == RECEIVED:
        return received_words(event)
    if event.act in ASKS and "by" in event.payload:
        return f"Reply asked for by {long_date(date.fromisoformat(event.payload['by']))}."
    if "after" not in event.payload:
        return ""
    lines = [*_facts(event.payload["before"], event.payload["after"]), *_dues(event, known.dues)]
    return "\n".join(lines)


def received_words(event: Event) -> str:
    """How and when it was received that is written down here."""
    way = within_a_sentence(codes.label("received_way", event.payload["way"]))
    at = datetime.fromisoformat(event.payload["received_at"])
    return f"Received {way} on {london_words(at)}. Whether it is in time is judged by that."


def _text_of(event: Event) -> Where:
    said = event.payload
    return said["document"], said["page"], said["item"]


def _dues_before(events: Sequence[Event]) -> Dues:
    """What each clock that these events moved was due on before them, as the trail has it."""
    if not any("after" in event.payload and event.payload.get("clocks") for event in events):
        return {}
    trail = Event.objects.filter(case=events[0].case_id, payload__has_key="clocks")
    found: Dues = {}
    known: dict[tuple[str, int], str] = {}
    for sequence, clocks in trail.order_by("sequence").values_list("sequence", "payload__clocks"):
        for one in clocks:
            key = one["duty"], one["cycle"]
            if key in known:
                found[sequence, *key] = known[key]
            known[key] = one["due"]
    return found


def _facts(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The facts by name; those from which a clock counts with their days."""
    plain = [name for name in FACTS if name in after and name not in COUNTED_FROM]
    changed = {FACTS[name] for name in plain if _was_known(name, before[name])}
    new = {FACTS[name] for name in plain} - changed
    lines = []
    for verb, names in (("Recorded", new), ("Changed", changed)):
        if names:
            listed = "; ".join(dict.fromkeys(word for word in FACTS.values() if word in names))
            lines.append(f"{verb}: {listed}.")
    counted = [name for name in COUNTED_FROM if name in after]
    return lines + [_became((FACTS | DECIDED)[name], before[name], after[name]) for name in counted]


def _was_known(name: str, before: Any) -> bool:
    return before not in (None, "") and before != UNSET.get(name)


def _dues(event: Event, earlier: Dues) -> list[str]:
    """The due dates that this moved, began or ended."""
    lines = []
    for one in event.payload.get("clocks", ()):
        title = duties.by_slug(one["duty"]).title
        if one["cancelled"]:
            why = CANCELLED.get(one["cancelled"], one["cancelled"].replace("_", " "))
            lines.append(f"{title}: no longer due, because {why}.")
            continue
        before = earlier.get((event.sequence, one["duty"], one["cycle"]))
        lines.append(_became(f"{title}, due", before, one["due"]))
    return lines


def _became(what: str, before: str | None, after: str | None) -> str:
    was, now = (long_date(date.fromisoformat(one)) if one else "" for one in (before, after))
    if not was or was == now:
        return f"{what}: {now or 'not known'}."
    return f"{what}: {was} became {now or 'not known'}."
