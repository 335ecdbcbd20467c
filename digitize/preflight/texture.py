# SPDX-License-Identifier: Apache-2.0
"""The pictures that a mesh names: there, inside the folder, of a known form and a bearable size."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from digitize.preflight import image
from digitize.preflight.model import Limits
from digitize.preflight.source import member


def check_textures(root: Path, by: str, references: Iterable[tuple[str, str]], *, limits: Limits) -> tuple[tuple[str, ...], int]:
    """Check every picture named by a file.

    Parameters
    ----------
    by
        The naming file, relative to `root`.
    references
        Pairs of name and place of naming.

    Returns
    -------
    The pictures relative to `root`, each once, and how many there are.
    """
    found: dict[str, None] = {}
    for reference, at in references:
        name = member(root, by, reference, by=by, at=at, limits=limits)
        if name not in found:
            with (root / name).open("rb") as file:
                image.scan(file, name, limits)
            found[name] = None
    return tuple(found), len(found)
