# SPDX-License-Identifier: Apache-2.0
"""A caption's text as WebVTT allows it: its tags kept, everything else made plain, nothing that a page could run.

Source: WebVTT (W3C Candidate Recommendation 2019) §4.2.2; SubRip has no standard: its habits are those of its players.
"""

from __future__ import annotations

import html
import re
from collections import Counter

_KEPT = frozenset({"i", "b", "u", "ruby", "rt"})
_NAMED = frozenset({"v", "lang"})
_TOKEN = re.compile(r"<[^<>]{0,200}>|&#?\w{1,10};|[<>&]|[^<>&]+")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]*)(\.[^\s>]*)?(?:\s+([^>]*))?>")
_TIME = re.compile(r"<\d{2,}:\d{2}:\d{2}\.\d{3}>|<\d{2}:\d{2}\.\d{3}>")
_ASS = re.compile(r"\{\\[^{}]{0,200}\}")
_INVISIBLE = {"lrm": "\u200e", "rlm": "\u200f"}


def cleaned(line: str, dropped: Counter[str], *, ass: bool = False) -> str:
    r"""Give one line in WebVTT's markup.

    Parameters
    ----------
    dropped
        Counts what is left out, by name.
    ass
        Whether ``{\an8}`` and the like stand for positions, as in SubRip.
    """
    if ass:
        line, count = _ASS.subn("", line)
        dropped["{\\}"] += count
    return "".join(_piece(token, dropped) for token in _TOKEN.findall(line)).strip()


def _piece(token: str, dropped: Counter[str]) -> str:
    """Write one piece: a tag, a reference, a letter that must be escaped, or plain letters."""
    if token.startswith("&") and len(token) > 1:
        return _escaped(_INVISIBLE.get(token[1:-1]) or html.unescape(token))
    if not token.startswith("<") or len(token) == 1:
        return _escaped(token)
    if _TIME.fullmatch(token):
        return token
    return _tag(token, dropped)


def _tag(token: str, dropped: Counter[str]) -> str:
    """Keep a tag that WebVTT has; leave its classes and every other tag out, but not what stands between them."""
    match = _TAG.fullmatch(token)
    if match is None:
        return _escaped(token)
    closing, name, classes, rest = match[1], match[2].lower(), match[3], match[4]
    if classes:
        dropped["class"] += 1
    if name in _KEPT:
        return f"<{closing}{name}>"
    if name in _NAMED:
        return f"</{name}>" if closing else f"<{name} {_escaped(rest or '')}>"
    if name != "c" and not closing:
        dropped[name or "<>"] += 1
    return ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(line: str) -> str:
    """Give the letters of a line without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", line))
