# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assets import search
from assets.models import Asset, Institution, Place
from cms.middleware import memory
from guide.views import PER_PAGE
from tests.cast import digitized, publish


class Page(HTMLParser):
    """Collects what a page links to and says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        return [
            attrs for name, attrs in self.tags if name == tag and all(attrs.get(key.rstrip("_")) == value for key, value in having.items())
        ]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def get(client: Client, address: str, status: int = 200) -> Page:
    memory.clear()
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content.decode())


ADDRESSES = ["/zh-hans/", "/en/", "/zh-hans/assets/", "/en/assets/?q=cup", "/zh-hans/map/", "/en/map/", "/zh-hans/regions/rizhao/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_name_what_is_published_and_nothing_else(address: str, stranger: Client, published_asset: Asset, draft_asset: Asset) -> None:
    search.refresh()
    page = get(stranger, address)
    assert [attrs for attrs in page.all("a") if attrs.get("href", "").endswith(f"/assets/{published_asset.pk}/")] != []
    assert "铜鼎" not in page.text
    assert str(draft_asset.pk) not in str(page.tags)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_whole_with_nothing_published(address: str, stranger: Client, region: Place) -> None:
    page = get(stranger, address)
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_hold_no_inline_script_or_style(address: str, stranger: Client, published_asset: Asset) -> None:
    page = get(stranger, address)
    assert page.all("style") == []
    assert [attrs for attrs in page.all("script") if "src" not in attrs] == []
    assert [attrs for _tag, attrs in page.tags if any(name == "style" or name.startswith("on") for name in attrs)] == []


@pytest.mark.parametrize(
    ("address", "other"),
    [("/zh-hans/assets/?kind=object&page=1", "/en/assets/?kind=object&page=1"), ("/en/regions/rizhao/", "/zh-hans/regions/rizhao/")],
)
def test_the_language_switch_keeps_the_page(address: str, other: str, stranger: Client, region: Place) -> None:
    page = get(stranger, address)
    language = "en" if other.startswith("/en/") else "zh-Hans"
    assert [attrs["href"] for attrs in page.all("a", hreflang=language)] == [other]
    assert page.all("html")[0]["lang"] == ("zh-Hans" if language == "en" else "en")


def test_every_image_says_what_it_shows_or_that_it_says_nothing(stranger: Client, published_asset: Asset) -> None:
    for address in ADDRESSES:
        assert [attrs for attrs in get(stranger, address).all("img") if attrs.get("alt") is None] == []


@pytest.fixture
def three(institution: Institution, other_institution: Institution) -> list[Asset]:
    made = []
    for number, (house, title) in enumerate([(institution, "黑陶杯"), (institution, "青铜鼎"), (other_institution, "石刻")]):
        made.append(digitized(house, title, content=f"original {number}".encode()))
        publish(made[-1])
    search.refresh()
    return made


def titles(page: Page, client: Client) -> set[str | None]:
    return {attrs["href"] for attrs in page.all("a", class_="tile")}


def test_facets_narrow_and_let_go(three: list[Asset], stranger: Client) -> None:
    page = get(stranger, "/zh-hans/assets/?institution=rizhao-museum")
    expected = {reverse("guide:asset", kwargs={"asset": asset.pk}) for asset in three[:2]}
    assert titles(page, stranger) == expected
    chosen = [attrs["href"] for attrs in page.all("a", **{"aria-current": "true"})]
    assert chosen == ["/zh-hans/assets/"]
    others = [attrs["href"] for attrs in page.all("a") if "institution=qingzhou-museum" in attrs.get("href", "")]
    assert others == ["/zh-hans/assets/?institution=qingzhou-museum"]


def test_search_finds_a_chinese_word_inside_a_title(three: list[Asset], stranger: Client) -> None:
    page = get(stranger, "/zh-hans/assets/?q=青铜")
    assert titles(page, stranger) == {reverse("guide:asset", kwargs={"asset": three[1].pk})}


def test_an_empty_result_says_what_to_loosen(three: list[Asset], stranger: Client) -> None:
    page = get(stranger, "/en/assets/?q=nothinglikethis&institution=rizhao-museum")
    buttons = {attrs["href"] for attrs in page.all("a", class_="button")}
    assert buttons == {"/en/assets/?institution=rizhao-museum", "/en/assets/?q=nothinglikethis", "/en/assets/"}


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "x", "１", "100000"])
def test_odd_page_numbers_do_no_harm(page: str, stranger: Client, published_asset: Asset) -> None:
    assert stranger.get("/en/assets/", {"page": page}).status_code == 200


@pytest.mark.parametrize("value", ["'", "<script>alert(1)</script>", "a" * 5000, "\x00", "%%%", "AND OR NOT"])
def test_odd_filters_and_words_do_no_harm(value: str, stranger: Client, published_asset: Asset) -> None:
    response = stranger.get("/en/assets/", {"q": value, "kind": value, "region": value})
    assert response.status_code in {200, 400}
    assert b"<script>alert" not in response.content


def test_pages_beyond_the_first(monkeypatch: pytest.MonkeyPatch, three: list[Asset], stranger: Client) -> None:
    monkeypatch.setattr("guide.views.PER_PAGE", 2)
    first, second = get(stranger, "/en/assets/?kind=object"), get(stranger, "/en/assets/?kind=object&page=2")
    assert [attrs["href"] for attrs in first.all("a", rel="next")] == ["/en/assets/?kind=object&page=2"]
    assert [attrs["href"] for attrs in second.all("a", rel="prev")] == ["/en/assets/?kind=object&page=1"]
    assert len(titles(first, stranger)), len(titles(second, stranger)) == (2, 1)
    assert titles(first, stranger) & titles(second, stranger) == set()
    assert PER_PAGE == 24


def test_a_region_that_is_none_is_not_there(stranger: Client, region: Place) -> None:
    Place.objects.create(
        slug="a-site", kind="site", parent=region, name_zh="遗址", name_en="Site", latitude=35, longitude=119, datum="WGS-84"
    )
    get(stranger, "/en/regions/nowhere/", 404)
    get(stranger, "/en/regions/a-site/", 404)
    assert "遗址" in get(stranger, "/zh-hans/regions/rizhao/").text


@pytest.mark.parametrize(("address", "queries"), [("/en/", 6), ("/en/assets/", 7), ("/en/map/", 6), ("/en/regions/rizhao/", 8)])
def test_queries_do_not_grow_with_what_is_shown(
    address: str, queries: int, institution: Institution, stranger: Client, django_assert_num_queries: Any
) -> None:
    publish(digitized(institution, "一", content=b"one"))
    with django_assert_num_queries(queries):
        get(stranger, address)
    for number in range(2):
        publish(digitized(institution, f"件{number}", content=b"%d" % number))
    with django_assert_num_queries(queries):
        get(stranger, address)
