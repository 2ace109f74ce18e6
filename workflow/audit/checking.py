"""Whether the database still says what was signed, by the checkpoints that lie outside of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workflow.audit import verify_audit
from workflow.audit.models import Checkpoint
from workflow.audit.reading import (
    Entry,
    acts,
    entries,
    not_in_the_log,
    outside_the_log,
    rewritten,
)
from workflow.audit.tree import as_found
from workflow.audit.verify_audit import ASKED, DECLINED, TAKEN, Found, Peaks, TakenOut, WrongError

EVERYTHING = 2**62


@dataclass
class Checked:
    """What was found wrong, each in a sentence; and how much was looked at."""

    size: int = 0
    checkpoints: int = 0
    wrong: list[str] = field(default_factory=list)


def check_database(outside: list[Found], *, key: bytes, witness: Iterable[Found] = ()) -> Checked:
    """Everything in the log and the trail is compared with what was signed and kept outside."""
    found = Checked(checkpoints=len(outside))
    inside = [as_found(row) for row in Checkpoint.objects.order_by("size")]
    trusted = _trusted([*outside, *witness], key, found)
    if not outside:
        found.wrong.append("There are no checkpoints outside the database.")
    known = {verify_audit.checkpoint_message(one) for one in outside}
    for one in inside:
        if verify_audit.checkpoint_message(one) not in known:
            found.wrong.append(f"The checkpoint of {one['size']} entries is not the one outside.")
    taken_out = TakenOut()
    _read(trusted, found, taken_out)
    # What has not been taken into the log yet waits for it, or is found outside of it below.
    for text in not_in_the_log((ASKED, DECLINED, TAKEN), EVERYTHING):
        taken_out.read(text.encode())
    for text in acts(taken_out.named):
        taken_out.did(text.encode())
    for act in taken_out.unexplained(rewritten()):
        found.wrong.append(verify_audit.CHANGED.format(act=act))
    if missing := outside_the_log():
        found.wrong.append(f"{missing} rows of the trail are neither in the log nor wait for it.")
    return found


def _trusted(checkpoints: Iterable[Found], key: bytes, found: Checked) -> dict[int, Found]:
    """The checkpoints that the key signed, by size; what it did not sign is wrong."""
    public = Ed25519PublicKey.from_public_bytes(key)
    trusted: dict[int, Found] = {}
    for one in checkpoints:
        try:
            message = verify_audit.checkpoint_message(one)
            public.verify(bytes.fromhex(one["signature"]), message)
            same = trusted.setdefault(one["size"], one)
            if any(same[name] != one[name] for name in ("root", "counts")):
                found.wrong.append(f"Two checkpoints of {one['size']} entries differ.")
        except (InvalidSignature, KeyError, TypeError, ValueError):
            found.wrong.append("A checkpoint outside is not signed by the key.")
    return trusted


def _read(trusted: dict[int, Found], found: Checked, taken_out: TakenOut) -> None:
    peaks: Peaks = []
    counts: Counter[int] = Counter()
    last = max(trusted, default=0)
    for one in entries(EVERYTHING):
        if one.position != found.size:
            found.wrong.append(f"Entry {found.size} is missing from the log.")
            return
        _compare(one, found)
        taken_out.read((one.content or "").encode())
        verify_audit.grow(peaks, verify_audit.leaf(one.commitment))
        counts[one.case] += 1
        found.size += 1
        if (signed := trusted.get(found.size)) is not None:
            root = verify_audit.root_of(peaks)
            if root.hex() != signed["root"]:
                found.wrong.append(f"The first {found.size} entries are not what was signed.")
            elif found.size == last:
                _compare_counts(signed, root, counts, found)
    if found.size < last:
        words = f"Rolled back: {last} entries were signed, the log has {found.size}."
        found.wrong.append(words)


def _compare_counts(signed: Found, root: bytes, counts: Counter[int], found: Checked) -> None:
    try:
        verify_audit.check_roots(signed, root, counts)
    except WrongError as reason:
        found.wrong.append(str(reason))


def _compare(one: Entry, found: Checked) -> None:
    """An entry's row says what the log committed to."""
    if one.salt is None or one.content is None:
        found.wrong.append(f"What entry {one.position} says is no more ({one.kind} {one.entry}).")
    elif verify_audit.commitment(one.salt, one.content.encode()) != one.commitment:
        found.wrong.append(f"What entry {one.position} says was changed ({one.kind} {one.entry}).")
    elif f'"case": {one.case},' not in one.content:
        found.wrong.append(f"Entry {one.position} stands under another case.")
