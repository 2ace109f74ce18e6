"""Proofs out of the log: that an entry stands in it, and that it only ever grew (RFC 6962, 2.1)."""

from collections.abc import Iterable

from workflow.audit.verify_audit import node


class Tree:
    """A tree over the hashes of leaves, of which any part's root is known."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        self._levels = [list(hashes)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node(left, right) for left, right in pairs])

    def __len__(self) -> int:
        return len(self._levels[0])

    def root(self, begin: int, end: int) -> bytes:
        """The root over the entries from one position up to another, as the whole tree has it."""
        size = end - begin
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._levels[height][begin >> height]
        middle = begin + _half(size)
        return node(self.root(begin, middle), self.root(middle, end))

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The proof that an entry stands in the tree of this size."""
        return self._path(position, 0, size)

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The proof that the tree of the first size is the beginning of that of the second."""
        return [] if first == second else self._grown(first, 0, second, whole=True)

    def _path(self, position: int, begin: int, end: int) -> list[bytes]:
        if end - begin == 1:
            return []
        middle = begin + _half(end - begin)
        if position < middle:
            return [*self._path(position, begin, middle), self.root(middle, end)]
        return [*self._path(position, middle, end), self.root(begin, middle)]

    def _grown(self, first: int, begin: int, end: int, *, whole: bool) -> list[bytes]:
        if first == end:
            return [] if whole else [self.root(begin, end)]
        middle = begin + _half(end - begin)
        if first <= middle:
            return [*self._grown(first, begin, middle, whole=whole), self.root(middle, end)]
        return [*self._grown(first, middle, end, whole=False), self.root(begin, middle)]


def _half(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1
