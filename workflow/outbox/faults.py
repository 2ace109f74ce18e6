"""Why a message did not leave: because of itself, or because of what it should leave through.

Each carries one word that names no address: it is kept with the row and written to the log.
"""


class NotTakenError(Exception):
    """The server did not take this message, or nobody knows whether it did."""


class DeferredError(NotTakenError):
    """The server did not take this message for now; it may well take it later."""


class UnreachableError(Exception):
    """There is no server to send over, or it takes nothing now: no message is to blame."""


class RefusedError(UnreachableError):
    """The server is there and refuses this service itself: somebody must put a setting right."""
