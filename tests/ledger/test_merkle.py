# SPDX-License-Identifier: Apache-2.0
"""The tree against its definition: proofs made from tiles verify, and no others do."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit.files import roots_at
from ledger.errors import LedgerError
from ledger.tiles import Tiles, growth, number_path, pack, partial_paths, paths, unpack
from ledger.verify import EMPTY_ROOT, leaf_hash, node_hash, verify_consistency, verify_inclusion


def root_of(hashes: list[bytes]) -> bytes:
    """Give the root by the recursive definition of RFC 9162 section 2.1.1."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(root_of(hashes[:split]), root_of(hashes[split:]))


def leaves(count: int) -> list[bytes]:
    """Give so many different leaves."""
    return [b"leaf %d" % number for number in range(count)]


def build(folder: Path, steps: list[int]) -> tuple[Tiles, list[bytes]]:
    """Grow a log's files in steps, as the sequencer does."""
    size, everything = 0, leaves(sum(steps))
    for step in steps:
        for path, data in list(growth(Tiles(folder), size, everything[size : size + step])):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        size += step
    return Tiles(folder), everything


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.data())
def test_proofs_from_tiles_verify(steps: list[int], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        tiles, everything = build(Path(name), steps)
        hashes = [leaf_hash(leaf) for leaf in everything]
        size = data.draw(st.sampled_from([sum(steps[:count]) for count in range(1, len(steps) + 1)]))
        root = root_of(hashes[:size])
        assert tiles.root(size) == root
        assert list(tiles.leaves(0, size)) == everything[:size]
        index = data.draw(st.integers(0, size - 1))
        proof = tiles.inclusion(index, size)
        assert verify_inclusion(hashes[index], index, size, proof, root)
        assert tiles.leaf(index, size) == everything[index]
        old = data.draw(st.integers(0, size))
        assert verify_consistency(old, root_of(hashes[:old]), size, root, tiles.consistency(old, size))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.data())
def test_no_other_proof_verifies(size: int, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        tiles, everything = build(Path(name), [size])
        hashes = [leaf_hash(leaf) for leaf in everything]
        root, index = root_of(hashes), data.draw(st.integers(0, size - 1))
        proof = list(tiles.inclusion(index, size))
        wrong = data.draw(st.integers(0, size + 2).filter(lambda place: place != index))
        assert not verify_inclusion(hashes[index], wrong, size, proof, root)
        assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
        assert not verify_inclusion(hashes[index], index, size, [*proof, hashes[0]], root)
        assert not verify_inclusion(hashes[index], -1, size, proof, root)
        if proof:
            assert not verify_inclusion(hashes[index], index, size, proof[:-1], root)
            place = data.draw(st.integers(0, len(proof) - 1))
            proof[place] = bytes(32)
            assert not verify_inclusion(hashes[index], index, size, proof, root)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.data())
def test_no_fork_is_consistent(size: int, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        tiles, everything = build(Path(name), [size])
        hashes = [leaf_hash(leaf) for leaf in everything]
        old = data.draw(st.integers(1, size))
        proof = tiles.consistency(old, size)
        place = data.draw(st.integers(0, old - 1))
        forked = root_of([*hashes[:place], leaf_hash(b"fork"), *hashes[place + 1 : old]])
        assert not verify_consistency(old, forked, size, root_of(hashes), proof)
        assert not verify_consistency(old, root_of(hashes[:old]), size, root_of(hashes), [*proof, bytes(32)])
        assert not verify_consistency(size, root_of(hashes), size - 1, root_of(hashes[:-1]), proof)


# The edge rules: old size, old root, size, root, proof, whether it holds.
@pytest.mark.parametrize(
    ("old", "old_root", "size", "root", "proof", "holds"),
    [
        (0, EMPTY_ROOT, 0, EMPTY_ROOT, [], True),
        (0, EMPTY_ROOT, 5, bytes(32), [], True),
        (0, EMPTY_ROOT, 5, bytes(32), [bytes(32)], False),
        (0, bytes(32), 5, bytes(32), [], False),
        (0, EMPTY_ROOT, 0, bytes(32), [], False),
        (5, bytes(32), 5, bytes(32), [], True),
        (5, bytes(32), 5, bytes(32), [bytes(32)], False),
        (5, bytes(32), 5, EMPTY_ROOT, [], False),
        (3, bytes(32), 5, bytes(32), [], False),
        (5, bytes(32), 3, bytes(32), [], False),
        (-1, bytes(32), 3, bytes(32), [bytes(32)], False),
    ],
)
def test_edges_of_consistency(*, old: int, old_root: bytes, size: int, root: bytes, proof: list[bytes], holds: bool) -> None:
    assert verify_consistency(old, old_root, size, root, proof) is holds


def test_known_roots() -> None:
    """Hold the tree of RFC 6962's seven first test leaves against the roots that certificate-transparency publishes."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    hashes = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert [root.hex() for _, root in sorted(roots_at(hashes, set(range(1, 9))).items())][1:] == roots
    assert [root_of(hashes[:count]).hex() for count in range(1, 9)] == roots


@pytest.mark.parametrize(("number", "path"), [(0, "000"), (7, "007"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_numbers_as_paths(number: int, path: str) -> None:
    assert number_path(number) == path


def test_tiles_of_the_specifications_example() -> None:
    found = paths(70_000)
    assert sum(path.startswith("tile/0/") for path in found) == 274
    assert {path for path in found if path.startswith(("tile/1/", "tile/2/"))} == {"tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert partial_paths(256) == {"tile/1/000.p/1"}


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_of_entries_come_back(entries: list[bytes]) -> None:
    assert unpack(pack(entries)) == entries
    if entries:
        with pytest.raises(LedgerError):
            unpack(pack([*entries, b"x"])[:-1])
