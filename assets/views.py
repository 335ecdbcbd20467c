# SPDX-License-Identifier: Apache-2.0
"""Permanent addresses and public files: what a QR code, an archive or another program holds on to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from assets import exports, media, members, queries, stores
from assets.models import Asset
from ledger import policy, verify

YEAR = 31_536_000
CHUNK = 1 << 18


@require_safe
def permanent(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Send a person to the asset's page in the language of the browser."""
    if queries.published(asset) is None:
        raise Http404
    language = get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}/assets/{asset}/")
    response.status_code = 303
    response["Vary"] = "Accept-Language"
    return response


@require_safe
def record(_request: HttpRequest, asset: UUID) -> JsonResponse:
    """Give the newest record of an asset."""
    found = queries.published(asset)
    if found is None:
        raise Http404
    if found.withdrawn:
        return JsonResponse({"asset": str(asset), "withdrawn_at": found.withdrawn_at, "cid": found.cid}, status=410)
    return JsonResponse(found.record, json_dumps_params={"ensure_ascii": False})


@require_safe
def bundle(_request: HttpRequest, asset: UUID) -> FileResponse:
    """Give the asset's bundle without the files that not everyone may have."""
    row = get_object_or_404(Asset, pk=asset, current_version__isnull=False)
    handle, name = tempfile.mkstemp(suffix=".zip")
    os.close(handle)
    target = Path(name)
    try:
        target.unlink()
        exports.export(asset=row, out=target, public=True)
        stream = target.open("rb")
    finally:
        target.unlink(missing_ok=True)  # the open stream keeps the bytes
    return FileResponse(stream, as_attachment=True, filename=f"qilu-{asset}.zip", content_type="application/zip")


@require_safe
def verifier(_request: HttpRequest) -> FileResponse:
    """Give the stand-alone verifier."""
    return FileResponse(Path(verify.__file__).open("rb"), as_attachment=True, filename="verify.py", content_type="text/x-python")


@require_safe
def policy_file(_request: HttpRequest) -> JsonResponse:
    """Give the policy file: the keys to trust, the quorum, the greatest age."""
    return JsonResponse(policy.make(), json_dumps_params={"indent": 2})


@require_safe
def public_file(request: HttpRequest, cid: str, name: str) -> HttpResponseBase:  # noqa: ARG001 - the name is for people and for file endings
    """Give a derivative of a public version; its bytes never change, so it may be kept for ever."""
    rendition = queries.public_file(cid)
    if rendition is None:
        raise Http404
    place = stores.default().path(cid)
    return _send(request, Piece(place, 0, place.stat().st_size), rendition.media_type, tag=cid, made=rendition.made_at)


@require_safe
def public_member(request: HttpRequest, cid: str, name: str, member: str) -> HttpResponseBase:  # noqa: ARG001
    """Give one file of a derivative that holds many: a tile, a page, a segment."""
    rendition = queries.public_file(cid)
    if rendition is None or rendition.media_type != media.ZIP:
        raise Http404
    place = stores.default().path(cid)
    found = members.find(place, member)
    if found is None:
        raise Http404
    piece = Piece(place, found.start, found.bytes)
    return _send(request, piece, media.of_name(member), tag=f"{cid}.{found.start}", made=rendition.made_at)


@dataclass(frozen=True)
class Piece:
    """Bytes of a file: from where, how many."""

    path: Path
    start: int
    bytes: int


def _send(request: HttpRequest, piece: Piece, media_type: str, *, tag: str, made: datetime) -> HttpResponseBase:
    """Send bytes that never change, or the one range of them that is asked for (RFC 9110 §14)."""
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": f"public, max-age={YEAR}, immutable",
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
