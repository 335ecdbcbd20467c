# SPDX-License-Identifier: Apache-2.0
"""Verify a Qilu bundle offline: one file that needs only Python 3.11 and the package `cryptography`.

    python3 verify.py BUNDLE [--policy FILE] [--json]

BUNDLE is the zip that `manage.py export` writes, or the folder it unpacks to. Exits: 0 valid; 1 invalid; 2 stale (the newest cosignature is
older than the policy's `max_age`); 3 intact, but signed by no key of the policy (or no policy was given); 64 not a bundle, or wrong usage.
Only the keys of the policy file are trusted, never those that lie in the bundle.

The file reads from the ground up: findings, canonical JSON (RFC 8785), content identifiers (CIDv1, UnixFS), the Merkle tree (RFC 9162), signed
notes and checkpoints (C2SP), the policy, the bag (RFC 8493), the bundle, the command line. The platform imports the same functions.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

# ---------------------------------------------------------------------------------------------------------------- findings


class VerifyError(Exception):
    """Say that a claim does not hold: a stable code, words for people, and the member concerned."""

    def __init__(self, code: str, message: str, member: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.member = code, message, member


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    code: str
    message: str
    member: str | None = None


# ---------------------------------------------------------------------------------------------------------------- canonical JSON (RFC 8785)

SAFE_INTEGER = 2**53
MAX_DEPTH = 64  # levels; counted before parsing, since the C parser may exhaust the stack where a program has raised Python's own limit
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _digits(number: float) -> tuple[str, int]:
    """Give the shortest decimal digits d and the n of number = 0.d x 10**n."""
    _, digits, exponent = Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits))
    assert isinstance(exponent, int)
    return text.rstrip("0"), len(text) + exponent


def _number(value: float) -> str:
    """Write a number as ECMAScript does (RFC 8785 section 3.2.2.3).

    Raises
    ------
    VerifyError
        For NaN, infinities and integers that no double holds exactly.
    """
    if isinstance(value, int) and abs(value) <= SAFE_INTEGER:
        return str(value)
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if number != value or number in (float("inf"), float("-inf")):
        raise VerifyError("json.number", f"{str(value)[:40]} is not a number that JSON can carry exactly; write it as a string")
    if number == 0:
        return "0"
    digits, point = _digits(abs(number))
    sign = "-" if number < 0 else ""
    if 0 < point <= 21:
        whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
        return sign + whole + ("." + fraction if fraction else "")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}e{point - 1:+d}"


def _json_text(value: object, depth: int = 0) -> str:
    """Write one value in the canonical form."""
    if depth > MAX_DEPTH:
        raise VerifyError("json.depth", f"the value nests more than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join([_json_text(item, depth + 1) for item in value]) + "]"
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join([f"{json.dumps(key, ensure_ascii=False)}:{_json_text(value[key], depth + 1)}" for key in keys]) + "}"
    raise VerifyError("json.type", f"JSON has no {type(value).__name__}")


def canonical(value: object) -> bytes:
    """Serialise a JSON value in the one form that hashes agree on.

    Raises
    ------
    VerifyError
        Where the value is no JSON, holds a lone surrogate, or nests too deeply.

    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    try:
        return _json_text(value).encode()
    except UnicodeEncodeError:
        raise VerifyError("json.text", "a string holds half of a surrogate pair") from None


def whole_number(text: str) -> float:
    """Read a number without fraction as other languages do: beyond 2**53 it is the nearest double."""
    return int(text) if len(text) < 17 else float(text)


def refuse_depth(text: str) -> None:
    """Refuse JSON that nests too deeply to be parsed in safety.

    Raises
    ------
    VerifyError
        `json.depth`.
    """
    depth = 0
    for token in TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise VerifyError("json.depth", f"the JSON nests more than {MAX_DEPTH} levels")


def parse_json(data: bytes) -> Any:  # JSON is what it is
    """Parse JSON, turning every way to fail into one error."""
    try:
        text = data.decode()
        refuse_depth(text)
        return json.loads(text, parse_int=whole_number)
    except ValueError as error:
        raise VerifyError("json.malformed", f"not JSON: {str(error)[:120]}") from None


def parse_canonical(data: bytes) -> Any:  # JSON is what it is
    """Parse JSON that must already be in canonical form, so that no byte of it is free.

    Raises
    ------
    VerifyError
        `json.malformed` or `json.not-canonical`.
    """
    value = parse_json(data)
    if canonical(value) != data:
        raise VerifyError("json.not-canonical", "the JSON is not in canonical form (RFC 8785)")
    return value


# ---------------------------------------------------------------------------------------------------------------- content identifiers (UnixFS)

CHUNK = 1 << 20  # bytes in a leaf, links in a file node, block size above which a folder is sharded: profile unixfs-v1-2025 (IPIP-0499)
MAX_LINKS = 1024
SHARD_ABOVE = 256 * 1024
RAW, DAG_PB = 0x55, 0x70
CID_HEAD = {codec: bytes((1, codec, 0x12, 0x20)) for codec in (RAW, DAG_PB)}


@dataclass(frozen=True, slots=True)
class Node:
    """A block of a UnixFS tree: its binary CID, the bytes of the whole tree below (Tsize), the bytes of file content below."""

    cid: bytes
    tsize: int
    length: int = 0


def cid_text(cid: bytes) -> str:
    """Write a binary CIDv1 in base32, the form that folders and addresses use."""
    return "b" + base64.b32encode(cid).decode().rstrip("=").lower()


def parse_cid(text: str) -> bytes:
    """Read a base32 CIDv1 of the kinds used here (raw or dag-pb, sha2-256).

    Raises
    ------
    VerifyError
        `cid.malformed`.
    """
    try:
        cid = base64.b32decode(text[1:].upper() + "=" * (-len(text[1:]) % 8))
    except (binascii.Error, ValueError):
        cid = b""
    if len(cid) != 36 or cid[:4] not in CID_HEAD.values() or cid_text(cid) != text:
        raise VerifyError("cid.malformed", f"{text[:80]!r} is not a CIDv1 in base32 with sha2-256")
    return cid


