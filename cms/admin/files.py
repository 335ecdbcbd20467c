# SPDX-License-Identifier: Apache-2.0
"""Renditions of drafts, for the eyes of their own curators: the public addresses serve published versions only."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assets import media, stores
from assets.models import Rendition
from assets.rules import editable
from assets.sending import Piece, send

KEPT = "private, max-age=3600"


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
    found = get_object_or_404(Rendition, pk=pk, file__asset__in=editable(request.user))
    return _send(request, found, Piece.whole(stores.default().path(found.cid)), found.media_type)


def serve_draft(request: HttpRequest, asset: UUID, cid: str, name: str, member: str = "") -> HttpResponseBase:  # noqa: ARG001 - the name is for file endings
    """Serve one rendition, or one file of a rendition that holds many, to the preview of a draft of the own institution.

    Raises
    ------
    Http404
        Where there is none, or it is another institution's.
    """
    mine = Rendition.objects.filter(file__asset=asset, cid=cid, current=True, file__asset__in=editable(request.user))
    found = mine.first()
    if found is None:
        raise Http404
    place = stores.default().path(cid)
    piece = Piece.member(place, member) if member else Piece.whole(place)
    if piece is None:
        raise Http404
    return _send(request, found, piece, media.of_name(member) if member else found.media_type)


def _send(request: HttpRequest, found: Rendition, piece: Piece, media_type: str) -> HttpResponseBase:
    """Send a piece of a rendition to this curator's browser alone."""
    return send(request, piece, media_type, tag=f"{found.cid}.{piece.start}", made=found.made_at, kept=KEPT)
