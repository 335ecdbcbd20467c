# SPDX-License-Identifier: Apache-2.0
"""Columns and filters of the asset list."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from assets.enums import AssetKind, AssetState, PlaceKind
from assets.models import Asset, AssetText, Place, Rendition
from cms.admin.files import rendition_address

STATE_TONES = {
    AssetState.DRAFT: "draft",
    AssetState.SEALING: "busy",
    AssetState.PUBLISHED: "good",
    AssetState.WITHDRAWN: "off",
}


def with_thumbnail(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Note with each asset which rendition shows it in small."""
    newest = Rendition.objects.filter(file__asset=OuterRef("pk"), role="thumbnail", current=True).order_by("made_at")
    return assets.annotate(thumbnail=Subquery(newest.values("pk")[:1]))


def search(assets: QuerySet[Asset], words: str) -> QuerySet[Asset]:
    """Keep the assets whose texts or number hold every word; Chinese has no spaces, so a word may be any part of a text."""
    for word in words.split():
        texts = AssetText.objects.filter(Q(title__icontains=word) | Q(story__icontains=word) | Q(culture__icontains=word))
        assets = assets.filter(Q(pk__in=texts.values("asset")) | Q(accession_number__icontains=word))
    return assets


class ThumbnailColumn(Column):
    """A small picture of the object."""

    cell_template_name = "cms_admin/columns/thumbnail.html"

    def get_value(self, instance: Any) -> str:
        """Give the picture's address, or nothing."""
        return rendition_address(instance.thumbnail) if instance.thumbnail else ""


class StateColumn(Column):
    """Where the asset stands, in words and colour."""

    cell_template_name = "cms_admin/columns/state.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add the tone of the state."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        waiting = getattr(instance, "_reviewing", False)
        return {**context, "tone": STATE_TONES[AssetState(instance.state)], "label": instance.get_state_display(), "reviewing": waiting}


class AssetFilters(WagtailFilterSet):
    """Kind, state and region."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AssetKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AssetState.choices)
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Place.objects.filter(kind=PlaceKind.REGION), method="in_region")

    class Meta:
        model = Asset
        fields: tuple[str, ...] = ("kind", "state")

    def in_region(self, assets: QuerySet[Asset], _name: str, region: Place) -> QuerySet[Asset]:
        """Keep what lies in a region or in a place within it."""
        return assets.filter(Q(place=region) | Q(place__parent=region) | Q(place__parent__parent=region))
