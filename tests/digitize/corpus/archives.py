# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile zips and folders."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib

from tests.digitize.corpus.case import OBJ, Case, bad, gltf, ply_ascii, png, text

Member = tuple[str | zipfile.ZipInfo, bytes]


def pack(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a zip with these members in order, whatever their names."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def info(name: str, mode: int = 0o100644, system: int = 3) -> zipfile.ZipInfo:
    """Describe a member with a file mode."""
    found = zipfile.ZipInfo(name)
    found.create_system, found.external_attr, found.compress_type = system, mode << 16, zipfile.ZIP_DEFLATED
    return found


def raw(name: bytes, data: bytes, *, flags: int = 0, size: int | None = None) -> bytes:
    """Write a zip of one stored member with a name as bytes, and stated sizes that may lie."""
    stated = len(data) if size is None else size
    crc = zlib.crc32(data)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, flags, 0, 0, 0x21, crc, len(data), stated, len(name), 0) + name + data
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, flags, 0, 0, 0x21, crc, len(data), stated, len(name), 0, 0, 0, 0, 0, 0
    ) + name  # fmt: skip
    return local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def _overlapping() -> bytes:
    """Let two members share the same bytes."""
    data = pack(("a.ply", ply_ascii()), ("b.txt", ply_ascii()))
    second = data.rindex(b"PK\x01\x02")
    return data[: second + 42] + struct.pack("<I", 0) + data[second + 46 :]


_PLY = ply_ascii()
_TEXTURED = (("a.obj", b"mtllib a.mtl\n" + OBJ), ("a.mtl", b"newmtl clay\nmap_Kd t.png\n"))
_ENCRYPTED = bytearray(pack(("a.ply", _PLY)))
_ENCRYPTED[6] |= 1
_ENCRYPTED[_ENCRYPTED.rindex(b"PK\x01\x02") + 8] |= 1
_FLIPPED = bytearray(pack(("a.ply", _PLY), method=zipfile.ZIP_STORED))
_FLIPPED[60] ^= 1

ARCHIVES: tuple[Case, ...] = (
    bad("zip-empty", "folder.no-main", None, "a.zip", pack()),
    bad("zip-name-turned-round", "zip.unsafe-name", "cup\ufffdylp.exe", "a.zip", pack(("cup\u202eylp.exe", _PLY))),
    bad("zip-cut", "zip.broken", None, "a.zip", pack(("a.ply", _PLY))[:-30]),
    bad("zip-flipped-bit", "zip.broken", None, "a.zip", bytes(_FLIPPED)),
    bad("zip-bomb", "zip.ratio", "a.obj", "a.zip", pack(("a.obj", b"v 0 0 0\n" * 4_000_000))),
    bad("zip-lies-about-size", "zip.broken", None, "a.zip", raw(b"a.ply", _PLY, size=10)),
    bad("zip-names-outside", "zip.unsafe-name", "../a.ply", "a.zip", pack(("../a.ply", _PLY))),
    bad("zip-names-outside-windows", "zip.unsafe-name", "../a.ply", "a.zip", pack(("..\\a.ply", _PLY))),
    bad("zip-names-outside-within", "zip.unsafe-name", "x/../../a.ply", "a.zip", pack(("x/../../a.ply", _PLY))),
    bad("zip-absolute", "zip.unsafe-name", "/tmp/a.ply", "a.zip", raw(b"/tmp/a.ply", _PLY)),
    bad("zip-drive", "zip.unsafe-name", "C:/a.ply", "a.zip", pack(("C:\\a.ply", _PLY))),
    bad("zip-control-character", "zip.unsafe-name", "a\ufffd.ply", "a.zip", raw(b"a\n.ply", _PLY)),
    bad("zip-link", "zip.link", "t.png", "a.zip", pack(*_TEXTURED, (info("t.png", 0o120777), b"/etc/passwd"))),
    bad("zip-device", "zip.link", "a.ply", "a.zip", pack((info("a.ply", 0o020666), b"x"))),
    bad("zip-encrypted", "zip.encrypted", "a.ply", "a.zip", bytes(_ENCRYPTED)),
    bad("zip-method", "zip.method", "a.ply", "a.zip", pack(("a.ply", _PLY), method=zipfile.ZIP_LZMA)),
    bad("zip-nested", "zip.nested", "b.zip", "a.zip", pack(("b.zip", pack(("a.ply", _PLY))))),
    bad("zip-nested-in-disguise", "zip.nested", "a.ply", "a.zip", pack(("a.ply", pack(("a.ply", _PLY))))),
    bad("zip-duplicate", "zip.duplicate", "a.ply", "a.zip", pack(("a.ply", _PLY), ("a.ply", _PLY))),
    bad("zip-duplicate-by-case", "zip.duplicate", "A.PLY", "a.zip", pack(("a.ply", _PLY), ("A.PLY", _PLY))),
    bad("zip-duplicate-by-unicode-form", "zip.duplicate", "e\u0301.ply", "a.zip", pack(("\u00e9.ply", _PLY), ("e\u0301.ply", _PLY))),
    bad("zip-file-is-also-a-folder", "zip.duplicate", "a/b.ply", "a.zip", pack(("a", b"x"), ("a/b.ply", _PLY))),
    bad("zip-folder-is-also-a-file", "zip.duplicate", "a", "a.zip", pack(("a/b.ply", _PLY), ("a", b"x"))),
    bad("zip-overlapping", "zip.broken", "b.txt", "a.zip", _overlapping()),
    bad("zip-thousands", "zip.too-many", None, "a.zip", pack(*((f"{i}.txt", b"") for i in range(2000)))),
    bad("zip-two-objects", "folder.several-mains", "b.ply", "a.zip", pack(("a.ply", _PLY), ("b.ply", _PLY))),
    bad("zip-without-object", "folder.no-main", None, "a.zip", pack(("readme.txt", b"hello"))),
    bad("zip-object-broken", "mesh.index-out-of-range", "face 1", "a.zip", pack(("a.ply", ply_ascii(faces="3 0 1 5\n")))),
    bad("zip-texture-missing", "member.missing", "line 2", "a.zip", pack(*_TEXTURED)),
    bad("zip-wrong-extension-inside", "input.wrong-extension", None, "a.zip", pack(("a.ply", png()))),
    bad(
        "zip-gltf-outside",
        "member.outside",
        "buffers/0/uri",
        "a.zip",
        pack(("a.gltf", text(gltf(buffers=[{"byteLength": 4, "uri": "../x.bin"}])))),
    ),
    bad(
        "zip-reserved-name",
        "member.reserved",
        "intake.json",
        "a.zip",
        pack(("a.gltf", text(gltf(buffers=[{"byteLength": 44, "uri": "intake.json"}]))), ("intake.json", bytes(44))),
    ),
    bad("zip-is-ply", "input.wrong-extension", None, "a.zip", _PLY),
    Case("folder-empty", {}, "", "folder.no-main"),
    Case("folder-two-objects", {"a.ply": _PLY, "b.stl": bytes(90)}, "", "folder.several-mains", "b.stl"),
)
