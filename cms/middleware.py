# SPDX-License-Identifier: Apache-2.0
"""Keeping anonymous pages in memory, and the headers that Django's own middleware does not set."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request

from assets.queries import generation

GetResponse = Callable[[HttpRequest], HttpResponseBase]
MOST_BYTES = 48 * 1024 * 1024
LONGEST_QUERY = 200
PUBLIC = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)
PRIVATE = tuple(
    f"/{code}/{part}/" for code, _name in settings.LANGUAGES for part in ("login", "logout", "account", "orders", "supervision")
)

ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Page:
    """A page as it was answered, with the moment it grows too old (monotonic seconds).

    `policy` is what the view told the content policy's middleware, which may stand outside of this one.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    until: float
    policy: tuple[tuple[str, object], ...] = ()


class Memory:
    """Pages by key, the least used forgotten first once they weigh too much."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._most = most
        self._lock = Lock()

    def get(self, key: str) -> Page | None:
        """Give a page that is not too old."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.until < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        """Keep a page."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.body)
            while self._bytes > self._most:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: str) -> None:
        """Forget a page."""
        gone = self._pages.pop(key, None)
        self._bytes -= len(gone.body) if gone else 0

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0


memory = Memory()


class PageCache:
    """Answer anonymous GETs of public pages from memory.

    The key holds the catalogue's generation, so a page is never older than what it shows. Who carries a session or a message is never
    answered from memory, and what sets a cookie or says `no-store` never gets in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from memory, or keep what the site answers."""
        if not cacheable(request):
            return self.get_response(request)
        key = cache_key(request)
        page = memory.get(key)
        if page is not None:
            return replay(request, page)
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and keepable(response):
            page = keep(response)
            memory.put(key, page)
            return replay(request, page)
        return response


def cacheable(request: HttpRequest) -> bool:
    """Tell whether a request may be answered from memory; searches never are, since the index follows the catalogue a little later."""
    query = request.META.get("QUERY_STRING", "")
    if request.method not in ("GET", "HEAD") or len(query) > LONGEST_QUERY or "q=" in query or not settings.QILU["QILU_PAGE_CACHE_SECONDS"]:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
        return False
    return request.path_info.startswith(PUBLIC) and not request.path_info.startswith(PRIVATE)


def cache_key(request: HttpRequest) -> str:
    """Name a page: its generation, its whole address as asked, its method."""
    return f"{generation()} {request.method} {request.scheme} {request.META.get('HTTP_HOST', '')} {request.get_full_path()}"


def keepable(response: HttpResponse) -> bool:
    """Tell whether an answer may be kept."""
    control = response.get("Cache-Control", "")
    return response.status_code == 200 and not response.cookies and "no-store" not in control and "private" not in control


def keep(response: HttpResponse) -> Page:
    """Turn an answer into a page with an entity tag; browsers ask again each time and mostly hear 304."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
    until = time.monotonic() + settings.QILU["QILU_PAGE_CACHE_SECONDS"]
    policy = tuple((name, value) for name, value in vars(response).items() if name.startswith("_csp_"))
    return Page(response.status_code, tuple(response.items()), response.content, until, policy)


def replay(request: HttpRequest, page: Page) -> HttpResponseBase:
    """Answer with a kept page, or with 304 where the visitor has it."""
    response = HttpResponse(page.body, status=page.status)
    for name, value in page.headers:
        response[name] = value
    for attribute, told in page.policy:
        setattr(response, attribute, told)
    return get_conditional_response(request, etag=response["ETag"], response=response) or HttpResponseNotModified()


class Headers:
    """Set the headers that Django's own middleware leaves out, and the admin's content policy.

    Wagtail's admin emits inline scripts and styles, so its policy allows them; it allows nothing from elsewhere.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to every answer."""
        response = self.get_response(request)
        response.setdefault(
            "Permissions-Policy", "geolocation=(self), xr-spatial-tracking=(self), camera=(), microphone=(), payment=(), usb=()"
        )
        if request.path_info.startswith("/admin/"):
            response.setdefault("Content-Security-Policy", ADMIN_POLICY)
            response.setdefault("Cache-Control", "private, no-store")
        return response


def preferred_language(request: HttpRequest) -> str:
    """Give the language a visitor's browser asks for, of those we have."""
    return get_language_from_request(request)
