# SPDX-License-Identifier: Apache-2.0
"""What stands on the stage: a model with its poster, or a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from assets.queries import Published

LIGHT_BYTES = 3_000_000  # a finest level up to here is shown at once; a larger one waits for its button


@dataclass(frozen=True)
class Level:
    """One level of detail that the viewer can show."""

    role: str
    name: str
    url: str
    bytes: int
    triangles: int | None
    first: bool


@dataclass(frozen=True)
class Stage:
    """The stage of an asset's page.

    Parameters
    ----------
    kind
        `model`, `picture` or `empty`.
    model
        The plain GLB that the page names for everyone; of a picture, its large copy.
    ar_model, ar_usdz
        What Android and iOS place in the room.
    """

    kind: str
    alt: str
    poster: str | None
    width: int
    height: int
    model: str | None = None
    model_bytes: int = 0
    ar_model: str | None = None
    ar_usdz: str | None = None
    levels: tuple[Level, ...] = ()


def _level_names() -> tuple[str, ...]:
    """Name the levels from the finest on."""
    return (pgettext("level", "Fine"), pgettext("level", "Medium"), pgettext("level", "Light"))


def _levels(published: Published) -> tuple[Level, ...]:
    """Give the levels, each in its compressed form where there is one."""
    found: list[tuple[str, dict[str, Any]]] = []
    for number in range(3):
        plain = published.rendition(f"lod-{number}")
        if plain is not None:
            found.append((f"lod-{number}", published.rendition(f"lod-{number}-compressed", plain["original"]) or plain))
    first = next((at for at, (_role, one) in enumerate(found) if one["bytes"] <= LIGHT_BYTES), len(found) - 1)
    return tuple(
        Level(role, name, published.file_url(one), one["bytes"], one["triangles"], at == first)
        for at, ((role, one), name) in enumerate(zip(found, _level_names(), strict=False))
    )


def _url(published: Published, *roles: str) -> str | None:
    """Give the address of the first role there is."""
    return next((published.file_url(one) for role in roles if (one := published.rendition(role))), None)


def _alt(published: Published, language: str) -> str:
    """Describe the picture in words, at least by its title."""
    texts = published.texts(language)
    return texts["picture_alt"] or texts["title"]


def stage(published: Published, language: str) -> Stage:
    """Prepare the stage of a published asset."""
    alt = _alt(published, language)
    thumbnail = published.rendition("thumbnail")
    poster = published.file_url(thumbnail) if thumbnail else None
    facts = thumbnail["facts"] if thumbnail else {}
    width, height = int(facts.get("width", 1024)), int(facts.get("height", 1024))
    model = published.rendition("lod-0")
    if model is None:
        return _flat(published, alt, poster, width, height)
    return Stage(
        kind="model",
        alt=alt,
        poster=poster,
        width=width,
        height=height,
        model=published.file_url(model),
        model_bytes=model["bytes"],
        ar_model=_url(published, "ar", "lod-1", "lod-0"),
        ar_usdz=_url(published, "usdz"),
        levels=_levels(published),
    )


def _flat(published: Published, alt: str, poster: str | None, width: int, height: int) -> Stage:
    """Put a picture on the stage, or nothing."""
    image = published.rendition("image")
    if image is None:
        return Stage(kind="picture" if poster else "empty", alt=alt, poster=poster, width=width, height=height)
    facts = image["facts"]
    return Stage(
        kind="picture",
        alt=alt,
        poster=poster or published.file_url(image),
        width=width if poster else int(facts.get("width", width)),
        height=height if poster else int(facts.get("height", height)),
        model=published.file_url(image),
    )
