# SPDX-License-Identifier: Apache-2.0
"""Unpack a stranger's zip: every name checked before the first byte is written, every byte counted.

Source: PKWARE's APPNOTE 6.3.10 §4.3-4.5. Only stored and deflated members; no links, no nesting, no encryption.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import MIB, Limits

_PIECE = 1 << 16
_END = b"PK\x05\x06"
_UTF8, _ENCRYPTED = 0x800, 0x1
# They make a name read other than it is: an "exe" that seems to end in "gnp".
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RUBBISH = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_NESTED = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"})
_MAGIC_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xfd7zXZ\x00")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out: files relative to the folder, sorted, and what is worth knowing about their names."""

    files: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def unpack(zip_path: Path, into: Path, limits: Limits) -> Unpacked:
    """Unpack a zip into an empty folder.

    Parameters
    ----------
    into
        The folder; on a refusal it may hold part of the files, and the caller removes it.

    Raises
    ------
    Refusal
        One of the ``zip.*`` codes, with the member's name.
    """
    _check_directory_size(zip_path, limits)
    try:
        with zipfile.ZipFile(zip_path) as archive:
            members, doubts = _plan(archive, zip_path.stat().st_size, limits)
            budget = limits.unpacked_bytes
            for name, info in members.items():
                with archive.open(info) as source:
                    budget -= _write(source, info, into / name, min(budget, limits.file_bytes), limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise Refusal("zip.broken", problem=str(error)[:120]) from error
    return Unpacked(tuple(sorted(members)), tuple(doubts))


@contextmanager
def opened(zip_path: Path, limits: Limits) -> Iterator[Callable[[str], Iterator[bytes] | None]]:
    """Open a zip whose members are read in place, checked and counted as `unpack` does.

    Yields
    ------
    A function from a member's name to its bytes in pieces; None where there is no such member.

    Raises
    ------
    Refusal
        As `unpack`.
    """
    _check_directory_size(zip_path, limits)
    try:
        with zipfile.ZipFile(zip_path) as archive:
            members, _ = _plan(archive, zip_path.stat().st_size, limits)
            yield lambda name: _pieces(archive, members[name], name, limits) if name in members else None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeDecodeError) as error:
        raise Refusal("zip.broken", problem=str(error)[:120]) from error


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits) -> Iterator[bytes]:
    """Read a member piece by piece, no more than it stated."""
    with archive.open(info) as source:
        read = 0
        while piece := source.read(_PIECE):
            read += len(piece)
            _check_ratio(read, info.compress_size, name, limits)
            yield piece
        if read != info.file_size:
            raise Refusal("zip.broken", at=_shown(name), problem="a member is shorter than stated")


def _check_directory_size(path: Path, limits: Limits) -> None:
    """Read the end record before a library reads the whole directory into memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 22 - 0xFFFF))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise Refusal("zip.broken", problem="its directory is missing")
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    # 0xFFFF and 0xFFFFFFFF stand for "see the large record": more than any input here needs.
    if entries > limits.members or length > limits.members * (limits.name_bytes + 4096):
        raise Refusal("zip.too-many", count=entries, limit=limits.members)


def _plan(archive: zipfile.ZipFile, size: int, limits: Limits) -> tuple[dict[str, zipfile.ZipInfo], list[Doubt]]:
    """Decide under which name each member is written; nothing is written before all are known."""
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise Refusal("zip.too-many", count=len(infos), limit=limits.members)
    members: dict[str, zipfile.ZipInfo] = {}
    seen: dict[str, str] = {}
    encodings: set[str] = set()
    for info in infos:
        name, encoding = _name(info)
        _check_name(name, limits)
        if info.is_dir() or name.endswith("/"):
            continue
        if _is_rubbish(name):
            continue
        _check_kind(info, name)
        _claim(seen, name)
        members[name] = info
        encodings.add(encoding)
    _check_sizes(members, size, limits)
    doubts = [Doubt("zip.names-guessed", None, {"encoding": encoding}) for encoding in sorted(encodings - {"ascii", "utf-8"})]
    return members, doubts


def _name(info: zipfile.ZipInfo) -> tuple[str, str]:
    """Read a member's name; without the flag for UTF-8 it is in whatever its maker's system used."""
    if info.flag_bits & _UTF8:
        return info.orig_filename.replace("\\", "/"), "utf-8"
    raw = info.orig_filename.encode("cp437")
    for encoding in ("ascii", "utf-8", "gbk", "cp437"):
        try:
            # Windows tools write backslashes; in GBK a second byte may be one, so they are turned only after decoding.
            return raw.decode(encoding).replace("\\", "/"), encoding
        except UnicodeDecodeError:
            continue
    raise AssertionError("cp437 reads every byte")


def _check_name(name: str, limits: Limits) -> None:
    """Refuse a name that could leave the folder, or that some system cannot hold."""
    parts = name.rstrip("/").split("/")
    bad = (
        name.startswith("/")
        or any(part in {"", ".", ".."} for part in parts)
        or ":" in name
        or any(unicodedata.category(char) in {"Cc", "Cs"} or char in _TURNING for char in name)
        or len(parts) > limits.folder_depth
        or any(len(part.encode("utf-8", "replace")) > limits.name_bytes for part in parts)
    )
    if bad:
        raise Refusal("zip.unsafe-name", at=_shown(name), name=_shown(name))


def _shown(name: str) -> str:
    return name[:80].encode("utf-8", "replace").decode()


def _is_rubbish(name: str) -> bool:
    """Tell what file managers leave behind."""
    parts = [part.lower() for part in name.split("/")]
    return any(part in _RUBBISH for part in parts) or parts[-1].startswith("._")


def _check_kind(info: zipfile.ZipInfo, name: str) -> None:
    """Refuse links, devices, secrets, unknown compressions and archives inside."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise Refusal("zip.link", at=_shown(name), name=_shown(name))
    if info.flag_bits & _ENCRYPTED:
        raise Refusal("zip.encrypted", at=_shown(name), name=_shown(name))
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refusal("zip.method", at=_shown(name), name=_shown(name), method=info.compress_type)
    if PurePosixPath(name).suffix.lower() in _NESTED:
        raise Refusal("zip.nested", at=_shown(name), name=_shown(name))


