# SPDX-License-Identifier: Apache-2.0
"""Take uploaded files to disk while they arrive: bounded, nothing large in memory, several files of one object together."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from pipelines.staging import clean_name

CHUNK = 1 << 20
STALE_SECONDS = 24 * 3600


def incoming() -> Path:
    """Give the folder where requests' files arrive."""
    place: Path = settings.DATA_DIR / "staging" / "incoming"
    return place


class StagedFile(UploadedFile):  # type: ignore[type-arg] # generic only in the stubs
    """A file that has arrived in the request's own folder."""

    def __init__(self, path: Path, name: str, content_type: str, size: int) -> None:
        super().__init__(file=path.open("rb"), name=name, content_type=content_type, size=size)
        self.path = path


class StagingHandler(FileUploadHandler):
    """Write every file of a request into one folder, and stop at the bound.

    Parameters
    ----------
    folder
        Where the files go; it exists.
    room
        Bytes that all files together may have.
    """

    chunk_size = CHUNK

    def __init__(self, request: HttpRequest, *, folder: Path, room: int) -> None:
        super().__init__(request)
        self.folder = folder
        self.room = room
        self.arrived = 0
        self.declared = 0
        self.too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: str | None = None) -> None:  # noqa: ARG002, N803 - Django's names
        """Remember how much the client announces."""
        self.declared = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a fresh file; the name the client gave never becomes a path."""
        super().new_file(*args, **kwargs)
        self.path = self.folder / uuid.uuid4().hex
        self.out = self.path.open("xb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's signature
        """Write a piece, or stop the upload at the first byte over the bound.

        Raises
        ------
        StopUpload
            The connection is cut where reading the rest would only help to fill the line.
        """
        self.arrived += len(raw_data)
        if self.arrived > self.room:
            self.too_large = True
            self.out.close()
            raise StopUpload(connection_reset=self.declared > 2 * self.room)
        self.out.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> StagedFile:
        """Close the file and hand it on."""
        self.out.close()
        return StagedFile(self.path, self.file_name or "upload", self.content_type or "", file_size)

    def upload_interrupted(self) -> None:
        """Close what is open; the request's folder goes away with the request."""
        if hasattr(self, "out"):
            self.out.close()


@contextmanager
def staging_of(request: HttpRequest) -> Iterator[StagingHandler]:
    """Let a request's files arrive in a folder of their own, which is gone afterwards."""
    sweep()
    folder = incoming() / uuid.uuid4().hex
    folder.mkdir(parents=True)
    handler = StagingHandler(request, folder=folder, room=settings.QILU["QILU_UPLOAD_MAX_BYTES"])
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove what a killed process left behind."""
    if not incoming().is_dir():
        return
    for folder in incoming().iterdir():
        if folder.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def parts_of(files: Iterable[Any], handler: StagingHandler) -> Mapping[str, Iterable[bytes]]:
    """Give names and chunks of what arrived.

    Raises
    ------
    AssetsError
        ``upload.too-large``, ``upload.empty`` or ``upload.name-twice``.
    """
    if handler.too_large:
        raise AssetsError(
            "upload.too-large",
            _("The upload is larger than the %(room)d bytes allowed.") % {"room": handler.room},
            _("Reduce it, or ask the administrator to raise QILU_UPLOAD_MAX_BYTES."),
            at=f"byte {handler.room}",
        )
    found: dict[str, Iterable[bytes]] = {}
    for file in files:
        name = clean_name(file.name or "")
        if name in found:
            raise AssetsError("upload.name-twice", _("Two files are named “%(name)s”.") % {"name": name}, _("Rename one of them."))
        found[name] = file.chunks(CHUNK)
    if not found:
        raise AssetsError("upload.empty", _("No file was chosen."), _("Choose a scan, a picture or a recording."))
    return found
