"""Where the demo's mail goes: every message becomes a file that a person can open."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any


class Folder:
    """Writes what arrives by SMTP to NUMBER-recipient.eml; nothing ever leaves the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @classmethod
    def from_cli(cls, parser: ArgumentParser, *arguments: str) -> "Folder":
        """The handler as `aiosmtpd -c` makes it: its one argument is the folder."""
        if len(arguments) != 1:
            parser.error("one folder is needed")
        return cls(Path(arguments[0]))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The message is a file of its own before the sender hears that it was taken."""
        number = len(list(self.folder.glob("*.eml"))) + 1
        recipient = re.sub(r"[^\w.@+-]", "_", envelope.rcpt_tos[0])
        (self.folder / f"{number:05}-{recipient}.eml").write_bytes(envelope.content)
        return "250 Kept"