def _claim(seen: dict[str, str], name: str) -> None:
    """Refuse a name that another member has, also on a system that ignores case, and one inside another file."""
    folded = unicodedata.normalize("NFC", name).casefold()
    if folded in seen:
        raise Refusal("zip.duplicate", at=_shown(name), name=_shown(name), other=_shown(seen[folded]))
    parts = folded.split("/")
    for i in range(1, len(parts)):
        parent = "/".join(parts[:i])
        if seen.get(parent, "").count("/") == i - 1 and parent in seen and not seen[parent].endswith("/"):
            raise Refusal("zip.duplicate", at=_shown(name), name=_shown(name), other=_shown(seen[parent]))
        seen.setdefault(parent, "/".join(name.split("/")[:i]) + "/")
    seen[folded] = name


def _check_sizes(members: dict[str, zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Compare stated sizes with the budget, and places in the file with each other."""
    total = sum(info.file_size for info in members.values())
    if total > limits.unpacked_bytes:
        raise Refusal("zip.too-large", bytes=total, limit=limits.unpacked_bytes)
    end = 0
    for name, info in sorted(members.items(), key=lambda item: item[1].header_offset):
        if info.file_size > limits.file_bytes:
            raise Refusal("zip.too-large", at=_shown(name), bytes=info.file_size, limit=limits.file_bytes)
        _check_ratio(info.file_size, info.compress_size, name, limits)
        # Members that share bytes multiply themselves.
        if info.header_offset < end:
            raise Refusal("zip.broken", at=_shown(name), problem="its members overlap")
        end = info.header_offset + 30 + info.compress_size
        if end > size:
            raise Refusal("zip.broken", at=_shown(name), problem="it ends before its members do")


def _check_ratio(unpacked: int, packed: int, name: str, limits: Limits) -> None:
    if unpacked > MIB and unpacked > packed * limits.ratio:
        raise Refusal("zip.ratio", at=_shown(name), name=_shown(name), ratio=unpacked // max(packed, 1), limit=limits.ratio)


def _write(source: IO[bytes], info: zipfile.ZipInfo, target: Path, budget: int, limits: Limits) -> int:
    """Write one member, counting; give its size."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written, name = 0, _shown(target.name)
    with target.open("xb") as file:
        while piece := source.read(_PIECE):
            if not written and piece.startswith(_MAGIC_NESTED):
                raise Refusal("zip.nested", at=name, name=name)
            written += len(piece)
            # The stated size was checked, but it is the archive's word; these are the bytes.
            if written > budget:
                raise Refusal("zip.too-large", at=name, bytes=written, limit=budget)
            _check_ratio(written, info.compress_size, name, limits)
            file.write(piece)
    if written != info.file_size:
        raise Refusal("zip.broken", at=name, problem="a member is shorter than stated")
    return written
