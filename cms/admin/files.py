# SPDX-License-Identifier: Apache-2.0
"""Renditions of drafts, for the eyes of their own curators: the public addresses serve published versions only."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from assets import stores
from assets.models import Rendition
from assets.rules import editable

INLINE = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/json",
    "model/gltf-binary",
    "audio/wav",
    "audio/mpeg",
    "audio/ogg",
    "image/svg+xml",
)


def rendition_address(pk: UUID | str) -> str:
    """Give the admin's address of a rendition."""
    return reverse("run_admin:rendition", args=[pk])


def draft_address(asset: UUID, cid: str, name: str) -> str:
    """Give the admin's address of a rendition as the preview of a draft names it."""
    return reverse("run_admin:draft", args=[asset, cid, name])


def serve_rendition(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Serve one rendition of an asset of the own institution.

    Raises
    ------
    Http404
        Where there is none, or it is another institution's.
    """
    return send(Rendition.objects.filter(pk=pk, file__asset__in=editable(request.user)).first())


def serve_draft(request: HttpRequest, asset: UUID, cid: str, name: str) -> HttpResponseBase:  # noqa: ARG001 - the name is for file endings
    """Serve one rendition to the preview of a draft of the own institution.

    Raises
    ------
    Http404
        Where there is none, or it is another institution's.
    """
    return send(Rendition.objects.filter(file__asset=asset, cid=cid, current=True, file__asset__in=editable(request.user)).first())


def send(found: Rendition | None) -> HttpResponseBase:
    """Send a rendition's bytes.

    Raises
    ------
    Http404
        Where there is none.
    """
    if found is None:
        raise Http404
    path = stores.default().path(found.cid)
    response = FileResponse(path.open("rb"), content_type=found.media_type, as_attachment=found.media_type not in INLINE)
    for name, value in headers(found).items():
        response.headers[name] = value
    return response


def headers(rendition: Rendition) -> dict[str, str]:
    """Give the headers that keep a file of ours from acting as a page of ours."""
    return {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "ETag": f'"{rendition.cid}"',
        "Cache-Control": "private, max-age=3600",
    }
