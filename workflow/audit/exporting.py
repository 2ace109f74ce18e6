"""Writing a case's bundle, or the whole log, for `verify_audit.py`."""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from workflow import clock
from workflow.audit import keys, verify_audit
from workflow.audit.models import Checkpoint
from workflow.audit.proofs import Tree
from workflow.audit.reading import Entry, commitments, entries, not_in_the_log, rewritten
from workflow.audit.tree import as_found, counts_of_cases, moment
from workflow.audit.verify_audit import TAKEN, Found, leaf
from workflow.machine.case import Case
from workflow.people.organisations import Organisation
from workflow.people.person import Person


class NothingSignedError(Exception):
    """No checkpoint was signed yet, so that nothing can be proven."""


class NotSignedYetError(Exception):
    """Words were taken out of a reason, and the entry that says so was not signed yet."""


def bundle(case: Case, witness: Iterable[Found] = ()) -> str:
    """The case's bundle on one line; what was not signed yet is left out.

    `witness` are checkpoints kept elsewhere: the bundle leads to each of them.
    """
    last = _last()
    found = list(entries(last.size, case=case.pk))
    tree = Tree(map(leaf, commitments(last.size)))
    checkpoints = _checkpoints(found, witness, last)
    sizes = [one["size"] for one in checkpoints]
    said = [json.loads(one.content) for one in found if one.content]
    return signed(
        {
            "format": verify_audit.BUNDLE,
            "case": case.pk,
            "reference": case.label,
            "directory": _directory(said),
            "entries": [_proven(one, tree, last.size) for one in found],
            "checkpoints": checkpoints,
            "consistency": [
                _hex(tree.consistency(first, second)) for first, second in pairwise(sizes)
            ],
            "count": _count(case.pk, last.size),
            **_rewritten(last, case=case.pk),
        }
    )


def whole_log(witness: Iterable[Found] = ()) -> Iterator[str]:
    """The log line by line: its head, then each entry that was signed."""
    last = _last()
    checkpoints = _checkpoints((), witness, last)
    yield signed({"format": verify_audit.LOG, "checkpoints": checkpoints, **_rewritten(last)})
    for one in entries(last.size):
        if one.salt is None:
            yield f"- {one.case} {one.commitment.hex()}"
        else:
            yield f"{one.salt.hex()} {one.content}"


def _last() -> Checkpoint:
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        raise NothingSignedError
    return last


def _rewritten(last: Checkpoint, *, case: int | None = None) -> Found:
    """Each reason that is not as its own entry has it, as it rests; nothing where none is."""
    if not (found := rewritten(case=case)):
        return {}
    if any('"left": {' in text for text in not_in_the_log((TAKEN,), last.size, case=case)):
        raise NotSignedYetError
    return {"rewritten": found}


def signed(found: Found) -> str:
    """What was found, with who says so, on one line."""
    found |= {"key": keys.public(), "made_at": moment(clock.now())}
    found["signature"] = keys.sign(verify_audit.statement_message(found))
    return verify_audit.written(found)


def _checkpoints(found: Iterable[Entry], witness: Iterable[Found], last: Checkpoint) -> list[Found]:
    """By when each entry was in the log, what the witnesses hold, and the newest."""
    positions = sorted(one.position for one in found)
    rows = Checkpoint.objects.order_by("size")
    wanted = {one["size"] for one in witness} | {last.size}
    for size in rows.values_list("size", flat=True):
        if positions and positions[0] < size:
            wanted.add(size)
            positions = [position for position in positions if position >= size]
    return [as_found(row) for row in rows.filter(size__in=wanted, size__lte=last.size)]


def _proven(one: Entry, tree: Tree, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "position": one.position,
        "salt": one.salt.hex() if one.salt else None,
        "content": one.content,
        "proof": _hex(tree.inclusion(one.position, size)),
    }
    return found if one.content else {**found, "commitment": one.commitment.hex()}


def _count(case: int, size: int) -> dict[str, Any]:
    """The proof of how many entries of the case the newest checkpoint counted."""
    counts = counts_of_cases(size)
    index = [number for number, _ in counts].index(case)
    hashes = [verify_audit.tally(number, entries) for number, entries in counts]
    return {"index": index, "proof": _hex(Tree(hashes).inclusion(index, len(hashes)))}


def _hex(hashes: Iterable[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _directory(said: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    people = {int(one.get("person") or one.get("actor") or 0) for one in said}
    places = {int(one["organisation"] or 0) for one in said}
    named = Person.objects.filter(pk__in=people).values_list("pk", "name")
    bodies = Organisation.objects.filter(pk__in=places).values_list("pk", "name")
    return {
        "people": {str(key): name for key, name in named},
        "organisations": {str(key): name for key, name in bodies},
    }
