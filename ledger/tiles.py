# SPDX-License-Identifier: Apache-2.0
"""The log as files: tiles of hashes, bundles of entries, checkpoints (C2SP tlog-tiles), and the proofs they yield."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ledger.errors import LedgerError
from ledger.verify import EMPTY_ROOT, leaf_hash, node_hash

WIDTH = 256  # hashes in a full tile, entries in a full bundle
HASH = 32


def number_path(number: int) -> str:
    """Write a number as a path of three digits an element, all but the last with an x before them."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Name a tile (level 0 to 63) or bundle (level "entries"), full or partial, below the log's folder."""
    return f"tile/{level}/{number_path(number)}" + (f".p/{width}" if width < WIDTH else "")


def widths(level: int, size: int) -> tuple[int, int]:
    """Give how many full tiles a level has in a tree of `size` leaves, and the width of the partial one (0: none)."""
    return divmod(size >> (8 * level), WIDTH)


def paths(size: int) -> set[str]:
    """Name every tile and bundle of a tree of `size` leaves."""
    found: set[str] = set()
    level = 0
    while size >> (8 * level):
        full, partial = widths(level, size)
        for kind in (level, "entries") if level == 0 else (level,):
            found |= {tile_path(kind, number) for number in range(full)}
            found |= {tile_path(kind, full, partial)} if partial else set()
        level += 1
    return found


def partial_paths(size: int) -> set[str]:
    """Name only the partial tiles and the partial bundle of a tree of `size` leaves."""
    found: set[str] = set()
    for level in range(8):
        full, partial = widths(level, size)
        if partial:
            found |= {tile_path(kind, full, partial) for kind in ((level, "entries") if level == 0 else (level,))}
    return found


def pack(leaves: list[bytes]) -> bytes:
    """Write a bundle of entries: each with its length before it in two bytes, big-endian."""
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def unpack(data: bytes) -> list[bytes]:
    """Read a bundle of entries.

    Raises
    ------
    LedgerError
        `log.unreadable` where it is cut off.
    """
    leaves, place = [], 0
    while place < len(data):
        end = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if end > len(data) or place + 2 > len(data):
            raise LedgerError("log.unreadable", reason="a bundle of entries is cut off")
        leaves.append(data[place + 2 : end])
        place = end
    return leaves


def fold(hashes: list[bytes]) -> bytes:
    """Give the root of hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


@dataclass
class Tiles:
    """Reads the log's files. Tiles are immutable, so what was read once is kept."""

    folder: Path = field(default_factory=lambda: Path(settings.LOG_DIR))
    _kept: dict[str, bytes] = field(default_factory=dict)

    @property
    def checkpoint_path(self) -> Path:
        """Give the place of the newest checkpoint."""
        return self.folder / "checkpoint"

    def checkpoint_file(self, size: int) -> Path:
        """Give the place of the checkpoint of `size` leaves."""
        return self.folder / "checkpoints" / number_path(size)

    def read(self, path: str) -> bytes:
        """Read a tile or bundle.

        Raises
        ------
        LedgerError
            `log.unreadable`.
        """
        if path not in self._kept:
            try:
                self._kept[path] = (self.folder / path).read_bytes()
            except OSError as error:
                raise LedgerError("log.unreadable", reason=f"{path}: {error.strerror}") from None
        return self._kept[path]

    def _tile(self, level: int | str, number: int, size: int) -> bytes:
        """Read the tile as it stands in a tree of `size` leaves; a full one may have taken a partial one's place."""
        full, partial = widths(0 if isinstance(level, str) else level, size)
        exact = tile_path(level, number, WIDTH if number < full else partial)
        return self.read(exact if number < full or exact in self._kept or (self.folder / exact).exists() else tile_path(level, number))

    def node(self, height: int, number: int, size: int) -> bytes:
        """Give the hash of the perfect subtree of 2**height leaves that starts at leaf number * 2**height.

        Raises
        ------
        LedgerError
            `log.unreadable`.
        """
        level, below = divmod(height, 8)
        first = number << below
        data = self._tile(level, first // WIDTH, size)
        start = first % WIDTH * HASH
        hashes = [data[place : place + HASH] for place in range(start, start + (HASH << below), HASH)]
        if any(len(entry) != HASH for entry in hashes):
            raise LedgerError("log.unreadable", reason=f"a tile of level {level} is too short")
        return fold(hashes)

    def range(self, start: int, end: int, size: int) -> bytes:
        """Give the hash over the leaves from start to end (RFC 9162 section 2.1.1), which starts where a subtree starts."""
        length = end - start
        if length == 0:
            return EMPTY_ROOT
        height = (length - 1).bit_length()
        if length == 1 << height:
            return self.node(height, start >> height, size)
        middle = start + (1 << (height - 1))
        return node_hash(self.range(start, middle, size), self.range(middle, end, size))

    def root(self, size: int) -> bytes:
        """Give the root of the first `size` leaves."""
        return self.range(0, size, size)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Prove that the leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1)."""
        start, end, proof = 0, size, []
        while end - start > 1:
            middle = start + (1 << ((end - start - 1).bit_length() - 1))
            if index < middle:
                proof.append(self.range(middle, end, size))
                end = middle
            else:
                proof.append(self.range(start, middle, size))
                start = middle
        return tuple(reversed(proof))

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """Prove that the tree of `size` leaves begins with that of `old` leaves (RFC 9162 section 2.1.4.1)."""
        if old in (0, size):
            return ()
        start, end, proof, whole = 0, size, [], True
        while old != end:
            middle = start + (1 << ((end - start - 1).bit_length() - 1))
            if old <= middle:
                proof.append(self.range(middle, end, size))
                end = middle
            else:
                proof.append(self.range(start, middle, size))
                start, whole = middle, False
        if not whole:
            proof.append(self.range(start, end, size))
        return tuple(reversed(proof))

    def leaves(self, start: int, size: int) -> Iterator[bytes]:
        """Give the leaves from `start` on of a tree of `size` leaves."""
        for number in range(start // WIDTH, -(-size // WIDTH)):
            bundle = unpack(self._tile("entries", number, size))[: size - number * WIDTH]
            if len(bundle) != min(WIDTH, size - number * WIDTH):
                raise LedgerError("log.unreadable", reason=f"bundle {number} holds {len(bundle)} entries")
            yield from bundle[max(0, start - number * WIDTH) :]

    def leaf(self, index: int, size: int) -> bytes:
        """Give one leaf."""
        return next(iter(self.leaves(index, size)))


def growth(old: Tiles, size: int, leaves: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Give the tiles and bundles that appending leaves to a tree of `size` leaves adds, path and bytes, lowest level first."""
    first = size // WIDTH
    row = [*old.leaves(first * WIDTH, size), *leaves]
    for place in range(0, len(row), WIDTH):
        yield tile_path("entries", first + place // WIDTH, len(row[place : place + WIDTH])), pack(row[place : place + WIDTH])
    level, hashes = 0, [leaf_hash(leaf) for leaf in leaves]
    while hashes:
        first, have = divmod(size >> (8 * level), WIDTH)
        before = old.read(tile_path(level, first, have)) if have else b""
        joined = [before[at : at + HASH] for at in range(0, len(before), HASH)] + hashes
        hashes = []
        for place in range(0, len(joined), WIDTH):
            tile = joined[place : place + WIDTH]
            yield tile_path(level, first + place // WIDTH, len(tile)), b"".join(tile)
            if len(tile) == WIDTH:
                hashes.append(fold(tile))
        level += 1
