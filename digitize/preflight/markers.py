# SPDX-License-Identifier: Apache-2.0
"""What is known of printed markers, given beside photographs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from digitize.photos import markers
from digitize.preflight.model import Findings, Limits


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:  # noqa: ARG001 - every hook has the same face
    """Take `markers.json` where it lies beside the first photograph.

    Raises
    ------
    Refusal
        ``markers.invalid``.
    """
    wanted = PurePosixPath(main).with_name(markers.FILE).as_posix()
    if wanted not in beside:
        return found
    known = markers.read(root / wanted)
    return replace(found, members=(*found.members, wanted), counts={**found.counts, "marker_distances": len(known.distances)})
