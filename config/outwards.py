"""What is told about addresses inside the operator's network that the service may connect to."""

from config.environment import Reader

_MOST = 65535


def told(read: Reader) -> tuple[frozenset[str], frozenset[tuple[str, int]]]:
    """Names that the settings use and that lead inside; hosts and ports that are webhooks inside.

    What is wrong with either is in the list of problems.
    """
    named = frozenset(one.lower() for one in read.names("PRIVATE_HOSTS", ""))
    webhooks = set()
    for one in read.names("PRIVATE_WEBHOOKS", ""):
        host, _, port = one.lower().rpartition(":")
        if host and port.isascii() and port.isdigit() and 0 < int(port) <= _MOST:
            webhooks.add((host, int(port)))
        else:
            read.wrong("PRIVATE_WEBHOOKS", "must be like hooks.example:443, separated by commas.")
    return named, frozenset(webhooks)
