# SPDX-License-Identifier: Apache-2.0
"""The demo's intangible practice: a paper-cut of our own design and a sound made to go with it."""

from __future__ import annotations

from pathlib import Path

from cms.demo.practice import papercut, sound


def build(name: str, folder: Path, seed: int = 1, detail: float = 1.0) -> Path:
    """Write `papercut` (PNG) or `scissors` (WAV) into `folder` and return its path.

    Raises
    ------
    ValueError
        Where there is no such original.
    """
    if name not in ("papercut", "scissors"):
        raise ValueError(f"there is no original {name!r} of the practice")
    folder.mkdir(parents=True, exist_ok=True)
    return papercut.build(folder, seed, detail) if name == "papercut" else sound.build(folder, seed)
