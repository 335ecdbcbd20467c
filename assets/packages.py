# SPDX-License-Identifier: Apache-2.0
"""The one package: a folder that is at once a valid BagIt bag and a UnixFS directory, so one CID names the whole of it.

Deterministic by construction: sorted lines, LF, generated ASCII names, no empty folders, no clock, no software agent.

Source: RFC 8493 (BagIt 1.0); the CID is that of the ``unixfs-v1-2025`` profile (IPIP-0499), see `ledger.cid`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.stores.local import READ_ONLY, link_or_copy
from ledger.cid import cid_of_folder
from ledger.durable import sync_folder

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\Z")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def folder() -> Path:
    """Give the folder of all sealed packages."""
    path: Path = settings.DATA_DIR / "packages"
    return path


def path(cid: str) -> Path:
    """Give the sealed package of a CID.

    Raises
    ------
    AssetsError
        ``package.missing`` where it is not here.
    """
    place = folder() / cid
    if not cid.isalnum() or not (place / "bagit.txt").is_file():
        raise AssetsError(
            "package.missing", _("The package %(cid)s is not here.") % {"cid": cid[:80]}, _("Restore it from a backup or an export.")
        )
    return place


def keep_bag(*, payload: Mapping[str, Path | bytes], withheld: Mapping[str, str], info: Mapping[str, str], day: date) -> str:
    """Write a bag among the sealed packages, durably, under its own CID; a bag that is there already stays.

    Returns
    -------
    str
        The CID of the package.
    """
    folder().mkdir(parents=True, exist_ok=True)
    fresh = folder() / f".new-{uuid.uuid4().hex}"
    try:
        cid = write_bag(fresh, payload=payload, withheld=withheld, info=info, day=day)
        if not (folder() / cid).exists():
            fresh.rename(folder() / cid)
            sync_folder(folder())
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return cid


def write_bag(
    target: Path, *, payload: Mapping[str, Path | bytes], info: Mapping[str, str], day: date, withheld: Mapping[str, str] | None = None
) -> str:
    """Write a deterministic bag into a folder that does not exist yet, and fsync it.

    Parameters
    ----------
    target
        The folder to make.
    payload
        Name below ``data/`` to a file (linked, not copied, where possible) or bytes.
    info
        Fields of ``bag-info.txt`` beside Bagging-Date and Payload-Oxum.
    day
        The version's date.
    withheld
        Name below ``data/`` to CID, of the files that not everyone may have; they are listed in ``fetch.txt`` too.

    Returns
    -------
    str
        The CID of the folder.
    """
    withheld = withheld or {}
    digests, sizes = {}, {}
    for name in sorted(payload):
        digests[f"data/{name}"], sizes[f"data/{name}"] = _write_payload(target, name, payload[name])
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": _info(info, day, sizes),
        "manifest-sha256.txt": _manifest(digests),
    }
    if withheld:
        lines = [f"ipfs://{withheld[name]} {sizes[f'data/{name}']} data/{name}\n" for name in sorted(withheld)]
        tags["fetch.txt"] = "".join(lines).encode()
    tags["tagmanifest-sha256.txt"] = _manifest({name: hashlib.sha256(body).hexdigest() for name, body in tags.items()})
    for name, body in tags.items():
        _write(target / name, body)
    _sync_tree(target)
    return cid_of_folder(target)


def _write_payload(target: Path, name: str, content: Path | bytes) -> tuple[str, int]:
    """Place one payload file; give its SHA-256 and size."""
    if not NAME.match(name):
        raise AssetsError("package.bad-name", _("“%(name)s” is not a generated ASCII name.") % {"name": name})
    place = target / "data" / name
    if isinstance(content, bytes):
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, content)
    else:
        link_or_copy(content, place)
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), place.stat().st_size


def _write(place: Path, body: bytes) -> None:
    """Write one file durably."""
    with place.open("xb") as out:
        out.write(body)
        out.flush()
        os.fchmod(out.fileno(), READ_ONLY)
        os.fsync(out.fileno())


def _info(info: Mapping[str, str], day: date, sizes: Mapping[str, int]) -> bytes:
    """Compose bag-info.txt, sorted by label."""
    fields = {**info, "Bagging-Date": day.isoformat(), "Payload-Oxum": f"{sum(sizes.values())}.{len(sizes)}"}
    if any("\n" in value or "\r" in value for value in fields.values()):
        raise AssetsError("package.bad-info", _("A field of bag-info.txt holds a line break."))
    return "".join(f"{label}: {fields[label]}\n" for label in sorted(fields)).encode()


def _manifest(digests: Mapping[str, str]) -> bytes:
    """Compose a manifest, sorted by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def _sync_tree(target: Path) -> None:
    """Make every folder's names durable, the deepest first."""
    for root, _dirs, _files in os.walk(target, topdown=False):
        sync_folder(Path(root))
