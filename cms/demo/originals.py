# SPDX-License-Identifier: Apache-2.0
"""Every original of the demo by name: the relics, the paper-cut with its sound, the dance."""

from __future__ import annotations

from pathlib import Path

from cms.demo import relics

PRACTICE = ("papercut", "scissors", "dance")
NAMES = (*relics.NAMES, *PRACTICE)


def make(name: str, folder: Path, seed: int = 1, detail: float = 1.0) -> Path:
    """Write the original `name` into `folder` and return the path to hand to ingest.

    Parameters
    ----------
    name : one of NAMES
    folder : is made where it is missing
    seed : equal seeds give equal bytes
    detail : share of a relic's full triangle count; a paper-cut below 0.5 is a quarter of its size, a dance is shorter

    Raises
    ------
    ValueError
        Where there is no such original.
    """
    if name in PRACTICE:
        from cms.demo import practice

        return practice.build(name, folder, seed, detail)
    return relics.build(name, folder, seed, detail)
