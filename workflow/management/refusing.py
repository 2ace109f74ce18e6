"""Commands that refuse wrong input in one sentence, with exit 2."""

import datetime as dt
import re
from argparse import RawDescriptionHelpFormatter
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Refused(CommandError):
    """Wrong input, or a date outside the published bank holidays: exit 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=2)


class OneSentenceParser(CommandParser):
    """A parser that refuses in one sentence, without the usage lines."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the sentence at a terminal; Refused where a program called the command."""
        sentence = f"{message[0].upper()}{message[1:].rstrip('.')}; see {self.prog} --help."
        if self.called_from_command_line:
            self.exit(2, f"Refused: {sentence}\n")
        raise Refused(sentence)


class RefusingCommand(BaseCommand):
    """A command whose parser refuses in one sentence; its `examples` stand below its help."""

    examples = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, with the examples, that refuses in one sentence."""
        if self.examples:
            kwargs |= {"formatter_class": RawDescriptionHelpFormatter, "epilog": self.examples}
        made = super().create_parser(prog_name, subcommand, **kwargs)
        # Django makes the parser itself, with its own options on it.
        made.__class__ = OneSentenceParser
        return made


def parse_day(text: str) -> dt.date:
    """The date written as year-month-day, with ordinary digits. Refused otherwise."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(f"{text!r} is not a date; write it as 2026-12-18.")
