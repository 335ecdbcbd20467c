# SPDX-License-Identifier: Apache-2.0
"""What a camera wrote into a photograph, as far as it matters for measuring from it.

Source: CIPA DC-008 (Exif 2.32), §4.6.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

_MAIN = {"make": 271, "model": 272}
_EXIF_IFD = 0x8769
_NUMBERS = {"exposure_seconds": 33434, "f_number": 33437, "iso": 34855, "focal_mm": 37386, "focal_35mm": 41989}
_TEXTS = {"taken": 36867, "lens": 42036}


def camera(exif: Any) -> dict[str, Any]:
    """Read Pillow's Exif; what is missing or makes no sense is left out."""
    inner: Mapping[int, Any] = exif.get_ifd(_EXIF_IFD)
    found: dict[str, Any] = {}
    for name, tag in (*_MAIN.items(), *_TEXTS.items()):
        text = _text(exif.get(tag) if tag in _MAIN.values() else inner.get(tag))

        if text:
            found[name] = text
    for name, tag in _NUMBERS.items():
        number = _number(inner.get(tag))
        if number is not None:
            found[name] = number
    return found


def _text(value: object) -> str:
    """Read a text, short and printable."""
    if not isinstance(value, str | bytes):
        return ""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return "".join(char for char in text[:80] if char.isprintable()).strip()


def _number(value: object) -> float | None:
    """Read a positive number, or the first of several."""
    if isinstance(value, tuple | list):
        value = value[0] if value else None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 6) if isfinite(number) and 0 < number < 1e7 else None
