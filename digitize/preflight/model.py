# SPDX-License-Identifier: Apache-2.0
"""What the pre-flight finds, and how much it lets in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitize.errors import Doubt

INTAKE = "intake.json"
MIB = 1 << 20
# Far beyond any object, and such that squares of differences stay within single precision.
LARGEST = 1e18


@dataclass(frozen=True, slots=True)
class Limits:
    """How large and how deep an input may be; what is above is refused before it is read.

    Attributes
    ----------
    file_bytes, unpacked_bytes
        One file; all files of a folder or zip together.
    ratio
        Unpacked over packed size of a zip's member above its first mebibyte.
    members, name_bytes, folder_depth
        Of a folder or zip.
    vertices, faces
        Also of all nodes of a glTF scene together, and faces counted as triangles.
    corners
        Of one polygon.
    line_bytes, header_bytes
        Of one line of a text format; of a PLY header.
    json_bytes, json_depth, json_items
        Of a glTF's JSON; the last bounds each of its top-level lists.
    implicit_bytes
        What a glTF's accessors may ask for without bytes in the file.
    pixels, side
        Of one image (its product and its longer side).
    part_pixels, part_side, part_bytes, part_file_bytes
        The same of an image that is stored in strips or tiles and decoded one after the other (TIFF); the bytes of one such
        part once decoded; the bytes of its file, where they are more than `file_bytes` allows to others.
    pages
        Of one document.
    sound_seconds
        Of one recording or film.
    frame_pixels
        Of one picture of a film.
    media_parts, media_samples
        Boxes of an MP4; samples of one of its tracks, elements of a Matroska, chunks of an AVI, pages of an Ogg (a quarter of it).
    joints, joint_depth, motion_values
        Of a skeleton; of one chain of its joints; frames times channels, or times joints, of its motion.
    """

    file_bytes: int = 2048 * MIB
    unpacked_bytes: int = 4096 * MIB
    ratio: int = 200
    members: int = 1500
    name_bytes: int = 240
    folder_depth: int = 8
    vertices: int = 40_000_000
    faces: int = 40_000_000
    corners: int = 1024
    line_bytes: int = 64 * 1024
    header_bytes: int = 64 * 1024
    json_bytes: int = 64 * MIB
    json_depth: int = 64
    json_items: int = 100_000
    implicit_bytes: int = 16 * MIB
    pixels: int = 300_000_000
    side: int = 30_000 - 1
    part_pixels: int = 10_000_000_000
    part_side: int = 300_000
    part_bytes: int = 256 * MIB
    part_file_bytes: int = 16 * 1024 * MIB
    pages: int = 2000
    sound_seconds: int = 4 * 3600
    frame_pixels: int = 8192 * 4608
    media_parts: int = 200_000
    media_samples: int = 10_000_000
    joints: int = 512
    joint_depth: int = 128
    motion_values: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Intake:
    """An input that passed.

    Attributes
    ----------
    kind, format
        One of ``digitize.recipe.KINDS``; a name of ``digitize.preflight.formats.FORMATS``, or for several files of one
        kind the format of the first.
    root, main, members
        The folder; the main file and every file used (main first), relative to it, with forward slashes.
    counts
        What the file states and the pre-flight counted: ``vertices``, ``faces`` (polygons as stored), ``triangles``
        (after fanning them), ``materials``, ``images``, ``textured`` (0 or 1), ``width``, ``height``, ``frames`` …
    doubts
        What is accepted but not certain.
    declared
        What whoever gave the input says of it and the file itself does not: ``unit`` (a key of ``digitize.mesh.METRES``),
        ``up`` (``x``, ``-x`` …), ``scale`` (see `digitize.scale`); which of them, `digitize.preflight.declared` says.
    parts
        Where several files are one input (scans, photographs, pages): each one's own counts, in their order.
    """

    kind: str
    format: str
    root: Path
    main: str
    members: tuple[str, ...]
    counts: Mapping[str, int]
    doubts: tuple[Doubt, ...] = ()
    declared: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the intake as JSON, without the folder, which is this machine's affair."""
        return {
            "schema": "qilu.intake/1",
            "kind": self.kind,
            "format": self.format,
            "main": self.main,
            "members": list(self.members),
            "counts": dict(self.counts),
            "doubts": [doubt.as_json() for doubt in self.doubts],
            "declared": dict(self.declared),
            "parts": [{"name": name, "counts": dict(counts)} for name, counts in self.parts.items()],
        }

    @classmethod
    def load(cls, root: Path) -> Intake:
        """Read the intake that `prepare` left in a folder."""
        data = json.loads((root / INTAKE).read_bytes())
        doubts = tuple(Doubt.from_json(item) for item in data["doubts"])
        parts = {part["name"]: part["counts"] for part in data.get("parts", [])}
        members, declared = tuple(data["members"]), data.get("declared", {})
        return cls(data["kind"], data["format"], root, data["main"], members, data["counts"], doubts, declared, parts)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one format's reader found in a main file: counts, doubts, and the other files it names.

    `kind` is given only where the file holds another kind of capture than its format usually does; `parts` only where
    several files are one input.
    """

    counts: Mapping[str, int]
    members: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    kind: str | None = None
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
