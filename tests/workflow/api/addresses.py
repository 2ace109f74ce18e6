"""Addresses for programs, and what else stands in their place."""

from random import Random
from urllib.parse import quote

WORDS = (
    "part", "area", "region", "kind", "overdue", "size", "sort", "after", "before", "page",
    "ordering", "authority__name", "format", "\0", "é", "", "x" * 300,
)  # fmt: skip
VALUES = (
    "", "open", "closed", "9901", "London", "death", "yes", "25", "50", "due", "newest", "-1", "1",
    "1e9", "9" * 40, "NaN", "2026-12-01.0", "2026-12-01.", "0001-01-01.A", "9999-12-31.A", "\0",
    "2026-W01-1.A", "'; --", "{{7*7}}", "\u202e", "\ud7ff", "٣", "x" * 5000,
)  # fmt: skip
ENDS = ("", "/", "/deadlines", "/events", "/events/", "/nothing", "/../cases", "//", "\0", "?")
SENT = ("application/json", "*/*", "text/html", "application/xml", "", "json;q=", "x" * 2000)


def an_address(dice: Random, tokens: list[str]) -> str:
    """An address, with or without sense, for one of these cases or for none."""
    case = dice.choice([*tokens, "0000-0000-0000", "SIN-" + tokens[0], "x", "0" * 24, "-" * 12])
    path = dice.choice(["/cases", f"/cases/{case}", "/authorities", "/codes", "", "/token"])
    asked = "&".join(
        f"{quote(dice.choice(WORDS))}={quote(dice.choice(VALUES))}"
        for _ in range(dice.randint(0, 4))
    )
    raw = dice.choice(["", "", "", "%", "&&", "%ff=%ff", ";"])
    return f"/api/v1{path}{quote(dice.choice(ENDS), safe='/?.')}?{asked}{raw}"
