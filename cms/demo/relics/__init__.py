# SPDX-License-Identifier: Apache-2.0
"""Synthetic relics by name: each builder writes one file or zip into a folder."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

NAMES = ("cup", "ding", "relief", "tile")


def build(name: str, folder: Path, seed: int = 1, detail: float = 1.0) -> Path:
    """Write the relic `name` into `folder` and return the path to hand to ingest.

    Parameters
    ----------
    name : one of NAMES
    folder : is made where it is missing
    seed : equal seeds give equal bytes
    detail : share of the full triangle count; below 0.5 the texture is small too, for tests

    Raises
    ------
    ValueError
        Where there is no such relic.
    """
    if name not in NAMES:
        raise ValueError(f"there is no relic {name!r}; there are {', '.join(NAMES)}")
    folder.mkdir(parents=True, exist_ok=True)
    builder: Callable[[Path, int, float], Path] = import_module(f"cms.demo.relics.{name}").build
    return builder(folder, seed, detail)
