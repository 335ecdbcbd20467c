# SPDX-License-Identifier: Apache-2.0
"""Which unit of length a LAS states: by GeoTIFF keys or by well-known text. A bare code is read only where its whole range is metric.

Source: OGC GeoTIFF 1.1 (19-008r4) §7; OGC 01-009 and 18-010r11 for the texts; EPSG's own ranges.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from digitize.errors import Doubt

_KEYS = {9001: "m", 9002: "ft"}
_SURVEY = 9003
# Universal Transverse Mercator on WGS 84, and Gauss-Krüger on CGCS2000: defined in metres throughout.
_METRIC = (range(32601, 32661), range(32701, 32761), range(4491, 4555))
_UNIT = re.compile(r'(?:LENGTH)?UNIT\s*\[\s*"([^"]{1,40})"\s*,\s*([0-9.eE+-]{1,24})', re.IGNORECASE)


class Variable(Protocol):
    """A variable length record."""

    @property
    def user(self) -> str:
        """Who defines it."""

    @property
    def number(self) -> int:
        """Which it is."""

    @property
    def data(self) -> bytes:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The unit (a key of ``digitize.mesh.METRES``, or None), where it is stated, the code of the system, and what is odd."""

    unit: str | None = None
    evidence: str = "undeclared"
    code: int | None = None
    problem: str | None = None


def of(records: Iterable[Variable]) -> Reference:
    """Read the reference system from a file's variable records."""
    found = {one.number: one.data for one in records if one.user == "LASF_Projection"}
    if 2112 in found:
        return _from_text(found[2112].split(b"\0")[0].decode("utf-8", "replace"))
    return _from_keys(found[34735]) if 34735 in found else Reference()


def _from_keys(data: bytes) -> Reference:
    """Read GeoTIFF's key directory."""
    words = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    count = min(words[3], (len(words) - 4) // 4) if len(words) >= 4 else 0
    keys = {words[4 + 4 * i]: words[7 + 4 * i] for i in range(count) if words[5 + 4 * i] == 0}
    code = keys.get(3072)
    if keys.get(1024) == 2:
        return Reference(None, "undeclared", keys.get(2048), "angles")
    units = {keys[key] for key in (3076, 4099) if key in keys}
    if len(units) > 1:
        return Reference(None, "undeclared", code, "two-units")
    if units & _KEYS.keys():
        return Reference(_KEYS[units.pop()], "stated by the LAS (GeoTIFF keys)", code)
    if units:
        return Reference(None, "undeclared", code, "survey-feet" if units == {_SURVEY} else "unknown-unit")
    if code and any(code in part for part in _METRIC):
        return Reference("m", f"stated by the LAS (EPSG:{code} is in metres)", code)
    return Reference(None, "undeclared", code, "unknown-unit" if code else None)


def _from_text(text: str) -> Reference:
    """Read well-known text: all lengths in it must be of one unit."""
    if not re.match(r"\s*(PROJ|COMPD|COMPOUND|BOUND|LOCAL|ENG)", text, re.IGNORECASE):
        return Reference(None, "undeclared", None, "angles" if re.match(r"\s*GEO(G|D)", text, re.IGNORECASE) else "unknown-unit")
    factors = {factor for name, factor in _UNIT.findall(text) if "deg" not in name.lower() and "rad" not in name.lower()}
    try:
        sizes = {float(factor) for factor in factors}
    except ValueError:
        return Reference(None, "undeclared", None, "unknown-unit")
    if sizes == {1.0}:
        return Reference("m", "stated by the LAS (well-known text)")
    if sizes == {0.3048}:
        return Reference("ft", "stated by the LAS (well-known text)")
    return Reference(None, "undeclared", None, "two-units" if len(sizes) > 1 else "unknown-unit")


def doubts(reference: Reference) -> tuple[Doubt, ...]:
    """Say what of the reference system leaves the unit open."""
    if reference.problem is None:
        return ()
    if reference.problem == "angles":
        return (Doubt("las.angles"),)
    return (Doubt("las.unit-open", None, {"problem": reference.problem}),)
