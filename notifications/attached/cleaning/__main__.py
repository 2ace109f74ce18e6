"""Reads a file from standard input; writes a line of JSON, and then the cleaned file if taken."""

import json
import resource
import sys

MEMORY = 512 * 1024 * 1024
SECONDS = 10


def limited() -> None:
    """Nothing that follows can take more memory or time than this, or write any file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """The answer is whole, or the process ends otherwise and there is none."""
    limited()
    # Only within the limits.
    from notifications.attached.cleaning import kinds  # noqa: PLC0415
    from notifications.attached.cleaning.refused import TOO_MUCH, NotTaken  # noqa: PLC0415

    try:
        kind, cleaned = kinds.clean(sys.stdin.buffer.read())
        said = {"kind": kind}
    except NotTaken as reason:
        said, cleaned = {"why": reason.why}, b""
    except (MemoryError, RecursionError):
        said, cleaned = {"why": TOO_MUCH}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + cleaned)


if __name__ == "__main__":
    main()
