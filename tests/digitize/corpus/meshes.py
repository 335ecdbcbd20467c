# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile PLY, OBJ and STL."""

from __future__ import annotations

import struct

from tests.digitize.corpus.case import OBJ, STL_TEXT, Case, bad, ply_ascii, ply_binary, ply_header, png, stl_binary

_NAN, _INF = float("nan"), float("inf")
_CUT = ply_binary(vertices=3, faces=4) + struct.pack("<B3i", 3, 0, 1, 2)
_SHORT_STRIPS = ply_ascii(faces="5 0 1 -1 1 2\n").replace(b"element face", b"element tristrips")
_LONG_STRIP = ply_header(encoding="binary_little_endian").replace(b"face", b"tristrips").replace(b"uchar int", b"uint int")
_LONG_STRIP += bytes(36) + struct.pack("<I", 3_000_000_000)
_LONG_LIST = ply_header(encoding="binary_little_endian").replace(b"uchar int", b"uint int") + bytes(36) + struct.pack("<I", 4_000_000_000)
_TEXTURED = ply_ascii().replace(b"element vertex", b"comment TextureFile gone.png\nelement vertex")

PLYS = (
    bad("ply-empty", "input.empty", None, "a.ply", b""),
    bad("ply-header-cut", "ply.header", "line 3", "a.ply", b"ply\nformat ascii 1.0\nelement ver"),
    bad("ply-no-format", "ply.header", "line 8", "a.ply", b"ply\n" + ply_header().split(b"\n", 2)[2]),
    bad("ply-strange-statement", "ply.header", "line 3", "a.ply", b"ply\nformat ascii 1.0\nlaunch missiles\n"),
    bad("ply-unknown-type", "ply.header", "line 4", "a.ply", ply_header(kind="quad")),
    bad(
        "ply-two-billion-vertices",
        "ply.count-too-large",
        None,
        "a.ply",
        ply_header(vertices=2_000_000_000, encoding="binary_little_endian"),
    ),
    bad("ply-negative-count", "ply.count", "line 3", "a.ply", ply_header(vertices=-3)),
    bad("ply-count-1e30", "ply.count", "line 3", "a.ply", ply_header(vertices="1e30")),
    bad("ply-count-of-a-thousand-digits", "ply.count", "line 3", "a.ply", ply_header(vertices="9" * 1000)),
    bad("ply-no-vertices", "mesh.no-vertices", None, "a.ply", ply_header(vertices=0)),
    bad("ply-degenerate-faces-only", "mesh.no-faces", None, "a.ply", ply_ascii(faces="2 0 1\n")),
    bad("ply-cut-in-half", "ply.truncated", "face 3", "a.ply", _CUT),
    bad("ply-cut-in-vertices", "ply.truncated", "vertex 3", "a.ply", ply_binary()[:-20]),
    bad(
        "ply-ascii-cut",
        "ply.truncated",
        "face 2",
        "a.ply",
        ply_ascii(faces="3 0 1 2\n", vertices="0 0 0\n1 0 0\n0 1 0\n").replace(b"face 1", b"face 2"),
    ),
    bad("ply-ascii-cut-hard", "ply.shorter-than-header", None, "a.ply", ply_header(vertices=3000)),
    bad("ply-index-out-of-range", "mesh.index-out-of-range", "face 1", "a.ply", ply_binary(indices=(0, 1, 3))),
    bad("ply-index-negative", "mesh.index-out-of-range", "face 1", "a.ply", ply_binary(">", indices=(0, 1, -1))),
    bad("ply-ascii-index-out-of-range", "mesh.index-out-of-range", "face 1", "a.ply", ply_ascii(faces="3 0 1 99\n")),
    bad("ply-ascii-index-huge", "ply.row", "line 13", "a.ply", ply_ascii(faces="3 0 1 99999999999999999999\n")),
    bad("ply-list-of-four-billion", "mesh.polygon-size", "face 1", "a.ply", _LONG_LIST),
    bad("ply-nan", "mesh.not-finite", "vertex 2", "a.ply", ply_binary(points=((0, 0, 0), (_NAN, 0, 0), (0, 1, 0)))),
    bad("ply-infinite", "mesh.not-finite", "vertex 3", "a.ply", ply_binary(points=((0, 0, 0), (1, 0, 0), (0, _INF, 0)))),
    bad("ply-ascii-nan", "mesh.not-finite", "vertex 2", "a.ply", ply_ascii("0 0 0\nnan 0 0\n0 1 0\n")),
    bad("ply-ascii-1e300", "mesh.not-finite", "vertex 2", "a.ply", ply_ascii("0 0 0\n1e300 0 0\n0 1 0\n")),
    bad("ply-ascii-word", "ply.row", "line 11", "a.ply", ply_ascii("0 0 0\n1 zero 0\n0 1 0\n")),
    bad("ply-ascii-underscore", "ply.row", "line 11", "a.ply", ply_ascii("0 0 0\n1_0 0 0\n0 1 0\n")),
    bad("ply-ascii-row-too-short", "ply.row", "line 11", "a.ply", ply_ascii("0 0 0\n1 0\n0 1 0 0\n")),
    bad("ply-strips-of-two", "mesh.no-faces", None, "a.ply", _SHORT_STRIPS),
    bad("ply-strip-of-three-billion", "mesh.too-many-triangles", "tristrips 1", "a.ply", _LONG_STRIP),
    bad("ply-strip-cut", "ply.truncated", "tristrips 1", "a.ply", _LONG_STRIP[:-4] + struct.pack("<I2i", 3, 0, 1)),
    bad("ply-strip-names-minus-two", "mesh.index-out-of-range", "tristrips 1", "a.ply", _SHORT_STRIPS.replace(b"-1", b"-2")),
    bad("ply-comment-of-50-megabytes", "ply.header-too-long", "line 2", "a.ply", b"ply\ncomment " + b"x" * 50_000_000),
    bad("ply-line-without-end", "text.line-too-long", "line 10", "a.ply", ply_ascii(vertices="0 " * 100_000, faces="")),
    bad("ply-texture-missing", "member.missing", "line 3", "a.ply", _TEXTURED),
    bad("ply-texture-outside", "member.outside", "line 3", "a.ply", _TEXTURED.replace(b"gone.png", b"../../secret.png")),
    bad("ply-is-a-picture", "input.wrong-extension", None, "a.ply", png()),
    bad("ply-is-noise", "input.not-the-format", None, "a.ply", bytes(range(256)) * 8),
)

