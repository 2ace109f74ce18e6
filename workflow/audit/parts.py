"""An answer that is sent in parts, kept in a file until it may leave."""

from collections.abc import Iterable, Iterator
from functools import partial
from tempfile import SpooledTemporaryFile

CHUNK = 64 * 1024
FEW = 1024 * 1024


class InAFile:
    """The parts of an answer, read to their end: to be gone through more than once.

    They lie in a file without a name, never all in memory, and are gone when it is closed; few of
    them need no file.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._file = SpooledTemporaryFile(FEW)  # noqa: SIM115 - the response closes it
        try:
            # All at once they would lie in memory until the last of them is written.
            for part in parts:
                self._file.write(part)
        except BaseException:
            self._file.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield from iter(partial(self._file.read, CHUNK), b"")

    def lines(self) -> Iterator[bytes]:
        """The same, line by line."""
        self._file.seek(0)
        yield from self._file

    def close(self) -> None:
        """The file is gone."""
        self._file.close()
