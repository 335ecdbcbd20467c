# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile recordings of motion."""

from __future__ import annotations

from tests.digitize.corpus.case import Case, bad
from tests.digitize.motion.figures import HIERARCHY, bvh, dance

_BVH = bvh(dance(4))
_ROWS = _BVH.index(b"Frame Time")
_CHAIN = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n" + "JOINT b\n{\nOFFSET 0 1 0\n" * 600 + "}\n" * 601
_MANY = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n" + "JOINT b\n{\nOFFSET 0 1 0\n}\n" * 600 + "}\n"
_NAMELESS = HIERARCHY.replace("JOINT Head", "JOINT")


def _changed(old: str, new: str) -> bytes:
    return bvh(dance(4), hierarchy=HIERARCHY.replace(old, new, 1))


def _row(text: bytes) -> bytes:
    """Replace the third row."""
    lines = _BVH.split(b"\n")
    lines[-3] = text
    return b"\n".join(lines)


MOTIONS: tuple[Case, ...] = (
    bad("bvh-cut-in-hierarchy", "bvh.structure", "line 14", "a.bvh", _BVH[:300]),
    bad("bvh-cut-before-rows", "bvh.truncated", "row 0", "a.bvh", _BVH[: _BVH.index(b"\n", _ROWS) + 1]),
    bad("bvh-cut-in-row", "bvh.truncated", "row 2", "a.bvh", b"\n".join(_BVH.split(b"\n")[:-3]) + b"\n1.0 2.0"),
    bad("bvh-cut-after-row", "bvh.truncated", "row 3", "a.bvh", b"\n".join(_BVH.split(b"\n")[:-2])),
    bad("bvh-only-a-word", "bvh.structure", "line 1", "a.bvh", b"HIERARCHY\n"),
    bad("bvh-more-rows-than-stated", "bvh.rows", "line 54", "a.bvh", bvh(dance(4), frames=3)),
    bad("bvh-a-billion-frames", "bvh.too-large", "line 49", "a.bvh", bvh(dance(4), frames=10**9)),
    bad("bvh-endless-count", "bvh.structure", "line 49", "a.bvh", _BVH.replace(b"Frames: 4", b"Frames: " + b"9" * 5000)),
    bad("bvh-no-frames", "bvh.structure", "line 49", "a.bvh", bvh(dance(4), frames=0)),
    bad("bvh-negative-frames", "bvh.structure", "line 49", "a.bvh", bvh(dance(4), frames=-4)),
    bad("bvh-still-time", "bvh.structure", "line 50", "a.bvh", bvh(dance(4), frame_time=0)),
    bad("bvh-time-backwards", "bvh.structure", "line 50", "a.bvh", bvh(dance(4), frame_time=-1)),
    bad("bvh-time-nan", "bvh.structure", "line 50", "a.bvh", bvh(dance(4), frame_time=float("nan"))),
    bad("bvh-nan-in-row", "bvh.not-finite", "line 53", "a.bvh", _row(b"nan " * 19)),
    bad("bvh-infinite-in-row", "bvh.not-finite", "line 53", "a.bvh", _row(b"1e999 " * 19)),
    bad("bvh-beyond-single-precision", "bvh.not-finite", "line 53", "a.bvh", _row(b"1e31 " * 19)),
    bad("bvh-word-in-row", "bvh.row", "line 53", "a.bvh", _row(b"1 " * 18 + b"left")),
    bad("bvh-decimal-commas", "bvh.row", "line 53", "a.bvh", _row(b"1,5 " * 19)),
    bad("bvh-underscores", "bvh.row", "line 53", "a.bvh", _row(b"1_0 " * 19)),
    bad("bvh-short-row", "bvh.row", "line 53", "a.bvh", _row(b"1 " * 18)),
    bad("bvh-long-row", "bvh.row", "line 53", "a.bvh", _row(b"1 " * 20)),
    bad("bvh-endless-row", "text.line-too-long", "line 53", "a.bvh", _row(b"1 " * 200_000)),
    bad("bvh-nul", "text.binary", "line 53", "a.bvh", _row(b"1 \0 1")),
    bad("bvh-deep", "bvh.too-large", "line 389", "a.bvh", bvh(dance(1)[:, :1], hierarchy=_CHAIN)),
    bad("bvh-many-joints", "bvh.too-large", "line 2052", "a.bvh", bvh(dance(1)[:, :1], hierarchy=_MANY)),
    bad("bvh-endless-hierarchy", "bvh.structure", "line 21846", "a.bvh", b"HIERARCHY\n" + b"ROOT a\n{\n" * 40_000),
    bad("bvh-unclosed", "bvh.structure", "line 46", "a.bvh", bvh(dance(4), hierarchy=HIERARCHY.rstrip()[:-1])),
    bad("bvh-closed-twice", "bvh.structure", "line 48", "a.bvh", bvh(dance(4), hierarchy=HIERARCHY + "}\n")),
    bad("bvh-nameless-joint", "bvh.structure", "line 11", "a.bvh", bvh(dance(4), hierarchy=_NAMELESS)),
    bad("bvh-unknown-channel", "bvh.structure", "line 9", "a.bvh", _changed("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation")),
    bad("bvh-channel-twice", "bvh.structure", "line 9", "a.bvh", _changed("3 Zrotation Xrotation", "3 Zrotation Zrotation")),
    bad("bvh-channels-miscounted", "bvh.structure", "line 9", "a.bvh", _changed("CHANNELS 3", "CHANNELS 2")),
    bad("bvh-channels-by-the-million", "bvh.structure", "line 9", "a.bvh", _changed("CHANNELS 3", "CHANNELS 1000000")),
    bad("bvh-offset-missing", "bvh.structure", "line 8", "a.bvh", _changed("    OFFSET 0 20 0\n", "")),
    bad("bvh-offset-twice", "bvh.structure", "line 9", "a.bvh", _changed("OFFSET 0 20 0\n", "OFFSET 0 20 0\nOFFSET 0 20 0\n")),
    bad("bvh-offset-nan", "bvh.not-finite", "line 8", "a.bvh", _changed("OFFSET 0 20 0", "OFFSET 0 nan 0")),
    bad("bvh-offset-word", "bvh.structure", "line 8", "a.bvh", _changed("OFFSET 0 20 0", "OFFSET 0 up 0")),
    bad("bvh-joint-outside", "bvh.structure", "line 2", "a.bvh", _changed("ROOT", "JOINT")),
    bad("bvh-root-inside", "bvh.structure", "line 6", "a.bvh", _changed("JOINT Spine", "ROOT Spine")),
    bad("bvh-without-joints", "bvh.structure", "line 1", "a.bvh", b"HIERARCHY\nMOTION\nFrames: 1\nFrame Time: 1\n"),
    bad(
        "bvh-in-one-point", "bvh.no-size", None, "a.bvh",
        b"HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n}\nMOTION\nFrames: 1\nFrame Time: 1\n0\n",
    ),
    bad("bvh-is-a-picture", "input.wrong-extension", None, "a.bvh", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    bad("bvh-named-obj", "input.wrong-extension", None, "a.obj", _BVH),
    bad("bvh-is-noise", "input.not-the-format", None, "a.bvh", b"\x00\x01\x02" * 50),
    bad("fbx", "motion.unsupported", None, "a.fbx", b"Kaydara FBX Binary  \0\x1a\0" + bytes(50)),
    bad("c3d", "motion.unsupported", None, "a.c3d", b"\x02\x50" + bytes(510)),
)  # fmt: skip

_BEND = "HIERARCHY\nROOT a {\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\nJOINT b c {\nOFFSET 0 1 0\nEnd Site {\nOFFSET 0 1 0\n}\n}\n}\n"
_TWO = HIERARCHY + HIERARCHY.replace("HIERARCHY\n", "").replace("Hips", "Partner")
_COUNTS = {"joints": 7, "frames": 4, "channels": 19}

SOUND_MOTIONS: tuple[Case, ...] = (
    Case("bvh", {"a.bvh": _BVH}, "a.bvh", counts=_COUNTS),
    Case("bvh-windows", {"a.BVH": b"\xef\xbb\xbf" + _BVH.replace(b"\n", b"\r\n")}, "a.BVH", counts=_COUNTS),
    Case("bvh-without-a-name", {"dance": _BVH}, "dance", counts=_COUNTS),
    Case("bvh-braces-on-the-line", {"a.bvh": bvh(dance(2)[:, :1], hierarchy=_BEND)}, "a.bvh", counts={"joints": 2, "frames": 2}),
    Case("bvh-two-dancers", {"a.bvh": bvh(dance(2).repeat(2, axis=1), hierarchy=_TWO)}, "a.bvh", counts={"joints": 14, "channels": 38}),
    Case("bvh-cut-in-last-number", {"a.bvh": _BVH[:-3]}, "a.bvh", counts=_COUNTS, doubts=("bvh.last-number",)),
    Case("bvh-in-a-folder", {"a.bvh": _BVH, "notes.txt": b"x"}, "", counts=_COUNTS, doubts=("input.files-unused",)),
)
