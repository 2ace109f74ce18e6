"""Typed values: what a person typed into a question, kept letter for letter."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

NOT_KNOWN_PART = "not-known"
NOT_KNOWN_VALUE = "not-known"
NOT_KNOWN_LABEL = "Not known yet"


class NotKnown(Enum):
    """The cleaned value of a question answered "Not known yet"; it counts as false."""

    NOT_KNOWN = "not-known"

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return NOT_KNOWN_LABEL


NOT_KNOWN = NotKnown.NOT_KNOWN


class Typed(dict[str, list[str]]):
    """The parts of one answer as typed, by part; a one-box answer has the single part ``""``."""

    def one(self, part: str = "") -> str:
        """The last value typed into ``part``, or an empty string."""
        values = self.get(part) or [""]
        return values[-1]

    def all(self, part: str = "") -> list[str]:
        """Every value of ``part`` that is not empty, in order."""
        return [value for value in self.get(part, []) if value]


class TypedWidget(forms.Widget):
    """Collects the parts of an answer from the submitted names; the macros draw it."""

    def __init__(self, parts: Sequence[str] = ("",)) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def names(self, name: str) -> Iterator[tuple[str, str]]:
        """Pairs of a part and the name under which a browser submits it."""
        return ((part, f"{name}-{part}" if part else name) for part in self.parts)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """Every part that was submitted, as typed."""
        many = as_lists(data)
        return Typed({part: many.getlist(key) for part, key in self.names(name) if key in many})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether no part was submitted at all."""
        return not any(key in data for _part, key in self.names(name))


def as_lists(data: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """``data`` as lists of strings by name; a lone string becomes a list of one."""
    if isinstance(data, MultiValueDict):
        return data
    return MultiValueDict({k: [v] if isinstance(v, str) else list(v) for k, v in data.items()})
