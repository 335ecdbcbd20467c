# SPDX-License-Identifier: Apache-2.0
"""Which way a skeleton stands (proposed, never applied), and the poses that its picture shows."""

from dataclasses import dataclass, replace

import numpy as np

from digitize.mesh import Floats, Material, Mesh
from digitize.motion import turn
from digitize.motion.body import body
from digitize.motion.glb import COLOURS
from digitize.motion.pose import compose, local, places
from digitize.motion.skeleton import Motion

_LOOKS = 64  # frames looked at
_CLEARLY = 1.3
_GHOSTS = (0.15, 0.35, 0.5)  # of the recording; the last one is the pose itself
_PALE = 0.35
Colour = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Upright:
    """An up axis and where it comes from."""

    up: str
    evidence: str


def stance(motion: Motion, declared: str | None, positions: str) -> Upright:
    """Take the declared up axis, else propose one: +Y as is usual for BVH, unless the figure clearly stands along another axis."""
    if declared:
        return Upright(declared, "declared")
    whole = motion.with_tips()
    chosen = np.unique(np.linspace(0, motion.frames - 1, _LOOKS).astype(np.intp))
    found = np.concatenate([places(whole, slice(frame, frame + 1), positions) for frame in chosen])
    low, high = found.min(axis=1), found.max(axis=1)
    height = (high - low).mean(axis=0)
    axis = int(np.argmax(height))
    if height[axis] <= _CLEARLY * height[1]:
        return Upright("y", "proposed: usual for BVH")
    # Feet come back to the floor; hands and head do not come back to a ceiling.
    sign = "-" if float(high[:, axis].std()) < float(low[:, axis].std()) else ""
    return Upright(f"{sign}{'xyz'[axis]}", f"proposed: the figure is tallest along {'xyz'[axis]}")


def scene(motion: Motion, positions: str, up: str) -> Mesh:
    """Build a mesh of the pose in mid-motion with two paler, earlier ones beside it, in the source's unit."""
    shape = body(motion)
    frames = sorted({int(share * (motion.frames - 1)) for share in _GHOSTS})
    posed = [_posed(motion, frame, positions) for frame in frames]
    count = len(shape.part)
    material_of = [shape.part + (0 if frame == frames[-1] else 2) for frame in frames]
    positions_ = np.concatenate([points for points, _ in posed])
    return Mesh(
        positions=positions_,
        faces=np.arange(3 * count * len(frames), dtype=np.int32).reshape(-1, 3),
        material_of=np.concatenate(material_of).astype(np.int32),
        materials=_materials(),
        normals=np.concatenate([normals for _, normals in posed]).astype(np.float32),
        up=up,
    )


def _posed(motion: Motion, frame: int, positions: str) -> tuple[Floats, Floats]:
    """Return the body's vertices and normals in one frame."""
    shape, rest = body(motion), motion.rest()
    turns, where = compose([joint.parent for joint in motion.joints], local(motion, slice(frame, frame + 1), positions))
    own = turns[0][shape.joint]
    points = turn.rotate(own, shape.positions - rest[shape.joint]) + where[0][shape.joint]
    return points, turn.rotate(own, shape.normals)


def _materials() -> tuple[Material, ...]:
    """Return bone and knot, then both paler."""
    own = [Material(name=name, base_colour=COLOURS[name], roughness=0.7) for name in COLOURS]
    return (*own, *(replace(each, base_colour=_pale(each.base_colour), roughness=0.9) for each in own))


def _pale(colour: Colour) -> Colour:
    """Mix a colour with white."""
    red, green, blue, alpha = colour
    return 1 - _PALE * (1 - red), 1 - _PALE * (1 - green), 1 - _PALE * (1 - blue), alpha
