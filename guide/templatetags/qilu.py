# SPDX-License-Identifier: Apache-2.0
"""Tags and filters of the public pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guide import figures

register = template.Library()

register.filter("length_in", figures.length)
register.filter("relative", figures.relative)
register.filter("decibel", figures.decibel)
register.filter("whole", figures.whole)
register.filter("size", figures.size)
register.filter("clock", figures.clock)
register.filter("distance", lambda metres: "" if metres is None else figures.kilometres(metres))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite: hidden from screen readers unless it has a label."""
    address = f"{static('cms/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def html_lang(code: Any) -> str:
    """Give the BCP 47 tag of a language code of ours, for `lang`."""
    return "zh-Hans" if str(code).startswith("zh") else str(code)


@register.filter
def short_cid(cid: str) -> str:
    """Shorten a CID to its ends, which is what people compare."""
    return cid if len(cid) <= 22 else f"{cid[:12]}…{cid[-8:]}"
