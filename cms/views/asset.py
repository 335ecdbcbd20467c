# SPDX-License-Identifier: Apache-2.0
"""An asset's page: the guide's panels and the marketplace's, side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from assets.enums import AssetKind
from assets.queries import Published, published
from guide import panels

# model-viewer 4.4.0 writes one style element into its own shadow tree; this is its hash, and a browser test tells when it changes.
VIEWER_STYLE = "'sha256-PXtZZkJMMyc18o/DN1ZEFOJ2qEGq95IQbVaJFMOXOb0='"
# OpenSeadragon 6.1.1 writes one too, for the outline of what has the focus.
ZOOM_STYLE = "'sha256-9xTiqzfwFaL2SGb1rmr8gysEwVVjIvqWAgmZgqFqpEE='"


def language() -> str:
    """Give the language of the page."""
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"


def find(asset: UUID) -> Published:
    """Give the newest sealed version.

    Raises
    ------
    Http404
        Where the asset was never published; a draft's page does not exist.
    """
    found = published(asset)
    if found is None:
        raise Http404
    return found


def words(found: Published) -> dict[str, Any]:
    """Give the texts of a page and the title in the other language."""
    here = language()
    other = "en" if here == "zh-hans" else "zh-hans"
    return {
        "published": found,
        "texts": found.texts(here),
        "text_language": found.language(here),
        "page_lang": "zh-Hans" if here == "zh-hans" else "en",
        "other_language": other,
        "other_title": found.title(other) if other in found.record["texts"] and found.language(here) == here else "",
    }


def parts(found: Published) -> dict[str, Any]:
    """Give everything that the record alone says of an asset."""
    here = language()
    stage, sounds = panels.stage(found, here), panels.sounds(found)
    return {
        **words(found),
        "kind": AssetKind(found.record["kind"]).label,
        "stage": stage,
        "scripts": [static(name) for name in (stage.script, "guide/sound.js" if sounds else "") if name],
        "facts": panels.facts(found, here),
        "notes": panels.notes(found, here),
        "sounds": sounds,
        "measured": panels.measured(found),
        "downloads": panels.downloads(found),
        "section": "practices" if found.record["kind"] == AssetKind.PRACTICE else "assets",
    }


@csp_update({"style-src": [VIEWER_STYLE, ZOOM_STYLE]})  # type: ignore[untyped-decorator, arg-type]
def page(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Show a published asset, or say calmly that it was withdrawn."""
    from marketplace.panels import offers

    found = find(asset)
    if found.withdrawn:
        return render(request, "cms/asset_withdrawn.html", words(found), status=410)
    proof = panels.proof(found)
    context = {**parts(found), "proof": proof, "near": panels.near(found, language()), "offers": offers(found, request.user)}
    response = render(request, "cms/asset.html", context)
    if not proof.done:
        patch_cache_control(response, no_store=True)  # the seal is about to turn
    return response
