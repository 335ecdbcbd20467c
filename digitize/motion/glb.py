# SPDX-License-Identifier: Apache-2.0
"""Write a motion as GLB: joints as nodes, a skinned body, one animation.

Source: Khronos glTF 2.0 specification, §3.7.3 (skins), §3.11 (animations), §4.4 (GLB).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.container import wrap
from digitize.motion import turn
from digitize.motion.body import BONE, Body, body
from digitize.motion.skeleton import Motion
from digitize.motion.tracks import Track

_COMPONENT = {"float32": 5126, "uint16": 5123, "int16": 5122}
_SHORT = 32767  # full scale of a normalised 16-bit number
_VERTICES = 34962
_KINDS = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
COLOURS = {"bone": (0.27, 0.19, 0.12, 1.0), "knot": (0.5, 0.07, 0.04, 1.0)}  # linear


@dataclass
class _Writer:
    """Buffer views and accessors under construction; equal time lines are written once."""

    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    binary: bytearray = field(default_factory=bytearray)
    lines: dict[bytes, int] = field(default_factory=dict)

    def array(self, values: NDArray[Any], *, vertices: bool = False, bounds: bool = False, normalised: bool = False) -> int:
        """Append an array (n, width) with its accessor."""
        data = np.ascontiguousarray(values)
        width = 1 if data.ndim == 1 else data.shape[1]
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": data.nbytes}
        self.views.append({**view, "target": _VERTICES} if vertices else view)
        self.binary += data.tobytes()
        fact = {"bufferView": len(self.views) - 1, "componentType": _COMPONENT[data.dtype.name], "count": len(data), "type": _KINDS[width]}
        if normalised:
            fact["normalized"] = True
        if bounds:
            table = data.reshape(len(data), width)
            fact["min"], fact["max"] = ([float(value) for value in edge] for edge in (table.min(axis=0), table.max(axis=0)))
        self.accessors.append(fact)
        return len(self.accessors) - 1

    def times(self, values: NDArray[np.float32]) -> int:
        """Append key times in seconds, or find the same ones."""
        mark = values.tobytes()
        if mark not in self.lines:
            self.lines[mark] = self.array(values, bounds=True)
        return self.lines[mark]


def write(motion: Motion, tracks: Sequence[Track], path: Path, *, scale: float, up: str, short: bool) -> dict[str, int]:
    """Write a motion.

    Parameters
    ----------
    scale : metres per unit of the source; 1 where no unit is known.
    up : the declared up axis, which a node above the skeleton turns to +Y; "y" where none is declared.
    short : rotations as 16-bit numbers instead of single precision: half the bytes, an error of up to .003 degrees each.

    Returns
    -------
    Triangles, keys and nodes written.
    """
    motion = _standing(motion, tracks)
    writer, shape = _Writer(), body(motion)
    nodes = _nodes(motion, scale, up)
    primitives = _primitives(writer, shape, scale)
    samplers = [_sampler(writer, track, motion.frame_time, scale, short=short) for track in tracks]
    channels = [{"sampler": n, "target": {"node": track.joint + 1, "path": track.path}} for n, track in enumerate(tracks)]
    document = {
        "asset": {"version": "2.0", "generator": "Qilu"},
        "scene": 0,
        "scenes": [{"nodes": [0, len(nodes)]}],
        "nodes": [*nodes, {"name": "body", "mesh": 0, "skin": 0}],
        "meshes": [{"primitives": primitives}],
        "materials": [_material(name) for name in COLOURS],
        "skins": [{"inverseBindMatrices": _bind(writer, motion, scale), "joints": list(range(1, len(motion.joints) + 1)), "skeleton": 0}],
        "animations": [{"name": "motion", "samplers": samplers, "channels": channels}],
        "accessors": writer.accessors,
        "bufferViews": writer.views,
        "buffers": [{"byteLength": len(writer.binary)}],
    }
    path.write_bytes(wrap(document, bytes(writer.binary)))
    return {"triangles": len(shape.part), "keys": sum(len(track.keys) for track in tracks), "nodes": len(nodes) + 1}


def _standing(motion: Motion, tracks: Sequence[Track]) -> Motion:
    """Let each root rest in the middle of its path: viewers frame the resting body, and should find the dance there."""
    paths = {track.joint: track.values for track in tracks if track.path == "translation" and motion.joints[track.joint].parent < 0}
    middles = {joint: (values.min(axis=0) + values.max(axis=0)) / 2 for joint, values in paths.items()}
    joints = (replace(joint, offset=tuple(middles.get(number, joint.offset))) for number, joint in enumerate(motion.joints))
    return replace(motion, joints=tuple(joints))


def _nodes(motion: Motion, scale: float, up: str) -> list[dict[str, Any]]:
    """Describe the node above the skeleton (0), the joints (1 …) and the end sites, as they rest."""
    whole = motion.with_tips()
    nodes: list[dict[str, Any]] = [{"name": "skeleton", "children": []}]
    if up != "y":
        nodes[0]["rotation"] = list(turn.upright(up))
    for number, joint in enumerate(whole.joints, 1):
        nodes.append({"name": joint.name, "translation": [float(np.float32(part * scale)) for part in joint.offset]})
        nodes[joint.parent + 1].setdefault("children", []).append(number)
    return nodes


def _primitives(writer: _Writer, shape: Body, scale: float) -> list[dict[str, Any]]:
    """Write the body's triangles, bones and knots apart."""
    found = []
    for number in sorted(set(shape.part.tolist())):
        own = np.repeat(shape.part == number, 3)
        count = int(own.sum())
        joints, weights = np.zeros((count, 4), dtype=np.uint16), np.zeros((count, 4), dtype=np.float32)
        joints[:, 0], weights[:, 0] = shape.joint[own], 1.0
        attributes = {
            "POSITION": writer.array((shape.positions[own] * scale).astype(np.float32), vertices=True, bounds=True),
            "NORMAL": writer.array(shape.normals[own].astype(np.float32), vertices=True),
            "JOINTS_0": writer.array(joints, vertices=True),
            "WEIGHTS_0": writer.array(weights, vertices=True),
        }
        found.append({"attributes": attributes, "material": 0 if number == BONE else 1})
    return found


def _sampler(writer: _Writer, track: Track, frame_time: float, scale: float, *, short: bool) -> dict[str, Any]:
    """Write one curve."""
    times = writer.times((track.keys * frame_time).astype(np.float32))
    if short and track.path == "rotation":
        output = writer.array(np.rint(track.values * _SHORT).astype(np.int16), normalised=True)
        return {"input": times, "output": output, "interpolation": "LINEAR"}
    values = track.values * (scale if track.path == "translation" else 1.0)
    return {"input": times, "output": writer.array(values.astype(np.float32)), "interpolation": "LINEAR"}


def _bind(writer: _Writer, motion: Motion, scale: float) -> int:
    """Write the inverse bind matrices, column by column: at rest nothing is turned, so each only moves."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(motion.joints), 1, 1))
    matrices[:, 3, :3] = -(motion.rest() * scale)
    return writer.array(matrices.reshape(-1, 16))


def _material(name: str) -> dict[str, Any]:
    """Describe a plain surface."""
    core = {"baseColorFactor": list(COLOURS[name]), "metallicFactor": 0.0, "roughnessFactor": 0.7}
    return {"name": name, "pbrMetallicRoughness": core}
