"""Eight people with eight connections do one act of one case at the same moment, many times."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any

from tests.story import organisation, person
from workflow import services
from workflow.models import (
    Event,
    NotificationProcess,
    Organisation,
    Person,
    PracticeReview,
    RapidReview,
)

# Each group has cases of its own: while in one all wait for whoever is first, the other goes on.
GROUPS, RACERS = 2, 8
ON, AT = date(2026, 11, 16), datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
MACHINES = {"n": NotificationProcess, "r": RapidReview, "p": PracticeReview}
LATER = {"reply_on": date(2026, 11, 30), "publish_on": date(2026, 12, 10)}
FACTS: dict[str, Any] = {
    "outcome": "seriously_harmed",
    "abuse": "suspected",
    "place": "in_area",
    "looked_after": False,
    "care_leaver": False,
    "under_18": True,
    "under_25": True,
    "children_count": 1,
    "aware_on": ON,
}
# The acts of a case's life that lead to another state, in order: machine and act; * is the Panel's.
LIFE_WORDS = """
n:consider_threshold n:decide_to_notify n:ask_for_approval n:return_to_draft n:submit
*n:acknowledge *n:request_information n:reply
r:ask_for_returns r:hold_meeting r:draft_report r:seek_signatures r:submit
*r:triage *r:consider *r:ask_for_reply r:take_reply
p:scope p:appoint_reviewer p:start p:await_proceedings p:resume p:draft_report p:seek_approval
p:send_advance_copy p:publish p:monitor p:close
"""
LIFE = LIFE_WORDS.split()
# Different acts at once: of the first two only one can be, of the others any order is right.
AT_ODDS = [
    "n:submit|n:decide_not_to_notify",
    "*n:acknowledge|*n:link_to_rapid_review|r:submit|*r:supersede|r:draft_report",
]


@dataclass
class Field:
    """The people who race, by side, and the cases they race on."""

    here: list[Person]
    panel: list[Person]
    cases: list[tuple[int, list[str]]]


def settle(races: int) -> Field:
    """Cases enough for so many races of one act, and some for races of different acts."""
    authority = organisation("authority", "Racing", dfe_code="9701")
    panel = Organisation.objects.filter(kind="panel").first()
    panel = panel or organisation("panel", "The Panel", key="panel")
    here = [person(f"Here {number}", authority, *LOCAL) for number in range(RACERS)]
    there = [person(f"Panel {number}", panel, *PANEL) for number in range(RACERS)]
    lives = [LIFE[: races - begun] for begun in range(0, races, len(LIFE))]
    # Cases at odds come in between, so that a short run has some too.
    for place in range(max(2, races // 50)):
        lives.insert(place * 3, AT_ODDS)
    cases = [(_case(authority, here[0]), acts) for acts in lives]
    return Field(here, there, cases)


LOCAL = ("la_notifier", "la_approver", "business_unit")
PANEL = ("panel_secretariat", "panel_chair", "panel_member")


def _case(authority: Organisation, by: Person) -> int:
    case = services.open_case(authority=authority, by=by, on=ON, at=AT)
    services.record_facts(case, FACTS, by=by, on=ON, at=AT)
    return case.pk


Told = tuple[int, int, str, tuple[Any, ...]]


def race(
    number: int, field: Field, starts: list[Barrier], *, until: float, advance: Callable[..., Event]
) -> list[Told]:
    """What this racer was told in each race: case, place in its life, act, and answer."""
    told: list[Told] = []
    group, racer = divmod(number, RACERS)
    start = starts[group]
    try:
        for nth, (case, acts) in enumerate(field.cases[group::GROUPS]):
            known: dict[str, Any] = {}
            if start.wait(120) == 0 and time.monotonic() > until:
                start.abort()
            for place, alternatives in enumerate(acts):
                choices = alternatives.split("|")
                act = choices[racer % len(choices)]
                side = field.panel if act.startswith("*") else field.here
                at = AT + timedelta(seconds=100 * nth + place, microseconds=racer)
                # What was read before others acted is what people act on.
                machine = act.removeprefix("*")[0]
                subject = known.get(machine) or _subject(case, machine)
                known[machine] = subject
                start.wait(120)
                if subject is not None:
                    name = act.partition(":")[2]
                    told.append((case, place, act, _tried(advance, subject, name, side[racer], at)))
    except BrokenBarrierError:
        # The time is over: everybody stops before the same case.
        pass
    return told


def _subject(case: int, letter: str) -> Any:
    machine: Any = MACHINES[letter]
    return machine.objects.select_related("case").filter(case=case).order_by("-pk").first()


def _tried(
    advance: Callable[..., Event], subject: Any, name: str, by: Person, at: datetime
) -> tuple[Any, ...]:
    more: dict[str, Any] = {"reason": "An invented reason.", "facts": {**LATER, "lcspr": "yes"}}
    try:
        advance(subject, name, by=by, on=ON, at=at, **more)
    except services.AlreadyDone as first:
        return ("overtaken", first.who, first.what, first.when)
    except (services.CannotAdvance, services.NotFound) as refusal:
        return ("refused", str(refusal))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer for a person.
        return ("error", repr(error)[:200])
    return ("done", by.name, at)


def judged(told: list[list[Told]]) -> dict[str, Any]:
    """How many races there were, and what was done and answered in them."""
    races: dict[tuple[int, int], list[tuple[str, tuple[Any, ...]]]] = {}
    for case, place, act, answer in (one for own in told for one in own):
        races.setdefault((case, place), []).append((act, answer))
    same = [[answer for _, answer in race] for race in races.values() if _one_act(race)]
    odds = [[answer for _, answer in race] for race in races.values() if _one_or_the_other(race)]
    clear = 0
    for found in same:
        first = next((one[1:] for one in found if one[0] == "done"), None)
        clear += sum(one[0] == "overtaken" and (one[1], one[3]) == first for one in found)
    errors = [answer[1] for race in races.values() for _, answer in race if answer[0] == "error"]
    transitions = sum(one[0] == "done" for found in same for one in found)
    return {
        "races": len(same),
        "racers": RACERS,
        "transitions": transitions,
        "won_not_once": sum(sum(one[0] == "done" for one in f) != 1 for f in same + odds),
        "told_who_was_first": clear,
        "unclear": sum(map(len, same)) - transitions - clear,
        "races_at_odds": len(races) - len(same),
        "errors": len(errors),
        "race_seen": errors[:3],
    }


def _one_act(race: list[tuple[str, tuple[Any, ...]]]) -> bool:
    return len({act for act, _ in race}) == 1


def _one_or_the_other(race: list[tuple[str, tuple[Any, ...]]]) -> bool:
    return {act for act, _ in race} == set(AT_ODDS[0].split("|"))


def trail(field: Field) -> dict[str, int]:
    """From the trail: how many raced acts it holds, and where one does not follow on the other."""
    events = interleaved = 0
    for case, acts in field.cases:
        raced = {act.removeprefix("*").split(":")[1] for act in acts}
        stands: dict[tuple[str, int], str] = {}
        rows = Event.objects.filter(case=case).order_by("sequence")
        for place, row in enumerate(rows, 1):
            interleaved += row.sequence != place
            before, now = row.payload.get("from"), row.payload.get("to")
            if now is None:
                continue
            key = (row.machine, row.number)
            interleaved += before is not None and stands.get(key, before) != before
            stands[key] = now
            events += acts != AT_ODDS and row.act in raced and row.capacity != "system"
    return {"events": events, "interleaved": interleaved}
