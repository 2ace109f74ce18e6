#!/usr/bin/env python3
"""Verify what the audit log says, offline: `python verify_audit.py FILE --key KEY`.

FILE is a case's bundle or the whole log, as `manage.py audit export` writes them. Needs Python 3.11
and nothing else; imports nothing of the service. Give --key, the service's public key as you had it
from elsewhere: a key that stands in the file alone proves only that the file agrees with itself.
--witness is a file of checkpoints kept elsewhere, one a line, as they were mailed.

Exit: 0 everything holds; 1 something does not; 2 it can't be told. --json says it for a program.

The log is a tree of hashes (RFC 6962). A leaf is the commitment sha256("audit-entry/1" | salt |
content): who has only the leaf learns nothing, and erasing salt and content leaves it standing.
Checkpoints sign (Ed25519, RFC 8032) the size and root of the tree, and a second tree that counts
each case's entries, so that a missing end of a case shows too.

An entry holds the digest of a reason that somebody gave. Where two people took words out of it, it
holds that of what it was, a later entry that of what is left, and the head of the file that of what
stands there: these two have to be the same.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

BUNDLE, LOG = "audit-bundle/1", "audit-log/1"
_CASE = re.compile(rb'"case": (\d+)')
_KEY = re.compile(rb'"id": (\d+)')
# What a reason is known by there, out of which words are taken.
_REASONS = ("act", "panel-act", "partner-act")
# Acts by which words are taken out of a reason: one person's, and another's that says what is left.
ASKED, DECLINED, TAKEN = "propose_redaction", "decline_redaction", "take_words_out"
_REDACTION = re.compile(rb'"act": "(?:propose_redaction|decline_redaction|take_words_out)"')
Found = dict[str, Any]
Peaks = list[tuple[int, bytes]]
Point = tuple[int, int, int, int]


class WrongError(Exception):
    """Something does not hold; the text says what."""


class UnknownError(Exception):
    """It can't be told whether it holds."""


# --- The tree of hashes: RFC 6962, section 2.1; proofs: RFC 9162, sections 2.1.3 and 2.1.4 --------
def commitment(salt: bytes, content: bytes) -> bytes:
    """The commitment to an entry, from the bytes of its salt and of its content."""
    return hashlib.sha256(b"audit-entry/1" + salt + content).digest()


def leaf(data: bytes) -> bytes:
    """The hash of a leaf; no node has the same, whatever it holds."""
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


def grow(peaks: Peaks, hashed: bytes) -> None:
    """`peaks` are the roots of the whole trees side by side, as (height, hash); one leaf more."""
    height = 0
    while peaks and peaks[-1][0] == height:
        hashed = node(peaks.pop()[1], hashed)
        height += 1
    peaks.append((height, hashed))


def root_of(peaks: Peaks) -> bytes:
    """The root of the tree whose whole parts these are."""
    if not peaks:
        return hashlib.sha256(b"").digest()
    found = peaks[-1][1]
    for _, peak in reversed(peaks[:-1]):
        found = node(peak, found)
    return found


