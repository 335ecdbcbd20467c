# SPDX-License-Identifier: Apache-2.0
"""A stranger's words: as they may be read, and as they may be printed."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_BREAKS = frozenset("\t\n\r\v\f\x85\u2028\u2029")


def legible(text: str, *, strip: bool = True) -> str:
    """Give words as people read them: line breaks and tabs become spaces, what cannot be seen is left out; wide spaces stay."""
    words = "".join(" " if char in _BREAKS else "" if _unseen(char) else char for char in text)
    return words.strip() if strip else words


def plain(text: str, most: int = 200) -> str:
    """Give words as they may be printed: bounded, without what would steer a terminal or turn a line round."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _unseen(char) else char for char in text[:most])


def _unseen(char: str) -> bool:
    return not char.isprintable() and unicodedata.category(char) in _UNSEEN
