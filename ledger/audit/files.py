# SPDX-License-Identifier: Apache-2.0
"""The files of the log against themselves: every byte must be what the entries and the keys imply."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from ledger import keys
from ledger.audit.findings import FileReport, History
from ledger.errors import LedgerError
from ledger.tiles import HASH, WIDTH, Tiles, fold, number_path, pack, partial_paths, paths, tile_path, unpack, widths
from ledger.verify import (
    COSIGNATURE_V1,
    EMPTY_ROOT,
    Key,
    VerifyError,
    check_signature,
    leaf_hash,
    node_hash,
    parse_entry,
    parse_head,
    parse_note,
)


def listing(folder: Path, report: FileReport) -> set[str]:
    """List the log's files; anything but plain files and the folders that hold them is a finding."""
    found: set[str] = set()
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(here) / name
            mode, relative = path.lstat().st_mode, path.relative_to(folder).as_posix()
            if stat.S_ISREG(mode):
                found.add(relative)
            elif not stat.S_ISDIR(mode):
                report.say("file.special", f"{relative[:200]!r} is a link or no ordinary file")
        if not folders and not files and Path(here) != folder:
            report.say("file.unknown", f"{Path(here).relative_to(folder).as_posix()[:200]!r} is an empty folder")
    return found


def trusted() -> tuple[Key, Key]:
    """Give the public keys of log and witness.

    Raises
    ------
    LedgerError
        `key.lost` or `key.malformed`.
    """
    witness = keys.witness_signer(Path(settings.DATA_DIR) / "witness" / "key", may_make=False)
    return keys.log_signer(may_make=False).key, witness.key


def read_checkpoint(data: bytes, log: Key, witness: Key) -> History:
    """Read a checkpoint that must carry exactly one signature by the log and one by the witness, in this order.

    Raises
    ------
    VerifyError
        `checkpoint.signature` or what parsing found.
    """
    note = parse_note(data)
    head = parse_head(note.text)
    if [(line.name, line.id) for line in note.signatures] != [(log.name, log.id), (witness.name, witness.id)] or head.origin != log.name:
        raise VerifyError("checkpoint.signature", "not signed by this log and this witness, and by nobody else")
    check_signature(log, note.text, note.signatures[0])
    assert witness.algorithm == COSIGNATURE_V1
    seconds = check_signature(witness, note.text, note.signatures[1])
    if seconds is None:
        raise VerifyError("checkpoint.signature", "the witness's signature has no time")
    return History(head.size, head.root, datetime.fromtimestamp(seconds, UTC))


def read_history(folder: Path, names: set[str], report: FileReport) -> None:
    """Read every checkpoint; the newest one must be the one that stands in front."""
    try:
        log, witness = trusted()
    except (LedgerError, OSError) as error:
        report.say(getattr(error, "code", "key.malformed"), str(error))
        return
    newest = b""
    for name in sorted(name for name in names if name.startswith("checkpoints/")):
        try:
            data = (folder / name).read_bytes()
            found = read_checkpoint(data, log, witness)
        except (VerifyError, OSError) as error:
            report.say("checkpoint.invalid", f"{name[:200]}: {getattr(error, 'message', error)}")
            continue
        if name != f"checkpoints/{number_path(found.size)}":
            report.say("checkpoint.misplaced", f"{name[:200]} holds the checkpoint of {found.size} entries")
            continue
        report.history[found.size] = found
        if found.size > report.size:
            report.size, report.root, newest = found.size, found.root, data
    front = folder / "checkpoint"
    if (front.read_bytes() if front.is_file() else b"") != newest:
        report.say("checkpoint.changed", "the file `checkpoint` is not the newest checkpoint")


def _bundles(tiles: Tiles, report: FileReport) -> Iterator[tuple[int, list[bytes]]]:
    """Give the entry bundles that make up the newest tree; stop at the first that cannot be read."""
    full, partial = widths(0, report.size)
    for number in range(full + (partial > 0)):
        width = WIDTH if number < full else partial
        path = tile_path("entries", number, width)
        try:
            leaves = unpack(tiles.read(path))
        except LedgerError as error:
            report.say("entries.unreadable", f"{path}: {error.message}", number * WIDTH)
            return
        if len(leaves) != width:
            report.say("entries.unreadable", f"{path} holds {len(leaves)} entries, not {width}", number * WIDTH)
            return
        yield number, leaves


def read_leaves(tiles: Tiles, report: FileReport) -> None:
    """Read all entries of the newest tree."""
    for _, leaves in _bundles(tiles, report):
        for leaf in leaves:
            try:
                report.entries.append(parse_entry(leaf))
            except VerifyError as error:
                report.entries.append(None)
                report.say("entry.malformed", error.message, len(report.leaves))
            report.leaves.append(leaf)


