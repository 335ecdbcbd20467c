# SPDX-License-Identifier: Apache-2.0
"""Small inputs that ask for much work: one thing named thousands of times, parts that lie one over another, structure packed a thousandfold.

Each would keep a pre-flight busy for minutes that looked at a thing as often as it is named; the whole corpus has thirty CPU seconds.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.digitize.corpus.case import OBJ, Case, bad, buffer, glb, gltf, jpeg
from tests.digitize.corpus.documents import pdf

_MANY = 20_000
_POINTS = np.random.default_rng(4).random((90_000, 3)).astype("<f4").tobytes()


def primitives() -> bytes:
    """Show one list of positions twenty thousand times."""
    return glb(
        gltf(
            meshes=[{"primitives": [{"attributes": {"POSITION": 0}}] * _MANY}],
            accessors=[{"bufferView": 0, "componentType": 5126, "count": 90_000, "type": "VEC3"}],
            bufferViews=[{"buffer": 0, "byteLength": len(_POINTS)}],
            buffers=[{"byteLength": len(_POINTS)}],
        ),
        _POINTS,
    )


def pictures(*, overlapping: bool) -> bytes:
    """Name one picture twenty thousand times: as one view, or as views that begin at one byte."""
    picture, shape = jpeg(64, 64) + bytes(2000), buffer()
    views = [*gltf()["bufferViews"], {"buffer": 0, "byteOffset": len(shape), "byteLength": len(picture)}]
    if overlapping:
        views += [{**views[2], "byteLength": len(picture) - 1 - number % 1000} for number in range(_MANY)]
    return glb(
        gltf(
            bufferViews=views,
            buffers=[{"byteLength": len(shape + picture)}],
            images=[{"bufferView": 2 + overlapping * number, "mimeType": "image/jpeg"} for number in range(_MANY)],
            textures=[{"source": number} for number in range(_MANY)],
            materials=[{"pbrMetallicRoughness": {"baseColorTexture": {"index": number}}} for number in range(_MANY)],
        ),
        shape + picture,
    )


def libraries(count: int) -> bytes:
    """Name so many material libraries that are not there, a thousand in a line."""
    lines = [
        b"mtllib " + b" ".join(b"n%d" % number for number in range(first, min(first + 1000, count))) for first in range(0, count, 1000)
    ]
    return b"\n".join(lines) + b"\n" + OBJ


def packed_table(entries: int) -> bytes:
    """Write a PDF whose cross-reference states an entry for each byte of a stream of zeros."""
    raw = zlib.compress(bytes(entries), 9)
    index = b" ".join([b"0 1000000"] * (entries // 1_000_000))
    head = b"<</Type/XRef/Size 9/Root 1 0 R/W[1 0 0]/Index[%s]/Filter/FlateDecode/Length %d>>" % (index, len(raw))
    return b"%%PDF-1.5\n1 0 obj\n%sstream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n" % (head, raw)


def packed_objects(streams: int, megabytes: int) -> bytes:
    """Write a PDF whose pages lie in object streams that unpack to so much each."""
    out, entries = b"%PDF-1.5\n", list[bytes]()
    kids = b" ".join(b"%d 0 R" % (100 + number) for number in range(streams))
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]/MediaBox[0 0 9 9]>>" % (streams, kids)]
    for number in range(streams):
        head = b"%d 0 " % (100 + number)
        raw = zlib.compress(head + b"<</Type/Page>>" + bytes(megabytes << 20), 9)
        bodies.append(b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(head), len(raw), raw))
    for number, body in enumerate(bodies, 1):
        entries.append(struct.pack(">BIB", 1, len(out), 0))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entries += [struct.pack(">BIB", 2, 3 + number, 0) for number in range(streams)]
    table, at = b"".join(entries), len(out)
    index = b"1 %d 100 %d" % (len(bodies), streams)
    out += b"90 0 obj\n<</Type/XRef/Size 999/Root 1 0 R/W[1 4 1]/Index[%s]/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        index,
        len(table),
        table,
    )
    return out + b"startxref\n%d\n%%%%EOF\n" % at


def shared_sheet(pages: int) -> bytes:
    """Write a PDF whose pages all name one long object."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    tree = b"<</Type/Pages/Count %d/Kids[%s]/MediaBox 3 0 R>>" % (pages, kids)
    sheet = b"[0 0 %" + b"y" * 200_000 + b"\n9 9]"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", tree, sheet, *[b"<</Type/Page/Parent 2 0 R>>"] * pages)


def tiles(side: int, tile: int) -> bytes:
    """Write a TIFF all tiles of which are the same bytes."""
    part, count = zlib.compress(bytes(tile * tile), 9), (side // tile) ** 2
    places, sizes = struct.pack(f"<{count}I", *[8] * count), struct.pack(f"<{count}I", *[len(part)] * count)
    at = 8 + len(part)
    fields = ((256, 1, side), (257, 1, side), (258, 1, 8), (259, 1, 8), (262, 1, 1), (322, 1, tile), (323, 1, tile))
    listed = ((324, count, at), (325, count, at + len(places)))
    rows = b"".join(struct.pack("<HHII", tag, 4, many, value) for tag, many, value in (*fields, *listed))
    head = b"II*\0" + struct.pack("<I", at + len(places + sizes))
    return head + part + places + sizes + struct.pack("<H", 9) + rows + bytes(4)


COSTLY: tuple[Case, ...] = (
    bad("glb-one-list-in-twenty-thousand-primitives", "mesh.too-many-triangles", "scenes", "a.glb", primitives()),
    bad("glb-pictures-over-one-another", "gltf.structure", "images/2", "a.glb", pictures(overlapping=True)),
    bad("obj-a-hundred-thousand-libraries", "obj.too-many-libraries", "line 1", "a.obj", libraries(100_000)),
    bad("pts-fifty-thousand-scans-then-cut", "points.truncated", "row 50000", "a.pts", b"1\n0 0 0\n" * 50_000 + b"1\n"),
    bad("pdf-table-of-five-million-zeros", "pdf.broken", "byte 9", "a.pdf", packed_table(5_000_000)),
    bad("pdf-pages-in-gigabytes", "pdf.broken", "byte 245269", "a.pdf", packed_objects(5, 60)),
    bad("pdf-pages-name-one-object", "pdf.broken", "byte 3227", "a.pdf", shared_sheet(400)),
    bad("tiff-all-tiles-are-one", "image.broken", "byte 16324", "a.tif", tiles(65_536, 4096)),
)
COSTLY_SOUND: tuple[Case, ...] = (
    Case("glb-one-picture-twenty-thousand-times", {"a.glb": pictures(overlapping=False)}, "a.glb", counts={"images": _MANY}),
    Case("obj-library-named-for-every-face", {"a.obj": b"mtllib gone.mtl\nusemtl m\n" * 50_000 + OBJ}, "a.obj",
         counts={"triangles": 1}, doubts=("obj.library-missing", "obj.unknown-materials")),
)  # fmt: skip
