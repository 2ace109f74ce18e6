"""Under which names the answers of a notification are kept."""

NOTIFICATION = "notification"


def document_of(cycle: int) -> str:
    """The name of the answers of a cycle."""
    return NOTIFICATION if cycle == 1 else f"{NOTIFICATION}-{cycle}"


def is_notification(document: str) -> bool:
    """Whether a document is a notification, of whatever cycle."""
    return document.partition("-")[0] == NOTIFICATION
