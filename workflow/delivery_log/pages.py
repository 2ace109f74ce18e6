"""The four lists of the delivery log, page by page, narrowed by what stands in the address."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from workflow.delivery_log.reach import Reach
from workflow.law import duties
from workflow.machine import token
from workflow.outbox.models import WAITING
from workflow.queues.keyset import Page, key_at, mark_of, marked, newest_first

PLANNED, REMINDERS, TO_NOBODY, OTHERS = "planned", "reminders", "to-nobody", "others"
PARTS = {
    REMINDERS: "Reminders",
    PLANNED: "Planned reminders",
    TO_NOBODY: "Told to nobody",
    OTHERS: "Other messages",
}

_SENT = Q(sent_at__isnull=False, bounced_at__isnull=True)
STATES: dict[str, tuple[str, Q]] = {
    "waiting": ("Waiting", WAITING),
    "sent": ("Sent", _SENT),
    "bounced": ("Bounced", Q(bounced_at__isnull=False)),
    "given-up": ("Given up", Q(dead_at__isnull=False)),
    "not-sent": ("Not sent", Q(cancelled_at__isnull=False)),
}


@dataclass(frozen=True)
class Asked:
    """What the address narrows a list to: one case, an area, a duty, a state."""

    part: str = REMINDERS
    reference: str = ""
    area: str = ""
    duty: str = ""
    state: str = ""

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "Asked":
        """What an address asks for; what is none of it is left out."""
        part = asked.get("part", "")
        return cls(
            part=part if part in PARTS else REMINDERS,
            reference=asked.get("reference", "").strip()[:40],
            area=asked.get("area", "")[:8],
            duty=duties.slug_asked_for(asked.get("duty", ""), _DUTIES),
            state=asked["state"] if asked.get("state") in STATES else "",
        )

    def as_address(self) -> dict[str, str]:
        """As `from_address` reads it: beside a reference a duty's own name would tell of harm."""
        words = {**asdict(self), "duty": self.duty_address}
        return {name: value for name, value in words.items() if value}

    @property
    def duty_address(self) -> str:
        """The duty asked for, by its name in addresses."""
        return duties.by_slug(self.duty).address if self.duty else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the part is asked for."""
        return bool(self.reference or self.area or self.duty or self.state)

    @property
    def token(self) -> str:
        """The token of the case whose reference was typed, however it was typed."""
        return token.read(self.reference) or ""


_DUTIES = [duty.slug for duty in duties.ALL]


def page(reach: Reach, asked: Asked, position: Mapping[str, str]) -> Page:
    """The page of the part asked for that begins, or ends, at a position."""
    return _LISTS[asked.part](reach, asked, position)


def _on_cases(asked: Asked, path: str) -> Q:
    found = Q(**{f"{path}__token": asked.token}) if asked.reference else Q()
    if asked.area:
        found &= Q(**{f"{path}__authority__dfe_code": asked.area})
    return found


def _reminders(reach: Reach, asked: Asked, position: Mapping[str, str]) -> Page:
    rows = reach.reminders().filter(_on_cases(asked, "deadline__case"))
    if asked.duty:
        rows = rows.filter(deadline__duty=asked.duty)
    if asked.state:
        rows = rows.filter(_state_of_reminder(asked.state))
    return newest_first(rows, position)


def _state_of_reminder(state: str) -> Q:
    of_message = _on(STATES[state][1], "message")
    if state == "waiting":
        return Q(withheld="") & (Q(message__isnull=True) | of_message)
    if state == "not-sent":
        return ~Q(withheld="") | of_message
    return Q(withheld="") & of_message


def _on(condition: Q, path: str) -> Q:
    """The same condition, asked of a row beside."""
    moved = Q()
    for child in condition.children:
        name, value = child if isinstance(child, tuple) else ("", None)
        moved &= Q(**{f"{path}__{name}": value}, **{f"{path}__isnull": False})
    return moved


def _others(reach: Reach, asked: Asked, position: Mapping[str, str]) -> Page:
    rows = reach.messages().filter(_on_cases(asked, "case"))
    if asked.state:
        rows = rows.filter(STATES[asked.state][1])
    return newest_first(rows, position)


def _planned(reach: Reach, asked: Asked, position: Mapping[str, str]) -> Page:
    rows = reach.planned().filter(_on_cases(asked, "deadline__case"))
    if asked.duty:
        rows = rows.filter(deadline__duty=asked.duty)
    back = "before" in position
    if (at := _moment(rows, position)) is not None:
        moment, key = at
        beyond = "lt" if back else "gt"
        same = Q(planned_at=moment, **{f"pk__{beyond}": key})
        rows = rows.filter(Q(**{f"planned_at__{beyond}": moment}) | same)
    sign = "-" if back else ""
    ordered = rows.order_by(f"{sign}planned_at", f"{sign}pk")
    return marked(ordered, position, lambda row: f"{row.planned_at.isoformat()}_{mark_of(row)}")


def _to_nobody(reach: Reach, asked: Asked, position: Mapping[str, str]) -> Page:
    rows = reach.told_to_nobody().filter(_on_cases(asked, "deadline__case"))
    if asked.duty:
        rows = rows.filter(deadline__duty=asked.duty)
    return newest_first(rows, position)


def _moment(rows: QuerySet[Any], position: Mapping[str, str]) -> tuple[datetime, int] | None:
    text, _, mark = (position.get("before") or position.get("after") or "").partition("_")
    key = key_at(rows, mark)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment, key) if moment.tzinfo and key is not None else None


_LISTS: dict[str, Callable[[Reach, Asked, Mapping[str, str]], Page]] = {
    PLANNED: _planned,
    REMINDERS: _reminders,
    TO_NOBODY: _to_nobody,
    OTHERS: _others,
}
