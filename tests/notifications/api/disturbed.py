"""What a program with a fault in it sends."""

from copy import deepcopy
from random import Random
from typing import Any

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, 1.5, 1e308, "", " ", "not-known", "x", "none", "\0",
    "\ud800", "\u202e", "x" * 100_000, "2026-11-19", "9999-12-31", "0000-00-00", "2026-02-30",
    "25:61", "٣", [], [[]], ["not-known"], ["x", "x"], [None], [{}], {}, {"": ""}, {"x": {"x": {}}},
)  # fmt: skip
NAMES = ("", "x", "\0", "\ud800", "aware_on-day", "finished", "__class__", "x" * 500, "item")


def disturbed(dice: Random, found: Any) -> Any:
    """What a program sends, changed in place: some of it is something else, or gone."""
    for _ in range(dice.randint(1, 4)):
        at: Any = found
        while True:
            within = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not within:
                break
            key = dice.choice(within)
            if isinstance(at[key], dict | list) and dice.random() < 0.8:
                at = at[key]
                continue
            change = dice.random()
            if change < 0.6:
                at[key] = deepcopy(dice.choice(VALUES))
            elif change < 0.8 and isinstance(at, dict):
                at[dice.choice(NAMES)] = deepcopy(dice.choice(VALUES))
            else:
                del at[key]
            break
    return found
