"""The base of every question, and the questions answered in one box.

Every message names the question and says what to do. The checks never silently change
what a person meant: spaces at the ends go, everything else is accepted or refused aloud.
"""

import re
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError

from workflow.forms.typed import (
    NOT_KNOWN,
    NOT_KNOWN_LABEL,
    NOT_KNOWN_PART,
    NOT_KNOWN_VALUE,
    Typed,
    TypedWidget,
)
from workflow.forms.words import (
    capital,
    count_words,
    is_blank,
    one_form,
    refuse_foreign_digits,
    refuse_unprintable,
    within_a_sentence,
)


class GovukField(forms.Field):
    """A question.

    ``called`` is what the messages call it ("the child's date of birth"); it defaults to
    the label, and must be given where the label is a question. ``short`` is its label in
    summary lists. ``not_known`` offers "Not known yet" (or the given words).
    ``conditional`` is for a question that another answer may ask for: the form refuses it when it
    is empty then, so its label does not call it optional. ``missing`` replaces the whole message
    for an empty answer. ``heading`` makes the label the page's heading. ``on``, set by the form,
    is the London date of "today".
    """

    parts: ClassVar[tuple[str, ...]] = ("",)
    verb: ClassVar[str] = "Enter"
    # "Not known yet" is a box of its own, not one of the answers offered.
    own_box: ClassVar[bool] = True
    empty: ClassVar[Any] = None
    autocomplete: str = ""
    width: str = ""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        optional: bool = False,
        conditional: bool = False,
        not_known: bool | str = False,
        called: str = "",
        short: str = "",
        missing: str = "",
        heading: bool = False,
    ) -> None:
        self.not_known = NOT_KNOWN_LABEL if not_known is True else (not_known or "")
        own = (NOT_KNOWN_PART,) if self.not_known and self.own_box else ()
        widget = TypedWidget(self.parts + own)
        super().__init__(
            required=not (optional or conditional), widget=widget, label=label, help_text=hint
        )
        if label.endswith("?") and not (called or missing):
            raise ValueError(f"say what the messages call the question: {label}")
        self.optional = optional
        self.conditional = conditional
        self.called = called or within_a_sentence(label)
        self.short = short
        self.missing = missing
        self.heading = heading
        self.on: Any = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A form's own field, on which only attributes are set: what they hold is shared.

        A notification is checked whole when it is sent, on some 90 questions at once.
        """
        mine = type(self).__new__(type(self))
        mine.__dict__.update(self.__dict__)
        return mine

    def hint_on(self, on: Any) -> str:
        """The hint as it reads on a day; None where the form has none."""
        return str(self.help_text)

    def clean(self, value: Any) -> Any:
        """The value in its proper type, NOT_KNOWN, or ``empty``; else a ValidationError."""
        typed = value if isinstance(value, Typed) else Typed()
        answered = not self.is_empty(typed)
        if self.not_known and typed.one(NOT_KNOWN_PART) == NOT_KNOWN_VALUE:
            if not answered:
                return NOT_KNOWN
            both = f"{self.verb} {self.called} or select “{self.not_known}”, not both"
            raise ValidationError(both, code="both")
        if not answered:
            if self.required:
                raise ValidationError(self.missing_message(), code="missing")
            return self.empty
        return self.parse(typed)

    def is_empty(self, typed: Typed) -> bool:
        """Whether nothing that prints was typed."""
        return all(is_blank(typed.one(part)) for part in self.parts)

    def missing_message(self) -> str:
        """What to do when nothing was typed."""
        otherwise = f", or select “{self.not_known}”" if self.not_known else ""
        return self.missing or f"{self.verb} {self.called}{otherwise}"

    def must(self, what: str, *, code: str = "wrong", part: str = "") -> ValidationError:
        """A refusal "<the question> must <what>", pointing at one part of the answer."""
        message = f"{capital(self.called)} must {what}"
        return ValidationError(message, code=code, params={"part": part})

    def parse(self, typed: Typed) -> Any:
        """The value of an answer that is not empty; raises ValidationError."""
        raise NotImplementedError

    def typed_from(self, value: Any) -> Typed:
        """What a person would have typed to give ``value``."""
        if value is NOT_KNOWN:
            return Typed({NOT_KNOWN_PART: [NOT_KNOWN_VALUE]})
        return Typed({"": [str(value)]})

    def shown(self, value: Any) -> str:
        """The words that stand for a cleaned value on a check-answers page."""
        return str(value)


class TextField(GovukField):
    """One line of text. Cleaned: str in NFC, trimmed; an optional empty answer is ``""``."""

    empty: ClassVar[Any] = ""
    lines = False
    input_type = "text"
    inputmode = ""
    spellcheck: bool | None = None

    def __init__(
        self,
        label: str,
        *,
        limit: int = 200,
        autocomplete: str = "",
        width: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.limit = limit
        self.autocomplete = autocomplete
        self.width = width or self.width

    def parse(self, typed: Typed) -> str:
        """The text in one form, when it is not too long and all of it prints."""
        text = one_form(typed.one())
        refuse_unprintable(text, called=self.called, lines=self.lines)
        if len(text) > self.limit:
            raise self.must(f"be {self.limit:,} characters or less", code="long")
        return text


class LongTextField(TextField):
    """Several lines of text, limited in words. Cleaned: str with Unix line ends."""

    lines = True

    def __init__(self, label: str, *, words: int = 500, rows: int = 8, **kwargs: Any) -> None:
        # The second limit stops a megabyte without spaces, which is one word.
        super().__init__(label, limit=words * 12, **kwargs)
        self.words = words
        self.rows = rows

    def parse(self, typed: Typed) -> str:
        """The text, when it is within the number of words."""
        written = count_words(typed.one())
        if written > self.words:
            limit = f"be {self.words:,} words or less. You have written {written:,} words"
            raise self.must(limit, code="long")
        return super().parse(typed)


class NameField(TextField):
    """A person's name in any script; words that mean "unknown" are sent to the tick box."""

    spellcheck = False
    _NO_NAMES = frozenset({"unknown", "not known", "n/k", "nk", "not known yet", "unnamed", "tbc"})

    def __init__(self, label: str, *, limit: int = 100, **kwargs: Any) -> None:
        super().__init__(label, limit=limit, **kwargs)

    def parse(self, typed: Typed) -> str:
        """The name, when it is one."""
        name = super().parse(typed)
        if self.not_known and name.casefold() in self._NO_NAMES:
            raise self.must(f"be a name. If there is none, select “{self.not_known}”")
        return name