_MTL = b"newmtl clay\nmap_Kd %s\n"

OBJS = (
    bad("obj-empty", "input.empty", None, "a.obj", b""),
    bad("obj-only-comments", "mesh.no-vertices", None, "a.obj", b"# nothing\n# at all\n"),
    bad("obj-no-faces", "mesh.no-faces", None, "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"),
    bad("obj-index-out-of-range", "mesh.index-out-of-range", "line 4", "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n"),
    bad("obj-index-zero", "mesh.index-out-of-range", "line 4", "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n"),
    bad("obj-index-too-negative", "mesh.index-out-of-range", "line 4", "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf -1 -2 -4\n"),
    bad(
        "obj-index-of-forty-digits", "mesh.index-out-of-range", "line 4", "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 " + b"9" * 40 + b"\n"
    ),
    bad("obj-uv-out-of-range", "obj.index-out-of-range", "line 7", "a.obj", OBJ.replace(b"3/3", b"3/4")),
    bad("obj-corner-of-four-parts", "obj.statement", "line 7", "a.obj", OBJ.replace(b"1/1 2/2 3/3", b"1/1/1/1 2/2/2/2 3/3/3/3")),
    bad("obj-index-is-no-number", "obj.statement", "line 7", "a.obj", OBJ.replace(b"3/3", b"3/x")),
    bad("obj-vertex-is-no-number", "obj.statement", "line 2", "a.obj", OBJ.replace(b"v 1 0 0", b"v 1 0 zero")),
    bad("obj-vertex-too-short", "obj.statement", "line 3", "a.obj", OBJ.replace(b"v 0 1 0", b"v 0 1")),
    bad("obj-nan", "mesh.not-finite", "line 2", "a.obj", OBJ.replace(b"v 1 0 0", b"v nan 0 0")),
    bad("obj-infinite", "mesh.not-finite", "line 2", "a.obj", OBJ.replace(b"v 1 0 0", b"v 1e999 0 0")),
    bad("obj-polygon-of-a-million", "text.line-too-long", "line 8", "a.obj", OBJ + b"f" + b" 1" * 1_200_000 + b"\n"),
    bad("obj-polygon-of-two-thousand", "mesh.polygon-size", "line 8", "a.obj", OBJ + b"f" + b" 1" * 2000 + b"\n"),
    bad("obj-line-continued-for-ever", "text.line-too-long", "line 8", "a.obj", OBJ + b"f 1 \\\n" * 40_000),
    bad("obj-ends-in-continuation", "obj.statement", "line 8", "a.obj", OBJ + b"f 1 2 \\\n"),
    bad("obj-binary", "text.binary", "line 2", "a.obj", b"v 0 0 0\n\0\0\0\n"),
    bad("obj-is-html", "obj.statement", "line 1", "a.obj", b"<html><body>404</body></html>\n"),
    bad("obj-library-outside", "member.outside", "line 1", "a.obj", b"mtllib ../gone.mtl\n" + OBJ),
    bad("obj-library-absolute", "member.outside", "line 1", "a.obj", b"mtllib /etc/passwd\n" + OBJ),
    bad("obj-library-on-a-drive", "member.outside", "line 1", "a.obj", b"mtllib C:\\a.mtl\n" + OBJ),
    bad("mtl-texture-missing", "member.missing", "line 2", "a.obj", b"mtllib a.mtl\n" + OBJ, a__mtl=_MTL % b"gone.png"),
    bad("mtl-texture-outside", "member.outside", "line 2", "a.obj", b"mtllib a.mtl\n" + OBJ, a__mtl=_MTL % b"..\\..\\secret.png"),
    bad(
        "mtl-texture-behind-options",
        "member.outside",
        "line 2",
        "a.obj",
        b"mtllib a.mtl\n" + OBJ,
        a__mtl=_MTL % b"-s 1 1 -o 0 ../secret.png",
    ),
    bad("mtl-texture-without-name", "mtl.statement", "a.mtl, line 2", "a.obj", b"mtllib a.mtl\n" + OBJ, a__mtl=_MTL % b"-s 1 1 1"),
    bad(
        "mtl-texture-too-large",
        "image.too-many-pixels",
        None,
        "a.obj",
        b"mtllib a.mtl\n" + OBJ,
        a__mtl=_MTL % b"t.png",
        t__png=png(30_000, 30_000),
    ),
    bad("mtl-texture-cut", "image.truncated", "byte 33", "a.obj", b"mtllib a.mtl\n" + OBJ, a__mtl=_MTL % b"t.png", t__png=png(cut=40)),
    bad("mtl-texture-unsupported", "image.unsupported", None, "a.obj", b"mtllib a.mtl\n" + OBJ, a__mtl=_MTL % b"t.tga", t__tga=bytes(64)),
)

