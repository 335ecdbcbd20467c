# SPDX-License-Identifier: Apache-2.0
"""E57: header, checksum of every page, the XML, and every packet of every scan.

Source: ASTM E2807-11 (E57 3D file format).
"""

from __future__ import annotations

from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.cloud.e57.pages import open_pages
from digitize.preflight.cloud.e57.scans import Scan, scans_of
from digitize.preflight.cloud.e57.sections import check_section
from digitize.preflight.cloud.e57.tree import parse
from digitize.preflight.model import Findings, Limits

_XML_MOST = 16 << 20


def inspect_e57(root: Path, main: str, limits: Limits) -> Findings:
    """Look at a whole E57.

    Raises
    ------
    Refusal
        One of the ``e57.*`` codes, with the page, the byte or the element.
    """
    scans, pictures = look(root / main, limits)
    doubts = [Doubt("e57.pictures-left-out", None, {"count": pictures})] if pictures else []
    empty = sum(not scan.points for scan in scans)
    if empty:
        doubts.append(Doubt("e57.empty-scans", None, {"count": empty}))
    points = sum(scan.points for scan in scans)
    return Findings({"points": points, "scans": len(scans) - empty, "poses": sum(scan.posed for scan in scans)}, (), tuple(doubts))


def look(path: Path, limits: Limits) -> tuple[list[Scan], int]:
    """Check a file; return its scans and how many pictures it holds.

    Raises
    ------
    Refusal
        As `inspect_e57`.
    """
    with path.open("rb") as file:
        pages = open_pages(file, path.stat().st_size)
        if pages.xml_length > _XML_MOST:
            raise Refusal("e57.header", at="byte 32", problem=f"its XML has {pages.xml_length} bytes")
        xml = pages.read(pages.to_logical(pages.xml_at, "byte 24"), pages.xml_length, at="byte 24")
        tree = parse(xml, limits)
        scans = scans_of(tree)
        total = sum(scan.points for scan in scans)
        if not total:
            raise Refusal("points.none")
        if total > limits.vertices:
            raise Refusal("points.too-many", at="data3D", limit=limits.vertices)
        for scan in scans:
            check_section(pages, scan)
        pictures = tree.find("images2D")
        return scans, len(pictures.children) if pictures else 0
