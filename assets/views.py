# SPDX-License-Identifier: Apache-2.0
"""Permanent addresses and public files: what a QR code, an archive or another program holds on to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from assets import exports, media, queries, stores
from assets.models import Asset
from assets.sending import Piece, send
from ledger import policy, verify


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
    return send(request, Piece.whole(stores.default().path(cid)), rendition.media_type, tag=cid, made=rendition.made_at)


@require_safe
def public_member(request: HttpRequest, cid: str, name: str, member: str) -> HttpResponseBase:  # noqa: ARG001
    """Give one file of a derivative that holds many: a tile, a page, a segment."""
    rendition = queries.public_file(cid)
    if rendition is None or rendition.media_type != media.ZIP:
        raise Http404
    piece = Piece.member(stores.default().path(cid), member)
    if piece is None:
        raise Http404
    return send(request, piece, media.of_name(member), tag=f"{cid}.{piece.start}", made=rendition.made_at)
