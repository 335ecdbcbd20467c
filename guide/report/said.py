# SPDX-License-Identifier: Apache-2.0
"""How single values of a report are written for people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guide import figures

_LENGTHS = re.compile(
    r"(?:(?P<count>\d+) )?(?:scale bars?|known lengths? of printed (?P<markers>markers))(?: of (?P<stated>.+)|, within (?P<off>.+))"
)


def truth(value: Any) -> str:
    """Write a truth value."""
    return _("yes") if value else _("no")


def pixels(value: Any) -> str:
    """Write a number of pixels."""
    return f"{figures.whole(value)} px"


def textures(value: Any) -> str:
    """Write the sizes of the textures, and the form and loss of those that stay compressed in graphics memory."""
    return _(", ").join(f"{one['width']} × {one['height']}{_compressed(one)}" for one in value) if value else _("none")


def _compressed(texture: Mapping[str, Any]) -> str:
    """Write a KTX2 texture's form, and how near it is to the picture that it was made from."""
    if "form" not in texture:
        return ""
    near = texture.get("decibels")
    return f" ({texture['form'].upper()}{'' if near is None else f', {figures.decibel(near)}'})"


def number(value: Any) -> str:
    """Write a number to four figures; a truth, a word or nothing as what it is."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, int):
        return figures.whole(value)
    return figures.significant(value, 4) if isinstance(value, float) else str(value)


def bytes_of(value: Any) -> str:
    """Write a size for people and exactly."""
    return f"{figures.size(value)} ({figures.whole(value)} B)"


def share(value: Any) -> str:
    """Write a share of one in percent."""
    if value is None:
        return "–"
    return "0 %" if value == 0 else f"{figures.significant(100 * value, 3)} %"


def degrees(value: Any) -> str:
    """Write an angle."""
    return "–" if value is None else "< 0.01°" if 0 < value < 0.01 else f"{figures.significant(value)}°"


def seconds(value: Any) -> str:
    """Write a duration: seconds, and minutes beside them where there are any."""
    return f"{value:.1f} s ({figures.clock(value)})" if value >= 60 else f"{value:.1f} s"


def hertz(value: Any) -> str:
    """Write a rate per second; films state theirs as a fraction."""
    top, _stroke, bottom = str(value).partition("/")
    rate = float(top) / float(bottom or 1)
    return f"{rate:,.6g} Hz" if rate < 1000 else f"{rate / 1000:,.6g} kHz"


def loudness(value: Mapping[str, Any]) -> str:
    """Write integrated loudness, range and true peak (ITU-R BS.1770, EBU R 128)."""
    told = (("integrated_lufs", "{} LUFS"), ("range_lu", _("range {} LU")), ("true_peak_dbtp", _("true peak {} dBTP")))
    return " · ".join(text.format(number(value[key])) for key, text in told if value.get(key) is not None) or _("silence")


def extent(value: Mapping[str, Any], unit: str | None) -> str:
    """Write the size of a box from its corners."""
    sides = zip(value["min"], value["max"], strict=True)
    return " × ".join(figures.length(float(high) - float(low), unit, 3) for low, high in sides)


def counted(value: Any) -> str:
    """Count the members of a list; a number stands for itself."""
    return figures.whole(len(value) if isinstance(value, Sequence) and not isinstance(value, str) else value)


def sizes(value: Any) -> str:
    """Write the sizes that a film is offered in."""
    return _(", ").join(f"{one['width']} × {one['height']}" for one in value)


def evidence(said: Any) -> str:
    """Say where a unit or an orientation is known from, in the language of the page; what is not known here is given as it is."""
    known = {
        "undeclared": _("nothing declares it"),
        "declared": _("declared"),
        "declared with the upload": _("declared with the upload"),
        "declared in a comment of the file": _("declared in a comment of the file"),
        "stated by the 3MF's model element": _("stated by the file itself"),
        "glTF 2.0 §3.4: all linear distances are in metres": _("glTF 2.0 measures in metres"),
        "stated by the format (E57 is in metres)": _("E57 measures in metres"),
        "stated by the LAS (GeoTIFF keys)": _("stated by the file itself"),
        "stated by the LAS (well-known text)": _("stated by the file itself"),
        "proposed: rests on the widest base": _("proposed: it would rest on its widest base"),
        "proposed: usual for BVH": _("proposed: usual for BVH"),
    }
    text = str(said)
    if lengths := _LENGTHS.fullmatch(text):
        one, many, off = lengths["stated"], lengths["count"], lengths["off"]
        what = _("printed markers") if lengths["markers"] else _("scale bars")
        if one:
            return _("a known length of {length} ({what})").format(length=one, what=what)
        return _("{count} known lengths ({what}), within {off}").format(count=many, what=what, off=off)
    for pattern, words in _telling():
        if found := re.fullmatch(pattern, text):
            return words.format(**{name: evidence(part) for name, part in found.groupdict().items()})
    return known.get(text, text)


def declared(value: Any) -> str:
    """Write what was declared: a word, or known distances between two points of the file."""
    bars = value.get("bars", [value]) if isinstance(value, Mapping) else []
    if not bars or not all(isinstance(bar, Mapping) and "from" in bar for bar in bars):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    one = _("{length} from ({start}) to ({end})")
    return "; ".join(
        one.format(length=f"{bar['length']:g} {bar['unit']}", start=_numbers(bar["from"]), end=_numbers(bar["to"])) for bar in bars
    )


def _numbers(point: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in point)


def _telling() -> tuple[tuple[str, str], ...]:
    """Give what evidence may hold, and how that is said."""
    return (
        ("proposed: the figure is tallest along (?P<axis>[xyz])", _("proposed: the figure is tallest along {axis}")),
        ("(?P<first>.+), within (?P<share>[^ ]+) % of a (?P<other>.+)", _("{first}; {share} % from {other}")),
        (r"stated by the LAS \(EPSG:(?P<code>[0-9]+) is in metres\)", _("EPSG:{code} is in metres")),
    )


def orientation(value: Mapping[str, Any]) -> str:
    """Write which way is up, why, how sure that is, and whether a curator confirmed it."""
    parts = [str(value.get("up") or "–")]
    if value.get("evidence"):
        parts.append(evidence(value["evidence"]))
    if value.get("confidence") is not None:
        parts.append(_("confidence {share}").format(share=share(value["confidence"])))
    if "confirmed" in value or str(value.get("evidence", "")).startswith("proposed"):
        parts.append(_("confirmed") if value.get("confirmed") else _("not yet confirmed by a curator"))
    return " · ".join(parts)


def scale(value: Mapping[str, Any]) -> str:
    """Write what the scale bars say."""
    told = _("{metres} m for one unit, from {count} known lengths").format(
        metres=number(value.get("metres_per_unit")), count=figures.whole(int(value.get("bars") or 0))
    )
    residual = value.get("residual")
    return told if residual is None else f"{told}; " + _("they disagree by {length} at most").format(length=figures.length(residual, "m"))


def kind(value: Any) -> str:
    """Name a kind of capture."""
    names = {
        "mesh": _("Surface of triangles"),
        "points": _("Point cloud"),
        "splats": _("Gaussian splats"),
        "photos": _("Set of photographs"),
        "image": _("Picture"),
        "document": _("Document"),
        "sound": _("Sound"),
        "film": _("Film"),
        "motion": _("Movement"),
    }
    return names.get(str(value), str(value))