def included(hashed: bytes, position: int, size: int, proof: Iterable[bytes], root: bytes) -> bool:
    """Whether a leaf's hash stands at a position in the tree of this size and root."""
    if not 0 <= position < size:
        return False
    at, last = position, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node(sibling, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of the first size is the beginning of the tree of the second."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(sibling, old), node(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


# --- Ed25519: RFC 8032, section 5.1, as plainly as it is written there ----------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(s: int, p: Point) -> Point:
    q: Point = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = _add(q, p)
        p, s = _add(p, p), s >> 1
    return q


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message is this public key's."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or BASE is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    return _same(_times(s, BASE), _add(r, _times(k, a)))


# --- What is signed -------------------------------------------------------------------------------
def checkpoint_message(one: Found) -> bytes:
    """The bytes that a checkpoint signs."""
    said = (one["size"], one["root"], one["counted"], one["counts"], one["at"])
    return ("audit-checkpoint/1\n" + "\n".join(map(str, said)) + "\n").encode()


def tally(case: int, count: int) -> bytes:
    """The leaf that counts a case's entries."""
    return leaf(f"audit-count/1\n{case}\n{count}\n".encode())


def written(found: Found) -> str:
    """The one way in which a bundle, or the head of a log, is written down."""
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def statement_message(found: Found) -> bytes:
    """The bytes that a bundle, or the head of a log, signs: everything in it."""
    unsigned = {name: value for name, value in found.items() if name != "signature"}
    digest = hashlib.sha256(written(unsigned).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{found['format']}\n{digest}\n".encode()


def _hold(holds: object, words: str) -> None:
    if not holds:
        raise WrongError(words)


def check_checkpoint(one: Found, key: bytes) -> None:
    """The checkpoint was signed by the key."""
    words = f"The checkpoint of {one['size']} entries is not signed by the key."
    _hold(signed(key, checkpoint_message(one), bytes.fromhex(one["signature"])), words)


def check_head(found: Found, head: str, key: bytes | None, witness: Iterable[Found]) -> None:
    """What was signed is as it was signed, and no older than what a witness holds."""
    _hold(f"{written(found)}\n" == head, "The file was changed: it is not as the export wrote it.")
    named = bytes.fromhex(found["key"])
    _hold(key in (None, named), "The file names another key than the one you gave.")
    # Of all that stands in the head the signature alone is not itself signed.
    signature = bytes.fromhex(found["signature"])
    statement = signed(named, statement_message(found), signature)
    as_written = signature.hex() == found["signature"]
    _hold(statement and as_written, "The file was changed since it was exported.")
    checkpoints = found["checkpoints"]
    _hold(checkpoints, "The file holds no checkpoint.")
    for one in checkpoints:
        check_checkpoint(one, named)
    known = {one["size"]: one for one in checkpoints}
    for one in witness:
        check_checkpoint(one, named)
        size, last = one["size"], checkpoints[-1]["size"]
        _hold(size <= last, f"Rolled back: a witness saw {size} entries, the file knows {last}.")
        if size not in known:
            raise UnknownError(f"Export again with --witness: nothing here leads to size {size}.")
        same = all(one[name] == known[size][name] for name in ("root", "counted", "counts"))
        _hold(same, f"The checkpoint of {size} entries is not the one that a witness holds.")


# --- Words taken out of the reason of an act ------------------------------------------------------
CHANGED = "The reason of act {act} was changed, and no act of two people in the log says so."


class TakenOut:
    """What is left of each reason, as entries of the log say it: read in their order.

    An act's own entry commits to its reason as it was. What stands there now is another's only by
    an act that says so in the log, of two people: one asked for it, another confirmed. It says so
    of the act that was asked about, and of entries of the same person and moment in that case.
    """

    def __init__(self) -> None:
        # How many entries say nothing any more: what two people took out may have been in one.
        self.erased = 0
        # By case and act: where in the trail it was said, about which act, and what is left.
        self._left: dict[tuple[int, str], tuple[int, str, str]] = {}
        self._asked: dict[tuple[Any, ...], Any] = {}
        self._did: dict[str, tuple[Any, ...]] = {}

    def read(self, content: bytes) -> None:
        """Takes in what an entry says, whatever it is about."""
        if not _REDACTION.search(content):
            return
        said = json.loads(content)
        payload = said.get("payload")
        if said["act"] not in (ASKED, DECLINED, TAKEN) or not isinstance(payload, dict):
            return
        document, item, field = (payload.get(one) for one in ("document", "item", "field"))
        if document not in _REASONS or not isinstance(item, str) or not isinstance(field, str):
            return
        place = (said["case"], document, item, field)
        if said["act"] == ASKED:
            self._asked[place] = said["actor"]
            return
        by, left = self._asked.pop(place, None), payload.get("left")
        two = None not in (by, said["actor"]) and by != said["actor"]
        if said["act"] == TAKEN and two and isinstance(left, dict):
            for act, digest in left.items():
                key, now = (said["case"], act), (said["sequence"], item, digest)
                self._left[key] = max(self._left.get(key, now), now, key=lambda one: one[0])

    @property
    def named(self) -> set[str]:
        """The keys of the acts of which it has to be known who did them and when (`did`)."""
        return {act for _, act in self._left} | {item for _, item, _ in self._left.values()}

    def did(self, content: bytes) -> None:
        """Takes in who did an act and when, where that has to be known."""
        key = _KEY.search(content)
        if key and key[1].decode() in self.named:
            said = json.loads(content)
            if said["kind"] == "event":
                self._did[str(said["id"])] = (said["case"], said["actor"], said["at"])

    def unexplained(self, rewritten: Found) -> list[str]:
        """The acts, by their keys, whose reason as it stands now no entry of the log explains.

        `rewritten` has those that are not as their own entry has it. Where words were taken out and
        none is, they were put back.
        """
        left = {
            act: digest
            for (case, act), (_, item, digest) in self._left.items()
            if self._is_of(case, act, item)
        }
        return [
            act
            for act in {**rewritten, **left}
            if act not in left or act not in rewritten or left[act] != rewritten[act]
        ]

    def _is_of(self, case: int, act: str, item: str) -> bool:
        known = self._did.get(act)
        return known is not None and known == self._did.get(item) and known[0] == case


def check_rewritten(found: Found, taken_out: TakenOut) -> None:
    """Where a reason is not what the log committed to, the log says what is left and by whom."""
    wrong = taken_out.unexplained(found.get("rewritten", {}))
    _hold(not wrong, CHANGED.format(act=", ".join(wrong)))


# --- A case's bundle ------------------------------------------------------------------------------
def check_bundle(found: Found) -> int:
    """Each entry stands in the signed tree, all of the case's do, and the tree only ever grew."""
    checkpoints, case = found["checkpoints"], found["case"]
    last = checkpoints[-1]
    steps = list(pairwise(checkpoints))
    for (older, newer), proof in zip(steps, found["consistency"], strict=True):
        _hold(
            consistent(
                older["size"], bytes.fromhex(older["root"]),
                newer["size"], bytes.fromhex(newer["root"]), [bytes.fromhex(h) for h in proof],
            ),
            f"What was signed at {older['size']} entries was changed by {newer['size']}.",
        )  # fmt: skip
    before, taken_out = -1, TakenOut()
    for entry in found["entries"]:
        _check_entry(entry, last, case)
        _hold(before < entry["position"], f"Entry {entry['position']} stands out of order.")
        before = entry["position"]
        taken_out.read((entry["content"] or "").encode())
    for entry in found["entries"]:
        taken_out.did((entry["content"] or "").encode())
    count = found["count"]
    hashed, proof = tally(case, len(found["entries"])), [bytes.fromhex(h) for h in count["proof"]]
    whole = included(hashed, count["index"], last["counted"], proof, bytes.fromhex(last["counts"]))
    _hold(whole, "Entries of the case are missing: another number of them was signed.")
    check_rewritten(found, taken_out)
    return len(found["entries"])


def _check_entry(entry: Found, last: Found, case: int) -> None:
    position, proof = entry["position"], [bytes.fromhex(h) for h in entry["proof"]]
    if entry["content"] is None:
        made = bytes.fromhex(entry["commitment"])
    else:
        content = entry["content"].encode()
        made = commitment(bytes.fromhex(entry["salt"]), content)
        _hold(json.loads(content)["case"] == case, f"Entry {position} is another case’s.")
    stands = included(leaf(made), position, last["size"], proof, bytes.fromhex(last["root"]))
    _hold(stands, f"Entry {position} does not stand in the signed log.")


# --- The whole log --------------------------------------------------------------------------------
def check_log(found: Found, lines: Iterable[bytes], taken_out: TakenOut) -> int:
    """Every line together makes every root that was signed; returns how many there were."""
    peaks: Peaks = []
    counts: Counter[int] = Counter()
    size = 0
    signed_at = {one["size"]: one for one in found["checkpoints"]}
    for line in lines:
        salted, _, content = line[:-1].partition(b" ")
        if salted == b"-":
            # Erased: what is left is whose it was, and the commitment.
            case, _, text = content.partition(b" ")
            made = bytes.fromhex(text.decode())
            as_written = f"- {int(case)} {made.hex()}\n".encode() == line
            taken_out.erased += 1
        else:
            salt, named = bytes.fromhex(salted.decode()), _CASE.search(content)
            case = named[1] if named else b"0"
            made = commitment(salt, content)
            taken_out.read(content)
            as_written = line[-1:] == b"\n" and salt.hex().encode() == salted
        _hold(as_written, f"Entry {size} is not as the export wrote it.")
        counts[int(case)] += 1
        grow(peaks, leaf(made))
        size += 1
        if size in signed_at:
            check_roots(signed_at.pop(size), root_of(peaks), counts)
    _hold(not signed_at, f"Entries are missing: the log has {size} of {max(signed_at, default=0)}.")
    _hold(size == found["checkpoints"][-1]["size"], "The log goes on after the last checkpoint.")
    return size


def check_roots(one: Found, root: bytes, counts: dict[int, int]) -> None:
    """The tree and the counts at a checkpoint are the ones that it signed."""
    words = f"What the first {one['size']} entries say is not what was signed."
    _hold(root.hex() == one["root"], words)
    peaks: Peaks = []
    for case, count in sorted(counts.items()):
        grow(peaks, tally(case, count))
    same = root_of(peaks).hex() == one["counts"] and len(counts) == one["counted"]
    _hold(same, words)


# --- In words -------------------------------------------------------------------------------------
SEEN = {
    "listed": "its reference, dates and states in a list",
    "record": "its own page: dates, acts and states",
    "content": "what was written about it",
}


def told(entry: Found, found: Found) -> str:
    """What an entry says, as a sentence."""
    if entry["content"] is None:
        return f"{entry['position']}: erased. That something stood here is proven, not what."
    said, names = json.loads(entry["content"]), found["directory"]
    who = names["people"].get(str(said.get("person") or said.get("actor")), "the service itself")
    place = names["organisations"].get(str(said["organisation"]), "")
    who = f"{who} ({', '.join(part for part in (said.get('role'), place) if part)})"
    if said["kind"] == "look":
        how = f"by a {said['way']}" if said["way"] != "failed" else "by a page that failed"
        done = f"saw {SEEN[said['fields']]}, {how}, as {said['capacity'] or 'shown by the service'}"
    else:
        done = f"did: {said['act'].replace('_', ' ')}, as {said['capacity']}"
    by = min(one["at"] for one in found["checkpoints"] if one["size"] > entry["position"])
    return f"{said['at']}: {who} {done}. In the log by {by}."


def verified(path: Path, key: bytes | None, witness: list[Found]) -> Found:
    """What the file says, once everything in it holds; raises what does not."""
    with path.open("rb") as file:
        head = file.readline()
        found = json.loads(head)
        check_head(found, head.decode(), key, witness)
        if found["format"] == LOG:
            taken_out = TakenOut()
            size = check_log(found, file, taken_out)
            if taken_out.named:
                file.seek(len(head))
                for line in file:
                    taken_out.did(line.partition(b" ")[2])
            check_rewritten(found, taken_out)
            erased = taken_out.erased
            return {"entries": size, "erased": erased, "found": found, "words": []}
        _hold(found["format"] == BUNDLE and not file.read(), "The file is no bundle, or goes on.")
    entries = check_bundle(found)
    words = [told(entry, found) for entry in found["entries"]]
    erased = sum(entry["content"] is None for entry in found["entries"])
    return {"entries": entries, "erased": erased, "found": found, "words": words}


def _key(text: str) -> bytes:
    path = Path(text)
    key = bytes.fromhex(path.read_text().strip() if path.is_file() else text)
    if len(key) != 32:
        raise argparse.ArgumentTypeError("a public key is 64 hexadecimal digits, or a file of them")
    return key


def judged(asked: argparse.Namespace) -> tuple[int, str, Found]:
    """The exit code, why, and what the file says."""
    result: Found = {"entries": 0, "words": []}
    try:
        lines = asked.witness.read_text().splitlines() if asked.witness else []
        result = verified(asked.file, asked.key, [json.loads(line) for line in lines if line])
    except WrongError as reason:
        return 1, str(reason), result
    except UnknownError as reason:
        return 2, str(reason), result
    except OSError as reason:
        return 2, f"{reason.filename}: {reason.strerror}", result
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return 1, "The file was changed: it can’t be read as what it says it is.", result
    last, key = result["found"]["checkpoints"][-1], result["found"]["key"]
    said = f"{result['entries']} entries, in a log of {last['size']} as signed at {last['at']}."
    if erased := result["erased"]:
        said += f" {erased} of them erased: whether words are back in a reason can’t be told."
    if asked.key is None:
        return 2, f"{said} Whose key is {key}? Compare it, then give it as --key.", result
    return 0, said, result


def main(given: Sequence[str] | None = None) -> int:
    """The exit code; what holds and what does not is on standard output."""
    words = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=words)
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", type=_key)
    parser.add_argument("--witness", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    code, said, result = judged(asked)
    if asked.json:
        found = {"ok": code == 0, "code": code, "said": said}
        shown = json.dumps({**found, "entries": result["entries"], "words": result["words"]})
    else:
        verdict = ("Holds: ", "DOES NOT HOLD: ", "Not known: ")[code]
        shown = "\n".join([*result["words"], verdict + said])
    sys.stdout.write(f"{shown}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
