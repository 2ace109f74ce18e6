"""Copies of the key store: the only backups of keys, in places of their own, kept for days.

They never lie with the database's backups, and are never kept as long: what was destroyed must not
be found in a drawer years later. A key in a copy is still wrapped under the master key.

A copy is a folder named by its moment, and whole: it is written beside its name and read again
before it gets that name. Every place gets one; a place that fails says so and keeps none from the
others.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from workflow.sealed.durable import sync_folder, write_durably
from workflow.sealed.errors import CannotOpenError
from workflow.sealed.keystore import GONE, HELD, SUFFIX, KeyStore

NAMED = "%Y%m%dT%H%M%SZ"
UNFINISHED = "unfinished-"
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
            files = dict(_files(store.folder))
            done.keys = sum(name.endswith(SUFFIX) for name in files)
            done.made.append(_made(place, files, at))
            done.removed += _pruned(place, before=at - keep)
        except (OSError, CannotOpenError) as trouble:
            done.failed[str(place)] = str(trouble)
    return done


def copies(place: Path) -> list[tuple[datetime, Path]]:
    """The whole copies in a place with their moments, the oldest first."""
    found = []
    for path in place.iterdir() if place.is_dir() else ():
        with suppress(ValueError):
            found.append((datetime.strptime(path.name, NAMED).replace(tzinfo=UTC), path))
    return sorted(found)


def destroy(key_id: str, places: Sequence[Path]) -> int:
    """No copy within reach holds this key any more; returns in how many it was.

    Raises OSError for a place that can't be written: what lies there ends with its days.
    """
    found = 0
    for place in places:
        for _, path in copies(place):
            file = path / key_id[:2] / f"{key_id}{SUFFIX}"
            with suppress(FileNotFoundError):
                file.unlink()
                sync_folder(file.parent)
                found += 1
    return found


def put_back(store: KeyStore, copied: Path, *, dry_run: bool = False) -> PutBack:
    """What the store lacks is there again as a copy had it; what was destroyed is not.

    Raises CannotOpenError, and puts nothing back, for a copy that is not whole. Only a key that
    was destroyed since, one by one, may be missing from it.
    """
    files = _checked(copied)
    # The store may have been lost with its folder.
    store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = PutBack(destroyed=[_id(name) for name in files if name.endswith(GONE)])
    # First what must never come back, then what must never go, then the keys.
    for name in sorted(files, key=lambda one: (GONE, HELD, SUFFIX).index(Path(one).suffix)):
        path, key_id = copied / name, _id(name)
        if name.endswith(SUFFIX):
            missing = not (store.folder / name).exists() and not store.is_gone(key_id)
            if missing and key_id not in done.destroyed:
                made = path.stat().st_mtime
                if dry_run or store.put_back(key_id, path.read_bytes(), made=made):
                    done.keys.append(key_id)
        elif not dry_run and name.endswith(GONE):
            store.destroy(key_id, for_ever=True)
        elif name.endswith(HELD) and not (store.folder / name).exists():
            done.holds += 1
            if not dry_run:
                store.hold(key_id, name.split(".")[1])
    return done


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for suffix in (SUFFIX, HELD, GONE):
        for path in sorted(folder.glob(f"*/*{suffix}")):
            yield f"{path.parent.name}/{path.name}", path


def _made(place: Path, files: dict[str, Path], at: datetime) -> Path:
    name = at.astimezone(UTC).strftime(NAMED)
    draft, whole = place / f"{UNFINISHED}{name}", place / name
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
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
    return old


def _id(name: str) -> str:
    return Path(name).name.split(".")[0]
