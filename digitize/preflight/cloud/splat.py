# SPDX-License-Identifier: Apache-2.0
"""Gaussian splats without a PLY: plain 32-byte records (``.splat``) and packed ones (``.spz``).

Source: the record of the first web viewers (position and scale as three floats each, RGBA, quaternion as bytes); Niantic's
SPZ format, versions 2 and 3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import LARGEST, Findings, Limits

RECORD = np.dtype([("position", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("rotation", "u1", 4)])
GZIP, MAGIC = b"\x1f\x8b", b"NGSP"
_BLOCK = 1 << 20
_SH = (0, 3, 8, 15)  # coefficients of a channel by degree, the constant one not among them


def inspect_splat(root: Path, main: str, limits: Limits) -> Findings:
    """Look at every record.

    Raises
    ------
    Refusal
        ``splats.truncated``, ``splats.record``, ``points.too-many`` with the record.
    """
    path = root / main
    count, rest = divmod(path.stat().st_size, RECORD.itemsize)
    if count > limits.vertices:
        raise Refusal("points.too-many", limit=limits.vertices)
    if rest or not count:
        raise Refusal("splats.truncated", at=f"record {count}", complete=count, expected=count + 1)
    flat = 0
    with path.open("rb") as file:
        for first in range(0, count, _BLOCK):
            rows = np.frombuffer(file.read(RECORD.itemsize * min(_BLOCK, count - first)), RECORD)
            sound = (np.abs(rows["position"]) <= LARGEST).all(axis=1) & ((rows["scale"] >= 0) & (rows["scale"] <= LARGEST)).all(axis=1)
            if not sound.all():
                raise Refusal("splats.record", at=f"record {first + int(np.argmin(sound)) + 1}", record=first + int(np.argmin(sound)) + 1)
            flat += int((rows["colour"][:, 3] == 0).sum())
    doubts = (Doubt("splats.invisible", None, {"count": flat}),) if flat else ()
    return Findings({"points": count, "degree": 0}, (), doubts)


@dataclass(frozen=True, slots=True)
class Head:
    """What an SPZ's header says; `fraction` are the bits behind the point of a coordinate."""

    version: int
    points: int
    degree: int
    fraction: int
    antialiased: bool

    @property
    def parts(self) -> dict[str, int]:
        """Give the bytes of one splat in each part, in the file's order."""
        rotation = 4 if self.version == 3 else 3
        return {"position": 9, "alpha": 1, "colour": 3, "scale": 3, "rotation": rotation, "sh": 3 * _SH[self.degree]}

    @property
    def body(self) -> int:
        """Give the bytes behind the header."""
        return self.points * sum(self.parts.values())


def inspect_spz(root: Path, main: str, limits: Limits) -> Findings:
    """Unpack once without keeping anything; the length must be what the header says.

    Raises
    ------
    Refusal
        ``spz.packing``, ``spz.header``, ``spz.truncated``, ``points.none``, ``points.too-many``.
    """
    stream = inflated(root / main, 16)
    head = read_head(next(stream, b""), limits)
    length = 0
    for piece in inflated(root / main, 16 + head.body + 1):
        length += len(piece)
    if length < 16 + head.body:
        whole = max(length - 16, 0) // 9
        raise Refusal("spz.truncated", at=f"byte {length}", complete=min(whole, head.points), expected=head.points)
    if length > 16 + head.body:
        raise Refusal("spz.header", at="byte 8", problem=f"more bytes follow than {head.points} splats need")
    return Findings({"points": head.points, "degree": head.degree})


def read_head(data: bytes, limits: Limits) -> Head:
    """Read the 16 bytes of the header.

    Raises
    ------
    Refusal
        As `inspect_spz`.
    """
    if len(data) < 16 or data[:4] != MAGIC:
        raise Refusal("spz.header", at="byte 0", problem="it is shorter than a header or does not begin with NGSP")
    version, points, degree, fraction, flags, _ = struct.unpack("<IIBBBB", data[4:16])
    if version not in {2, 3}:
        raise Refusal("spz.header", at="byte 4", problem=f"version {version}")
    if degree >= len(_SH) or fraction > 23:
        raise Refusal("spz.header", at="byte 12", problem=f"degree {degree} with {fraction} bits behind the point")
    if not points:
        raise Refusal("points.none")
    if points > limits.vertices:
        raise Refusal("points.too-many", at="byte 8", limit=limits.vertices)
    return Head(version, points, degree, fraction, bool(flags & 1))


def inflated(path: Path, most: int) -> Iterator[bytes]:
    """Unpack a gzip in bounded pieces, at most so many bytes; the checksum at its end is checked where it is reached.

    Raises
    ------
    Refusal
        ``spz.packing`` with the packed byte.
    """
    unpacker, left = zlib.decompressobj(wbits=31), most
    with path.open("rb") as file:
        data = file.read(_BLOCK)
        while data and left and not unpacker.eof:
            try:
                piece = unpacker.decompress(data, min(left, _BLOCK))
            except zlib.error as error:
                raise Refusal("spz.packing", at=f"byte {file.tell() - len(data)}", problem=str(error)[:80]) from error
            left -= len(piece)
            if piece:
                yield piece
            data = unpacker.unconsumed_tail or file.read(_BLOCK)
        if left and not unpacker.eof:
            raise Refusal("spz.packing", at=f"byte {file.tell()}", problem="it ends before its own checksum")
        if left and (unpacker.unused_data or file.read(1)):
            raise Refusal("spz.packing", at=f"byte {file.tell() - len(unpacker.unused_data)}", problem="something follows its own end")


def is_spz(path: Path) -> bool:
    """Tell an SPZ from other gzipped files by its first unpacked bytes."""
    try:
        return next(inflated(path, 4), b"") == MAGIC
    except Refusal:
        return False
