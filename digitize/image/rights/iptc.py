# SPDX-License-Identifier: Apache-2.0
"""Rights in IPTC's older form, as it lies in JPEG (within Photoshop's resources) and in TIFF.

Source: IPTC-NAA Information Interchange Model 4.2 §1.6 (data sets), §6; Adobe Photoshop File Formats (image resource blocks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digitize.preflight.source import decode
from digitize.words import legible

_PHOTOSHOP, _BLOCK, _IPTC = b"Photoshop 3.0\0", b"8BIM", 0x0404
_FIELDS = {80: "creator", 116: "copyright", 110: "credit", 55: "date"}
_UTF8 = b"\x1b%G"
_SETS, _TEXT = 2000, 2000


def read(block: bytes) -> dict[str, str] | None:
    """Read a block; None where no data set can be found."""
    data = _inside(block)
    if data is None or (data and data[0] != 0x1C):
        return None
    said: dict[str, list[str]] = {}
    utf8 = False
    for record, number, raw in _sets(data):
        if (record, number) == (1, 90):
            utf8 = raw.startswith(_UTF8)
        elif record == 2 and number in _FIELDS:
            words = raw[:_TEXT].decode("utf-8", "replace") if utf8 else decode(raw[:_TEXT])
            said.setdefault(_FIELDS[number], []).append(legible(words))
    found = {field: "; ".join(value for value in values if value) for field, values in said.items()}
    if "date" in found:
        day = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", found.pop("date"))
        found |= {"date": f"{day[1]}-{day[2]}-{day[3]}"} if day else {}
    return {field: value for field, value in found.items() if value}


def _inside(block: bytes) -> bytes | None:
    """Find the data sets among Photoshop's resources, where they lie in there."""
    if not block.startswith(_PHOTOSHOP):
        return block
    at = len(_PHOTOSHOP)
    while block[at : at + 4] == _BLOCK and at + 12 <= len(block):
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        named = at + 6 + (block[at + 6] + 2) // 2 * 2
        length = int.from_bytes(block[named : named + 4], "big")
        if number == _IPTC:
            return block[named + 4 : named + 4 + length]
        at = named + 4 + length + length % 2
    return b""


def _sets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield record, number and value of each data set, up to the first that is unsound."""
    at = 0
    for _ in range(_SETS):
        if at + 5 > len(data) or data[at] != 0x1C:
            return
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if length & 0x8000 or at + 5 + length > len(data):
            return
        yield data[at + 1], data[at + 2], data[at + 5 : at + 5 + length]
        at += 5 + length
