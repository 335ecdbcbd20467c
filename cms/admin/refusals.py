# SPDX-License-Identifier: Apache-2.0
"""Refusals of the rooms below, in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language

from assets.errors import AssetsError
from digitize.errors import DigitizeError


def told(refusal: AssetsError | DigitizeError) -> dict[str, str]:
    """Give a refusal's code, message, hint and place."""
    if isinstance(refusal, DigitizeError):
        message, hint = refusal.text(get_language() or "zh-hans")
    else:
        message, hint = str(refusal.message), str(refusal.hint)
    return {"code": refusal.code, "message": message, "hint": hint, "at": refusal.at or ""}


def sentence(refusal: AssetsError | DigitizeError) -> str:
    """Give a refusal's message and hint in one line."""
    words = told(refusal)
    return f"{words['message']} {words['hint']}".strip()
