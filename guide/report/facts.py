# SPDX-License-Identifier: Apache-2.0
"""The facts of an original, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guide import figures
from guide.report import said

Writer = tuple[str, str, Callable[[Any], str]]


def _shape(unit: str | None) -> tuple[Writer, ...]:
    """Write what surfaces, clouds and skeletons are."""
    return (
        ("triangles", _("Triangles"), figures.whole),
        ("vertices", _("Vertices"), figures.whole),
        ("points", _("Points"), figures.whole),
        ("splats", _("Splats"), figures.whole),
        ("joints", _("Joints"), figures.whole),
        ("diagonal", _("Diagonal"), lambda value: figures.length(value, unit, 4)),
        ("bounds", _("Extent"), lambda value: said.extent(value, unit)),
        ("unit", _("Unit"), lambda value: value or _("not declared")),
        ("unit_evidence", _("Where the unit comes from"), said.evidence),
        ("scale", _("Scale bars"), said.scale),
        ("up", _("Upward axis"), str),
        ("orientation", _("Orientation"), said.orientation),
        ("area", _("Area"), lambda value: f"{said.number(value)} {unit or ''}{'²' if unit else ''}".strip()),
        ("volume", _("Volume"), lambda value: f"{said.number(value)} {unit or ''}{'³' if unit else ''}".strip()),
        ("watertight", _("Watertight"), said.truth),
        ("manifold", _("Manifold"), said.truth),
        ("components", _("Parts"), figures.whole),
        ("boundary_edges", _("Open edges"), figures.whole),
        ("materials", _("Materials"), said.counted),
        ("textures", _("Textures"), said.textures),
        ("uv", _("Texture coordinates"), said.truth),
        ("vertex_colours", _("Vertex colours"), said.truth),
    )


def _media(kind: str) -> tuple[Writer, ...]:
    """Write what pictures, documents and recordings are; a movement's rate is that of its frames."""
    moves = kind == "motion"
    return (
        ("pages", _("Pages"), figures.whole),
        ("images", _("Photographs"), figures.whole),
        ("width", _("Width"), said.pixels),
        ("height", _("Height"), said.pixels),
        ("seconds", pgettext("sound", "Length"), said.seconds),
        ("duration", pgettext("sound", "Length"), said.seconds),
        ("frames", _("Frames"), figures.whole),
        ("frame_rate", _("Frames in a second"), said.hertz),
        ("interlaced", _("Interlaced"), said.truth),
        ("shots", _("Shots"), said.counted),
        ("codec", _("Codec"), str),
        ("rate", _("Frames in a second") if moves else _("Sampling rate"), said.hertz),
        ("bits", _("Bits of a sample"), figures.whole),
        ("channels", _("Channels"), figures.whole),
        ("loudness", _("Loudness"), said.loudness),
    )


def facts(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Write the known facts of an original, in a fixed order."""
    first: tuple[Writer, ...] = (("kind", _("Kind of capture"), said.kind), ("format", _("Format"), lambda value: str(value).upper()))
    writers = (*first, *_shape(found.get("unit")), *_media(str(found.get("kind"))))
    return tuple((label, write(found[key])) for key, label, write in writers if key in found and (key == "unit" or found[key] is not None))
