# SPDX-License-Identifier: Apache-2.0
"""CIDs against the published vectors of IPIP-0499 (profile unixfs-v1-2025) and against Kubo 0.40.1."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cid import Hasher, cid_of_bytes, cid_of_file, cid_of_folder, parse_cid
from ledger.verify import CHUNK, FileTree, Node, VerifyError, cid_text, folder_node, murmur3, tree_node, tree_size

ALPHABET = "abcdefghijklmnopqrstuvwxyz01234567890-_"


def stream(size: int, seed: str) -> Iterator[bytes]:
    """Give the vectors' bytes: ChaCha20's key stream under the seed's hash."""
    cipher = Cipher(algorithms.ChaCha20(hashlib.sha256(seed.encode()).digest(), bytes(16)), None).encryptor()
    while size > 0:
        yield cipher.update(bytes(min(size, CHUNK)))
        size -= CHUNK


def node_of(blocks: Iterator[bytes]) -> Node:
    """Build the node of a file."""
    tree = FileTree()
    for block in blocks:
        tree.update(block)
    return tree.finish()


def names(count: int, length: int, last: int, seed: str) -> list[str]:
    """Give the vectors' file names: letters picked by one key stream, the last name of a length of its own."""
    keys, place, found = next(stream(CHUNK, seed)), 0, []
    for number in range(count):
        size = last if number == count - 1 else length
        found.append("".join(ALPHABET[byte % len(ALPHABET)] for byte in keys[place : place + size]))
        place += size
    return found


@pytest.mark.parametrize(
    ("data", "cid"),
    [
        (b"", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"),
        (b"hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
    ],
)
def test_small_files(data: bytes, cid: str) -> None:
    assert cid_of_bytes(data) == cid


@pytest.mark.parametrize(
    ("size", "seed", "cid"),
    [
        (CHUNK, "chunk-v1-seed", "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta"),
        (CHUNK + 1, "chunk-v1-seed", "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64"),
        pytest.param(1024 * CHUNK, "v1-2025-seed", "bafybeihmf37wcuvtx4hpu7he5zl5qaf2ineo2lqlfrapokkm5zzw7zyhvm", marks=pytest.mark.slow),
        pytest.param(
            1024 * CHUNK + 1, "v1-2025-seed", "bafybeibdsi225ugbkmpbdohnxioyab6jsqrmkts3twhpvfnzp77xtzpyhe", marks=pytest.mark.slow
        ),
    ],
)
def test_files_around_one_chunk_and_one_full_node(size: int, seed: str, cid: str) -> None:
    node = node_of(stream(size, seed))
    assert (cid_text(node.cid), node.length, node.tsize) == (cid, size, tree_size(size))


@pytest.mark.parametrize(
    ("last", "cid"),
    [
        (21, "bafybeic3h7rwruealwxkacabdy45jivq2crwz6bufb5ljwupn36gicplx4"),  # the block is 256 KiB exactly: a plain folder
        (22, "bafybeiegvuterwurhdtkikfhbxcldohmxp566vpjdofhzmnhv6o4freidu"),  # one byte more: a sharded one
    ],
)
def test_folders_around_the_sharding_threshold(last: int, cid: str) -> None:
    leaf = node_of(iter([b"x"]))
    assert cid_text(folder_node(dict.fromkeys(names(4766, 11, last, "hamt-unixfs-v1-2025"), leaf)).cid) == cid


def test_empty_folder(tmp_path: Path) -> None:
    assert cid_of_folder(tmp_path) == "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"


def test_murmur3_of_known_words() -> None:
    assert [murmur3(word).hex() for word in (b"", b"hello", b"hello, world", b"The quick brown fox jumps over the lazy dog.")] == [
        "0000000000000000",
        "cbd8a7b341bd9b02",
        "342fac623a5ebc8e",
        "cd99481f9ee902c9",
    ]


@settings(max_examples=40)
@given(st.binary(max_size=3000), st.lists(st.integers(1, 500), max_size=20))
def test_pieces_do_not_matter(data: bytes, cuts: list[int]) -> None:
    hasher, place = Hasher(), 0
    for cut in cuts:
        hasher.update(data[place : place + cut])
        place += cut
    hasher.update(data[place:])
    found = hasher.finish()
    assert (found.cid, found.sha256, found.size) == (cid_of_bytes(data), hashlib.sha256(data).hexdigest(), len(data))


@settings(max_examples=30)
@given(st.integers(0, 1 << 42))
def test_tree_size_grows_and_stays_close(length: int) -> None:
    assert length <= tree_size(length) <= length + 64 + length // CHUNK * 60


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 17])
def test_tree_size_is_that_of_the_tree(length: int) -> None:
    assert tree_size(length) == node_of(iter([bytes(length)])).tsize