def roots_at(hashes: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """Give the root of the first n leaves for each wanted n, in one pass with a stack of perfect subtrees."""
    stack: list[tuple[int, bytes]] = []  # (height, hash), highest first
    found = {0: EMPTY_ROOT}
    for count, leaf in enumerate(hashes, 1):
        height, current = 0, leaf
        while stack and stack[-1][0] == height:
            current = node_hash(stack.pop()[1], current)
            height += 1
        stack.append((height, current))
        if count in sizes:
            root = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                root = node_hash(left, root)
            found[count] = root
    return found


def expected_tiles(hashes: list[bytes], leaves: list[bytes]) -> Iterator[tuple[str, bytes, str]]:
    """Give each tile and bundle of a tree: its path at full extent, its bytes, and its path without a width."""
    for place in range(0, len(leaves), WIDTH):
        part = leaves[place : place + WIDTH]
        yield tile_path("entries", place // WIDTH, len(part)), pack(part), tile_path("entries", place // WIDTH)
    level, row = 0, hashes
    while row:
        parts = [row[place : place + WIDTH] for place in range(0, len(row), WIDTH)]
        for number, part in enumerate(parts):
            yield tile_path(level, number, len(part)), b"".join(part), tile_path(level, number)
        row = [fold(part) for part in parts if len(part) == WIDTH]
        level += 1


def _prefix(data: bytes, stem: str, width: int) -> bytes:
    """Give the bytes that a partial tile or bundle of a width had."""
    return pack(unpack(data)[:width]) if stem.startswith("tile/entries/") else data[: width * HASH]


def allowed_paths(report: FileReport) -> set[str]:
    """Name the tiles and bundles that may lie there: those of the newest tree, and partial ones of older checkpoints that are not full yet."""
    full = paths(report.size)
    older = {path for size in report.history for path in partial_paths(size)}
    return full | {path for path in older if path.rpartition(".p/")[0] not in full}


def check_tiles(tiles: Tiles, names: set[str], report: FileReport) -> None:
    """Hold every tile and bundle against what the entries imply, and name what is missing or does not belong."""
    hashes = [leaf_hash(leaf) for leaf in report.leaves]
    report.roots = roots_at(hashes, set(report.history))
    whole = len(report.leaves) == report.size
    for size, found in sorted(report.history.items()):
        if whole and report.roots.get(size) != found.root:
            report.say("root.mismatch", f"the first {size} entries do not give the root that was signed", first_bad(tiles, hashes, size))
    allowed = allowed_paths(report)
    for name in sorted(name for name in names - allowed if name != "checkpoint" and not name.startswith("checkpoints/")):
        report.say("file.unknown", f"{name[:200]!r} does not belong to the log")
    for name in sorted(allowed - names):
        report.say("file.missing", f"{name} is missing")
    if whole:
        compare_tiles(tiles, hashes, allowed & names, report)


def first_bad(tiles: Tiles, hashes: list[bytes], size: int) -> int | None:
    """Give the first leaf below `size` whose hash is not the one in its tile."""
    full, partial = widths(0, len(hashes))
    for number in range(full + (partial > 0)):
        try:
            data = tiles.read(tile_path(0, number, WIDTH if number < full else partial))
        except LedgerError:
            return None
        for place in range(number * WIDTH, min(len(hashes), size, (number + 1) * WIDTH)):
            if data[place % WIDTH * HASH :][:HASH] != hashes[place]:
                return place
    return None


def compare_tiles(tiles: Tiles, hashes: list[bytes], present: set[str], report: FileReport) -> None:
    """Compare the bytes of every tile and bundle that is there, partial ones of older checkpoints included."""
    expected = {stem: data for _, data, stem in expected_tiles(hashes, report.leaves)}
    for name in sorted(present):
        stem, _, width = name.partition(".p/")
        data = _prefix(expected[stem], stem, int(width)) if width else expected[stem]
        try:
            actual = tiles.read(name)
        except LedgerError as error:
            report.say("file.missing", error.message)
            continue
        if actual != data:
            report.say("tile.changed", f"{name} is not what the entries give")


def check_files() -> FileReport:
    """Check the files of the log and give what they say."""
    folder, report = Path(settings.LOG_DIR), FileReport()
    names = listing(folder, report)
    if not names:
        return report
    read_history(folder, names, report)
    tiles = Tiles(folder)
    read_leaves(tiles, report)
    check_tiles(tiles, names, report)
    return report
