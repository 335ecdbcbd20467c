# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client, RequestFactory

from assets import domain
from assets.models import Asset, User
from cms.middleware import memory
from cms.views.preview import preview
from ledger import sequencer
from tests.guide.test_pages import Page


@pytest.fixture(autouse=True)
def fresh() -> None:
    memory.clear()


def asset_page(client: Client, asset: Asset, language: str = "en", status: int = 200) -> Page:
    response = client.get(f"/{language}/assets/{asset.pk}/")
    assert response.status_code == status
    return Page(response.content.decode())


def test_an_asset_s_page_names_its_files_in_the_html(stranger: Client, published_asset: Asset) -> None:
    page = asset_page(stranger, published_asset)
    plain = [attrs["href"] for attrs in page.all("a") if attrs.get("href", "").endswith("/lod-0.glb")]
    assert len(set(plain)) == 1  # the poster, the table of levels, the downloads
    assert stranger.get(plain[0])["Content-Type"] == "model/gltf-binary"
    stage = next(attrs for attrs in page.all("section") if "data-stage" in attrs)
    assert [stage["data-ar"].rsplit("/")[-1], stage["data-ios"].rsplit("/")[-1]] == ["ar.glb", "usdz.usdz"]  # type: ignore[union-attr]
    assert stranger.get(stage["data-ios"])["Content-Type"] == "model/vnd.usdz+zip"


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ("蛋壳黑陶杯", "Eggshell cup", "龙山文化")), ("en", ("Eggshell cup", "蛋壳黑陶杯", "Longshan culture"))],
)
def test_both_languages(language: str, words: tuple[str, ...], stranger: Client, published_asset: Asset) -> None:
    page = asset_page(stranger, published_asset, language)
    assert [word for word in words if word not in page.text] == []
    assert page.all("p", class_="other-title") == [{"class": "other-title", "lang": "en" if language == "zh-hans" else "zh-Hans"}]


def test_a_missing_translation_falls_back_and_says_so(stranger: Client, draft_asset: Asset) -> None:
    draft_asset.texts.filter(language="en").delete()
    domain.set_text(asset=draft_asset, language="zh-hans", title="只有中文", story="故事。")
    domain.seal(sealing_id=domain.request_publish(asset=draft_asset, user=None).pk)
    page = asset_page(stranger, draft_asset)
    assert "只有中文" in page.text
    assert page.all("article")[0]["lang"] == "zh-Hans"


def test_a_stranger_s_page_takes_few_queries(stranger: Client, published_asset: Asset, django_assert_num_queries: Any) -> None:
    sequencer.sequence()
    with django_assert_num_queries(4):
        asset_page(stranger, published_asset)


def test_the_page_is_plain_and_light(stranger: Client, published_asset: Asset) -> None:
    response = stranger.get(f"/en/assets/{published_asset.pk}/")
    page = Page(response.content.decode())
    assert page.all("style") == []
    assert [attrs for attrs in page.all("script") if "src" not in attrs] == []
    assert [attrs for _tag, attrs in page.tags if any(name == "style" or name.startswith("on") for name in attrs)] == []
    assert len(response.content) < 25_000


def test_a_draft_and_an_unknown_asset_have_no_page(stranger: Client, draft_asset: Asset) -> None:
    asset_page(stranger, draft_asset, status=404)
    assert stranger.get(f"/en/assets/{uuid.uuid4()}/").status_code == 404


def test_editing_a_published_asset_changes_nothing_in_public(stranger: Client, published_asset: Asset) -> None:
    domain.set_text(asset=published_asset, language="en", title="Changed in secret")
    published_asset.texts.filter(language="en").update(title="Changed in secret")
    assert "Changed in secret" not in asset_page(stranger, published_asset).text


def test_a_withdrawn_asset_says_so_and_shows_no_file(stranger: Client, published_asset: Asset) -> None:
    domain.withdraw(asset=published_asset, user=None, reason="The bearers asked for it.")
    page = asset_page(stranger, published_asset, status=410)
    assert "The bearers asked for it." in page.text
    assert [attrs for _tag, attrs in page.tags if "/files/" in str(attrs)] == []
    assert stranger.get(f"/en/assets/{published_asset.pk}/report/").status_code == 404


def test_a_synthetic_asset_says_so(stranger: Client, published_asset: Asset) -> None:
    assert "no real object stands behind it" in asset_page(stranger, published_asset).text


def test_commands_to_check_it_name_this_asset(stranger: Client, published_asset: Asset, settings: Any) -> None:
    text = asset_page(stranger, published_asset).text
    assert f"curl -fOJ {settings.BASE_URL}/id/{published_asset.pk}/bundle.zip" in text
    assert "python3 verify.py bundle.zip --policy policy.json" in text


def test_a_preview_shows_the_draft_and_says_that_it_is_one(draft_asset: Asset, curator: User) -> None:
    request = RequestFactory().get("/en/")
    request.user = curator
    response = preview(request, draft_asset, "")
    assert response.status_code == 200
    page = Page(response.content.decode())
    assert "未公开的铜鼎" in page.text
    assert "bundle.zip" not in page.text


@pytest.mark.parametrize("path", ["/en/nothing/", "/nothing", "/zh-hans/assets/not-a-uuid/"])
def test_what_is_not_there_is_a_page_too(path: str, stranger: Client, db: None) -> None:
    response = stranger.get(path)
    assert response.status_code == 404
    assert len(Page(response.content.decode()).all("h1")) == 1


def test_small_addresses(stranger: Client, settings: Any) -> None:
    asset = uuid.uuid4()
    code = stranger.get(f"/qr/{asset}.svg")
    assert (code["Content-Type"], code.content[:4]) == ("image/svg+xml", b"<svg")
    assert stranger.get("/favicon.svg")["Content-Type"] == "image/svg+xml"
    assert b"Disallow: /admin/" in stranger.get("/robots.txt").content


def test_a_qr_code_says_the_permanent_address(stranger: Client, settings: Any) -> None:
    import segno

    asset = uuid.uuid4()
    expected = segno.make(f"{settings.BASE_URL}/id/{asset}", error="m")
    drawn = stranger.get(f"/qr/{asset}.svg").content.decode()
    assert expected.svg_inline(border=2, scale=4, dark="#1c1b1a", light="#ffffff").split('d="')[1] in drawn


def test_headers(stranger: Client, published_asset: Asset) -> None:
    response = stranger.get(f"/en/assets/{published_asset.pk}/")
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy.split("style-src-attr")[0].split("script-src")[-1].split(";")[0]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("geolocation=(self)")
    admin = stranger.get("/admin/login/")
    assert "default-src 'self'" in admin["Content-Security-Policy"]
