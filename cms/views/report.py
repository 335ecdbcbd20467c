# SPDX-License-Identifier: Apache-2.0
"""The digitization report as a page; the machine-readable one is a download."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assets import stores
from assets.queries import Published
from cms.views.asset import find, language, words
from guide import report as told

MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """The report of one original."""

    name: str
    format: str
    bytes: int
    url: str
    told: told.Told


def _read(one: dict[str, Any]) -> dict[str, Any]:
    """Read a report from the store; one that is not there is an empty one, which the page says."""
    store = stores.default()
    if not store.has(one["cid"]) or one["bytes"] > MOST_BYTES:
        return {}
    found = json.loads(store.path(one["cid"]).read_bytes())
    return found if isinstance(found, dict) else {}


def _parts(published: Published, level: str) -> list[Part]:
    """Tell the report of every original, with the histogram of one derivative."""
    found = []
    for one in published.renditions("report"):
        original = published.record["originals"][one["original"] - 1]
        content = _read(one)
        found.append(
            Part(
                original["name"],
                original["format"],
                original["bytes"],
                published.file_url(one),
                told.tell(published, one["original"], content, language(), level),
            )
        )
    return found


def page(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Show what was measured.

    Raises
    ------
    Http404
        Where nothing is published, it was withdrawn, or it was never digitized here.
    """
    published = find(asset)
    found = [] if published.withdrawn else _parts(published, request.GET.get("level", ""))
    if not found:
        raise Http404
    return render(request, "cms/report.html", {**words(published), "parts": found, "section": "assets"})
