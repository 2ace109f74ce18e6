"""Reads a file from standard input; writes a line of JSON, and then the cleaned file if taken."""

import codecs
import importlib
import json
import resource
import sys

MEMORY = 512 * 1024 * 1024
SECONDS = 10
# What the readers would fetch from the disk only once they need it, and then no longer may.
_MODULES = (
    "PIL.JpegImagePlugin",
    "PIL.MpoImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.TiffImagePlugin",
)
_ENCODINGS = ("ascii", "cp1252", "cp437", "latin-1", "utf-16", "utf-8-sig", "idna")


def limited() -> None:
    """Nothing that follows can take more memory or time than this, or write any file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def alone() -> None:
    """Nothing that follows can open a file or a connection, or start a process."""
    from PIL import Image  # noqa: PLC0415

    for name in _MODULES:
        importlib.import_module(name)
    for name in _ENCODINGS:
        codecs.lookup(name)
    Image.preinit()
    # What is open stays open: the way that the file comes in, and the one that the answer takes.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main() -> None:
    """The answer is whole, or the process ends otherwise and there is none."""
    limited()
    # Only within the limits.
    from notifications.attached.cleaning import kinds  # noqa: PLC0415
    from notifications.attached.cleaning.refused import TOO_MUCH, NotTaken  # noqa: PLC0415

    content = sys.stdin.buffer.read()
    alone()
    try:
        kind, cleaned = kinds.clean(content)
        said = {"kind": kind}
    except NotTaken as reason:
        said, cleaned = {"why": reason.why}, b""
    except (MemoryError, RecursionError):
        said, cleaned = {"why": TOO_MUCH}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + cleaned)


if __name__ == "__main__":
    main()
