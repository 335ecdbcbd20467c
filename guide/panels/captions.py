# SPDX-License-Identifier: Apache-2.0
"""The words that are heard, as captions beside sound and film."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf.locale import LANG_INFO

from assets.queries import Published

PREFIX = "captions-"
_BCP47 = {"zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True)
class Caption:
    """Captions in one language; `label` names it in its own words."""

    url: str
    language: str
    label: str


def captions(published: Published, original: int) -> tuple[Caption, ...]:
    """List the captions of one original."""
    found = (one for one in published.record["renditions"] if one["role"].startswith(PREFIX) and one["original"] == original)
    return tuple(_caption(published.file_url(one), one["role"].removeprefix(PREFIX)) for one in found)


def _caption(url: str, code: str) -> Caption:
    """Name the language of captions."""
    info = LANG_INFO.get({"zh": "zh-hans"}.get(code, code), {})
    return Caption(url, _BCP47.get(code, code), str(info.get("name_local", code)))
