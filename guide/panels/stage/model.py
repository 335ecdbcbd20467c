# SPDX-License-Identifier: Apache-2.0
"""A model to walk around: levels of detail, its error painted on it, a cloud of points, a dance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from assets.queries import Published
from guide import figures
from guide.panels.stage.base import Stage, first_url

LIGHT_BYTES = 3_000_000  # a finest level up to here is shown at once; a larger one waits for its button
MOST_LEVELS = 6
SPARED = 12 << 20  # bytes of graphics memory from which on a KTX2 twin is worth its longer way


@dataclass(frozen=True)
class Level:
    """One level of detail that the viewer can show.

    Parameters
    ----------
    lean
        The same for a graphics card that keeps textures compressed; None where that spares it little.
    """

    role: str
    name: str
    url: str
    bytes: int
    triangles: int | None
    first: bool
    lean: str | None = None


@dataclass(frozen=True)
class Heat:
    """A model painted with its distance to the original, and what its colours mean.

    Parameters
    ----------
    stops
        Colours from low to high with their place on the ramp in percent.
    """

    url: str
    of: str
    low: str
    high: str
    relative: str
    stops: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Model(Stage):
    """A stage with a model.

    Parameters
    ----------
    model
        The plain GLB that the page names for everyone.
    ar_model, ar_usdz
        What Android and iOS place in the room.
    seconds
        Length of its animation; None where it stands still.
    cloud
        It is made of points.
    """

    model: str = ""
    model_bytes: int = 0
    ar_model: str | None = None
    ar_usdz: str | None = None
    levels: tuple[Level, ...] = ()
    heat: Heat | None = None
    seconds: float | None = None
    cloud: bool = False


def model(published: Published, ground: Stage) -> Model | None:
    """Put the finest model on the stage, else the animation, else the points."""
    found = next((one for role in ("lod-0", "motion", "points") if (one := published.rendition(role))), None)
    if found is None or published.rendition("splats"):
        return None
    return Model(
        kind="model",
        **ground.ground,
        model=published.file_url(found),
        model_bytes=found["bytes"],
        ar_model=first_url(published, "ar", "lod-1", "lod-0"),
        ar_usdz=first_url(published, "usdz"),
        levels=_levels(published) or (_only(published, found),),
        heat=_heat(published),
        seconds=_seconds(published, found),
        cloud=found["role"] == "points",
    )


def level_names() -> tuple[str, ...]:
    """Name the levels from the finest on."""
    return (pgettext("level", "Fine"), pgettext("level", "Medium"), pgettext("level", "Light"), pgettext("level", "Small"))


def _levels(published: Published) -> tuple[Level, ...]:
    """Give the levels, each in its compressed form where there is one."""
    found: list[tuple[str, dict[str, Any]]] = []
    for number in range(MOST_LEVELS):
        plain = published.rendition(f"lod-{number}")
        if plain is not None:
            found.append((f"lod-{number}", published.rendition(f"lod-{number}-compressed", plain["original"]) or plain))
    first = next((at for at, (_role, one) in enumerate(found) if one["bytes"] <= LIGHT_BYTES), len(found) - 1)
    return tuple(
        Level(role, name, published.file_url(one), one["bytes"], one["triangles"], at == first, _lean(published, role, one))
        for at, ((role, one), name) in enumerate(zip(found, level_names(), strict=False))
    )


def _lean(published: Published, role: str, shown: dict[str, Any]) -> str | None:
    """Give a level's KTX2 twin, where it spares much memory and is larger by no more than a quarter of that."""
    twin = published.rendition(f"{role}-ktx2", shown["original"])
    taken = twin["facts"].get("device_bytes") if twin else None
    if twin is None or not taken:
        return None
    spared = int(taken["uncompressed"]) - int(taken["textures"])
    return published.file_url(twin) if spared >= max(SPARED, 4 * (twin["bytes"] - shown["bytes"])) else None


def _only(published: Published, found: dict[str, Any]) -> Level:
    """Give the one form that a dance or a cloud has."""
    return Level(found["role"], "", published.file_url(found), found["bytes"], found["triangles"], first=True)


def _heat(published: Published) -> Heat | None:
    """Give the painted model with the meaning of its colours."""
    found = published.rendition("heat")
    scale, colours = (found["facts"].get("scale"), found["facts"].get("colours")) if found else (None, None)
    if not found or not scale or not colours:
        return None
    return Heat(
        url=published.file_url(found),
        of=str(found["facts"].get("of", "")),
        low=figures.length(0.0, scale.get("unit")),
        high=figures.length(scale["high"], scale.get("unit")),
        relative=figures.relative(scale["high_per_10000_of_diagonal"] / 1e4),
        stops=tuple((str(colour), round(100 * at / (len(colours) - 1), 1)) for at, colour in enumerate(colours)),
    )


def _seconds(published: Published, found: dict[str, Any]) -> float | None:
    """Give the length of an animation in seconds."""
    if found["role"] != "motion":
        return None
    facts = published.facts(found["original"])
    return float(found["facts"].get("duration") or facts.get("duration") or 0.0)
