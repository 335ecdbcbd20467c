# SPDX-License-Identifier: Apache-2.0
"""LAS 1.0 to 1.4 and LAZ: header, variable records, every point's place, the compressed chunks' table.

Source: ASPRS LAS specification 1.4 R15; Isenburg, "LASzip", and its "laszip encoded" record.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Doubt, Refusal
from digitize.preflight.cloud import crs
from digitize.preflight.model import LARGEST, Findings, Limits

RECORDS = (20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67)  # bytes by point format
COLOURED = frozenset({2, 3, 5, 7, 8, 10})
_HEADERS = {0: 227, 1: 227, 2: 227, 3: 235, 4: 375}
_BLOCK = 1 << 20
_VARIABLE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Record:
    """A variable length record: who wrote it, which it is, and its bytes (of those we read)."""

    user: str
    number: int
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """What a LAS header says; `box` is (min x, y, z, max x, y, z)."""

    version: int
    size: int
    offset: int
    form: int
    record: int
    compressed: bool
    points: int
    scale: tuple[float, float, float]
    shift: tuple[float, float, float]
    box: tuple[float, ...]
    extended: tuple[int, int]
    records: tuple[Record, ...]


def inspect_las(root: Path, main: str, limits: Limits) -> Findings:
    """Look at a whole LAS; of a LAZ at everything but the compressed points themselves.

    Raises
    ------
    Refusal
        One of the ``las.*`` codes, with the byte or the record.
    """
    path = root / main
    size = path.stat().st_size
    with path.open("rb") as file:
        head = read_head(file, size, limits)
        _check_extended(file, head, size)
        if head.compressed:
            _check_chunks(file, head, size)
            doubts = []
        else:
            doubts = _check_points(file, head, size)
    counts = {"points": head.points, "scans": 1, "compressed": int(head.compressed), "point_format": head.form}
    return Findings(counts, (), (*doubts, *crs.doubts(crs.of(head.records))))


def read_head(file: IO[bytes], size: int, limits: Limits) -> Head:
    """Read and check the header and the variable records.

    Raises
    ------
    Refusal
        ``las.header``, ``las.truncated``, ``points.none``, ``points.too-many``.
    """
    data = file.read(375)
    if len(data) < 227 or data[:4] != b"LASF":
        raise Refusal("las.header", at="byte 0", problem="it is shorter than a header or does not begin with LASF")
    version = data[25]
    length, offset, variables, form, record, points = struct.unpack_from("<HIIBHI", data, 94)
    if data[24] != 1 or version not in _HEADERS or length < _HEADERS[version] or len(data) < _HEADERS[version]:
        raise Refusal("las.header", at="byte 24", problem=f"version {data[24]}.{version} with a header of {length} bytes")
    if version == 4:
        points = struct.unpack_from("<Q", data, 247)[0] or points
    number = form & 0x3F
    if number >= len(RECORDS) or record < RECORDS[number]:
        raise Refusal("las.header", at="byte 104", problem=f"point format {number} with records of {record} bytes")
    if not length <= offset <= size:
        raise Refusal("las.header", at="byte 96", problem=f"the points begin at byte {offset} of {size}")
    if not points:
        raise Refusal("points.none")
    if points > limits.vertices:
        raise Refusal("points.too-many", at="byte 107", limit=limits.vertices)
    doubles = struct.unpack_from("<12d", data, 131)
    scale, shift, box = doubles[:3], doubles[3:6], doubles[6:]
    if not all(0 < abs(one) < 1e9 for one in scale) or not all(abs(one) <= LARGEST for one in shift):
        raise Refusal("las.header", at="byte 131", problem="its scale or offset is no usable number")
    extended = struct.unpack_from("<QI", data, 235) if version == 4 else (0, 0)
    return Head(
        version, length, offset, number, record, bool(form & 0xC0), points,
        (scale[0], scale[1], scale[2]), (shift[0], shift[1], shift[2]), (*box[1::2], *box[::2]), (extended[0], extended[1]),
        _variables(file, length, offset, variables),
    )  # fmt: skip


def _variables(file: IO[bytes], at: int, end: int, count: int) -> tuple[Record, ...]:
    """Walk the variable records between header and points."""
    if count > (end - at) // 54:
        raise Refusal("las.header", at="byte 100", problem=f"{count} variable records do not fit before the points")
    found = []
    for _ in range(count):
        file.seek(at)
        user, number, length = struct.unpack_from("<16sHH", file.read(54), 2)
        if at + 54 + length > end:
            raise Refusal("las.header", at=f"byte {at}", problem="a variable record reaches into the points")
        found.append(Record(user.split(b"\0")[0].decode("latin-1"), number, at, file.read(length)))
        at += 54 + length
        if at + 54 > end and len(found) < count:
            raise Refusal("las.header", at=f"byte {at}", problem="a variable record reaches into the points")
    return tuple(found)


def _check_extended(file: IO[bytes], head: Head, size: int) -> None:
    """Walk the extended records behind the points."""
    at, count = head.extended
    if count and (not head.offset <= at <= size or count > (size - at) // 60):
        raise Refusal("las.header", at="byte 235", problem=f"{count} extended records from byte {at} of {size}")
    for _ in range(count):
        file.seek(at)
        raw = file.read(60)
        length = struct.unpack_from("<Q", raw, 20)[0] if len(raw) == 60 else size
        if at + 60 + length > size:
            raise Refusal("las.truncated", at=f"byte {at}", complete=head.points, expected=head.points)
        at += 60 + length


def _check_points(file: IO[bytes], head: Head, size: int) -> list[Doubt]:
    """See to it that all points are there and that their coordinates are numbers and lie where the header says."""
    there = (size - head.offset) // head.record
    if there < head.points:
        raise Refusal("las.truncated", at=f"record {there}", complete=there, expected=head.points)
    low, high = _extent(file, head)
    corners = np.array([low, high], dtype=np.float64) * head.scale + head.shift
    if not (np.abs(corners) <= LARGEST).all():
        raise Refusal("las.header", at="byte 131", problem="its scale makes coordinates that are no usable numbers")
    end = head.offset + head.points * head.record
    doubts = []
    if not fills(head, corners.min(axis=0), corners.max(axis=0)):
        doubts.append(Doubt("las.bounds", "byte 179"))
    if size > end and not head.extended[1] and head.version < 3:
        doubts.append(Doubt("input.bytes-after-end", None, {"bytes": size - end}))
    return doubts


def fills(head: Head, low: NDArray[np.float64], high: NDArray[np.float64]) -> bool:
    """Say whether points from `low` to `high` (3,) fill the box that the header states."""
    return bool(np.allclose(np.concatenate([low, high]), head.box, rtol=0, atol=1.5 * float(np.abs(head.scale).max())))


def _extent(file: IO[bytes], head: Head) -> tuple[list[int], list[int]]:
    """Give the least and greatest of each whole-number coordinate."""
    file.seek(head.offset)
    low, high = np.full(3, np.iinfo(np.int32).max), np.full(3, np.iinfo(np.int32).min)
    left, rows = head.points, max(_BLOCK // head.record, 1)
    kind = np.dtype({"names": ["xyz"], "formats": [("<i4", (3,))], "offsets": [0], "itemsize": head.record})
    while left:
        part = np.frombuffer(file.read(min(rows, left) * head.record), kind)["xyz"]
        low, high = np.minimum(low, part.min(axis=0)), np.maximum(high, part.max(axis=0))
        left -= len(part)
    return low.tolist(), high.tolist()


def _check_chunks(file: IO[bytes], head: Head, size: int) -> None:
    """Check how a LAZ is packed and that its table of chunks is there."""
    packed = next((one for one in head.records if one.user == "laszip encoded" and one.number == 22204), None)
    if packed is None or len(packed.data) < 34:
        raise Refusal("laz.header", at="byte 100", problem="the record “laszip encoded” is missing")
    compressor, _, _, _, _, _, chunk = struct.unpack_from("<HHBBHII", packed.data)
    items = struct.unpack_from("<H", packed.data, 32)[0]
    sizes = [struct.unpack_from("<H", packed.data, 36 + 6 * i)[0] for i in range(items) if 40 + 6 * i <= len(packed.data)]
    if compressor not in {2, 3} or not chunk or len(sizes) != items or sum(sizes) != head.record:
        raise Refusal("laz.header", at=f"byte {packed.at}", problem="its packing and the points' size contradict each other")
    file.seek(head.offset)
    raw = file.read(8)
    table = struct.unpack("<q", raw)[0] if len(raw) == 8 else 0
    if table == -1:  # written as a stream: the table's place stands at the end
        file.seek(max(size - 8, 0))
        table = struct.unpack("<q", file.read(8))[0]
    if not head.offset + 8 < table <= size - 8:
        raise Refusal("laz.truncated", at=f"byte {size}", table=max(table, 0), bytes=size)
    file.seek(table)
    version, chunks = struct.unpack("<II", file.read(8))
    fits = chunks == -(-head.points // chunk) if chunk != _VARIABLE else 0 < chunks <= head.points
    if version or not fits:
        raise Refusal("laz.header", at=f"byte {table}", problem=f"{chunks} chunks do not hold {head.points} points")
