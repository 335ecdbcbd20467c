# SPDX-License-Identifier: Apache-2.0
"""PLY, in all three encodings.

Source: Greg Turk's description of the Polygon File Format, 1994; ``TextureFile`` and ``texcoord`` as MeshLab writes them.
"""

from pathlib import Path

from digitize.preflight.model import Findings, Limits
from digitize.preflight.ply.ascii import scan_ascii
from digitize.preflight.ply.binary import scan_binary
from digitize.preflight.ply.header import read_header
from digitize.preflight.ply.tally import Tally
from digitize.preflight.source import open_end
from digitize.preflight.texture import check_textures


def inspect_ply(root: Path, main: str, limits: Limits) -> Findings:
    """Read a whole PLY once, in bounded memory; without faces and strips it holds points or splats.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and where.
    """
    path = root / main
    with path.open("rb") as file:
        header = read_header(file, path.stat().st_size, limits)
        tally = Tally(header, limits)
        (scan_ascii if header.encoding == "ascii" else scan_binary)(file, header, tally, limits)
    references = [(name, f"line {line}") for line, name in header.textures]
    members, images = check_textures(root, main, references, limits=limits)
    counts = {**tally.counts(), "images": images, "textured": int(bool(images))}
    doubts = (*tally.doubts(), *(open_end(path) if header.encoding == "ascii" else ()))
    return Findings(counts, members, doubts, kind=header.kind)