STLS = (
    bad("stl-empty", "input.empty", None, "a.stl", b""),
    bad("stl-header-cut", "stl.truncated", "byte 40", "a.stl", bytes(40)),
    bad("stl-count-of-four-billion", "mesh.too-many-triangles", "byte 80", "a.stl", bytes(80) + b"\xff\xff\xff\xff" + bytes(50)),
    bad("stl-cut", "stl.truncated", "triangle 3", "a.stl", stl_binary(5)[:-149]),
    bad("stl-too-long", "stl.too-long", "byte 134", "a.stl", stl_binary(1) + b"more"),
    bad("stl-no-triangles", "mesh.no-faces", None, "a.stl", stl_binary(0)),
    bad("stl-nan", "mesh.not-finite", "triangle 1", "a.stl", stl_binary(2, value=_NAN)),
    bad("stl-text-cut", "stl.truncated", "triangle 2", "a.stl", STL_TEXT.split(b"endsolid")[0] + b"facet normal 0 0 1\n"),
    bad("stl-text-wrong-line", "stl.statement", "line 4", "a.stl", STL_TEXT.replace(b"vertex 0 0 0", b"vortex 0 0 0")),
    bad("stl-text-wrong-number", "stl.statement", "line 5", "a.stl", STL_TEXT.replace(b"vertex 1 0 0", b"vertex 1 0 o")),
    bad("stl-text-nan", "mesh.not-finite", "line 5", "a.stl", STL_TEXT.replace(b"vertex 1 0 0", b"vertex nan 0 0")),
    bad("stl-text-without-facets", "mesh.no-faces", None, "a.stl", b"solid\nendsolid\n"),
)

MESHES: tuple[Case, ...] = (*PLYS, *OBJS, *STLS)