def _varint(number: int) -> bytes:
    """Encode an unsigned LEB128 integer."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _block_cid(codec: int, block: bytes) -> bytes:
    """Name a block by its hash."""
    return CID_HEAD[codec] + hashlib.sha256(block).digest()


def _field(tag: int, data: bytes) -> bytes:
    """Encode a length-delimited protobuf field."""
    return bytes((tag,)) + _varint(len(data)) + data


def _dag_pb(links: Iterable[tuple[bytes, Node]], data: bytes) -> bytes:
    """Encode a dag-pb block: links first, then data, as every implementation writes it."""
    parts = [_field(0x12, _field(0x0A, node.cid) + _field(0x12, name) + b"\x18" + _varint(node.tsize)) for name, node in links]
    return b"".join(parts) + _field(0x0A, data)


def _file_node(children: Sequence[Node]) -> Node:
    """Join leaves or nodes into a UnixFS file node."""
    length = sum(child.length for child in children)
    data = b"\x08\x02\x18" + _varint(length) + b"".join(b"\x20" + _varint(child.length) for child in children)
    block = _dag_pb(((b"", child) for child in children), data)
    return Node(_block_cid(DAG_PB, block), len(block) + sum(child.tsize for child in children), length)


class FileTree:
    """Builds the balanced tree of a file whose bytes arrive in order; keeps at most 1,024 links a level."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._levels: list[list[Node]] = [[]]

    def _push(self, level: int, node: Node) -> None:
        """Put a node on a level, closing the level's row first where it is full."""
        if level == len(self._levels):
            self._levels.append([])
        row = self._levels[level]
        if len(row) == MAX_LINKS:
            full = _file_node(row)
            row.clear()
            self._push(level + 1, full)
        row.append(node)

    def _leaf(self, chunk: bytes) -> None:
        """Add one chunk."""
        self._push(0, Node(_block_cid(RAW, chunk), len(chunk), len(chunk)))

    def update(self, data: bytes) -> None:
        """Take the next bytes, in pieces of any size."""
        self._buffer += data
        whole = len(self._buffer) // CHUNK * CHUNK
        for start in range(0, whole, CHUNK):
            self._leaf(bytes(self._buffer[start : start + CHUNK]))
        del self._buffer[:whole]

    def finish(self) -> Node:
        """Give the root; an empty file is one empty leaf."""
        if self._buffer or not self._levels[0]:
            self._leaf(bytes(self._buffer))
            self._buffer.clear()
        level = 0
        while level + 1 < len(self._levels):
            self._push(level + 1, _file_node(self._levels[level]))
            level += 1
        top = self._levels[-1]
        return top[0] if len(top) == 1 else _file_node(top)


def tree_size(length: int) -> int:
    """Give the Tsize that a file of `length` bytes has, without its bytes: CIDs have one length, so only the shape matters."""
    full, rest = divmod(length, CHUNK)
    row = [(full, CHUNK, CHUNK)] + ([(1, rest, rest)] if rest or not full else [])  # runs of (count, length, tsize)
    while sum(count for count, _, _ in row) > 1:
        row = _parents([run for run in row if run[0]])
    return row[-1][2] if row[-1][0] else row[0][2]


