"""Identifiers with a shape of their own: postcodes, NHS numbers, pupil numbers."""

import re
from typing import Any

from workflow.forms.fields import TextField
from workflow.forms.typed import Typed
from workflow.forms.words import refuse_foreign_digits

_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
# The letters of a UPN leave out those that are read as digits or as each other.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_number_is_valid(digits: str) -> bool:
    """Whether ten digits pass the modulus 11 check of the NHS Data Dictionary."""
    total = sum(int(d) * weight for d, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def upn_is_valid(upn: str) -> bool:
    """Whether a pupil number's letter agrees with its digits (DfE UPN guide, modulus 23)."""
    last = upn[12]
    tail = int(last) if last.isdigit() else _UPN_LETTERS.index(last)
    digits = [int(d) for d in upn[1:12]] + [tail]
    total = sum(d * weight for d, weight in zip(digits, range(2, 14), strict=True))
    return upn[0] == _UPN_LETTERS[total % 23]


class _CodeField(TextField):
    """Text compared without spaces, hyphens and case."""

    spellcheck = False

    def compact(self, typed: Typed) -> str:
        """The answer in capitals without spaces and hyphens."""
        text = super().parse(typed)
        refuse_foreign_digits(text, called=self.called)
        return re.sub(r"[\s\-]", "", text).upper()


class PostcodeField(_CodeField):
    """A UK postcode. Cleaned: "SW1A 2AA"; ``partial`` also accepts the part before the space."""

    width = "10"

    def __init__(self, label: str, *, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.partial = partial

    def parse(self, typed: Typed) -> str:
        """The postcode with its space."""
        code = self.compact(typed)
        if found := re.fullmatch(f"({_OUTWARD})({_INWARD})", code):
            return f"{found[1]} {found[2]}"
        if self.partial and re.fullmatch(_OUTWARD, code):
            return code
        first = ", or its first part, like SW1A" if self.partial else ""
        raise self.must(f"be a full UK postcode, like SW1A 2AA{first}")


class NhsNumberField(_CodeField):
    """An NHS number. Cleaned: ten digits."""

    width = "10"
    inputmode = "numeric"

    def parse(self, typed: Typed) -> str:
        """The ten digits, when they pass the check."""
        digits = self.compact(typed)
        if not re.fullmatch(r"[0-9]{10}", digits):
            raise self.must("be 10 numbers, like 999 123 4567")
        if not nhs_number_is_valid(digits):
            raise self.must("be checked: these 10 numbers are not a valid NHS number")
        return digits

    def shown(self, value: Any) -> str:
        """The number as it is printed, in groups."""
        return f"{value[:3]} {value[3:6]} {value[6:]}"


class UpnField(_CodeField):
    """A unique pupil number, permanent or temporary. Cleaned: 13 capitals and digits."""

    width = "20"

    def parse(self, typed: Typed) -> str:
        """The pupil number, when it passes the check."""
        upn = self.compact(typed)
        if not re.fullmatch(f"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]", upn):
            raise self.must("be a letter and 12 numbers, like A123456789012")
        if not upn_is_valid(upn):
            raise self.must("be checked: its first letter does not match its numbers")
        return upn
