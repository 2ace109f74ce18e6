"""Which addresses the service takes.

The launcher says so before anything is installed, and the settings wherever the service starts.
"""

from urllib.parse import SplitResult, urlsplit

DATABASES = frozenset({"postgres", "postgresql"})
BROKERS = frozenset({"redis", "rediss"})
SOCKET = "unix"


def is_of_a_database(address: str) -> bool:
    """Whether it is an address of a PostgreSQL; whose version that is, the server says."""
    parts = _read(address)
    return parts is not None and parts.scheme in DATABASES


def is_of_a_broker(address: str) -> bool:
    """Whether it is an address of a Redis or Valkey, on a network or in this machine's files."""
    parts = _read(address)
    if parts is None:
        return False
    if parts.scheme == SOCKET:
        return parts.path.startswith("/")
    return parts.scheme in BROKERS and bool(parts.hostname)


def _read(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none, as one with a port that is no number."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
