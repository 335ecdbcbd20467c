# SPDX-License-Identifier: Apache-2.0
"""The statements of a Wavefront OBJ as arrays, read in pieces so that a file of any length needs bounded memory."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal

PIECE = 32 << 20
Index = NDArray[np.int64]
_SPACE, _HASH, _SLASH, _NEWLINE = 32, 35, 47, 10


@dataclass
class Statements:
    """What an OBJ holds; indices count from 0, -1 where a corner names none.

    Attributes
    ----------
    v, vt, vn : pieces of (n, k) float64.
    corners : pieces of (c, 3) position, uv and normal index of every corner.
    sizes : pieces of (p,) corners of each polygon.
    material : pieces of (p,) number of a material in `names`.
    names : the number of each material, in the order in which they were first named.
    libraries : each once, in their order.
    """

    v: list[NDArray[np.float64]] = field(default_factory=list)
    vt: list[NDArray[np.float64]] = field(default_factory=list)
    vn: list[NDArray[np.float64]] = field(default_factory=list)
    corners: list[Index] = field(default_factory=list)
    sizes: list[Index] = field(default_factory=list)
    material: list[Index] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    libraries: dict[str, None] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"v": 0, "vt": 0, "vn": 0})
    current: int = 0
    lines_left_out: int = 0


def read_statements(path: Path) -> Statements:
    """Read a whole OBJ.

    Raises
    ------
    Refusal
        `mesh.unreadable`, where a statement cannot be understood.
    """
    found = Statements()
    for piece in _pieces(path):
        try:
            _read_piece(piece, found)
        except ValueError as error:
            raise Refusal("mesh.unreadable", at=str(error), name=path.name) from error
    return found


def _pieces(path: Path) -> Iterator[bytearray]:
    """Cut a file at line ends; continued lines are joined, comments blanked but for those at the very start."""
    with path.open("rb") as stream:
        rest = b""
        while chunk := stream.read(PIECE):
            chunk = rest + chunk
            cut = chunk.rfind(b"\n") + 1
            while cut > 1 and chunk[:cut].endswith((b"\\\n", b"\\\r\n")):
                cut = chunk.rfind(b"\n", 0, cut - 1) + 1
            rest = chunk[cut:]
            if cut:
                yield bytearray(_joined(chunk[:cut]))
        if rest:
            yield bytearray(_joined(rest + b"\n"))


def _joined(piece: bytes) -> bytes:
    """Join continued lines, and end every line in one way."""
    if b"\\" in piece:
        piece = re.sub(rb"\\\r?\n", b" ", piece)
    return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in piece else piece


def _read_piece(piece: bytearray, found: Statements) -> None:
    """Sort a piece's lines by their keyword and parse each kind in one go."""
    if piece.startswith((b" ", b"\t")) or b"\n " in piece or b"\n\t" in piece:
        piece = bytearray(re.sub(rb"(?m)^[ \t]+", b"", piece))
    _comments(piece, found)
    data = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1])
    padded = np.concatenate([data, np.full(3, _NEWLINE, dtype=np.uint8)])
    one, two, three = padded[starts], padded[starts + 1], padded[starts + 2]
    blank = {code: (two == _SPACE) | (two == 9) if code == 1 else (three == _SPACE) | (three == 9) for code in (1, 2)}
    kinds = {
        "v": (one == ord("v")) & blank[1],
        "vt": (one == ord("v")) & (two == ord("t")) & blank[2],
        "vn": (one == ord("v")) & (two == ord("n")) & blank[2],
        "f": (one == ord("f")) & blank[1],
    }
    other = ~(kinds["v"] | kinds["vt"] | kinds["vn"] | kinds["f"]) & (ends > starts)
    switches = _other_lines(piece, starts, ends, np.flatnonzero(other), found)
    counted = dict(found.counts)
    for kind in ("v", "vt", "vn"):
        lines = np.flatnonzero(kinds[kind])
        if len(lines):
            getattr(found, kind).append(_numbers(_text(piece, starts[lines] + len(kind), ends[lines], lines), len(lines)))
            found.counts[kind] += len(lines)
    lines = np.flatnonzero(kinds["f"])
    if len(lines):

        def above(kind: str) -> Index:
            return np.cumsum(kinds[kind])[lines] + counted[kind]

        _faces(_text(piece, starts[lines] + 1, ends[lines], lines), above, found)
        found.material.append(_material(lines, switches))
    found.current = switches[-1][1]


def _comments(piece: bytearray, found: Statements) -> None:
    """Keep the first comments, which may declare a unit, and blank all of them."""
    if b"#" not in piece:
        return
    for comment in re.finditer(rb"#[^\n]*", piece):
        if len(found.comments) < 64:
            found.comments.append(comment[0][1:201].decode("utf-8", "replace").strip())
        piece[comment.start() : comment.end()] = b" " * (comment.end() - comment.start())


def _other_lines(piece: bytearray, starts: Index, ends: Index, lines: Index, found: Statements) -> list[tuple[int, int]]:
    """Read usemtl and mtllib; return (line, material) of every switch, the state at the start first."""
    switches = [(-1, found.current)]
    for line in lines.tolist():
        word, _, rest = bytes(piece[starts[line] : ends[line]]).decode("utf-8", "surrogateescape").strip().partition(" ")
        if word == "usemtl":
            switches.append((line, found.names.setdefault(rest.strip(), len(found.names))))
        elif word == "mtllib":
            found.libraries[rest.strip()] = None
        elif word in ("l", "p", "curv", "curv2", "surf"):
            found.lines_left_out += 1
    return switches


