# SPDX-License-Identifier: Apache-2.0
"""A folder of files, each named by its CID."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from django.utils.translation import gettext as _

from assets.errors import AssetsError
from ledger.cid import Digest, Hasher
from ledger.durable import sync_folder

READ_ONLY = 0o444
CHUNK = 1 << 20


def digest_of(path: Path) -> Digest:
    """Hash a file piece by piece."""
    hasher = Hasher()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            hasher.update(chunk)
    return hasher.finish()


class LocalStore:
    """Keep files under ``<folder>/<last two letters of the CID>/<CID>``."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def _place(self, cid: str) -> Path:
        """Give where a CID lives; refuse what could leave the folder."""
        if not cid.isalnum():
            raise AssetsError("store.bad-cid", _("“%(cid)s” is not a CID.") % {"cid": cid[:80]})
        return self.folder / cid[-2:] / cid

    def has(self, cid: str) -> bool:
        """Tell whether the content is here."""
        return self._place(cid).is_file()

    def path(self, cid: str) -> Path:
        """Give the file of a CID.

        Raises
        ------
        AssetsError
            ``store.missing`` where it is not here.
        """
        place = self._place(cid)
        if not place.is_file():
            raise AssetsError(
                "store.missing", _("The content %(cid)s is not in the store.") % {"cid": cid}, _("Restore it from a backup or an export.")
            )
        return place

    def put(self, content: Path | bytes) -> Digest:
        """Store bytes or a file durably under its own CID."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".new-{uuid.uuid4().hex}"
        try:
            digest = self._write(content, fresh)
            place = self._place(digest.cid)
            place.parent.mkdir(exist_ok=True)
            fresh.replace(place)
            sync_folder(place.parent)
            sync_folder(self.folder)
        finally:
            fresh.unlink(missing_ok=True)
        return digest

    @staticmethod
    def _write(content: Path | bytes, fresh: Path) -> Digest:
        """Copy into a new file, hashing on the way."""
        hasher = Hasher()
        with fresh.open("xb") as out:
            if isinstance(content, bytes):
                hasher.update(content)
                out.write(content)
            else:
                with content.open("rb") as source:
                    while chunk := source.read(CHUNK):
                        hasher.update(chunk)
                        out.write(chunk)
            out.flush()
            os.fchmod(out.fileno(), READ_ONLY)
            os.fsync(out.fileno())
        return hasher.finish()


def link_or_copy(source: Path, target: Path) -> None:
    """Give a second name to immutable bytes; copy where the file system cannot link."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(READ_ONLY)