class EmailField(TextField):
    """An e-mail address; the domain in lower case."""

    input_type = "email"
    spellcheck = False

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **{"limit": 254, "autocomplete": "email", **kwargs})

    def parse(self, typed: Typed) -> str:
        """The address, when mail could go there."""
        text = super().parse(typed)
        found = re.fullmatch(r"([^@\s]{1,64})@([^@\s.]+(?:\.[^@\s.]+)+)", text)
        if not found:
            advice = f"{self.verb} {self.called} in the correct format, like name@example.com"
            raise ValidationError(advice, code="wrong")
        return f"{found[1]}@{found[2].lower()}"


class PhoneField(TextField):
    """A telephone number as people write it: digits, spaces, brackets, +, and an extension."""

    input_type = "tel"
    width = "20"

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **{"limit": 50, "autocomplete": "tel", **kwargs})

    def parse(self, typed: Typed) -> str:
        """The number as typed, when it could be called."""
        text = re.sub(r"\s+", " ", super().parse(typed))
        refuse_foreign_digits(text, called=self.called)
        number, _extension = (*re.split(r"(?i)\s*(?:extension|ext\.?|x)\s*(?=\d)", text), "")[:2]
        digits = re.sub(r"[\s().\-/]", "", number)
        if not re.fullmatch(r"\+?[0-9]{7,15}", digits):
            advice = f"{self.verb} {self.called}, like 01632 960 001 or +44 808 157 0192"
            raise ValidationError(advice, code="wrong")
        return text


class WholeNumberField(TextField):
    """A whole number between two bounds, both allowed. Cleaned: int."""

    empty = None
    inputmode = "numeric"
    width = "4"

    def __init__(self, label: str, *, least: int = 0, most: int = 999, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least = least
        self.most = most

    def parse(self, typed: Typed) -> int:  # type: ignore[override]
        """The number, when it is within the bounds."""
        text = super().parse(typed)
        refuse_foreign_digits(text, called=self.called)
        plain = text.replace(",", "").replace(" ", "")
        if not re.fullmatch(r"-?[0-9]{1,12}", plain):
            raise self.must("be a whole number, like 2")
        number = int(plain)
        if not self.least <= number <= self.most:
            raise self.must(f"be between {self.least:,} and {self.most:,}")
        return number
