# SPDX-License-Identifier: Apache-2.0
"""What a run tells while it goes, and what it gives when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitize.errors import Doubt


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a step: ``started``, ``progress``, ``done``, ``failed`` or ``reused``.

    Attributes
    ----------
    index, total
        The step's place, from 1, and how many there are.
    fraction
        How much of this step is done, 0 to 1.
    outcome
        The recorded outcome, once the step has ended.
    """

    step: str
    index: int
    total: int
    state: str
    fraction: float = 0.0
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    isolation: tuple[str, ...] = ()
    outcome: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file of a step: path relative to its folder with forward slashes, size in bytes, SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended, with its files; the content of ``outcome.json``.

    `key` names the step, its parameters, its inputs' bytes and our code: an equal key means an equal result.
    `timings` are the CPU seconds that the step itself counted to single roles.
    """

    step: str
    index: int
    key: str
    state: str
    facts: Mapping[str, Any]
    files: tuple[FileDigest, ...]
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    isolation: tuple[str, ...]
    detail: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    """One derivative that the run made.

    Attributes
    ----------
    path
        Absolute.
    error
        ``mean``, ``max``, ``mean_relative``, ``max_relative``, ``unit``, ``colour_psnr``, measured against the
        original: the larger of the two directions; relative means divided by the original's diagonal; what does
        not apply or is infinite is None. The whole is None where nothing was measured.
    cpu_seconds
        What making and measuring it took; differs from run to run, so it stands in no file but among timings.
    """

    role: str
    media_type: str
    path: Path
    bytes: int
    sha256: str
    triangles: int | None
    error: Mapping[str, Any] | None
    facts: Mapping[str, Any]
    cpu_seconds: float = field(default=0.0, compare=False)

    def as_json(self, work: Path) -> dict[str, Any]:
        """Give the rendition as JSON, its path relative to the run's folder."""
        place = self.path.relative_to(work).as_posix()
        head = {"role": self.role, "media_type": self.media_type, "path": place, "bytes": self.bytes, "sha256": self.sha256}
        return {**head, "triangles": self.triangles, "error": self.error and dict(self.error), "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run: what it made, what it measured, what it doubts, what it cost.

    `facts` holds each step's facts under the step's name. `cpu_seconds` is the sum of this call's own steps and of
    those it found done; `peak_bytes` the largest process among them. `report` is the ``report`` rendition where the
    recipe makes one, else the runner's own ``report.json``.
    """

    renditions: tuple[Rendition, ...]
    facts: Mapping[str, Any]
    doubts: tuple[Doubt, ...]
    steps: tuple[StepOutcome, ...]
    report: Path
    cpu_seconds: float
    peak_bytes: int
