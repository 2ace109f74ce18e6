"""Ways to tamper with the trail: each takes a random stream, and changes what was said."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.audit import verify_audit
from workflow.audit.proofs import Tree
from workflow.audit.verify_audit import Found

Bytes = Callable[[bytes, Random], bytes]
_DIGITS = re.compile(rb"(?<=[0-9a-f]{9})[a-f]")
MISUSE = Ed25519PrivateKey.from_private_bytes(b"somebody" * 4)


def flip(whole: bytes, chance: Random) -> bytes:
    """One bit of one byte is another."""
    at = chance.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]


def delete(whole: bytes, chance: Random) -> bytes:
    """Some bytes are gone."""
    at, size = chance.randrange(len(whole)), chance.randint(1, 40)
    return whole[:at] + whole[at + size :]


def insert(whole: bytes, chance: Random) -> bytes:
    """Some bytes are more."""
    at = chance.randrange(len(whole))
    return whole[:at] + chance.randbytes(chance.randint(1, 40)) + whole[at:]


def truncate(whole: bytes, chance: Random) -> bytes:
    """The end is gone."""
    return whole[: chance.randrange(len(whole))]


def reorder(whole: bytes, chance: Random) -> bytes:
    """Two pieces have changed places."""
    size = chance.randint(8, 64)
    first = chance.randrange(len(whole) - 2 * size)
    second = chance.randrange(first + size, len(whole) - size)
    one, two = whole[first : first + size], whole[second : second + size]
    if one == two:
        return flip(whole, chance)
    return whole[:first] + two + whole[first + size : second] + one + whole[second + size :]


def spell(whole: bytes, chance: Random) -> bytes:
    """A hexadecimal digit is a capital: a program may read the same, and it is not the same file.

    Half of these are in a signature, which nothing else signs.
    """
    digits = [one.start() for one in _DIGITS.finditer(whole)]
    if chance.random() < 1 / 2:
        begins = whole.splitlines()[0].rindex(b'"signature":')
        digits = [at for at in digits if 0 < at - begins < 144]
    at = chance.choice(digits)
    return whole[:at] + whole[at : at + 1].upper() + whole[at + 1 :]


def forge(whole: bytes, chance: Random) -> bytes:
    """An entry of a bundle is another, and the whole log was made and signed anew around it."""
    found = json.loads(whole.splitlines()[0])
    if found["format"] != verify_audit.BUNDLE:
        return reorder(whole, chance)
    entry = chance.choice(found["entries"])
    said = json.loads(entry["content"])
    said["at"] = said["at"].replace("2026", "2025")
    entry["content"] = json.dumps(said)
    _sign_anew(found)
    return f"{verify_audit.written(found)}\n".encode()


def _sign_anew(found: Found) -> None:
    """As somebody would who has the database and the program, and no key."""
    made = [
        verify_audit.commitment(bytes.fromhex(one["salt"]), one["content"].encode())
        for one in found["entries"]
    ]
    hashes = [verify_audit.leaf(one) for one in made]
    tree, size = Tree(hashes), len(hashes)
    for position, one in enumerate(found["entries"]):
        proof = [part.hex() for part in tree.inclusion(position, size)]
        one |= {"position": position, "proof": proof}
    last = {"size": size, "root": tree.root(0, size).hex(), "counted": 1}
    last |= {"counts": verify_audit.tally(found["case"], size).hex()}
    last["at"] = found["checkpoints"][-1]["at"]
    last["signature"] = MISUSE.sign(verify_audit.checkpoint_message(last)).hex()
    found |= {"checkpoints": [last], "consistency": [], "count": {"index": 0, "proof": []}}
    found["key"] = MISUSE.public_key().public_bytes_raw().hex()
    found["signature"] = MISUSE.sign(verify_audit.statement_message(found)).hex()


IN_A_FILE: dict[str, Bytes] = {
    "flip": flip,
    "delete": delete,
    "insert": insert,
    "truncate": truncate,
    "reorder": reorder,
    "spell": spell,
    "forge": forge,
}

# Of the database: statements of somebody who owns it and took its triggers away. `{at}` is a
# position in the log, `{other}` another.
_ROW = """(SELECT entry FROM workflow_leaf WHERE kind = '{kind}'
    ORDER BY position OFFSET {nth} LIMIT 1)"""
_LOOKS = "case_id, authority_id, person_id, role, capacity, act, page, fields, way, at"
_ADD = f"""INSERT INTO workflow_look ({_LOOKS})
    SELECT {_LOOKS} FROM workflow_look ORDER BY id OFFSET {{few}} LIMIT 1"""
IN_THE_DATABASE: dict[str, list[str]] = {
    "flip-row": [f"UPDATE workflow_{{kind}} SET at = at + interval '1 ms' WHERE id = {_ROW}"],
    "flip-salt": [f"UPDATE workflow_{{kind}} SET salt = gen_random_uuid() WHERE id = {_ROW}"],
    "flip-act": [f"UPDATE workflow_{{kind}} SET act = act || 'x' WHERE id = {_ROW}"],
    # What the log committed to stands beside it, as if two people had taken words out.
    "rewrite-reason": [
        """UPDATE workflow_event SET reason_was = encode(sha256(reason), 'hex'),
            reason = set_byte(reason, {byte} % 28 + 3, get_byte(reason, {byte} % 28 + 3) # 1)
            WHERE id = (SELECT id FROM workflow_event ORDER BY id OFFSET {few} LIMIT 1)"""
    ],
    "flip-leaf": [
        """UPDATE workflow_leaf SET commitment = set_byte(
            commitment, {byte}, get_byte(commitment, {byte}) # 1) WHERE position = {at}"""
    ],
    "flip-checkpoint": [
        """UPDATE workflow_checkpoint SET root = md5(root) || md5(root) WHERE size = (
            SELECT size FROM workflow_checkpoint ORDER BY size OFFSET {step} LIMIT 1)"""
    ],
    "delete-row": [f"DELETE FROM workflow_{{kind}} WHERE id = {_ROW}"],
    "delete-both": [
        f"DELETE FROM workflow_{{kind}} WHERE id = {_ROW}",
        """DELETE FROM workflow_leaf l WHERE NOT EXISTS (SELECT FROM workflow_event e
            WHERE l.kind = 'event' AND e.id = l.entry) AND NOT EXISTS (
            SELECT FROM workflow_look k WHERE l.kind = 'look' AND k.id = l.entry)""",
    ],
    "delete-a-case": [
        "DELETE FROM workflow_leaf WHERE case_id = (SELECT min(id) FROM workflow_case)"
    ],
    "insert": [_ADD],
    "insert-both": [
        _ADD,
        """INSERT INTO workflow_leaf (position, kind, entry, case_id, commitment)
            SELECT (SELECT max(position) + 1 FROM workflow_leaf) + {few}, 'look', max(id),
                min(case_id), sha256('x') FROM workflow_look""",
    ],
    "reorder": [
        "UPDATE workflow_leaf SET position = -1 WHERE position = {at}",
        "UPDATE workflow_leaf SET position = {at} WHERE position = {other}",
        "UPDATE workflow_leaf SET position = {other} WHERE position = -1",
    ],
    "truncate": ["DELETE FROM workflow_leaf WHERE position >= {at}"],
    "roll-back": [
        """DELETE FROM workflow_event WHERE id IN (
            SELECT entry FROM workflow_leaf WHERE kind = 'event' AND position >= {at})""",
        """DELETE FROM workflow_look WHERE id IN (
            SELECT entry FROM workflow_leaf WHERE kind = 'look' AND position >= {at})""",
        "DELETE FROM workflow_leaf WHERE position >= {at}",
        "DELETE FROM workflow_checkpoint WHERE size > {at}",
    ],
}


def statements(kind: str, chance: Random, sizes: dict[str, int]) -> list[str]:
    """The statements of one tampering, somewhere in the log."""
    of = chance.choice(("event", "look"))
    at, other = chance.sample(range(sizes["leaf"]), 2)
    found: dict[str, Any] = {
        "kind": of,
        "nth": chance.randrange(sizes[of]),
        "at": at,
        "other": other,
        "byte": chance.randrange(32),
        "step": chance.randrange(sizes["checkpoint"]),
        "few": chance.randrange(3),
    }
    return [one.format(**found) for one in IN_THE_DATABASE[kind]]
