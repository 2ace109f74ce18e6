"""An answer that is sent in parts, kept in a file until it may leave."""

from collections.abc import Iterable, Iterator
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

CHUNK = 64 * 1024
FEW = 1024 * 1024


class InAFile:
    """The parts of an answer, read to their end: to be gone through more than once.

    They lie in a file without a name, never all in memory, and are gone when it is closed; few of
    them need no file.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._file: IO[bytes] = BytesIO()
        on_disk = False
        try:
            # All at once they would lie in memory until the last of them is written.
            for part in parts:
                if not on_disk and self._file.tell() + len(part) > FEW:
                    self._move_to_disk()
                    on_disk = True
                self._file.write(part)
        except BaseException:
            self._file.close()
            raise

    def _move_to_disk(self) -> None:
        begun, self._file = self._file, TemporaryFile()  # noqa: SIM115 - the response closes it
        begun.seek(0)
        self._file.write(begun.read())

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
