# SPDX-License-Identifier: Apache-2.0
"""The catalogue's shapes on the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import Field

from assets.queries import Published


class ErrorOut(Schema):
    """Measured error of a derivative; what does not apply or is infinite is null."""

    mean: float | None = None
    max: float | None = None
    mean_relative: float | None = Field(None, description="Divided by the diagonal of the original.")
    max_relative: float | None = None
    unit: str | None = None
    colour_psnr: float | None = Field(None, description="Peak signal-to-noise ratio of the colour, in dB.")


class RenditionOut(Schema):
    """A derivative that everyone may have."""

    original: int = Field(description="Number of the original it was made from, from 1.")
    role: str
    media_type: str
    url: str | None
    cid: str
    sha256: str
    bytes: int
    triangles: int | None
    error: ErrorOut | None


class NoteText(Schema):
    """What an annotation says in one language."""

    title: str
    body: str


class LostOut(Schema):
    """Why an annotation has no place: a code with its parameters, and the message in English."""

    code: str
    message: str
    params: dict[str, Any]


class PlaceOut(Schema):
    """Where an annotation lies on one level of detail, in the frame of that level's file (metres where the unit is known), or why nowhere."""

    position: tuple[float, float, float] | None = None
    normal: tuple[float, float, float] | None = None
    lost: LostOut | None = None


class CarriedOut(Schema):
    """How an annotation came from an earlier scan: how far off the surface lay, how much it had turned (degrees) and changed (of the radius)."""

    original: int | None = Field(None, description="Number of the original that it was carried from.", validation_alias="from")
    distance: float | None = None
    turn: float | None = None
    change: float | None = None
    unit: str | None = None
    confirmed: bool


class AnnotationOut(Schema):
    """What is said of one place of an asset."""

    id: UUID
    state: str = Field(description="placed, carried or lost.")
    original: int | None = Field(description="Number of the original on whose surface it lies.")
    texts: dict[str, NoteText]
    levels: dict[str, PlaceOut] = Field(description="Role to the place there.")
    carried: CarriedOut | None
    lost: LostOut | None


class AssetOut(Schema):
    """A published asset in a list."""

    asset: UUID
    version: UUID
    number: int
    cid: str = Field(description="Names the whole package of this version.")
    sealed_at: datetime
    kind: str
    title: dict[str, str]
    institution: str
    region: str | None
    synthetic: bool
    thumbnail: str | None
    page: str
    bundle: str


class AssetDetail(AssetOut):
    """A published asset with its whole record."""

    record: dict[str, Any] = Field(description="record.json of the package, schema qilu.record/2 (older ones /1, without annotations).")


class AssetQuery(Schema):
    """What to list: short names of kind, region and institution, words in any language, and the page."""

    kind: str = Field("", max_length=16)
    region: str = Field("", max_length=50)
    institution: str = Field("", max_length=50)
    q: str = Field("", max_length=200)
    limit: int = Field(24, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)


class AssetPage(Schema):
    """A page of assets, newest first, or best first where words were asked for."""

    items: list[AssetOut]
    total: int
    limit: int
    offset: int
    facets: dict[str, dict[str, int]]


def rendition_out(found: Published, rendition: dict[str, Any]) -> dict[str, Any]:
    """Describe a derivative with its public address; what stands in for the original is withheld and has none."""
    names = ("original", "role", "media_type", "cid", "sha256", "bytes", "triangles", "error")
    return {**{name: rendition[name] for name in names}, "url": settings.BASE_URL + url if (url := found.public_url(rendition)) else None}


def asset_out(found: Published) -> dict[str, Any]:
    """Describe a published asset."""
    thumbnail, region, record = found.rendition("thumbnail"), found.region, found.record
    address = f"{settings.BASE_URL}/id/{found.asset}"
    return {
        "asset": found.asset,
        "version": found.version,
        "number": found.number,
        "cid": found.cid,
        "sealed_at": found.sealed_at,
        "kind": record["kind"],
        "title": {language: texts["title"] for language, texts in record["texts"].items()},
        "institution": record["institution"]["slug"],
        "region": region["slug"] if region else None,
        "synthetic": record["synthetic"],
        "thumbnail": settings.BASE_URL + found.file_url(thumbnail) if thumbnail else None,
        "page": address,
        "bundle": f"{address}/bundle.zip",
    }
