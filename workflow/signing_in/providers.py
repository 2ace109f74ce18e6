"""Whose people may sign in through a provider of their own: read from what the operator set."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
TEXTS = ("name", "title", "organisation", "issuer", "client_id")
KNOWN = {*TEXTS, "client_secret", "client_secret_file", "enforces_second_factor", "hosts"}


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation's own sign-in, by OpenID Connect.

    `organisation` is what the reference data calls it (`authority:815`, `panel`). `hosts` are names
    besides the issuer's own on which its endpoints may stand.
    """

    name: str
    title: str
    organisation: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    enforces_second_factor: bool = False
    hosts: tuple[str, ...] = ()

    def may_be_asked_at(self, url: Any) -> bool:
        """Whether an address is the provider's: of one of its names, and as safe as its issuer."""
        parts, issuer = urlsplit(url if isinstance(url, str) else ""), urlsplit(self.issuer)
        of_the_issuer = (parts.scheme, parts.netloc) == (issuer.scheme, issuer.netloc)
        return of_the_issuer or (parts.scheme == "https" and parts.netloc in self.hosts)


def read(text: str, *, https: bool) -> tuple[tuple[Provider, ...], list[str]]:
    """The providers that a JSON list describes, and what is wrong with it, each with a remedy."""
    try:
        entries = json.loads(text or "[]")
    except ValueError as fault:
        return (), [f"is not JSON: {fault}."]
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        return (), ["must be a list of objects, one for each provider."]
    found, wrong = [], []
    for number, entry in enumerate(entries, 1):
        why = _wrong(entry, https=https)
        secret = "" if why else _secret(entry, why)
        wrong += [f"entry {number}: {one}" for one in why]
        if not why:
            known = {name: entry[name] for name in TEXTS}
            enforces, hosts = entry.get("enforces_second_factor", False), entry.get("hosts", [])
            found.append(Provider(**known, client_secret=secret,
                                  enforces_second_factor=enforces, hosts=tuple(hosts)))  # fmt: skip
    names = [one.name for one in found]
    wrong += [f"two entries are named {one}." for one in {n for n in names if names.count(n) > 1}]
    return tuple(found), wrong


def _wrong(entry: Mapping[str, Any], *, https: bool) -> list[str]:
    wrong = [f"{name} is missing, or is no text." for name in TEXTS if not _is_text(entry, name)]
    wrong += [f"{name} is not known; leave it out." for name in sorted(set(entry) - KNOWN)]
    if wrong:
        return wrong
    if not re.fullmatch(NAME, entry["name"]):
        wrong.append("name must be small letters, digits and hyphens: it is part of an address.")
    issuer = urlsplit(entry["issuer"])
    local = not https and issuer.scheme == "http" and issuer.hostname in {"127.0.0.1", "localhost"}
    if not issuer.hostname or issuer.query or not (issuer.scheme == "https" or local):
        wrong.append("issuer must be an address that begins with https://.")
    if not isinstance(entry.get("enforces_second_factor", False), bool):
        wrong.append("enforces_second_factor must be true or false.")
    hosts = entry.get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(one, str) for one in hosts):
        wrong.append("hosts must be a list of names.")
    if _is_text(entry, "client_secret") == _is_text(entry, "client_secret_file"):
        wrong.append("give either client_secret or client_secret_file.")
    return wrong


def _is_text(entry: Mapping[str, Any], name: str) -> bool:
    return isinstance(entry.get(name), str) and bool(entry[name].strip())


def _secret(entry: Mapping[str, Any], wrong: list[str]) -> str:
    if "client_secret" in entry:
        return str(entry["client_secret"])
    try:
        return Path(entry["client_secret_file"]).read_text(encoding="utf-8").strip()
    except OSError as error:
        wrong.append(f"client_secret_file cannot be read: {error.strerror}.")
        return ""
