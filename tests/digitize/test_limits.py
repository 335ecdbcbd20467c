# SPDX-License-Identifier: Apache-2.0
"""Each bound of the pre-flight, lowered by its setting, refuses what is above it by name; without that the same input passes."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from pathlib import Path

import pytest

from digitize.errors import Refusal
from digitize.preflight import Limits, prepare
from pipelines.domain.runs import step_limits
from pipelines.source import intake_limits
from tests.digitize.corpus import SOUND
from tests.digitize.corpus.archives import pack
from tests.digitize.corpus.case import OBJ, Case, gltf, text

_RANDOM = random.Random(1)
_NOISE = "".join(f"# {_RANDOM.randbytes(50).hex()}\n" for _ in range(12_000)).encode()
_NOISY = Case("noisy", {"a.zip": pack(("a.obj", _NOISE + OBJ))}, "a.zip")
CASES = {case.name: case for case in SOUND}
# Bound -> the sound input, the bound that is too low for it, the refusal.
TABLE: dict[str, tuple[str, int, str]] = {
    "file_bytes": ("ply-ascii", 100, "input.too-large"),
    "unpacked_bytes": ("zip", 20, "zip.too-large"),
    "members": ("zip", 1, "zip.too-many"),
    "name_bytes": ("zip", 3, "zip.unsafe-name"),
    "folder_depth": ("zip", 1, "zip.unsafe-name"),
    "vertices": ("obj", 2, "mesh.too-many-vertices"),
    "faces": ("off-polygons", 1, "off.count-too-large"),
    "corners": ("obj", 2, "mesh.polygon-size"),
    "line_bytes": ("obj", 4, "text.line-too-long"),
    "header_bytes": ("ply-little", 20, "ply.header-too-long"),
    "json_bytes": ("gltf", 100, "gltf.json-too-large"),
    "json_depth": ("gltf", 2, "gltf.depth"),
    "json_items": ("gltf", 1, "gltf.too-many"),
    "pixels": ("png", 30, "image.too-many-pixels"),
    "side": ("png", 6, "image.too-many-pixels"),
    "part_pixels": ("tiff", 50, "image.too-many-pixels"),
    "part_side": ("tiff", 5, "image.too-many-pixels"),
    "part_bytes": ("tiff-big", 10, "image.part-too-large"),
    "pages": ("pdf", 1, "document.too-many-pages"),
    "sound_seconds": ("ogg", 1, "media.too-long"),
    "frame_pixels": ("mp4", 100, "media.too-large-picture"),
    "media_parts": ("mp4", 3, "media.broken"),
    "media_samples": ("flac", 1, "media.broken"),
    "joints": ("bvh-braces-on-the-line", 1, "bvh.too-large"),
    "joint_depth": ("bvh", 2, "bvh.too-large"),
    "motion_values": ("bvh", 9, "bvh.too-large"),
}


def taken(case: Case, folder: Path, limits: Limits) -> str:
    """Lay a case out and prepare it; give the refusal's code, or nothing where it passes."""
    (folder / "in").mkdir(exist_ok=True)
    for name, data in case.files.items():
        (folder / "in" / name).write_bytes(data)
    try:
        prepare(folder / "in" / case.main, into=folder / "source", limits=limits)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_every_bound_is_tried() -> None:
    apart = {"ratio", "implicit_bytes", "part_file_bytes"}
    assert set(TABLE) | apart == {one.name for one in fields(Limits)}


@pytest.mark.parametrize("bound", sorted(TABLE))
def test_what_is_above_a_bound_is_refused_by_name(bound: str, tmp_path: Path, settings) -> None:
    name, low, code = TABLE[bound]
    settings.QILU = {**settings.QILU, "QILU_INTAKE_LIMITS": json.dumps({bound: low})}
    assert taken(CASES[name], tmp_path, intake_limits()) == code
    settings.QILU = {**settings.QILU, "QILU_INTAKE_LIMITS": ""}
    assert taken(CASES[name], tmp_path, intake_limits()) == ""


def test_how_far_an_archive_may_unpack_is_a_bound(tmp_path: Path) -> None:
    assert [taken(_NOISY, tmp_path, Limits(ratio=ratio)) for ratio in (1, 200)] == ["zip.ratio", ""]


def test_what_a_gltf_may_ask_for_without_bytes_is_a_bound(tmp_path: Path) -> None:
    accessors = [{"componentType": 5126, "count": 3, "type": "VEC3", "max": [0, 0, 0], "min": [0, 0, 0]}, gltf()["accessors"][1]]
    bare = Case("bare", {"a.gltf": text(gltf(accessors=accessors))}, "a.gltf")
    assert [taken(bare, tmp_path, Limits(implicit_bytes=room)) == "gltf.implicit" for room in (8, 1 << 20)] == [True, False]


def test_a_picture_in_parts_may_be_a_larger_file_than_others(tmp_path: Path) -> None:
    told = [taken(CASES["tiff"], tmp_path, Limits(file_bytes=10, part_file_bytes=room)) for room in (10, 1 << 20)]
    assert told == ["input.too-large", ""]


def test_the_bounds_of_a_step_are_settings(settings) -> None:
    names = {
        "QILU_STEP_MEMORY_BYTES": "memory_bytes",
        "QILU_STEP_CPU_SECONDS": "cpu_seconds",
        "QILU_STEP_WALL_SECONDS": "wall_seconds",
        "QILU_STEP_FILE_BYTES": "file_bytes",
        "QILU_STEP_OUT_BYTES": "out_bytes",
    }
    settings.QILU = {**settings.QILU, **{name: 1000 + place for place, name in enumerate(names)}}
    assert [getattr(step_limits(), name) for name in names.values()] == [1000 + place for place in range(len(names))]
