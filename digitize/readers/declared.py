# SPDX-License-Identifier: Apache-2.0
"""Units and up axes that a file's own comments declare."""

import re

_UNITS = {
    "um": "um", "micrometre": "um", "micrometer": "um",
    "mm": "mm", "millimetre": "mm", "millimeter": "mm",
    "cm": "cm", "centimetre": "cm", "centimeter": "cm",
    "dm": "dm", "decimetre": "dm", "decimeter": "dm",
    "m": "m", "metre": "m", "meter": "m",
    "km": "km", "kilometre": "km", "kilometer": "km",
    "in": "in", "inch": "in", "inches": "in",
    "ft": "ft", "foot": "ft", "feet": "ft",
}  # fmt: skip
_UNIT = re.compile(r"\bunits?\b\s*(?:of\s+length\s*)?(?:[:=]|\bis\b|\bare\b)?\s*[\"']?([A-Za-z]+)", re.IGNORECASE)
_UP = re.compile(r"\bup(?:[ _-]?axis)?\b\s*[:=]?\s*([+-]?[xyz])\b|([+-]?[xyz])[ _-]?up\b", re.IGNORECASE)


def unit(comments: list[str]) -> str | None:
    """Return the unit that the first telling comment declares, as in "unit: mm" or "units millimetres"."""
    for comment in comments:
        for word in _UNIT.findall(comment):
            name = word.lower()
            known = _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))
            if known:
                return known
    return None


def up(comments: list[str]) -> str | None:
    """Return the up axis that the first telling comment declares, as in "up: z" or "Z-up"."""
    for comment in comments:
        found = _UP.search(comment)
        if found:
            return (found[1] or found[2]).lower().removeprefix("+")
    return None
