# SPDX-License-Identifier: Apache-2.0
"""Change sound inputs at random: the pre-flight answers with an intake or a refusal, never with another exception."""

from __future__ import annotations

import copy
import json
import string
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.messages import MESSAGES
from digitize.preflight import Intake, Limits, inspect
from tests.digitize.corpus import SOUND, Case
from tests.digitize.corpus.case import buffer, data_uri, gltf, jpeg, png

SMALL = Limits(file_bytes=1 << 20, unpacked_bytes=1 << 21, vertices=10_000, faces=10_000, members=64, pixels=1_000_000, side=4096)
FILES = [case for case in SOUND if case.main]

_INTERESTING = [
    b"\0",
    b"\xff",
    b"\n",
    b" ",
    b"-",
    b"9" * 25,
    b"nan",
    b"1e999",
    b"/",
    b"\\",
    b"..",
    b"\xff\xff\xff\xff",
    b"\0\0\0\x80",
    b"f 1 2 3\n",
]

edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "insert", "double"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 255),
        st.sampled_from(_INTERESTING),
    ),
    min_size=1,
    max_size=5,
)


def mutate(data: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    """Apply edits at places given as fractions of the length."""
    for kind, place, value, piece in changes:
        at = int(place * len(data))
        match kind:
            case "flip":
                data = data[:at] + bytes([value]) + data[at + 1 :]
            case "cut":
                data = data[:at]
            case "drop":
                data = data[:at] + data[at + value % 16 :]
            case "insert":
                data = data[:at] + piece + data[at:]
            case "double":
                data = data[:at] + data[at // 2 :]
    return data


def filled(refusal: Refusal) -> bool:
    """Say whether a refusal gives all that its texts speak of."""
    templates = [text for pair in MESSAGES[refusal.code].values() for text in pair]
    asked = {field for text in templates for _, field, _, _ in string.Formatter().parse(text) if field}
    return asked <= set(refusal.params)


def answer(files: dict[str, bytes], main: str) -> Intake | Refusal:
    """Inspect files in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name, "in")
        into = Path(name, "out")
        root.mkdir()
        into.mkdir()
        for file, data in files.items():
            (root / file).write_bytes(data)
        try:
            return inspect(root / main, limits=SMALL, into=into)
        except Refusal as refused:
            refusal = refused
    assert filled(refusal)
    return refusal


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=edits)
def test_a_changed_file_is_taken_or_refused(case: Case, changes: list[tuple[str, float, int, bytes]]):
    assert isinstance(answer({**case.files, case.main: mutate(case.files[case.main], changes)}, case.main), Intake | Refusal)


@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(max_size=300),
    suffix=st.sampled_from(["ply", "obj", "stl", "glb", "gltf", "png", "jpg", "tif", "webp", "heic", "pdf", "wav", "zip", "mtl"]),
)
def test_noise_is_taken_or_refused(data: bytes, suffix: str):
    assert isinstance(answer({f"a.{suffix}": data}, f"a.{suffix}"), Intake | Refusal)


odd_values = st.sampled_from(
    [None, True, -1, 0, 1, 2, 3, 2**31, 2**63, 10**30, 1.5, -1e300, "", "x", "../a", [], [0], [[]], {}, {"a": 1}, "VEC2", 5125, 5126]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths of all values in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


def rich_gltf() -> dict[str, Any]:
    """Describe a glTF that has a bit of everything."""
    sparse = {
        "count": 1,
        "indices": {"bufferView": 1, "componentType": 5123, "byteOffset": 2},
        "values": {"bufferView": 0, "byteOffset": 0},
    }
    positions, indices = gltf()["accessors"]
    raw = buffer() + png()
    return gltf(
        buffers=[{"byteLength": len(raw), "uri": data_uri(raw)}],
        bufferViews=[*gltf()["bufferViews"], {"buffer": 0, "byteOffset": len(buffer()), "byteLength": len(png())}],
        accessors=[
            {**positions, "sparse": sparse, "byteOffset": 0},
            {**indices, "byteOffset": 0},
            {"componentType": 5126, "count": 3, "type": "VEC2"},
        ],
        meshes=[
            {
                "primitives": [
                    {"attributes": {"POSITION": 0, "NORMAL": 0, "TEXCOORD_0": 2}, "indices": 1, "material": 0, "mode": 4, "targets": []}
                ]
            }
        ],
        nodes=[{"children": [1], "matrix": [1.0, 0, 0, 0] * 4}, {"mesh": 0, "translation": [0, 0, 0], "name": "n"}],
        materials=[{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "normalTexture": {"index": 0}}],
        textures=[{"source": 0, "sampler": 0}],
        samplers=[{}],
        images=[{"uri": data_uri(jpeg(), "image/jpeg")}, {"bufferView": 2, "mimeType": "image/png"}],
        animations=[],
        skins=[],
        extensionsUsed=["KHR_mesh_quantization"],
        extensionsRequired=[],
    )


RICH = rich_gltf()
PLACES = [path for path in places(RICH) if path]


def test_the_rich_gltf_is_sound_before_it_is_changed():
    assert isinstance(answer({"a.gltf": json.dumps(RICH).encode()}, "a.gltf"), Intake)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), odd_values), min_size=1, max_size=3))
def test_a_changed_gltf_is_taken_or_refused(changes: list[tuple[tuple[Any, ...], Any]]):
    document = copy.deepcopy(RICH)
    for path, value in changes:
        holder: Any = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    assert isinstance(answer({"a.gltf": json.dumps(document).encode()}, "a.gltf"), Intake | Refusal)
