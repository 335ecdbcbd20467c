# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from assets import generation
from assets.models import Asset, User
from cms.middleware import Memory, Page, PageCache, memory
from ledger import sequencer
from tests.cast import client_of


@pytest.fixture(autouse=True)
def fresh() -> None:
    memory.clear()


def counting(make: Callable[[HttpRequest], HttpResponse] | None = None) -> tuple[PageCache, list[str]]:
    asked: list[str] = []

    def site(request: HttpRequest) -> HttpResponse:
        asked.append(request.get_full_path())
        return make(request) if make else HttpResponse(b"page %d" % len(asked))

    return PageCache(site), asked


def get(address: str = "/en/", **extra: Any) -> HttpRequest:
    return RequestFactory().get(address, **extra)


def test_the_second_visitor_is_answered_from_memory() -> None:
    cache, asked = counting()
    first, second = cache(get()), cache(get())
    assert (first.content, second.content, asked) == (b"page 1", b"page 1", ["/en/"])  # type: ignore[attr-defined]
    assert second["ETag"] == first["ETag"]


def test_who_has_the_page_hears_not_modified() -> None:
    cache, _asked = counting()
    tag = cache(get())["ETag"]
    again = cache(get(HTTP_IF_NONE_MATCH=tag))
    assert (again.status_code, getattr(again, "content", b"")) == (304, b"")


def test_a_new_generation_is_a_new_page(settings: Any) -> None:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    cache, asked = counting()
    cache(get())
    generation._advance()
    cache(get())
    assert len(asked) == 2


@pytest.mark.parametrize(
    "request_",
    [
        get(HTTP_COOKIE="sessionid=x"),
        get(HTTP_COOKIE="messages=x"),
        get("/admin/"),
        get("/en/login/"),
        get("/en/account/"),
        get("/api/v1/assets"),
        get("/en/assets/?q=cup"),
        get("/en/?" + "a" * 300),
        RequestFactory().post("/en/"),
    ],
)
def test_these_are_always_asked_of_the_site(request_: HttpRequest) -> None:
    cache, asked = counting()
    cache(request_)
    cache(request_)
    assert len(asked) == 2


def with_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("csrftoken", "secret")
    return response


@pytest.mark.parametrize(
    "make",
    [
        with_cookie,
        lambda _request: HttpResponse(headers={"Cache-Control": "no-store"}),
        lambda _request: HttpResponse(headers={"Cache-Control": "private"}),
        lambda _request: HttpResponse(status=404),
        lambda _request: HttpResponse(status=302),
    ],
)
def test_these_never_get_in(make: Callable[[HttpRequest], HttpResponse]) -> None:
    cache, asked = counting(make)
    cache(get())
    cache(get())
    assert len(asked) == 2


def test_hosts_schemes_and_queries_are_kept_apart() -> None:
    cache, asked = counting()
    for request in (get(), get(HTTP_HOST="evil.example"), get("/en/?page=2"), get("/zh-hans/")):
        cache(request)
    assert len(asked) == 4


def test_a_page_grows_old(settings: Any) -> None:
    settings.QILU = {**settings.QILU, "QILU_PAGE_CACHE_SECONDS": -1}
    cache, asked = counting()
    cache(get())
    cache(get())
    assert len(asked) == 2


def test_memory_forgets_the_least_used_first_and_never_weighs_more_than_it_may() -> None:
    small = Memory(most=30)
    page = Page(200, (), b"0123456789", time.monotonic() + 100)
    for key in "abc":
        small.put(key, page)
    assert small.get("a") is page
    small.put("d", page)
    assert [key for key in "abcd" if small.get(key)] == ["a", "c", "d"]
    small.put("huge", Page(200, (), b"x" * 31, time.monotonic() + 100))
    assert [key for key in ("a", "c", "d", "huge") if small.get(key)] == []


def test_a_proved_page_is_kept_and_an_unproved_one_is_not(stranger: Client, published_asset: Asset, django_assert_num_queries: Any) -> None:
    address = f"/en/assets/{published_asset.pk}/"
    assert "no-store" in stranger.get(address)["Cache-Control"]
    sequencer.sequence()
    first = stranger.get(address)
    with django_assert_num_queries(0):
        second = stranger.get(address)
    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert "sha256-" in second["Content-Security-Policy"]


def test_what_a_curator_sees_is_never_shown_to_a_stranger(stranger: Client, published_asset: Asset, curator: User) -> None:
    sequencer.sequence()
    address = f"/en/assets/{published_asset.pk}/"
    assert b"For curators" in client_of(curator).get(address).content
    assert b"For curators" not in stranger.get(address).content
    assert b"For curators" in client_of(curator).get(address).content
