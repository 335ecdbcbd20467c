# SPDX-License-Identifier: Apache-2.0
"""Every text of this room: code -> language -> (message, hint), with ``{param}`` placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digitize.texts.anchors import ANCHORS
from digitize.texts.clouds import CLOUDS
from digitize.texts.documents import DOCUMENTS
from digitize.texts.geometry import GEOMETRY
from digitize.texts.intake import INTAKE
from digitize.texts.media import MEDIA
from digitize.texts.meshes import MESHES
from digitize.texts.motion import MOTION
from digitize.texts.photos import PHOTOS
from digitize.texts.pictures import PICTURES
from digitize.texts.problems import in_chinese
from digitize.texts.running import STEPS
from digitize.texts.scale import SCALE
from digitize.texts.verdict import VERDICT
from digitize.words import plain

Texts = dict[str, dict[str, tuple[str, str]]]

MESSAGES: Texts = {
    **INTAKE,
    **DOCUMENTS,
    **PICTURES,
    **STEPS,
    **MEDIA,
    **GEOMETRY,
    **MESHES,
    **CLOUDS,
    **MOTION,
    **PHOTOS,
    **SCALE,
    **VERDICT,
    **ANCHORS,
}

_UNKNOWN = {
    "en": ("Something went wrong: {code}.", "Report this code: it has no text yet."),
    "zh-hans": ("发生错误：{code}。", "请反馈此代码：它还没有说明文字。"),
}


class _Lenient(dict[str, Any]):
    """Show a missing placeholder as itself: a badly raised error must still reach its reader."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def phrase(code: str, language: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Give message and hint of a code in a language, filled in.

    Parameters
    ----------
    code
        Key of the table; an unknown one is named, never an exception.
    language
        ``en`` or ``zh-hans`` (``zh`` and its variants count as the latter).
    params
        Values of the placeholders; long ones are shortened.
    """
    texts = MESSAGES.get(code)
    values = _Lenient({key: _shown(value) for key, value in params.items()})
    if texts is None:
        # A code from a newer version's report: its own words, where it has some, are better than none.
        if "message" in params:
            return str(params["message"])[:500], ""
        texts, values = _UNKNOWN, _Lenient({"code": code[:100]})
    chinese = language.lower().startswith("zh")
    if chinese and isinstance(params.get("problem"), str):
        values["problem"] = _shown(in_chinese(params["problem"]))
    message, hint = texts["zh-hans" if chinese else "en"]
    return message.format_map(values), hint.format_map(values)


def _shown(value: object) -> str:
    """Print one value for people: bounded, without control characters, integers with separators."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return f"{value:,}"
    text = plain(str(value))
    return text if len(text) < 160 else text[:157] + "…"
