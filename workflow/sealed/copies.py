"""Copies of the key store: the only backups of keys, in places of their own, kept for days.

They never lie with the database's backups, and are never kept as long: what was destroyed must not
be found in a drawer years later. A key in a copy is still wrapped under the master key.

A copy is a folder named by its moment, and whole: it is written beside its name and read again
before it gets that name. Every place gets one; a place that fails says so and keeps none from the
others. What is made after the newest copy lies beside it, so that no key is in one place alone.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from workflow.sealed.durable import alone, sync_folder, write_durably
from workflow.sealed.errors import CannotOpenError
from workflow.sealed.keystore import DRAFTS, GONE, HELD, SUFFIX, KeyStore

NAMED = "%Y%m%dT%H%M%SZ"
UNFINISHED = "unfinished-"
SINCE = "since"
LIST = "list.json"


@dataclass
class Copied:
    """What one round of copying did, place by place."""

    keys: int = 0
    made: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass
class PutBack:
    """What a copy brought back to the store, and what it could not."""

    keys: list[str] = field(default_factory=list)
    holds: int = 0
    destroyed: list[str] = field(default_factory=list)


def copy(store: KeyStore, places: Sequence[Path], *, at: datetime, keep: timedelta) -> Copied:
    """A new copy lies in each place that can take one, and what is older than `keep` is gone there.

    Where no new copy could be made, the old ones stay: late is better than none.
    """
    done = Copied()
    for place in places:
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone(place):
                files = dict(_files(store.folder))
                done.keys = sum(name.endswith(SUFFIX) for name in files)
                done.made.append(_made(place, files, at))
                done.removed += _pruned(place, before=at - keep)
        except (OSError, CannotOpenError) as trouble:
            done.failed[str(place)] = str(trouble)
    return done


def copies(place: Path) -> list[tuple[datetime, Path]]:
    """The whole copies in a place with their moments, the oldest first; none where it is not there.

    Raises OSError for one that can't be read: nobody knows what is in it.
    """
    try:
        there = list(place.iterdir())
    except FileNotFoundError:
        return []
    found = []
    for path in there:
        with suppress(ValueError):
            found.append((datetime.strptime(path.name, NAMED).replace(tzinfo=UTC), path))
    return sorted(found)


def destroy(key_id: str, places: Sequence[Path]) -> int:
    """No copy within reach holds this key any more, whole or half made; returns in how many it was.

    Every place is tried. Raises OSError for one that can't be written.
    """
    found, trouble = 0, None
    for place in places:
        try:
            for ending in (SUFFIX, *DRAFTS):
                for file in place.glob(f"*/{key_id[:2]}/{key_id}{ending}"):
                    file.unlink(missing_ok=True)
                    sync_folder(file.parent)
                    found += ending == SUFFIX
        except OSError as fault:
            trouble = fault
    if trouble:
        raise trouble
    return found


def add(store: KeyStore, key_id: str, places: Sequence[Path]) -> None:
    """A key that was just made lies in every place too, until a whole copy holds it.

    Every place is tried. Raises OSError for one that can't be written.
    """
    name, trouble = f"{key_id[:2]}/{key_id}{SUFFIX}", None
    for place in places:
        try:
            (place / SINCE).mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(place / SINCE / name, (store.folder / name).read_bytes())
        except OSError as fault:
            trouble = fault
    if trouble:
        raise trouble


def put_back(store: KeyStore, copied: Path, *, dry_run: bool = False) -> PutBack:
    """What the store lacks is there again as a copy had it; what was destroyed is not.

    The keys made since the newest copy come back too. Raises CannotOpenError, and puts nothing
    back, for a copy that is not whole. Only a key that was destroyed since, one by one, may be
    missing from it.
    """
    files = _checked(copied)
    if not dry_run:
        # The store may have been lost with its folder.
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = PutBack(destroyed=[_id(name) for name in files if name.endswith(GONE)])
    # First what must never come back, then what must never go, then the keys.
    for name in sorted(files, key=lambda one: (GONE, HELD, SUFFIX).index(Path(one).suffix)):
        key_id = _id(name)
        if name.endswith(SUFFIX):
            _back(store, copied / name, done, dry_run=dry_run)
        elif not dry_run and name.endswith(GONE):
            store.destroy(key_id, for_ever=True)
        elif name.endswith(HELD) and not (store.folder / name).exists():
            done.holds += 1
            if not dry_run:
                store.hold(key_id, name.split(".")[1])
    for path in sorted((copied.parent / SINCE).glob(f"*/*{SUFFIX}")):
        _back(store, path, done, dry_run=dry_run)
    return done


def _back(store: KeyStore, path: Path, done: PutBack, *, dry_run: bool) -> None:
    key_id = _id(path.name)
    there = (store.folder / path.parent.name / path.name).exists() or key_id in done.keys
    if there or store.is_gone(key_id) or key_id in done.destroyed:
        return
    if dry_run or store.put_back(key_id, path.read_bytes(), made=path.stat().st_mtime):
        done.keys.append(key_id)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for suffix in (SUFFIX, HELD, GONE):
        for path in sorted(folder.glob(f"*/*{suffix}")):
            yield f"{path.parent.name}/{path.name}", path


def _made(place: Path, files: dict[str, Path], at: datetime) -> Path:
    name = at.astimezone(UTC).strftime(NAMED)
    draft, whole = place / f"{UNFINISHED}{name}", place / name
    # What was broken off, here or in removing an old copy, holds keys that nobody looks after.
    for broken_off in place.glob(f"{UNFINISHED}*"):
        shutil.rmtree(broken_off)
    draft.mkdir(mode=0o700)
    listed = {}
    for one, path in files.items():
        # A key that is destroyed meanwhile is not copied.
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            write_durably(draft / one, content)
            shutil.copystat(path, draft / one)
            listed[one] = sha256(content).hexdigest()
    write_durably(draft / LIST, json.dumps(listed).encode("ascii"))
    if len(_checked(draft)) != len(listed):
        message = f"{draft} could not be written whole."
        raise CannotOpenError(message)
    shutil.rmtree(whole, ignore_errors=True)
    draft.rename(whole)
    sync_folder(place)
    for one in listed:
        # One that is destroyed while it is copied is looked for in whole copies, or here.
        if one.endswith(SUFFIX) and not files[one].exists():
            (whole / one).unlink(missing_ok=True)
        (place / SINCE / one).unlink(missing_ok=True)
    return whole


def _checked(copied: Path) -> list[str]:
    """The names of a copy's files. Raises CannotOpenError where it is not whole."""
    try:
        listed = json.loads((copied / LIST).read_bytes())
    except (OSError, ValueError):
        message = f"{copied} is not a whole copy of the key store."
        raise CannotOpenError(message) from None
    found = []
    for name, digest in listed.items():
        with suppress(FileNotFoundError):
            if sha256((copied / name).read_bytes()).hexdigest() != digest:
                message = f"{name} in {copied} is damaged."
                raise CannotOpenError(message)
            found.append(name)
    return found


def _pruned(place: Path, *, before: datetime) -> list[Path]:
    old = [path for moment, path in copies(place)[:-1] if moment < before]
    for path in old:
        # Under a name that says so first: what is half removed is no copy.
        going = path.with_name(f"{UNFINISHED}{path.name}")
        path.rename(going)
        shutil.rmtree(going)
    for path in place.glob(f"{SINCE}/*/*{SUFFIX}"):
        # No copy has held it in all these days, so it was destroyed before there was one.
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return old


def _id(name: str) -> str:
    return Path(name).name.split(".")[0]
