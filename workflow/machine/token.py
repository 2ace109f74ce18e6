"""Public references: random, never sequential, so that none tells of another."""

import secrets

# Crockford's base 32: no I, L, O or U, so that a reference read out on the telephone survives.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_token() -> str:
    """Twelve random symbols (60 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(token: str) -> str:
    """The token in groups of four: `7K2M-Q9XD-4TVB`."""
    return "-".join(token[start : start + 4] for start in range(0, LENGTH, 4))


def read(text: str) -> str | None:
    """The token a person typed, with or without `SIN-` or "Draft", hyphens and case; else None."""
    symbols = text.strip().upper().removeprefix("SIN").translate(_MISREAD)
    # Five symbols of a token may spell the word too.
    if len(symbols) > LENGTH:
        symbols = symbols.removeprefix("DRAFT")
    if len(symbols) == LENGTH and set(symbols) <= set(ALPHABET):
        return symbols
    return None


class TokenConverter:
    """A case's token in an address: `/cases/7K2M-Q9XD-4TVB/`."""

    regex = "[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"

    def to_python(self, value: str) -> str:
        """The token without its hyphens."""
        return value.replace("-", "")

    def to_url(self, value: str) -> str:
        """The token as it stands in an address."""
        return grouped(value)
