# SPDX-License-Identifier: Apache-2.0
"""Media types: what a file of a format is called on the web, and the ending its generated name gets."""

from __future__ import annotations

from pathlib import PurePosixPath

ZIP, UNKNOWN = "application/zip", "application/octet-stream"

OF_FORMAT: dict[str, str] = {
    "ply": "application/ply",
    "obj": "model/obj",
    "stl": "model/stl",
    "off": "model/off",
    "threemf": "model/3mf",
    "3mf": "model/3mf",
    "glb": "model/gltf-binary",
    "gltf": ZIP,
    "las": "application/vnd.las",
    "e57": "model/e57",
    "xyz": "text/plain",
    "splat": UNKNOWN,
    "spz": UNKNOWN,
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "heif": "image/heif",
    "pdf": "application/pdf",
    "bvh": "application/x-bvh",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "aiff": "audio/aiff",
    "mp4": "video/mp4",
    "matroska": "video/matroska",
    "avi": "video/x-msvideo",
    "zip": ZIP,
}
"""The media type of an original by `digitize.preflight.formats`' name."""

ENDINGS: dict[str, str] = {
    "model/gltf-binary": "glb",
    "model/vnd.usdz+zip": "usdz",
    "model/obj": "obj",
    "model/stl": "stl",
    "model/off": "off",
    "model/3mf": "3mf",
    "model/e57": "e57",
    "application/vnd.las": "las",
    "application/ply": "ply",
    "application/x-bvh": "bvh",
    "application/json": "json",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/vnd.apple.mpegurl": "m3u8",
    "image/webp": "webp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "image/heif": "heic",
    "image/svg+xml": "svg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/aiff": "aiff",
    "audio/mp4": "m4a",
    "audio/webm": "weba",
    "audio/matroska": "mka",
    "audio/x-matroska": "mka",
    "video/mp4": "mp4",
    "video/iso.segment": "m4s",
    "video/matroska": "mkv",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    "text/plain": "txt",
    "text/vtt": "vtt",
    "text/xml": "dzi",
}

_OF_ENDING = {ending: media_type for media_type, ending in ENDINGS.items()} | {"jpeg": "image/jpeg", "m4s": "video/mp4"}


def ending(media_type: str) -> str:
    """Give the file name's ending for a media type."""
    return ENDINGS.get(media_type, "bin")


def of_name(name: str) -> str:
    """Give the media type of a generated file by its ending."""
    return _OF_ENDING.get(PurePosixPath(name).suffix[1:], UNKNOWN)
