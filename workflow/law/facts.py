"""What the law asks about an incident, and nothing more."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["died", "seriously_harmed", "other", ""]
Abuse = Literal["known", "suspected", "neither", ""]
Place = Literal["in_area", "outside_england", "elsewhere_in_england", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an incident; "" and None mean not known yet.

    `place` is seen from the authority whose case it is; `outside_england` means while normally
    resident in its area. `looked_after` and `care_leaver` are by that authority, unless
    `looked_after_by_another` says that another one owes the duty.
    """

    outcome: Outcome = ""
    abuse: Abuse = ""
    place: Place = ""
    looked_after: bool | None = None
    care_leaver: bool | None = None
    under_18: bool | None = None
    under_25: bool | None = None
    looked_after_by_another: bool = False