def _parents(row: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join runs of equal nodes into the runs of the level above."""
    count, length, tsize = row[0]
    blank = bytes(36)
    groups, rest = divmod(count, MAX_LINKS)
    above: list[tuple[int, int, int]] = []
    if groups:
        parent = _file_node([Node(blank, tsize, length)] * MAX_LINKS)
        above.append((groups, parent.length, parent.tsize))
    last = [Node(blank, tsize, length)] * rest + [Node(blank, size, own) for _, own, size in row[1:]]
    if last:
        parent = _file_node(last)
        above.append((1, parent.length, parent.tsize))
    return above


def _rotate(value: int, bits: int) -> int:
    """Rotate a 64-bit word to the left."""
    return (value << bits | value >> (64 - bits)) & 0xFFFFFFFFFFFFFFFF


def _mix(word: int) -> int:
    """Spread the bits of a 64-bit word (MurmurHash3's finalizer)."""
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & 0xFFFFFFFFFFFFFFFF
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & 0xFFFFFFFFFFFFFFFF
    return word ^ word >> 33


def murmur3(data: bytes) -> bytes:
    """Give the first 64 bits of MurmurHash3 x64 128, big-endian: the key by which UnixFS shards folders."""
    mask, first, second = 0xFFFFFFFFFFFFFFFF, 0x87C37B91114253D5, 0x4CF5AD432745937F
    one = two = 0
    padded = data + bytes(-len(data) % 16)
    for start in range(0, len(padded), 16):
        low, high = struct.unpack_from("<QQ", padded, start)
        one ^= _rotate(low * first & mask, 31) * second & mask
        if start + 16 <= len(data):
            one = ((_rotate(one, 27) + two & mask) * 5 + 0x52DCE729) & mask
        two ^= _rotate(high * second & mask, 33) * first & mask
        if start + 16 <= len(data):
            two = ((_rotate(two, 31) + one & mask) * 5 + 0x38495AB5) & mask
    one, two = one ^ len(data), two ^ len(data)
    one = one + two & mask
    two = two + one & mask
    return (_mix(one) + _mix(two) & mask).to_bytes(8, "big")


def _shard(children: list[tuple[bytes, bytes, Node]], depth: int) -> Node:
    """Build the node of a hash-array-mapped trie over (hash, name, node), one byte of the hash a level."""
    if depth == 8:
        raise VerifyError("cid.collision", "two names of a folder share one 64-bit hash")
    slots: dict[int, list[tuple[bytes, bytes, Node]]] = {}
    for child in children:
        slots.setdefault(child[0][depth], []).append(child)
    links: list[tuple[bytes, Node]] = []
    for slot, group in sorted(slots.items()):
        prefix = b"%02X" % slot
        links.append((prefix + group[0][1], group[0][2]) if len(group) == 1 else (prefix, _shard(group, depth + 1)))
    bits = sum(1 << slot for slot in slots).to_bytes(32, "big").lstrip(b"\0")
    block = _dag_pb(links, b"\x08\x05" + _field(0x12, bits) + b"\x28\x22\x30" + _varint(256))
    return Node(_block_cid(DAG_PB, block), len(block) + sum(node.tsize for _, node in links))


def folder_node(children: Mapping[str, Node]) -> Node:
    """Build the node of a folder; it becomes a sharded one where its block would exceed 256 KiB."""
    links = sorted((name.encode(), node) for name, node in children.items()) if children else []
    block = _dag_pb(links, b"\x08\x01")
    if len(block) > SHARD_ABOVE:
        return _shard([(murmur3(name), name, node) for name, node in links], 0)
    return Node(_block_cid(DAG_PB, block), len(block) + sum(node.tsize for _, node in links))


def tree_node(files: Mapping[str, Node]) -> Node:
    """Build the node of a whole folder from its files' nodes by relative path with `/`."""
    here: dict[str, Node] = {}
    below: dict[str, dict[str, Node]] = {}
    for name, node in files.items():
        head, slash, rest = name.partition("/")
        if slash:
            below.setdefault(head, {})[rest] = node
        else:
            here[head] = node
    here.update({head: tree_node(rest) for head, rest in below.items()})
    return folder_node(here)


# ---------------------------------------------------------------------------------------------------------------- Merkle tree (RFC 9162)

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf's hash stands at `index` in the tree of `size` leaves with `root`.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = node_hash(step, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, step)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of `size` leaves only appends to that of `old_size`; an empty tree is a prefix of every tree.

    Source: RFC 9162 section 2.1.4.2, with the edge rules of transparency-dev/merkle.
    """
    if old_size in (0, size):
        start = EMPTY_ROOT if old_size == 0 else root
        return not proof and old_root == start and (size > 0 or root == EMPTY_ROOT)
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == root


# ---------------------------------------------------------------------------------------------------------------- signed notes (C2SP)

ED25519, COSIGNATURE_V1 = 0x01, 0x04
NOTE_LIMIT = 64 * 1024  # bytes
LAST_SECOND = 253402300799  # the end of the year 9999, where calendars of programs end
NAME = re.compile(r"[^\s+]+")


def unbase64(text: str, code: str) -> bytes:
    """Decode standard base64, refusing every spelling but the one that encoding would give."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise VerifyError(code, f"{text[:60]!r} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise VerifyError(code, f"{text[:60]!r} is base64 in a form that nobody writes")
    return data


@dataclass(frozen=True)
class Key:
    """A public key for notes: its name, its algorithm's byte and its 32 bytes."""

    name: str
    algorithm: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Give the four bytes that stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes((self.algorithm,)) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """Write the key as a verifier key: name, id and key joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes((self.algorithm,)) + self.public).decode()}"

    @classmethod
    def parse(cls, text: object) -> Key:
        """Read a verifier key.

        Raises
        ------
        VerifyError
            `key.malformed`.
        """
        name, _, rest = text.partition("+") if isinstance(text, str) else ("", "", "")
        material = unbase64(rest[9:], "key.malformed") if NAME.fullmatch(name) else b""
        if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE_V1):
            raise VerifyError("key.malformed", f"{str(text)[:80]!r} is not a verifier key for Ed25519")
        key = cls(name, material[0], material[1:])
        if key.text != text:
            raise VerifyError("key.malformed", f"the id of key {name!r} does not belong to it")
        return key


@dataclass(frozen=True)
class Signature:
    """One signature line of a note."""

    name: str
    id: bytes
    blob: bytes


@dataclass(frozen=True)
class Note:
    """A signed text. Ignore the text until a trusted key's signature was checked."""

    text: str
    signatures: tuple[Signature, ...]


def parse_note(data: bytes) -> Note:
    """Split a note into text and signatures, accepting exactly one spelling.

    Raises
    ------
    VerifyError
        `note.malformed`.

    Source: C2SP signed-note.
    """
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise VerifyError("note.malformed", "the note is not UTF-8") from None
    text, blank, lines = whole.rpartition("\n\n")
    if len(data) > NOTE_LIMIT or not blank or not lines.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", whole):
        raise VerifyError("note.malformed", "not a signed note: a text, an empty line, signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def _signature(line: str) -> Signature:
    """Read one signature line."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    blob = unbase64(encoded, "note.malformed")
    if dash != "—" or not NAME.fullmatch(name) or len(blob) < 5:
        raise VerifyError("note.malformed", f"{line[:60]!r} is not a signature line")
    return Signature(name, blob[:4], blob[4:])


def signature_line(key: Key, blob: bytes) -> str:
    """Write a signature line."""
    return f"— {key.name} {base64.b64encode(key.id + blob).decode()}\n"


def _ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check one Ed25519 signature (RFC 8032)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def cosigned_message(text: str, seconds: int) -> bytes:
    """Give what a witness signs: header, time, and the checkpoint's text (C2SP cosignature/v1)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def check_signature(key: Key, text: str, signature: Signature) -> int | None:
    """Check a signature by a key over a note's text; give the time of a cosignature (POSIX seconds), else None.

    Raises
    ------
    VerifyError
        `note.signature`.
    """
    seconds, message, blob = None, text.encode(), signature.blob
    if key.algorithm == COSIGNATURE_V1 and len(blob) == 72:
        seconds = int.from_bytes(blob[:8], "big")
        message, blob = cosigned_message(text, seconds), blob[8:]
    if len(blob) != 64 or (seconds or 0) > LAST_SECOND or not _ed25519(key.public, message, blob):
        raise VerifyError("note.signature", f"the signature of {key.name} does not fit the text")
    return seconds


def signatures_of(note: Note, key: Key) -> list[Signature]:
    """List the signatures that claim to be by a key; name and id must both fit."""
    return [line for line in note.signatures if (line.name, line.id) == (key.name, key.id)]


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes


def parse_head(text: str) -> TreeHead:
    """Read a checkpoint's text; extension lines are refused, since nobody audits them.

    Raises
    ------
    VerifyError
        `checkpoint.malformed`.

    Source: C2SP tlog-checkpoint.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not NAME.fullmatch(lines[0]) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise VerifyError("checkpoint.malformed", "a checkpoint has three lines: origin, size, root")
    root = unbase64(lines[2], "checkpoint.malformed")
    if len(root) != 32:
        raise VerifyError("checkpoint.malformed", "the root is not a SHA-256 hash")
    return TreeHead(lines[0], int(lines[1]), root)


def head_text(head: TreeHead) -> str:
    """Write a checkpoint's text."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


PROOF_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class LogProof:
    """An inclusion proof with the checkpoint it leads to."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def parse_proof(data: bytes) -> LogProof:
    """Read a proof file.

    Raises
    ------
    VerifyError
        `proof.malformed`.

    Source: C2SP tlog-proof, without extra data.
    """
    head, blank, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if not blank or lines[0] != PROOF_HEADER or len(lines) < 2 or not re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1]):
        raise VerifyError("proof.malformed", "not a c2sp.org/tlog-proof@v1 file")
    hashes = tuple(unbase64(line, "proof.malformed") for line in lines[2:])
    if len(hashes) > 64 or any(len(entry) != 32 for entry in hashes):
        raise VerifyError("proof.malformed", "a proof holds at most 64 SHA-256 hashes")
    return LogProof(int(lines[1][6:]), hashes, checkpoint)


def proof_text(proof: LogProof) -> bytes:
    """Write a proof file."""
    lines = [PROOF_HEADER, f"index {proof.index}", *(base64.b64encode(entry).decode() for entry in proof.hashes)]
    return "\n".join(lines).encode() + b"\n\n" + proof.checkpoint


# ---------------------------------------------------------------------------------------------------------------- policy


@dataclass(frozen=True)
class Policy:
    """Whom the user trusts: logs, witnesses, how many of these must have signed, and how old (s) the newest signature may be."""

    logs: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    quorum: int
    max_age: int


POLICY_FORMAT = "qilu-policy/1"


def _keys(value: object, algorithm: int) -> tuple[Key, ...]:
    """Read a list of verifier keys of one algorithm."""
    keys = tuple(Key.parse(text) for text in value) if isinstance(value, list) else ()
    if not isinstance(value, list) or any(key.algorithm != algorithm for key in keys):
        raise VerifyError("key.malformed", "a list of keys holds a key of another kind")
    return keys


def parse_policy(data: bytes) -> Policy:
    """Read a policy file.

    Raises
    ------
    VerifyError
        `policy.malformed`, `key.malformed` or `json.malformed`.
    """
    value = parse_json(data)
    if not isinstance(value, dict) or value.get("format") != POLICY_FORMAT:
        raise VerifyError("policy.malformed", f"a policy is an object with format {POLICY_FORMAT!r}")
    quorum, max_age = value.get("quorum"), value.get("max_age")
    logs, witnesses = _keys(value.get("logs"), ED25519), _keys(value.get("witnesses"), COSIGNATURE_V1)
    if type(quorum) is not int or type(max_age) is not int or not 0 <= quorum <= len(set(witnesses)) or max_age < 0:
        raise VerifyError("policy.malformed", "quorum (at most the number of witnesses) and max_age (s) must be whole numbers")
    return Policy(logs, witnesses, quorum, max_age)


# ---------------------------------------------------------------------------------------------------------------- the bag (RFC 8493)

BAG_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = {"sha256": 64, "sha512": 128}  # hex digits


@dataclass(frozen=True)
class FileFacts:
    """What was measured of one file: hex digests by algorithm, length in bytes, UnixFS node."""

    digests: Mapping[str, str]
    length: int
    node: Node


def _bag_path(text: str, member: str) -> str:
    """Decode a path of a manifest and refuse what could leave the bag."""
    path = unquote(text, errors="strict") if re.search(r"%(0[AaDd]|25)", text) else text
    if unsafe_name(path):
        raise VerifyError("bag.path", f"{path[:80]!r} is not a path inside the bag", member)
    return path


def _lines(data: bytes, member: str) -> list[str]:
    """Split a tag file into lines; it must be UTF-8 and end with a line feed."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise VerifyError("bag.malformed", "the file is not UTF-8", member) from None
    if text and not text.endswith("\n"):
        raise VerifyError("bag.malformed", "the last line does not end", member)
    return text[:-1].split("\n") if text else []


def parse_manifest(data: bytes, member: str, digits: int) -> dict[str, str]:
    """Read a manifest: path by path its hex digest.

    Raises
    ------
    VerifyError
        `bag.malformed`, `bag.path` or `bag.doubled`.
    """
    found: dict[str, str] = {}
    for line in _lines(data, member):
        digest, gap, rest = line[:digits], line[digits : digits + 2], line[digits + 2 :]
        if not re.fullmatch(r"[0-9a-f]+", digest) or gap != "  " or not rest:
            raise VerifyError("bag.malformed", f"{line[:60]!r} is not a line of a manifest", member)
        path = _bag_path(rest, member)
        if path in found:
            raise VerifyError("bag.doubled", f"{path} is listed twice", member)
        found[path] = digest
    return found


def parse_fetch(data: bytes, member: str = "fetch.txt") -> dict[str, tuple[bytes, int]]:
    """Read fetch.txt: path by path the binary CID and the length (bytes) of a file that may be withheld.

    Raises
    ------
    VerifyError
        `bag.malformed`, `bag.path`, `bag.doubled` or `cid.malformed`.
    """
    found: dict[str, tuple[bytes, int]] = {}
    for line in _lines(data, member):
        match = re.fullmatch(r"ipfs://([a-z2-7]+) (0|[1-9][0-9]{0,17}) (\S.*)", line)
        if not match:
            raise VerifyError("bag.malformed", f"{line[:60]!r} is not `ipfs://CID LENGTH PATH`", member)
        path = _bag_path(match[3], member)
        if path in found:
            raise VerifyError("bag.doubled", f"{path} is listed twice", member)
        found[path] = parse_cid(match[1]), int(match[2])
    return found


@dataclass
class Bag:
    """A bag under examination: measured files, its tag files' bytes, and what is wrong with it."""

    files: Mapping[str, FileFacts]
    tags: Mapping[str, bytes]
    withheld: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, message: str, member: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, message, member))


def is_tag_file(path: str) -> bool:
    """Tell whether the bag's checks need a file's bytes."""
    return "/" not in path and bool(re.fullmatch(r"bagit\.txt|bag-info\.txt|fetch\.txt|(tag)?manifest-[a-z0-9]+\.txt", path))


def _manifests(bag: Bag, prefix: str) -> dict[str, dict[str, str]]:
    """Read the bag's manifests of one kind by algorithm."""
    found = {}
    for name in sorted(bag.tags):
        match = re.fullmatch(prefix + r"-([a-z0-9]+)\.txt", name)
        if match and match[1] in ALGORITHMS:
            found[match[1]] = parse_manifest(bag.tags[name], name, ALGORITHMS[match[1]])
        elif match:
            bag.say("bag.algorithm", f"{match[1]} is not an algorithm that is checked here", name)
    if not found:
        bag.say("bag.missing", f"the bag has no {prefix}-sha256.txt", f"{prefix}-sha256.txt")
    return found


def _compare(bag: Bag, listed: Mapping[str, str], algorithm: str, expected: set[str], name: str) -> None:
    """Hold one manifest against the files it must cover."""
    for path in sorted(expected - set(listed)):
        bag.say("bag.unlisted", f"{path} is not in {name}", path)
    for path in sorted(set(listed) - expected):
        bag.say("bag.missing", f"{name} lists {path}, which is not there", path)
    for path in sorted(expected & set(listed) & set(bag.files)):
        if bag.files[path].digests[algorithm] != listed[path]:
            bag.say("bag.digest", f"the {algorithm} of {path} is not the one in {name}", path)


def _check_fetch(bag: Bag, payload: set[str]) -> dict[str, tuple[bytes, int]]:
    """Read fetch.txt and hold it against the files that are present all the same."""
    fetch = parse_fetch(bag.tags.get("fetch.txt", b""))
    for path, (cid, length) in fetch.items():
        facts = bag.files.get(path)
        if not path.startswith("data/"):
            bag.say("bag.path", f"fetch.txt lists {path}, which is no payload", "fetch.txt")
        elif facts and (facts.node.cid, facts.length) != (cid, length):
            bag.say("bag.fetch", f"{path} is not the file that fetch.txt names", path)
    bag.withheld = tuple(sorted(set(fetch) - payload))
    return fetch


def _check_oxum(bag: Bag, payload: set[str], fetch: Mapping[str, tuple[bytes, int]]) -> None:
    """Hold bag-info.txt's Payload-Oxum against the payload, withheld files included."""
    claimed = [line[13:].strip() for line in _lines(bag.tags.get("bag-info.txt", b""), "bag-info.txt") if line.startswith("Payload-Oxum:")]
    octets = sum(bag.files[path].length for path in payload) + sum(fetch[path][1] for path in bag.withheld)
    if claimed and claimed != [f"{octets}.{len(payload) + len(bag.withheld)}"]:
        bag.say("bag.oxum", "Payload-Oxum does not fit the payload", "bag-info.txt")


def check_bag(files: Mapping[str, FileFacts], tags: Mapping[str, bytes]) -> tuple[Bag, Node]:
    """Check a bag strictly and give it with the node of the folder, withheld files included.

    Raises
    ------
    VerifyError
        Where a tag file cannot be read at all.

    Source: RFC 8493 sections 2 and 3; every payload file must be in every payload manifest, every tag file in every tag manifest.
    """
    bag = Bag(files, tags)
    payload = {path for path in files if path.startswith("data/")}
    if tags.get("bagit.txt") != BAG_DECLARATION:
        bag.say("bag.declaration", "bagit.txt is missing or not the declaration of BagIt 1.0 in UTF-8", "bagit.txt")
    fetch = _check_fetch(bag, payload)
    for algorithm, listed in _manifests(bag, "manifest").items():
        _compare(bag, listed, algorithm, payload | set(bag.withheld), f"manifest-{algorithm}.txt")
    covered = {path for path in files if path not in payload and not path.startswith("tagmanifest-")}
    for algorithm, listed in _manifests(bag, "tagmanifest").items():
        _compare(bag, listed, algorithm, covered, f"tagmanifest-{algorithm}.txt")
    _check_oxum(bag, payload, fetch)
    nodes = {path: facts.node for path, facts in files.items()}
    nodes |= {path: Node(fetch[path][0], tree_size(fetch[path][1]), fetch[path][1]) for path in bag.withheld}
    return bag, tree_node(nodes)


# ---------------------------------------------------------------------------------------------------------------- the bundle: members

BUNDLE_FORMAT = "qilu-bundle/1"
BUNDLE_DOMAIN = "qilu-bundle/v1"  # no log's origin may be this, so a bundle's signature never passes for a checkpoint's
SMALL = 16 << 20  # bytes of a member that is read whole
BLOCK = 1 << 20
BOMB_BYTES, BOMB_RATIO = 1 << 30, 200


def unsafe_name(name: str) -> bool:
    """Tell whether a name could mean another place than it says."""
    parts = name.split("/")
    return not name.isascii() or not name.isprintable() or "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts)


@dataclass(frozen=True)
class Member:
    """One file of a bundle, wherever it lies."""

    name: str
    length: int
    opener: Callable[[], IO[bytes]]

    def blocks(self) -> Iterator[bytes]:
        """Give the bytes in blocks, and one block more than announced at most.

        Raises
        ------
        VerifyError
            `member.unreadable`.
        """
        left = self.length + 1
        try:
            with self.opener() as stream:
                while left > 0 and (block := stream.read(min(BLOCK, left))):
                    left -= len(block)
                    yield block
        except Exception as error:  # noqa: BLE001 - each decompressor has error classes of its own
            raise VerifyError("member.unreadable", f"cannot be read: {error}"[:200], self.name) from None

    def read(self) -> bytes:
        """Give all bytes of a small member."""
        if self.length > SMALL:
            raise VerifyError("member.too-large", f"{self.length} bytes, where {SMALL} are the most", self.name)
        return b"".join(self.blocks())


def zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """List a zip's files; folders of listed files are bookkeeping."""
    names = {info.filename for info in archive.infolist()}
    parents = {name[: cut + 1] for name in names for cut in range(len(name) - 1) if name[cut] == "/"}
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if info.is_dir() and info.filename in parents:
            continue
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise VerifyError("member.unsafe", "is a link or no ordinary file", info.filename)
        yield Member(info.filename, info.file_size, lambda info=info: archive.open(info))  # type: ignore[misc]


def folder_members(root: Path) -> Iterator[Member]:
    """List a folder's files; links, devices and empty folders are refused."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        for name in (*folders, *files):
            path = here / name
            mode, relative = path.lstat().st_mode, path.relative_to(root).as_posix()
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise VerifyError("member.unsafe", "is a link or no ordinary file", relative)
            if stat.S_ISREG(mode):
                yield Member(relative, path.lstat().st_size, lambda path=path: path.open("rb"))  # type: ignore[misc]
        if not folders and not files and here != root:
            raise VerifyError("member.extra", "an empty folder does not belong to the bundle", here.relative_to(root).as_posix())


def index_members(members: Iterable[Member]) -> dict[str, Member]:
    """Index members by name.

    Raises
    ------
    VerifyError
        `member.unsafe`, `member.doubled` or `member.case-clash`.
    """
    found: dict[str, Member] = {}
    folded: dict[str, str] = {}
    for member in members:
        if unsafe_name(member.name):
            raise VerifyError("member.unsafe", "the name is not plain ASCII inside the bundle", member.name)
        if member.name in found:
            raise VerifyError("member.doubled", "stands in the bundle twice", member.name)
        if folded.setdefault(member.name.lower(), member.name) != member.name:
            raise VerifyError("member.case-clash", f"differs from {folded[member.name.lower()]} only in case", member.name)
        found[member.name] = member
    return found


def measure(blocks: Iterable[bytes], algorithms: Iterable[str] = ("sha256",)) -> FileFacts:
    """Hash a file in one pass: digests by algorithm, length, UnixFS node."""
    hashers = {name: hashlib.new(name) for name in algorithms}
    tree, length = FileTree(), 0
    for block in blocks:
        length += len(block)
        tree.update(block)
        for hasher in hashers.values():
            hasher.update(block)
    return FileFacts({name: hasher.hexdigest() for name, hasher in hashers.items()}, length, tree.finish())


def _keep(blocks: Iterable[bytes], kept: list[bytes]) -> Iterator[bytes]:
    """Pass blocks on and keep them."""
    for block in blocks:
        kept.append(block)
        yield block


# ---------------------------------------------------------------------------------------------------------------- the bundle: checks

SEALING = {"asset": "version.publish", "licence": "licence.grant"}  # the entry whose digest is the package's CID, by kind of bundle
CHINA = timezone(timedelta(hours=8))
FUTURE = 300  # s that a witness's clock may be ahead of ours


@dataclass
class Report:
    """What was found out about a bundle."""

    findings: list[Finding] = field(default_factory=list)
    kind: str | None = None
    subject: Any = None
    cid: str | None = None
    checkpoint: dict[str, Any] | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)
    withheld: tuple[str, ...] = ()
    status: str | None = None
    anchor: Any = None
    known: bool = False
    stale: Finding | None = None
    bundle: bool = True

    @property
    def exit(self) -> int:
        """Give the exit code: what is invalid weighs more than who signed, and that more than when."""
        if not self.bundle:
            return 64
        if self.findings:
            return 1
        return 3 if not self.known else 2 if self.stale else 0

    def as_json(self) -> dict[str, Any]:
        """Give the report as the one object that `--json` prints."""
        names = {0: "valid", 1: "invalid", 2: "stale", 3: "unknown-key", 64: "not-a-bundle"}
        found = list(self.findings)
        if self.exit == 3:
            found.append(Finding("policy.unknown-key", "intact, but no key of the policy signed it"))
        if self.exit == 2 and self.stale:
            found.append(self.stale)
        shown = {name: getattr(self, name) for name in ("kind", "subject", "cid", "status", "checkpoint", "entries", "anchor")}
        return {
            "result": names[self.exit],
            "exit": self.exit,
            "findings": [vars(finding) for finding in found],
            "withheld": list(self.withheld),
            **shown,
        }


def bundle_text(listing: Mapping[str, Any]) -> str:
    """Give the text that the log's key signs for a bundle: a line of its own and the hash of the unsigned bundle.json."""
    unsigned = {name: value for name, value in listing.items() if name != "signature"}
    return f"{BUNDLE_DOMAIN}\n{hashlib.sha256(canonical(unsigned)).hexdigest()}\n"


LISTING = {"format": str, "kind": str, "subject": dict, "cid": str, "withheld": list, "entries": list}
LISTING |= {"facts": dict, "members": list, "log": str, "witnesses": list, "signature": str}


def read_listing(data: bytes) -> dict[str, Any]:
    """Read bundle.json and check its signature by the key it names itself.

    Raises
    ------
    VerifyError
        `bundle.malformed`, `bundle.signature`, or what parsing found.
    """
    listing = parse_canonical(data)
    if not isinstance(listing, dict) or {name: type(value) for name, value in listing.items()} != LISTING:
        raise VerifyError("bundle.malformed", "bundle.json has not the fields of a bundle", "bundle.json")
    if listing["format"] != BUNDLE_FORMAT or listing["kind"] not in SEALING:
        raise VerifyError("bundle.malformed", "bundle.json is of a format or kind that is not known here", "bundle.json")
    key, blob = Key.parse(listing["log"]), unbase64(listing["signature"], "bundle.signature")
    if key.algorithm != ED25519 or blob[:4] != key.id or not _ed25519(key.public, bundle_text(listing).encode(), blob[4:]):
        raise VerifyError("bundle.signature", "the signature does not fit bundle.json", "bundle.json")
    return listing


def _listed(listing: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Give name by name the length and SHA-256 that bundle.json lists."""
    found = {}
    for row in listing["members"]:
        if not isinstance(row, dict) or {name: type(value) for name, value in row.items()} != {"name": str, "bytes": int, "sha256": str}:
            raise VerifyError("bundle.malformed", "a member is {name, bytes, sha256}", "bundle.json")
        found[row["name"]] = (row["bytes"], row["sha256"])
    if len(found) != len(listing["members"]) or "bundle.json" in found:
        raise VerifyError("bundle.malformed", "a member is listed twice", "bundle.json")
    return found


class Examination:
    """The examination of one opened bundle, step by step; findings gather in its report."""

    def __init__(self, members: Mapping[str, Member], policy: Policy | None, now: float, report: Report) -> None:
        self.members, self.policy, self.now, self.report = members, policy, now, report
        self.facts: dict[str, FileFacts] = {}
        self.small: dict[str, bytes] = {}
        self.listing: dict[str, Any] = {}
        names = [name for name in ALGORITHMS if f"package/manifest-{name}.txt" in members or f"package/tagmanifest-{name}.txt" in members]
        self.algorithms = sorted({"sha256", *names})

    def say(self, code: str, message: str, member: str | None = None) -> None:
        """Note a finding."""
        self.report.findings.append(Finding(code, message, member))

    def run(self) -> None:
        """Take the steps in order; a later one needs the earlier ones to have found nothing."""
        steps = (self.read_members, self.check_package, self.check_proofs, self.check_subject, self.check_status, self.check_anchor)
        for step in steps:
            step()
            if self.report.findings:
                return

    def read_members(self) -> None:
        """Hold every member against bundle.json, keeping the bytes of the small ones that later steps read."""
        if "bundle.json" not in self.members:
            raise VerifyError("member.missing", "bundle.json is missing", "bundle.json")
        self.listing = read_listing(self.members["bundle.json"].read())
        self.report.kind, self.report.subject, self.report.cid = (self.listing[name] for name in ("kind", "subject", "cid"))
        listed = _listed(self.listing)
        for name in sorted(set(listed) - set(self.members)):
            self.say("member.missing", "is listed in bundle.json and not there", name)
        for name in sorted(set(self.members) - set(listed) - {"bundle.json"}):
            self.say("member.extra", "is not listed in bundle.json", name)
        for name in sorted(set(listed) & set(self.members)):
            self.read_member(name, *listed[name])

    def read_member(self, name: str, length: int, digest: str) -> None:
        """Hold one member's length and hash against what is listed."""
        if self.members[name].length != length:
            return self.say("member.changed", f"has {self.members[name].length} bytes, listed are {length}", name)
        keep = name.startswith("proof/") or (name.startswith("package/") and is_tag_file(name[8:]))
        if keep and length > SMALL:
            return self.say("member.too-large", f"{length} bytes, where {SMALL} are the most", name)
        kept: list[bytes] = []
        blocks = self.members[name].blocks()
        facts = measure(_keep(blocks, kept) if keep else blocks, self.algorithms)
        if (facts.length, facts.digests["sha256"]) != (length, digest):
            return self.say("member.changed", "the content is not the listed one", name)
        self.facts[name] = facts
        if keep:
            self.small[name] = b"".join(kept)
        return None

    def check_package(self) -> None:
        """Check the bag, and that its CID and withheld files are those that bundle.json names."""
        files = {name[8:]: facts for name, facts in self.facts.items() if name.startswith("package/")}
        bag, node = check_bag(files, {name[8:]: data for name, data in self.small.items() if name.startswith("package/")})
        self.report.findings += [Finding(found.code, found.message, f"package/{found.member}") for found in bag.findings]
        self.report.withheld = bag.withheld
        if list(bag.withheld) != self.listing["withheld"]:
            self.say("package.withheld", "other files are withheld than bundle.json says", "package/fetch.txt")
        if cid_text(node.cid) != self.listing["cid"]:
            self.say("package.cid", f"the package's CID is {cid_text(node.cid)}, not {self.listing['cid'][:80]}", "package/")

    def check_proofs(self) -> None:
        """Check the checkpoint's signatures and each entry's place in its tree."""
        data = self.small.get("proof/checkpoint")
        if data is None:
            raise VerifyError("proof.missing", "the checkpoint is missing", "proof/checkpoint")
        note = parse_note(data)
        head = parse_head(note.text)
        newest = self.check_signatures(note, head)
        shown = datetime.fromtimestamp(newest, UTC).isoformat() if newest is not None else None
        self.report.checkpoint = {"origin": head.origin, "size": head.size, "root": head.root.hex(), "time": shown}
        indices = self.listing["entries"]
        names = {f"proof/{index}.{kind}" for index in indices for kind in ("json", "tlog-proof")} | {"proof/checkpoint"}
        if any(type(index) is not int for index in indices) or set(self.small) - {"proof/anchor.json"} - names - self.package_names():
            raise VerifyError("bundle.malformed", "the proofs are not those of the listed entries", "bundle.json")
        for index in indices:
            self.check_entry(index, head, data)

    def package_names(self) -> set[str]:
        """Give the names of the package's members."""
        return {name for name in self.members if name.startswith("package/")}

    def check_entry(self, index: int, head: TreeHead, checkpoint: bytes) -> None:
        """Check that one entry stands in the log at its index."""
        name = f"proof/{index}.json"
        leaf, proof_data = self.small.get(name), self.small.get(f"proof/{index}.tlog-proof")
        if leaf is None or proof_data is None:
            raise VerifyError("proof.missing", f"entry {index} or its proof is missing", name)
        proof = parse_proof(proof_data)
        if proof.checkpoint != checkpoint or proof.index != index:
            raise VerifyError("proof.checkpoint", "the proof is for another checkpoint or another index", f"proof/{index}.tlog-proof")
        if not verify_inclusion(leaf_hash(leaf), index, head.size, proof.hashes, head.root):
            raise VerifyError("proof.inclusion", "the proof does not lead from the entry to the log's root", f"proof/{index}.tlog-proof")
        self.report.entries.append({"index": index, **parse_entry(leaf, name)})

    def check_signatures(self, note: Note, head: TreeHead) -> int | None:
        """Check who signed the checkpoint and when; give the time of the newest cosignature (POSIX seconds)."""
        log = Key.parse(self.listing["log"])
        witnesses = set(_keys(self.listing["witnesses"], COSIGNATURE_V1)) | set(self.policy.witnesses if self.policy else ())
        self.report.known = self.policy is not None and log in self.policy.logs
        if head.origin != log.name or not signatures_of(note, log):
            raise VerifyError("checkpoint.origin", "the checkpoint is not by the log that signed bundle.json", "proof/checkpoint")
        for signature in signatures_of(note, log):
            check_signature(log, note.text, signature)
        times = {key: check_signature(key, note.text, line) or 0 for key in witnesses for line in signatures_of(note, key)}
        if not self.policy or not self.report.known:
            return max(times.values(), default=None)
        counted = [seconds for key, seconds in times.items() if key in self.policy.witnesses]
        if len(counted) < self.policy.quorum:
            self.say("witness.quorum", f"{len(counted)} witnesses of the policy signed, {self.policy.quorum} must", "proof/checkpoint")
        self.judge_age(max(counted, default=None))
        return max(counted, default=None)

    def judge_age(self, newest: int | None) -> None:
        """Tell whether the newest cosignature is as fresh as the policy demands."""
        assert self.policy is not None
        if newest is not None and newest > self.now + FUTURE:
            self.report.stale = Finding("checkpoint.future", "the cosignature lies in the future of this clock, so its age cannot be told")
        elif newest is None or self.now - newest > self.policy.max_age:
            self.report.stale = Finding(
                "checkpoint.stale", f"the newest cosignature is older than {self.policy.max_age} s; ask for a fresh bundle"
            )

    def check_subject(self) -> None:
        """Check that an entry in the log sealed this very package for this very subject."""
        kind, subject = self.listing["kind"], self.listing["subject"]
        sealing = [row for row in self.report.entries if row["kind"] == SEALING[kind] and row["digest"] == self.listing["cid"]]
        if not sealing:
            self.say("entry.missing", f"no {SEALING[kind]} entry names the package's CID", "bundle.json")
        elif not any(concerns(row, subject) for row in sealing):
            self.say("entry.subject", "the entry that sealed the package is about another subject", "bundle.json")

    def check_status(self) -> None:
        """Tell whether a licence is in force, or a version still published, as of the checkpoint."""
        own = [row for row in self.report.entries if concerns(row, self.listing["subject"])]
        kinds = {row["kind"] for row in own if row["digest"] == self.listing["cid"]}
        if self.listing["kind"] == "asset":
            self.report.status = "withdrawn" if "version.withdraw" in kinds else "published"
            return
        ends = ends_on(own)
        self.report.status = "active"
        if any(row["kind"] == "licence.revoke" for row in own):
            self.report.status = "revoked"
            self.say("licence.revoked", "the licence was revoked", "bundle.json")
        elif ends and (self.report.checkpoint or {}).get("time") and ends <= datetime.fromisoformat((self.report.checkpoint or {})["time"]):
            self.report.status = "expired"
            self.say("licence.expired", f"the licence ended when {ends.date()} began", "bundle.json")

    def check_anchor(self) -> None:
        """Check that the head that was anchored on a chain is a prefix of this log; the chain itself is not asked."""
        data = self.small.get("proof/anchor.json")
        if data is None:
            return
        anchor = parse_canonical(data)
        checkpoint = self.report.checkpoint or {}
        try:
            proof = [unbase64(text, "anchor.malformed") for text in anchor["consistency"]]
            old_size, old_root = int(anchor["size"]), bytes.fromhex(anchor["root"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise VerifyError("anchor.malformed", "not the record of an anchor", "proof/anchor.json") from None
        if not verify_consistency(old_size, old_root, checkpoint["size"], bytes.fromhex(checkpoint["root"]), proof):
            raise VerifyError("anchor.consistency", "the anchored head is not a prefix of this log", "proof/anchor.json")
        self.report.anchor = {name: value for name, value in anchor.items() if name != "consistency"}


ENTRY_FIELDS = {"v", "id", "kind", "subject", "digest", "facts", "time", "private"}


def parse_entry(leaf: bytes, member: str | None = None) -> dict[str, Any]:
    """Read an entry's leaf.

    Raises
    ------
    VerifyError
        `entry.malformed`.
    """
    try:
        entry = parse_canonical(leaf)
    except VerifyError as error:
        raise VerifyError("entry.malformed", error.message, member) from None
    if not isinstance(entry, dict) or set(entry) != ENTRY_FIELDS or entry["v"] != 1 or not isinstance(entry["facts"], dict):
        raise VerifyError("entry.malformed", "not an entry of version 1", member)
    subject = entry["subject"]
    if not isinstance(subject, dict) or {name: type(value) for name, value in subject.items()} != {"kind": str, "id": str}:
        raise VerifyError("entry.malformed", "the subject is not {kind, id}", member)
    return entry


def concerns(entry: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    """Tell whether an entry is about a subject, by its own subject or by a fact that names it."""
    return bool(entry["subject"] == subject or entry["facts"].get(subject.get("kind")) == subject.get("id"))


def ends_on(entries: Sequence[Mapping[str, Any]]) -> datetime | None:
    """Give the moment a licence ends: the begin, in China, of the first day that its grant's scope no longer covers.

    Raises
    ------
    VerifyError
        `licence.malformed`.
    """
    grants = [row["facts"].get("scope") for row in entries if row["kind"] == SEALING["licence"]]
    days = [scope["ends_on"] for scope in grants if isinstance(scope, dict) and scope.get("ends_on")]
    try:
        return max((datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA) for day in days), default=None)
    except (ValueError, TypeError):
        raise VerifyError("licence.malformed", "ends_on is not a date", "bundle.json") from None


def _bomb(members: Mapping[str, Member], packed: int) -> bool:
    """Tell whether a zip would unpack to far more than it is."""
    total = sum(member.length for member in members.values())
    return total > BOMB_BYTES and total > BOMB_RATIO * packed


def _examine(source: Iterable[Member], packed: int | None, policy: Policy | None, now: float) -> Report:
    """Examine the members of an opened bundle."""
    report = Report()
    try:
        members = index_members(source)
        if not any(name == "bundle.json" or name.startswith(("package/", "proof/")) for name in members):
            report.bundle = False
            raise VerifyError("bundle.not-a-bundle", "holds neither bundle.json nor package/ nor proof/")
        if packed is not None and _bomb(members, packed):
            raise VerifyError("bundle.bomb", "would unpack to far more than an honest bundle does")
        Examination(members, policy, now, report).run()
    except VerifyError as error:
        report.findings.append(Finding(error.code, error.message, error.member))
    return report


def verify_bundle(path: Path, policy: Policy | None = None, now: float | None = None) -> Report:
    """Verify a bundle, a zip or a folder.

    Parameters
    ----------
    path
        The bundle.
    policy
        Whom to trust; without one the best result is `unknown-key`.
    now
        The time to judge freshness by, POSIX seconds; the clock's where it is not given.
    """
    moment = time.time() if now is None else now
    try:
        if path.is_dir():
            return _examine(folder_members(path), None, policy, moment)
        with closing(zipfile.ZipFile(path)) as archive:
            return _examine(zip_members(archive), path.stat().st_size, policy, moment)
    except (OSError, zipfile.BadZipFile, ValueError, EOFError, struct.error, NotImplementedError) as error:
        return Report([Finding("bundle.not-a-bundle", f"not a readable zip or folder: {error}"[:200])], bundle=False)


# ---------------------------------------------------------------------------------------------------------------- the command line


class _Parser(argparse.ArgumentParser):
    """An argument parser that exits 64 for wrong usage, as the platform's commands do."""

    def error(self, message: str) -> Any:  # argparse never returns from here
        """Say what is wrong with the call and stop."""
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def _show(report: Report) -> Iterator[str]:
    """Give the report as lines for people."""
    shown = report.as_json()
    yield shown["result"] + (f" ({len(report.withheld)} files withheld)" if report.withheld else "")
    for row in shown["findings"]:
        yield f"  {row['code']}: {row['member'] + ': ' if row['member'] else ''}{row['message']}"
    if report.checkpoint:
        yield f"  package {report.cid}"
        yield f"  log {report.checkpoint['origin']}, {report.checkpoint['size']} entries, cosigned {report.checkpoint['time']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    parser = _Parser(prog="verify.py", description="Verify a Qilu bundle offline.")
    parser.add_argument("bundle", type=Path, help="the zip, or the folder it unpacks to")
    parser.add_argument("--policy", type=Path, help="whom you trust: the file that `manage.py policy` prints")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        policy = parse_policy(options.policy.read_bytes()) if options.policy else None
    except (OSError, VerifyError) as error:
        parser.error(f"the policy cannot be used: {error}")
    report = verify_bundle(options.bundle, policy)
    print(json.dumps(report.as_json(), ensure_ascii=False) if options.json else "\n".join(_show(report)))
    return report.exit


if __name__ == "__main__":
    sys.exit(main())
