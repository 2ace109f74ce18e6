"""Where something of a child could rest, and a search of it all that is seen to find."""

import base64
import gzip
import os
import subprocess
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from email import message_from_bytes
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from deploy.local.postgres import choose
from tests.prove.byte_search import Hit, Search
from tests.prove.canaries import PLANTED, Child
from tests.prove.servers import Broker, Database
from tests.prove.stack import client

# By the first part of a path below the proof's folder; what is not named here is code or a copy.
PLACES = {
    "cluster": "data",
    "cluster.log": "database log",
    "dump": "dump",
    "broker": "broker",
    "logs": "logs",
    "mail": "mail",
    "temp": "temp",
    "keys": "keys",
    "checkpoints": "keys",
}
WAL = "pg_wal"
NEVER_EMPTY = ("data", "wal", "database log", "dump", "broker", "logs", "mail", "keys")
# Laid by the servers themselves; into the other places files are put.
BY_SERVERS = ("data", "wal", "broker", "database log")
# The second is compressed in blocks that only its own program reads: what that reads is searched,
# and what is laid must be found there. Opened as one stream the file would give pieces put together
# anew, and among so many dates of birth any two pieces of dates make one.
LAID, BLOCKS, READ = "laid-", "custom", "custom-read"
FORMS = ("plain", BLOCKS)
# So much that the last row is not in the first block of a dump.
ROWS_BEFORE = 40_000
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "utf-8": lambda text: text,
    "capitals": bytes.upper,
    "small-letters": bytes.lower,
    "utf-16": lambda text: text.decode().encode("utf-16-le"),
    "utf-16-big": lambda text: text.decode().encode("utf-16-be"),
    "utf-32": lambda text: text.decode().encode("utf-32"),
    "hex": lambda text: text.hex().encode(),
    "hex-capitals": lambda text: text.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64-later": lambda text: base64.urlsafe_b64encode(b"x" + text),
    "base64-last": lambda text: base64.b64encode(b"xy" + text),
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "session": lambda text: base64.urlsafe_b64encode(zlib.compress(text)),
    "dump-of-utf-16": lambda text: gzip.compress(text.decode().encode("utf-16").hex().encode()),
}
AROUND = b"\x01\xfe "
PROCESSES = 2
PIECE, OVERLAP = 16 * 2**20, 2**20
# A place, a file in it, and from where to where it is read.
Piece = tuple[str, Path, int, int]

_search: list[Search] = []


def told(child: Child) -> bytes:
    """A line with every kind of thing that is searched."""
    born, number = child.born_on, child.nhs_number
    words = f"{child.word('g')} {child.word('f')}, born {born.isoformat()}, {born.day} {born:%B %Y}"
    return f"{words}, NHS {number[:3]} {number[3:6]} {number[6:]}".encode()


def look(database: Database, broker: Broker, children: list[Child]) -> dict[str, Any]:
    """What rests where of these children; the first was never filed, and is laid everywhere."""
    laid = _lay(database, broker, told(children[PLANTED]))
    _write_all(database, broker)
    _search[:] = [Search(children)]
    files = list(_files(database.folder))
    pieces = [piece for one in files for piece in _pieces(*one)]
    sizes, hits, found, examples = Counter[str](), Counter[str](), set[str](), set[str]()
    with get_context("fork").Pool(PROCESSES) as pool:
        for place, name, size, seen in pool.imap_unordered(_looked_at, pieces):
            if not name.startswith(LAID):
                sizes[place] += size
            for hit in seen:
                if hit.child == PLANTED:
                    found.add(name if name.startswith(LAID) else place)
                else:
                    hits[f"{place}: {hit.how or 'in clear'}"] += 1
                    examples.add(f"{place} {name}: {hit.what} {hit.how}".strip())
    return {
        "kilobytes": {place: -(-sizes[place] // 1024) for place in sorted({*sizes, *NEVER_EMPTY})},
        "mails": sum(place == "mail" and not path.name.startswith(LAID) for place, path in files),
        "laid": len(laid),
        "not_found": sorted(laid - found),
        "hits": sum(hits.values()),
        "hits_by_place": dict(sorted(hits.items())),
        "examples": sorted(examples)[:12],
    }


def _lay(database: Database, broker: Broker, text: bytes) -> set[str]:
    """It lies everywhere in every way that is told apart; the names of where it must be found."""
    database.ask(
        "CREATE TABLE laid AS SELECT md5(n::text) AS words"
        f" FROM generate_series(1, {ROWS_BEFORE}) AS n UNION ALL SELECT '{text.decode()}'"
    )
    client(broker).set("laid", base64.b64encode(text))
    names = {*BY_SERVERS, *(f"{LAID}{form}" for form in ("plain", READ))}
    for folder in ("logs", "mail", "temp", "keys"):
        for way, write in WAYS.items():
            path = database.folder / folder / f"{LAID}{folder}-{way}"
            path.write_bytes(AROUND + write(text) + AROUND)
            names.add(path.name)
    path = database.folder / "mail" / f"{LAID}message"
    path.write_bytes(message(text))
    return names | {path.name}


def message(text: bytes) -> bytes:
    """A message that holds it in lines cut so short that only whoever reads it as mail finds it."""
    cut = b"=\n".join(text[at : at + 4] for at in range(0, len(text), 4))
    return b"Subject: Laid\nContent-Transfer-Encoding: quoted-printable\n\n" + cut


def _write_all(database: Database, broker: Broker) -> None:
    """What was in memory is on disk, and the databases are dumped as they are for a backup."""
    database.ask("CHECKPOINT")
    client(broker).save()
    runner = choose()
    for name, holding in (("service-", "service"), (LAID, "postgres")):
        for form in FORMS:
            # Written by this process: the server's user may not write here.
            with (database.folder / "dump" / f"{name}{form}").open("wb") as dump:
                where = ["--host=127.0.0.1", f"--port={database.port}", "--username=postgres"]
                done = runner.popen(
                    "pg_dump", *where, f"--format={form}", holding, output=dump.fileno()
                ).wait()
                if done:
                    raise RuntimeError(f"pg_dump ended with {done}.")
        own, read = (database.folder / "dump" / f"{name}{form}" for form in (BLOCKS, READ))
        subprocess.run([runner.programs / "pg_restore", f"--file={read}", own], check=True)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for root, _, names in os.walk(folder):
        parts = Path(root).relative_to(folder).parts
        for name in names:
            place = PLACES.get(parts[0] if parts else name, "")
            path = Path(root, name)
            if place and path.is_file():
                yield "wal" if WAL in parts else place, path


def _pieces(place: str, path: Path) -> Iterator[Piece]:
    """A long file in pieces that overlap; a dump whole, since its streams are as long as tables."""
    size = path.stat().st_size
    step = max(size, 1) if place == "dump" else PIECE
    for at in range(0, size, step):
        yield place, path, max(0, at - OVERLAP), at + step


def _looked_at(piece: Piece) -> tuple[str, str, int, set[Hit]]:
    place, path, since, until = piece
    with path.open("rb") as file:
        file.seek(since)
        content = file.read(until - since)
    search = _search[0]
    in_blocks = place == "dump" and path.name.endswith(BLOCKS)
    seen = search.in_clear(content) if in_blocks else search.found(content)
    if place == "mail":
        for part in parts(content):
            seen |= {replace(hit, how=hit.how or "mail") for hit in search.found(part)}
    return place, path.name, len(content), seen


def parts(content: bytes) -> Iterable[bytes]:
    """A message's parts as they are read, and its subject."""
    message = message_from_bytes(content)
    yield str(message["Subject"]).encode()
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload
