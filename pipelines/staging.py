# SPDX-License-Identifier: Apache-2.0
"""Staging: where files arrive, bounded and hashed, before anything of them is stored."""

from __future__ import annotations

import os
import shutil
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from ledger.cid import Digest, Hasher

EPOCH = (1980, 1, 1, 0, 0, 0)
NAME_BYTES = 200


def folder(upload_id: uuid.UUID) -> Path:
    """Give the staging folder of an upload."""
    place: Path = settings.DATA_DIR / "staging" / str(upload_id)
    return place


def clean_name(name: str) -> str:
    """Reduce an uploaded name to a harmless one: no folders, no control characters, NFC, bounded."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    base = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C").strip(". ")
    stem, dot, ending = base.rpartition(".")
    ending = ending.encode()[:16].decode(errors="ignore")
    stem = (stem or ending).encode()[: NAME_BYTES - len(ending.encode()) - 1].decode(errors="ignore")
    return (f"{stem}{dot}{ending}" if dot else stem).strip(". ") or "upload"


def clean_path(name: str) -> str:
    """Reduce a name with folders to a harmless one below the folder it goes to."""
    return "/".join(clean_name(part) for part in name.replace("\\", "/").split("/") if part) or "upload"


def arrive(target: Path, chunks: Iterable[bytes], *, room: int) -> Digest:
    """Write chunks into a file while hashing them; refuse the first byte over the bound.

    Raises
    ------
    AssetsError
        ``upload.too-large``.
    """
    hasher = Hasher()
    size = 0
    with target.open("xb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > room:
                raise AssetsError(
                    "upload.too-large",
                    _("The upload is larger than the %(room)d bytes allowed.") % {"room": room},
                    _("Reduce it, or ask the administrator to raise QILU_UPLOAD_MAX_BYTES."),
                    at=f"byte {room}",
                )
            hasher.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return hasher.finish()


def read_chunks(path: Path) -> Iterable[bytes]:
    """Read a file piece by piece."""
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def pack(root: Path, members: Iterable[str], target: Path) -> None:
    """Pack several files into one deterministic zip (stored, sorted, no clock): the original of a folder upload."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            with archive.open(info, "w") as out, (root / name).open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)


def discard(upload_id: uuid.UUID) -> None:
    """Forget what an upload left in staging."""
    shutil.rmtree(folder(upload_id), ignore_errors=True)
