"""What follows from the facts: which duties, who is told, and whether a rapid review follows.

Section 16C, the looked-after child's death and the care leaver's death are three duties that one
form can carry. A duty is listed when it is owed whatever the facts still missing turn out to be;
`undetermined` lists the facts that could still change the answer.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from workflow.law import bodies, citations, duties
from workflow.law.bodies import Body
from workflow.law.duty import Duty
from workflow.law.facts import Abuse, Facts, Outcome, Place
from workflow.law.instruments import Citation
from workflow.law.reasons import Because, because

__all__ = ["Abuse", "Because", "Facts", "Outcome", "Place", "Recipient", "Route", "route"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who hears of it. `duty` is None where the notification is only shared with them."""

    body: Body
    duty: Duty | None
    because: Citation

    @property
    def slug(self) -> str:
        """The body's slug."""
        return self.body.slug

    @property
    def name(self) -> str:
        """The body's name as a button or a confirmation page says it."""
        return self.body.short_name


@dataclass(frozen=True, slots=True)
class Route:
    """What follows. `duties` are those whose clock starts on awareness; D5 starts on sending.

    `voluntary` is True when no duty is owed but a notification may be sent to the Panel, which
    then treats it as any other. `undetermined` names fields of Facts, in their order.
    """

    duties: tuple[Duty, ...]
    goes_to_panel: bool
    rapid_review: bool
    recipients: tuple[Recipient, ...]
    undetermined: tuple[str, ...]
    because: tuple[Because, ...]
    voluntary: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is decided once every fact is known."""

    panel: bool
    voluntary: bool
    looked_after: bool
    care_leaver: bool


_UNKNOWN: dict[str, tuple[object, ...]] = {
    "outcome": ("died", "seriously_harmed", "other"),
    "abuse": ("known", "suspected", "neither"),
    "place": ("in_area", "outside_england", "elsewhere_in_england"),
    "looked_after": (True, False),
    "care_leaver": (True, False),
    "under_18": (True, False),
    "under_25": (True, False),
}


def _decide(facts: Facts) -> _Answer:
    suspected = facts.abuse in {"known", "suspected"}
    here = facts.place in {"in_area", "outside_england"}
    ours = facts.looked_after and not facts.looked_after_by_another
    died = facts.outcome == "died"
    young = bool(facts.under_25 or facts.under_18)
    engaged = bool(suspected and facts.under_18 and here)
    return _Answer(
        panel=engaged and facts.outcome in {"died", "seriously_harmed"},
        voluntary=engaged and facts.outcome == "other",
        looked_after=bool(died and ours and facts.under_18),
        # A care leaver is by definition no longer looked after.
        care_leaver=bool(died and facts.care_leaver and young and not facts.looked_after),
    )


def _completions(facts: Facts) -> Iterator[Facts]:
    """Every way the missing facts could turn out, leaving out what contradicts itself."""
    missing = [name for name in _UNKNOWN if getattr(facts, name) in {"", None}]
    for values in itertools.product(*(_UNKNOWN[name] for name in missing)):
        whole = replace(facts, **dict(zip(missing, values, strict=True)))  # type: ignore[arg-type]
        if _consistent(whole, missing):
            yield whole


def _consistent(facts: Facts, guessed: list[str]) -> bool:
    """False for a guess that fits no one: looked after yet grown up, or yet a care leaver."""
    if facts.looked_after and not facts.under_18 and {"looked_after", "under_18"} & set(guessed):
        return False
    both = facts.looked_after and facts.care_leaver
    return not (both and {"looked_after", "care_leaver"} & set(guessed))


def _undetermined(facts: Facts) -> tuple[str, ...]:
    """The missing facts that, all others alike, can change the answer."""
    answers = {whole: _decide(whole) for whole in _completions(facts)}
    found: list[str] = []
    for name, values in _UNKNOWN.items():
        if getattr(facts, name) not in {"", None}:
            continue
        for whole, answer in answers.items():
            turned = (replace(whole, **{name: value}) for value in values)  # type: ignore[arg-type]
            if any(answers.get(other, answer) != answer for other in turned):
                found.append(name)
                break
    return tuple(found)


def _presumed(facts: Facts) -> Facts:
    # See readings.AGE_NOT_KNOWN.
    if facts.under_18 is None and not facts.care_leaver and facts.under_25 is not False:
        return replace(facts, under_18=True)
    return facts


@lru_cache(maxsize=4096)
def route(facts: Facts, *, on: dt.date | None = None) -> Route:
    """What follows from `facts`; with `on`, by the duties and bodies in force that day."""
    answers = [_decide(whole) for whole in _completions(_presumed(facts))]
    panel = all(answer.panel for answer in answers)
    # Between a duty and a voluntary notification the way to the Panel is the same.
    panel_exists = on is None or any(body.in_force(on) for body in bodies.NOTIFIED)
    goes_to_panel = panel_exists and all(answer.panel or answer.voluntary for answer in answers)
    voluntary = goes_to_panel and all(answer.voluntary for answer in answers)
    owed: list[Duty] = []
    if panel:
        owed += [duties.NOTIFY_THE_PANEL, duties.TELL_THE_PARTNERS]
    if all(answer.looked_after for answer in answers):
        owed.append(duties.LOOKED_AFTER_CHILD_DEATH)
    if all(answer.care_leaver for answer in answers):
        owed.append(duties.CARE_LEAVER_DEATH)
    in_force = tuple(duty for duty in owed if on is None or _applies(duty, on))
    return Route(
        duties=in_force,
        goes_to_panel=goes_to_panel,
        rapid_review=goes_to_panel,
        recipients=_recipients(in_force, goes_to_panel=goes_to_panel, on=on),
        undetermined=_undetermined(facts),
        because=because(facts, in_force, goes_to_panel=goes_to_panel, voluntary=voluntary),
        voluntary=voluntary,
    )


def _applies(duty: Duty, on: dt.date) -> bool:
    return any(limit.computed and limit.since <= on for limit in duty.limits)


def _recipients(
    owed: tuple[Duty, ...], *, goes_to_panel: bool, on: dt.date | None
) -> tuple[Recipient, ...]:
    found: dict[str, Recipient] = {}
    if goes_to_panel:
        panel = bodies.PANEL if on is None else bodies.notified_body(on)
        notify = duties.NOTIFY_THE_PANEL
        duty = notify if notify in owed else None
        found[panel.slug] = Recipient(panel, duty, notify.cites[0])
    for duty in owed:
        for body in duty.owed_to if on is None else duty.recipients(on):
            found.setdefault(body.slug, Recipient(body, duty, duty.cites[0]))
    if goes_to_panel:
        for body in (bodies.PARTNERS, bodies.SECRETARY_OF_STATE, bodies.OFSTED):
            found.setdefault(body.slug, Recipient(body, None, citations.SHARED))
    order = [body.slug for body in bodies.ALL]
    return tuple(sorted(found.values(), key=lambda recipient: order.index(recipient.slug)))
