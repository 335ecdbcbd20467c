# SPDX-License-Identifier: Apache-2.0
"""The demo's intangible practices: a paper-cut of our own design with a sound made to go with it, and a shadow-play dance."""

from __future__ import annotations

from pathlib import Path

from cms.demo.practice import dance, papercut, sound

NAMES = ("papercut", "scissors", "dance")


def build(name: str, folder: Path, seed: int = 1, detail: float = 1.0) -> Path:
    """Write `papercut` (PNG), `scissors` (WAV) or `dance` (BVH) into `folder` and return its path.

    Raises
    ------
    ValueError
        Where there is no such original.
    """
    if name not in NAMES:
        raise ValueError(f"there is no original {name!r} of the practices")
    folder.mkdir(parents=True, exist_ok=True)
    if name == "scissors":
        return sound.build(folder, seed)
    return (papercut if name == "papercut" else dance).build(folder, seed, detail)