def _material(lines: Index, switches: list[tuple[int, int]]) -> Index:
    """Return the material in force at each line."""
    at, number = np.array(switches).T
    result: Index = number[np.searchsorted(at, lines, side="right") - 1].astype(np.int64)
    return result


def _text(piece: bytearray, starts: Index, ends: Index, lines: Index) -> bytes:
    """Concatenate the given lines, newline included, without their keyword."""
    view = memoryview(piece)
    breaks = np.flatnonzero(np.diff(lines) != 1)
    if len(breaks) == 0:
        block = bytearray(view[starts[0] : ends[-1] + 1])
        _blank_keywords(block, starts - starts[0])
        return bytes(block)
    if len(breaks) > len(lines) // 4:
        return b"".join([view[start : end + 1] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
    runs = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(lines) - 1]])
    return b"".join(
        [_text(piece, starts[a : b + 1], ends[a : b + 1], lines[a : b + 1]) for a, b in zip(*(run.tolist() for run in runs), strict=True)]
    )


def _blank_keywords(block: bytearray, starts: Index) -> None:
    """Overwrite each following line's keyword, which lies between the line's start and its first number."""
    data = np.frombuffer(block, dtype=np.uint8)
    for back in (1, 2):
        at = starts[1:] - back
        letters = data[at] > 57  # beyond the digits: v, t, n, f
        writable = np.frombuffer(block, dtype=np.uint8)
        writable[at[letters]] = _SPACE


def _numbers(text: bytes, lines: int) -> NDArray[np.float64]:
    """Parse lines of numbers to (lines, k); where lines differ in length the shorter ones are filled with NaN."""
    values: NDArray[np.float64] = np.fromstring(text.decode("ascii"), dtype=np.float64, sep=" ")
    widths = _tokens_per_line(text)
    if len(values) != widths.sum() or len(widths) != lines:
        raise ValueError(text[:60].decode("ascii", "replace").strip())
    width = int(widths.max())
    if bool((widths == width).all()):
        return values.reshape(lines, width)
    table = np.full((lines, width), np.nan)
    table[np.arange(width) < widths[:, None]] = values
    return table


def _tokens_per_line(text: bytes) -> Index:
    """Count the words of each line."""
    data = np.frombuffer(text, dtype=np.uint8)
    word = data > _SPACE
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    places, ends = np.flatnonzero(begins), np.flatnonzero(data == _NEWLINE)
    width = len(places) // max(len(ends), 1)
    if width and len(places) == width * len(ends):
        rows = places.reshape(-1, width)
        if bool((rows[:, -1] < ends).all()) and bool((rows[1:, 0] > ends[:-1]).all()):
            return np.full(len(ends), width, dtype=np.int64)
    return np.diff(np.searchsorted(places, ends), prepend=0)


def _faces(text: bytes, before: Callable[[str], Index], found: Statements) -> None:
    """Parse face lines; `before` tells how many v, vt or vn stand above each, which negative indices count from."""
    sizes = _tokens_per_line(text)
    corners = _even_corners(text, int(sizes.sum()))
    if corners is None:
        corners = _uneven_corners(text)
    if int(corners.min(initial=0)) < 0:
        _count_back(corners, np.repeat(np.arange(len(sizes)), sizes), before)
    else:
        corners -= 1
    found.corners.append(corners)
    found.sizes.append(sizes)


def _count_back(corners: Index, line_of: Index, before: Callable[[str], Index]) -> None:
    """Turn indices that count from 1, or back from their line, into such that count from 0; what is not given is -1."""
    for column, kind in enumerate(("v", "vt", "vn")):
        given = corners[:, column].copy()
        above = before(kind)[line_of]
        corners[:, column] = np.where(given > 0, given - 1, np.where(given < 0, given + above, -1))
        if bool(((given < 0) & (corners[:, column] < 0)).any()):
            raise ValueError(f"f {kind}")


def _even_corners(text: bytes, total: int) -> Index | None:
    """Parse corners that all have one of the forms a, a/b, a//c, a/b/c; return None where they are mixed."""
    slashes, doubles = text.count(b"/"), text.count(b"//")
    if slashes == 0:
        columns = [0]
    elif slashes == total and doubles == 0:
        columns = [0, 1]
    elif slashes == 2 * total and doubles in (0, total):
        columns = [0, 2] if doubles else [0, 1, 2]
    else:
        return None
    values = np.fromstring(text.translate(bytes.maketrans(b"/", b" ")).decode("ascii"), dtype=np.int64, sep=" ")
    if len(values) != total * len(columns):
        return None
    corners = np.zeros((total, 3), dtype=np.int64)
    corners[:, columns] = values.reshape(total, -1)
    return corners


def _uneven_corners(text: bytes) -> Index:
    """Parse corners of mixed forms one by one."""
    rows = []
    for word in text.split():
        parts = [*word.split(b"/"), b"", b""][:3]
        rows.append([int(part) if part else 0 for part in parts])
    return np.array(rows, dtype=np.int64).reshape(-1, 3)
