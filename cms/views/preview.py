# SPDX-License-Identifier: Apache-2.0
"""The draft as its public page would look; for those who may edit it, inside the admin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assets.annotations import ordered, sealed
from assets.models import Asset, Rendition
from assets.queries import Published
from assets.record import compose, contents
from cms.admin.files import draft_address
from cms.views.asset import parts


class _Draft:
    """A draft in the place of a sealing request: its number, its moment, the derivatives it would be sealed with."""

    def __init__(self, asset: Asset) -> None:
        self.pk = UUID(int=0)
        self.number = 0
        self.requested_at = timezone.now()
        self.renditions = Rendition.objects.filter(file__asset=asset, current=True)
        self.annotations = sealed(ordered(asset.annotations.all()), *contents(self))  # type: ignore[arg-type]


class DraftPage(Published):
    """A draft in the place of a published version; its files come from the admin, since the public addresses serve published ones only."""

    def file_url(self, rendition: dict[str, Any]) -> str:
        """Give the address for those who may edit the draft."""
        name = super().file_url(rendition).rpartition("/")[2]
        return draft_address(self.asset, rendition["cid"], name)


def draft(asset: Asset) -> Published:
    """Compose what would be published if the draft were sealed now."""
    record = compose(asset, _Draft(asset))  # type: ignore[arg-type]
    return DraftPage(
        asset=asset.pk,
        version=UUID(int=0),
        number=0,
        cid="",
        sealed_at=timezone.now(),
        withdrawn_at=None,
        withdrawn_reason="",
        entry=UUID(int=0),
        record=record,
    )


def preview(request: HttpRequest, asset: Asset, mode_name: str) -> HttpResponse:  # noqa: ARG001 - Wagtail's signature
    """Render the draft."""
    return render(request, "cms/preview.html", {**parts(draft(asset)), "draft": True})
