# SPDX-License-Identifier: Apache-2.0
"""What every template knows."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

SHORT = {"zh-hans": "中文", "en": "EN"}


class Other(NamedTuple):
    """A way to the same page in another language."""

    code: str
    name: str
    short: str
    address: str


def _in_language(request: HttpRequest, code: str) -> str:
    """Give the address of this very page in another language; the home page where addresses carry none."""
    path = request.get_full_path()
    for known, _name in settings.LANGUAGES:
        if path.startswith(f"/{known}/"):
            return f"/{code}/{path[len(known) + 2 :]}"
    return f"/{code}/"


def _signed_in(request: HttpRequest) -> bool:
    """Tell whether someone is logged in, without touching the session of who has none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user") and request.user.is_authenticated


def _address(name: str) -> str:
    """Give the address of a named page, empty where no room offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def site(request: HttpRequest) -> dict[str, object]:
    """Tell templates where the site lives, in which languages, and who looks at it."""
    here = get_language() or settings.LANGUAGE_CODE
    signed_in = _signed_in(request)
    return {
        "DEMO": settings.DEMO,
        "BASE_URL": settings.BASE_URL,
        "LANGUAGE_CODE": here,
        "page_languages": [("zh-Hans" if code == "zh-hans" else code, _in_language(request, code)) for code, _name in settings.LANGUAGES],
        "other_languages": [
            Other("zh-Hans" if code == "zh-hans" else code, name, SHORT[code], _in_language(request, code))
            for code, name in settings.LANGUAGES
            if code != here
        ],
        "signed_in": signed_in,
        "may_curate": signed_in and request.user.has_perm("wagtailadmin.access_admin"),
        "licences_url": _address("marketplace:offers"),
    }
