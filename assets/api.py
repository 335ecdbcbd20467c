# SPDX-License-Identifier: Apache-2.0
"""The published catalogue on the API; drafts are not on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from assets.errors import AssetsError
from assets.queries import Published, published, published_list
from assets.schemas import AnnotationOut, AssetDetail, AssetPage, AssetQuery, RenditionOut, asset_out, rendition_out

router = Router(tags=["assets"])


@router.get("", response=AssetPage, operation_id="list_assets", summary="List and search published assets")
def list_assets(request: HttpRequest, wanted: Query[AssetQuery]) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """List published assets, filtered by kind, region and institution (their short names) and by words in any language."""
    found = published_list(**wanted.dict(exclude={"q"}), text=wanted.q)
    items = [asset_out(one) for one in found.items]
    return {"items": items, "total": found.total, "limit": wanted.limit, "offset": wanted.offset, "facets": found.facets}


@router.get("/{uuid:asset}", response=AssetDetail, operation_id="get_asset", summary="One published asset")
def get_asset(request: HttpRequest, asset: UUID) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give the newest sealed version of an asset with its record."""
    found = _live(asset)
    return {**asset_out(found), "record": found.record}


@router.get("/{uuid:asset}/renditions", response=list[RenditionOut], operation_id="list_renditions", summary="What was made of an asset")
def list_renditions(request: HttpRequest, asset: UUID) -> list[dict[str, Any]]:  # noqa: ARG001 - Django's signature
    """List an asset's derivatives with their measured error and public addresses."""
    found = _live(asset)
    return [rendition_out(found, one) for one in found.record["renditions"]]


@router.get(
    "/{uuid:asset}/annotations", response=list[AnnotationOut], operation_id="list_annotations", summary="What is said of places of an asset"
)
def list_annotations(request: HttpRequest, asset: UUID) -> list[dict[str, Any]]:  # noqa: ARG001 - Django's signature
    """List an asset's annotations in their order, each with its place on every level of detail, or why it has none."""
    return _live(asset).annotations


def _live(asset: UUID) -> Published:
    """Give the version that is public now.

    Raises
    ------
    AssetsError
        ``asset.withdrawn``.
    """
    found = published(asset)
    if found is None:
        raise Http404
    if found.withdrawn:
        raise AssetsError("asset.withdrawn", _("This asset was withdrawn from the public."), _("Its record stays in the log."))
    return found
