# SPDX-License-Identifier: Apache-2.0
"""Annotations on the public page: a numbered list that reads by itself, pins only where a place was found, and what is lost said."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from assets import queries
from assets.models import Asset
from guide import panels
from tests.annotated import annotate, rescan, settle
from tests.cast import publish

pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, asset: Asset, language: str = "en") -> str:
    return client.get(f"/{language}/assets/{asset.pk}/").content.decode()


def test_the_list_is_numbered_and_each_level_has_its_own_place(draft_asset: Asset, stranger: Client) -> None:
    annotate(draft_asset)
    annotate(draft_asset, title_en="", body_en="")
    publish(draft_asset)
    found = panels.notes(queries.published(draft_asset.pk), "en")
    assert [(note.number, note.title, note.language, note.lost, note.moved) for note in found.rows] == [
        (1, "Rim", "en", "", ""),
        (2, "口沿", "zh-hans", "", ""),
    ]
    text = page(stranger, draft_asset)
    places = [json.loads(unescape(one)) for one in re.findall(r'data-places="([^"]+)"', text)]
    here = {"position": "0.200000 0.200000 0.000000", "normal": "0.000000 0.000000 1.000000"}
    assert places == [{"lod-0": here, "ar": {**here, "position": "0.210000 0.200000 0.000000"}}] * 2
    assert ("As thin as an eggshell." in text, "data-note-card" in text) == (True, True)
    assert "薄如蛋壳。" in page(stranger, draft_asset, "zh-hans")


@pytest.mark.parametrize("lost", [False, True])
def test_after_a_newer_scan(lost: bool, draft_asset: Asset, stranger: Client) -> None:
    annotate(draft_asset)
    settle(rescan(draft_asset, draft_asset.files.get()), lost=lost)
    publish(draft_asset)
    text = page(stranger, draft_asset)
    told = (
        "data-places" in text,
        "data-note-card" in text,
        "1 of these has no place" in text,
        "no surface left within reach" in text,
        "0.12" in text,
    )
    assert told == ((False, False, True, True, False) if lost else (True, True, False, False, True))


def test_without_annotations_the_page_says_nothing_of_them(published_asset: Asset, stranger: Client) -> None:
    assert panels.notes(queries.published(published_asset.pk), "en") is None
    assert 'id="notes"' not in page(stranger, published_asset)


def test_a_page_with_many_takes_no_more_queries(draft_asset: Asset, stranger: Client, django_assert_num_queries: Any) -> None:
    for _number in range(3):
        annotate(draft_asset)
    publish(draft_asset)
    with django_assert_num_queries(4):
        page(stranger, draft_asset)


def test_what_is_written_is_text_not_markup(draft_asset: Asset, stranger: Client) -> None:
    annotate(draft_asset, title_en="<img src=x onerror=alert(1)>", body_en="</div><script>x</script>")
    publish(draft_asset)
    text = page(stranger, draft_asset)
    assert ("<img src=x" in text, "<script>x" in text) == (False, False)


def test_the_api_gives_them(draft_asset: Asset, stranger: Client) -> None:
    made = annotate(draft_asset)
    publish(draft_asset)
    (told,) = stranger.get(f"/api/v1/assets/{draft_asset.pk}/annotations").json()
    assert (told["id"], told["state"], told["texts"]["en"]["title"]) == (str(made.key), "placed", "Rim")
    assert told["levels"]["lod-0"] == {"position": [0.2, 0.2, 0.0], "normal": [0.0, 0.0, 1.0], "lost": None}
