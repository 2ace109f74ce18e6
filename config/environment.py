"""Read settings from the environment; report all that is wrong with them in one list."""

import base64
import binascii
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from deploy.local import addresses


class MisconfiguredError(ImproperlyConfigured):
    """The environment does not describe a service that can run; the text lists every reason."""


def read_files(*files: Path) -> None:
    """Each variable of the files that exist is in the environment unless it was set already."""
    for file in files:
        if file.is_file() and os.access(file, os.R_OK):
            environ.Env.read_env(str(file), overwrite=False)


class Reader:
    """Typed readers. A missing or unusable value becomes a problem and a harmless stand-in."""

    def __init__(self) -> None:
        self.env = environ.Env()
        self.problems: list[str] = []

    def wrong(self, name: str, why: str) -> None:
        """The problem is in the list that `finish` reports."""
        self.problems.append(f"{name}: {why}")

    def text(self, name: str, default: str | None = None) -> str:
        """The value; without one, the default; without either, a problem."""
        value = str(self.env.str(name, default=""))
        if value:
            return value
        if default is None:
            self.wrong(name, "is not set. .env.example says what it is for.")
            return ""
        return default

    def path(self, name: str, default: Path) -> Path:
        """The place of a file or folder."""
        return Path(self.text(name, str(default)))

    def flag(self, name: str, *, default: bool) -> bool:
        """True or False; anything but 1/0, true/false, yes/no, on/off is a problem."""
        words = {"1": True, "true": True, "yes": True, "on": True}
        words |= {"0": False, "false": False, "no": False, "off": False}
        value = self.text(name, "1" if default else "0").lower()
        if value not in words:
            self.wrong(name, f'must be 1 or 0, not "{value}".')
        return words.get(value, default)

    def number(self, name: str, *, default: int, least: int = 0) -> int:
        """A whole number, at least `least`."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) < least:
            self.wrong(name, f'must be a whole number of at least {least}, not "{value}".')
            return default
        return int(value)

    def choice(self, name: str, allowed: Sequence[str], *, default: str) -> str:
        """One of the allowed words."""
        value = self.text(name, default)
        if value not in allowed:
            self.wrong(name, f'must be one of {", ".join(allowed)}, not "{value}".')
            return default
        return value

    def site(self, name: str, *, public: bool) -> str:
        """Where the service is reached; a public one is named in full and served over https."""
        value = self.text(name, "http://localhost:8000")
        if public and not value.startswith("https://"):
            self.wrong(
                name,
                "must be the https:// address at which people reach the service: the links in its "
                f'messages begin with it, and "{value}" would lead nowhere.',
            )
        return value

    def https(self, name: str, default: str) -> str:
        """The address of another service: over https, or on this machine."""
        value = self.text(name, default)
        parts = urlsplit(value)
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
        if not parts.hostname or not (parts.scheme == "https" or local):
            self.wrong(name, f'must be an address that begins with https://, not "{value}".')
        return value

    def shaped(self, name: str, shape: str, *, like: str, required: bool) -> str:
        """A value of a fixed shape, or ""; one of another shape is a problem, and is not shown."""
        value = self.text(name, None if required else "")
        if value and not re.fullmatch(shape, value):
            self.wrong(name, f"must look like {like}.")
        return value

    def names(self, name: str, default: str | None = None) -> list[str]:
        """The parts of a list separated by commas."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def database(self, name: str, *, required: bool) -> dict[str, Any] | None:
        """What Django needs to connect; None when the address is absent or cannot be read."""
        address = self.text(name, None if required else "")
        if not address:
            return None
        found: dict[str, Any] = {}
        if "://" in address:
            with suppress(ValueError, ImproperlyConfigured):
                found = dict(self.env.db_url_config(address))
        if not found.get("ENGINE"):
            self.wrong(name, "is not an address like postgres://user:password@host:5432/name.")
            return None
        return found

    def broker(self, name: str, default: str | None) -> str:
        """The address of a Redis or Valkey; any other is a problem: workers would start in vain."""
        value = self.text(name, default)
        if value and not addresses.is_of_a_broker(value):
            self.wrong(name, "is not an address like redis://broker.example:6379/0.")
        return value

    def email(self, name: str, default: str) -> dict[str, Any]:
        """Django's EMAIL_* settings from one address."""
        try:
            return dict(self.env.email_url_config(self.text(name, default)))
        except (KeyError, ValueError, ImproperlyConfigured):
            self.wrong(name, "is not an address like smtp://user:password@host:25.")
            return {}

    def key(self, name: str, *, length: int, required: bool) -> bytes:
        """The bytes of a base64 secret given as NAME, or in the file that NAME_FILE names."""
        encoded = self.text(name, "")
        file = self.text(f"{name}_FILE", "")
        try:
            if not encoded and file:
                encoded = Path(file).read_text(encoding="ascii").strip()
            value = base64.b64decode(encoded, validate=True)
        except OSError as error:
            self.wrong(f"{name}_FILE", f"cannot be read: {error.strerror}.")
            return bytes(length)
        except (binascii.Error, ValueError):
            value = b"unreadable"
        if not encoded and not required:
            return bytes(length)
        if len(value) != length:
            self.wrong(name, f"must be {length} random bytes in base64 (or give {name}_FILE).")
            return bytes(length)
        return value

    def finish(self) -> None:
        """Return when nothing was wrong; else raise one error that lists everything."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise MisconfiguredError(f"The service cannot start with these settings:\n{lines}")
