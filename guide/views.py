# SPDX-License-Identifier: Apache-2.0
"""Home, collection, map and regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assets.enums import AssetKind, PlaceKind
from assets.models import Place
from assets.queries import Listing, Published, published_list
from guide import panels, queries
from guide.atlas import drawing

PER_PAGE = 24
ON_HOME = 9
FILTERS = ("kind", "region", "institution")


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its name, how many it leaves, where it leads, whether it is chosen."""

    name: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its values."""

    name: str
    choices: tuple[Choice, ...]


def _language() -> str:
    """Give the language of the page."""
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"


def _cards(items: list[Published]) -> list[panels.Card]:
    """Show published assets as cards."""
    return [panels.card(one, _language()) for one in items]


def _address(asked: dict[str, str], **changes: str) -> str:
    """Give the collection's address with some filters changed; a change of filter starts at the first page."""
    values = {name: value for name, value in {**asked, "page": "", **changes}.items() if value}
    return f"{reverse('guide:assets')}{'?' + urlencode(values) if values else ''}"


def _facet(asked: dict[str, str], name: str, label: str, names: dict[str, str], counts: dict[str, int]) -> Facet:
    """Prepare a facet; choosing a chosen value again lets it go."""
    chosen = asked.get(name, "")
    values = {**({chosen: 0} if chosen and chosen in names else {}), **counts}
    return Facet(
        label,
        tuple(
            Choice(names.get(value, value), count, _address(asked, **{name: "" if value == chosen else value}), value == chosen)
            for value, count in values.items()
        ),
    )


def _facets(asked: dict[str, str], listing: Listing) -> list[Facet]:
    """Prepare the facets of a listing with their names."""
    kinds = {str(kind.value): str(kind.label) for kind in AssetKind}
    regions = {region.slug: region.name for region in queries.regions()}
    return [
        _facet(asked, "kind", _("Kind"), kinds, listing.facets["kind"]),
        _facet(asked, "region", _("Region"), regions, listing.facets["region"]),
        _facet(asked, "institution", _("Institution"), queries.institution_names(_language()), listing.facets["institution"]),
    ]


def _page_number(text: str) -> int:
    """Read a page's number; what is none is the first."""
    return min(max(int(text), 1), 100_000) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _pages(asked: dict[str, str], page: int, total: int) -> dict[str, Any]:
    """Say which page this is and where its neighbours are."""
    last = max(1, -(-total // PER_PAGE))
    return {
        "page": page,
        "last_page": last,
        "previous": _address(asked, page=str(page - 1)) if page > 1 else "",
        "next": _address(asked, page=str(page + 1)) if page < last else "",
    }


def _loosen(asked: dict[str, str]) -> list[tuple[str, str]]:
    """Say what to loosen where nothing was found."""
    labels = {"q": _("Search without words"), "kind": _("Any kind"), "region": _("Any region"), "institution": _("Any institution")}
    return [(label, _address(asked, **{name: ""})) for name, label in labels.items() if asked.get(name)]


def collection(request: HttpRequest) -> HttpResponse:
    """List what is published, by facets and words."""
    asked = {name: value for name in (*FILTERS, "q") if (value := request.GET.get(name, "").strip()[:200])}
    page = _page_number(request.GET.get("page", ""))
    filters = {name: asked.get(name, "") for name in FILTERS}
    listing = published_list(**filters, text=asked.get("q", ""), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    context = {
        "asked": asked,
        "cards": _cards(listing.items),
        "total": listing.total,
        "facets": _facets(asked, listing),
        "loosen": _loosen(asked) if not listing.items else [],
        "section": "practices" if asked.get("kind") == AssetKind.PRACTICE else "assets",
        **_pages(asked, page, listing.total),
    }
    return render(request, "guide/collection.html", context)


def home(request: HttpRequest) -> HttpResponse:
    """Show one large object, some others, and the regions."""
    listing = published_list(limit=ON_HOME)
    first = next((one for one in listing.items if one.rendition("lod-0")), listing.items[0] if listing.items else None)
    context = {
        "first": panels.card(first, _language()) if first else None,
        "stage": panels.stage(first, _language()) if first else None,
        "cards": _cards([one for one in listing.items if one is not first]),
        "total": listing.total,
        "map": drawing(queries.regions(), listing.facets["region"]),
        "section": "home",
    }
    return render(request, "guide/home.html", context)


def atlas(request: HttpRequest) -> HttpResponse:
    """Draw the province with its regions, and say the same in words beside it."""
    listing = published_list(limit=200)
    by_region: dict[str, list[panels.Card]] = {}
    for one in listing.items:
        if one.region:
            by_region.setdefault(one.region["slug"], []).append(panels.card(one, _language()))
    cards = [card for group in by_region.values() for card in group]
    places = [(card.longitude, card.latitude) for card in cards if card.longitude is not None and card.latitude is not None]
    found = drawing(queries.regions(), listing.facets["region"], places)
    context = {
        "map": found,
        "regions": [(mark, by_region.get(mark.slug, [])) for mark in found.marks],
        "map_script": static("guide/map.js"),
        "section": "map",
    }
    return render(request, "guide/map.html", context)


def region(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a pilot region: what it is known for, its places, its objects.

    Raises
    ------
    Http404
        Where no region has this name.
    """
    found = Place.objects.filter(slug=slug, kind=PlaceKind.REGION).first()
    if found is None:
        raise Http404
    listing = published_list(region=slug, limit=100)
    context = {
        "region": found,
        "other_name": found.name_en if _language() == "zh-hans" else found.name_zh,
        "other_language": "en" if _language() == "zh-hans" else "zh-hans",
        "places": queries.places_in(found),
        "cards": _cards(listing.items),
        "total": listing.total,
        "map": drawing(queries.regions(), {}),
        "section": "map",
    }
    return render(request, "guide/region.html", context)