def test_tree_by_paths_equals_tree_by_folders(tmp_path: Path) -> None:
    files = {"b.txt": b"b", "a/x.bin": b"x" * 10, "a/y/z": b"", "a.b": b"dot"}
    for name, body in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    assert cid_of_folder(tmp_path) == cid_text(tree_node({name: node_of(iter([body])) for name, body in files.items()}).cid)
    assert cid_of_file(tmp_path / "a" / "x.bin") == cid_of_bytes(b"x" * 10)


@pytest.mark.parametrize("make", ["link", "pipe"])
def test_links_and_pipes_are_refused(make: str, tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("/etc/passwd") if make == "link" else os.mkfifo(tmp_path / "x")
    with pytest.raises(VerifyError) as caught:
        cid_of_folder(tmp_path)
    assert caught.value.code == "cid.special-file"


@given(st.binary(max_size=50))
def test_cids_are_read_in_one_spelling_only(data: bytes) -> None:
    cid = cid_of_bytes(data)
    assert cid_text(parse_cid(cid)) == cid
    for other in (cid.upper(), cid + "a", cid[:-1], "z" + cid[1:], cid + "=", cid[1:], ""):
        with pytest.raises(VerifyError):
            parse_cid(other)


def contents(case: str) -> dict[str, bytes]:
    """Give the files of a case: small ones by the thousand, long and short names, nested folders, one of several chunks."""
    made: dict[str, dict[str, bytes]] = {
        "bag": {
            "data/a.bin": b"a" * (2 * CHUNK + 5),
            "data/b/c.txt": b"c",
            "manifest-sha256.txt": b"",
            "bagit.txt": b"BagIt-Version: 1.0\n",
        },
        "sharded": {f"file-{number:05d}.txt": b"%d" % number for number in range(6000)},
        "deep": {f"{number:x}": b"" for number in range(30_000)},
        "long names": {f"{'n' * 200}{number:04d}": b"x" for number in range(1100)},
        "inner": {**{f"in/{number:05d}-{'y' * 20}": b"y" for number in range(5000)}, "in2/z": b"z", "曲阜 孔庙.txt": "碑".encode()},
    }
    return made[case]


# What `ipfs add -r --only-hash` of Kubo 0.40.1 gives under its profile unixfs-v1-2025.
FOLDERS = {
    "bag": "bafybeid2map5zf7gwa6wvfisve2e75esde5lk6oddpncpaqr7qz6yvuecm",
    "sharded": "bafybeidlecd2q5hh3jiqlc6hnnrarklkgkj3pgkrlpcx5w4ohevjeejbb4",
    "deep": "bafybeibspblftwruhx7zrtknhudjq44dgmln5eon3vuwlodtoyvuv2mqt4",
    "long names": "bafybeigszxxixzobbfd4gfu6k6xkqluuvnhci64htfddidohgjxebpnkw4",
    "inner": "bafybeieliw66kejqv5k6u2tmduhirj3wfo7ejfuzwatg2fue4tei7bixpm",
}


@pytest.mark.parametrize("case", FOLDERS)
def test_folders_are_named_as_kubo_names_them(case: str) -> None:
    assert cid_text(tree_node({name: node_of(iter([body])) for name, body in contents(case).items()}).cid) == FOLDERS[case]
