# SPDX-License-Identifier: Apache-2.0
"""Signed notes, checkpoints, proofs and keys: what is written is read back, and nothing else is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.files import read_checkpoint
from ledger.errors import LedgerError
from ledger.keys import Signer, load, make
from ledger.verify import (
    COSIGNATURE_V1,
    ED25519,
    Key,
    LogProof,
    TreeHead,
    VerifyError,
    check_signature,
    ends_on,
    head_text,
    parse_head,
    parse_note,
    parse_proof,
    proof_text,
    signatures_of,
    unbase64,
)

HASHES = st.binary(min_size=32, max_size=32)
HEADS = st.builds(TreeHead, st.from_regex(r"[a-z./]{1,20}", fullmatch=True), st.integers(0, 2**60), HASHES)

# The example of C2SP signed-note, and the key that its text names.
POEM = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Signer, Signer]:
    """Give a log's and a witness's key."""
    folder = tmp_path_factory.mktemp("keys")
    return make(folder / "log", "example.org/log", ED25519), make(folder / "witness", "example.org/witness", COSIGNATURE_V1)


def test_the_specifications_example_is_read() -> None:
    note = parse_note(POEM.encode())
    assert note.text == POEM[: POEM.index("\n—")]
    assert [(line.name, line.id.hex(), len(line.blob)) for line in note.signatures] == [("quasimodo.example/salvatore", "367ba04b", 64)]


@given(HEADS, st.integers(0, 2**33))
def test_what_is_signed_verifies(signers: tuple[Signer, Signer], head: TreeHead, seconds: int) -> None:
    log, witness = signers
    text = head_text(head)
    note = parse_note(f"{text}\n{log.sign(text)}{witness.cosign(text, seconds)}".encode())
    assert parse_head(note.text) == head
    assert [check_signature(log.key, note.text, line) for line in signatures_of(note, log.key)] == [None]
    assert [check_signature(witness.key, note.text, line) for line in signatures_of(note, witness.key)] == [seconds]


@given(HEADS, st.data())
def test_any_changed_byte_is_refused(signers: tuple[Signer, Signer], head: TreeHead, data: st.DataObject) -> None:
    log, witness = signers
    head = TreeHead(log.key.name, head.size, head.root)
    text = head_text(head)
    good = f"{text}\n{log.sign(text)}{witness.cosign(text, 1_800_000_000)}".encode()
    place, flip = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(1, 255))
    bad = good[:place] + bytes((good[place] ^ flip,)) + good[place + 1 :]
    with pytest.raises(VerifyError):
        read_checkpoint(bad, log.key, witness.key)
    assert read_checkpoint(good, log.key, witness.key).size == head.size


@given(st.binary(max_size=200))
def test_garbage_is_refused_by_one_error(data: bytes) -> None:
    for read in (parse_note, parse_proof):
        with pytest.raises(VerifyError):
            read(data)
    with pytest.raises(VerifyError):
        parse_head(data.decode("latin-1"))
    with pytest.raises(VerifyError):
        Key.parse(data.decode("latin-1"))


@pytest.mark.parametrize(
    "text",
    ["o\n01\nAAAA\n", "o\n-1\nAAAA\n", "\n1\nAAAA\n", "o\n1\nAAAA\n", "o\n1\n" + "A" * 43 + "=\nmore\n", "o o\n1\n" + "A" * 43 + "=\n"],
)
def test_other_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(VerifyError):
        parse_head(text)


@given(st.integers(0, 2**60), st.lists(HASHES, max_size=64), HEADS)
def test_proof_files_come_back(index: int, hashes: list[bytes], head: TreeHead) -> None:
    proof = LogProof(index, tuple(hashes), head_text(head).encode() + b"\n\xe2\x80\x94 x AAAA\n")
    assert parse_proof(proof_text(proof)) == proof


@given(st.from_regex(r"[a-z0-9./]{1,30}", fullmatch=True), st.sampled_from([ED25519, COSIGNATURE_V1]), HASHES)
def test_keys_come_back(name: str, algorithm: int, public: bytes) -> None:
    key = Key(name, algorithm, public)
    assert Key.parse(key.text) == key


def test_key_file_is_private_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log"
    first = make(path, "a/log", ED25519)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert make(path, "b/log", ED25519).key == first.key == load(path, ED25519).key
    assert [child.name for child in path.parent.iterdir()] == ["log"]


@pytest.mark.parametrize("damage", ["", "PRIVATE+KEY+a+00000000+AAAA", "PRIVATE+KEY+a", "x"])
def test_damaged_key_file_is_refused(damage: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(damage)
    with pytest.raises(LedgerError) as caught:
        load(tmp_path / "log", ED25519)
    assert caught.value.code == "key.malformed"


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "_-==", "=", "QQ==QQ=="])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(VerifyError):
        unbase64(text, "x")


def test_a_licence_ends_when_its_day_begins_in_china() -> None:
    rows = [
        {"kind": "licence.grant", "facts": {"scope": {"ends_on": "2027-05-01"}}},
        {"kind": "licence.revoke", "facts": {"scope": {"ends_on": "2030-01-01"}}},
    ]
    assert ends_on(rows) == datetime(2027, 4, 30, 16, tzinfo=UTC)
    assert ends_on(rows) == datetime.combine(date(2027, 5, 1), datetime.min.time(), timezone(timedelta(hours=8)))
    with pytest.raises(VerifyError):
        ends_on([{"kind": "licence.grant", "facts": {"scope": {"ends_on": "soon"}}}])
