# SPDX-License-Identifier: Apache-2.0
"""Sending bytes that never change: whole, in ranges, or not at all where the other side has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from assets import members

YEAR = 31_536_000
CHUNK = 1 << 18


@dataclass(frozen=True)
class Piece:
    """Bytes of a file: from where, how many."""

    path: Path
    start: int
    bytes: int

    @classmethod
    def whole(cls, path: Path) -> Piece:
        """Give all of a file."""
        return cls(path, 0, path.stat().st_size)

    @classmethod
    def member(cls, path: Path, name: str) -> Piece | None:
        """Give one stored file of a zip, or None where there is none of that name."""
        found = members.find(path, name)
        return cls(path, found.start, found.bytes) if found else None


def send(
    request: HttpRequest, piece: Piece, media_type: str, *, tag: str, made: datetime, kept: str = f"public, max-age={YEAR}, immutable"
) -> HttpResponseBase:
    """Send bytes, or the one range of them that is asked for (RFC 9110 §14).

    Parameters
    ----------
    tag
        Names exactly these bytes.
    kept
        Who may keep the answer, and how long: the header Cache-Control.
    """
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": kept,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Last-Modified": http_date(made.timestamp()),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    asked = _range(request.headers.get("Range", ""), piece.bytes)
    first, last = asked or (0, piece.bytes - 1)
    if asked and first > last:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{piece.bytes}"})
    if asked:
        headers["Content-Range"] = f"bytes {first}-{last}/{piece.bytes}"
    length, status = last - first + 1, 206 if asked else 200
    chunks = _chunks(piece.path, piece.start + first, length)
    if length <= CHUNK:
        return HttpResponse(b"".join(chunks), status=status, content_type=media_type, headers=headers)
    headers["Content-Length"] = str(length)
    return StreamingHttpResponse(chunks, status=status, content_type=media_type, headers=headers)


def _range(header: str, size: int) -> tuple[int, int] | None:
    """Read a single byte range; None where there is none or it is not for us."""
    unit, _equals, spec = header.partition("=")
    first, dash, last = spec.partition("-")
    if unit.strip() != "bytes" or not dash or "," in spec or not (first + last).strip().isdigit():
        return None
    if not first.strip():
        return max(0, size - int(last)), size - 1
    start = int(first)
    end = min(int(last), size - 1) if last.strip() else size - 1
    return (start, end) if start < size else (1, 0)


def _chunks(path: Path, start: int, length: int) -> Iterator[bytes]:
    """Read a range piece by piece."""
    with path.open("rb") as stream:
        stream.seek(start)
        while length and (chunk := stream.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
