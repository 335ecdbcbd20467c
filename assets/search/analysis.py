# SPDX-License-Identifier: Apache-2.0
"""One analysis for every backend: Han characters one by one (phrases find any run of them), other words folded and whole."""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")


def fold(text: str) -> str:
    """Fold width, case and diacritics away (NFKC, casefold, marks removed)."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def tokens(text: str) -> list[str]:
    """Split a text into what is indexed."""
    return TOKEN.findall(fold(text))


def phrases(query: str, *, most: int = 12) -> list[list[str]]:
    """Split a query into runs, each to be found as a phrase; all must be found."""
    return [TOKEN.findall(run) for run in RUN.findall(fold(query))[:most]]
