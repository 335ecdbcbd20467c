# SPDX-License-Identifier: Apache-2.0
"""A scale bar given beside the input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from digitize import scale
from digitize.preflight.model import Findings, Limits


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:  # noqa: ARG001 - every hook has the same face
    """Take `scale.json` where it lies beside the main file.

    Raises
    ------
    Refusal
        `scale.invalid`.
    """
    wanted = PurePosixPath(main).with_name(scale.FILE).as_posix()
    if wanted not in beside:
        return found
    bars = scale.read(root / wanted)
    return replace(found, members=(*found.members, wanted), counts={**found.counts, "scale_bars": len(bars)})
