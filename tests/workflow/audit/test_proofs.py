"""The proofs of the log, and the signatures, against every tree and against the library."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from workflow.audit import verify_audit
from workflow.audit.proofs import Tree


@given(st.integers(1, 70), st.data())
def test_proofs_hold_for_every_tree_and_for_no_other(size: int, data: st.DataObject) -> None:
    hashes = [verify_audit.leaf(bytes([number])) for number in range(size)]
    made = Tree(hashes)
    peaks: verify_audit.Peaks = []
    for one in hashes:
        verify_audit.grow(peaks, one)
    root = made.root(0, size)
    assert root == verify_audit.root_of(peaks)
    at = data.draw(st.integers(0, size - 1))
    proof = made.inclusion(at, size)
    assert verify_audit.included(hashes[at], at, size, proof, root)
    other = (at + 1) % size
    if other != at:
        assert not verify_audit.included(hashes[at], other, size, proof, root)
    first = data.draw(st.integers(1, size))
    grown, early = made.consistency(first, size), made.root(0, first)
    assert verify_audit.consistent(first, early, size, root, grown)
    assert not verify_audit.consistent(first, hashlib.sha256(early).digest(), size, root, grown)


@given(st.binary(max_size=64), st.integers(0, 2**32), st.integers(0, 95))
def test_our_own_ed25519_agrees_with_the_library(message: bytes, seed: int, flip: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(str(seed).encode()).digest())
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify_audit.signed(public, message, signature)
    both = bytearray(signature + public)
    both[flip] ^= 1 << seed % 8
    assert not verify_audit.signed(bytes(both[64:]), message, bytes(both[:64]))
