# SPDX-License-Identifier: Apache-2.0
"""Play a written motion file and compare it, joint by joint and frame by frame, with the recording it came from."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import StepFailure
from digitize.measure.statistics import BINS
from digitize.mesh import Floats
from digitize.motion import turn
from digitize.motion.pose import Local, blocks, compose, places
from digitize.motion.skeleton import Motion
from digitize.picture.orient import turned

_WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
_SHORT = 5122
_EACH = 100  # fine bins in each that is stated
_FINE = np.logspace(-8, 0, BINS * _EACH + 1)
EDGES = _FINE[::_EACH]


@dataclass(frozen=True, slots=True)
class Errors:
    """How far joints and end sites lie from where the recording has them, over all frames, in the source's unit.

    `p999` is known to within half a per cent upwards; `counts` are those of `EDGES`, relative to the resting skeleton's extent.
    """

    mean: float
    rms: float
    p999: float
    maximum: float
    counts: tuple[int, ...]


def compare(motion: Motion, path: Path, *, positions: str, scale: float, up: str) -> Errors:
    """Measure a file that was written from a motion.

    Raises
    ------
    StepFailure
        ``motion.lost`` where joints are missing.
    """
    whole = motion.with_tips()
    played = Player(path, len(whole.joints))
    extent, count = motion.extent(), motion.frames * len(whole.joints)
    total, squares, largest, fine = 0.0, 0.0, 0.0, np.zeros(len(_FINE) - 1, dtype=np.int64)
    for part in blocks(whole):
        recorded = places(whole, part, positions)
        times = (np.arange(part.start, part.stop) * motion.frame_time).astype(np.float32)
        shown = played.places(times) / scale
        frame = turned(recorded.reshape(-1, 3), up).reshape(recorded.shape)
        apart = np.linalg.norm(shown - frame, axis=2)
        total, squares, largest = total + float(apart.sum()), squares + float((apart**2).sum()), max(largest, float(apart.max()))
        fine += np.histogram(np.clip(apart / extent, _FINE[0], _FINE[-1]), bins=_FINE)[0]
    reached = int(np.searchsorted(np.cumsum(fine), 0.999 * count))
    p999 = min(float(_FINE[min(reached + 1, len(_FINE) - 1)]) * extent, largest)
    counts = tuple(int(part) for part in fine.reshape(BINS, -1).sum(axis=1))
    return Errors(total / count, (squares / count) ** 0.5, p999, largest, counts)


class Player:
    """A motion file, read without any of the code that wrote it; nodes 1 to `count` are the skeleton."""

    def __init__(self, path: Path, count: int) -> None:
        data = path.read_bytes()
        length = struct.unpack_from("<I", data, 12)[0]
        self._document = json.loads(data[20 : 20 + length])
        self._binary = data[28 + length :]
        self._nodes: list[dict[str, Any]] = self._document["nodes"]
        self._parents = self._above(count)
        self._curves = {key: (self._array(input_)[:, 0], self._array(output)) for key, input_, output in self._samplers()}

    def _above(self, count: int) -> list[int]:
        """Return each node's parent."""
        above = {child: number for number, node in enumerate(self._nodes) for child in node.get("children", [])}
        if not set(range(1, count + 1)) <= set(above):
            raise StepFailure("motion.lost", name="joints", given=count, got=len(above))
        return [-1, *(above[number] for number in range(1, count + 1))]

    def _samplers(self) -> list[tuple[tuple[int, str], int, int]]:
        """List node and path, key times and values of each channel."""
        animation = self._document["animations"][0]
        pairs = [(channel["target"], animation["samplers"][channel["sampler"]]) for channel in animation["channels"]]
        return [((target["node"], target["path"]), sampler["input"], sampler["output"]) for target, sampler in pairs]

    def _array(self, index: int) -> Floats:
        """Read an accessor of floats or normalised 16-bit numbers as (count, width) float64."""
        accessor = self._document["accessors"][index]
        start, width = self._document["bufferViews"][accessor["bufferView"]]["byteOffset"], _WIDTH[accessor["type"]]
        kind = "<i2" if accessor["componentType"] == _SHORT else "<f4"
        values = np.frombuffer(self._binary, kind, accessor["count"] * width, start).reshape(-1, width).astype(np.float64)
        return np.maximum(values / 32767, -1.0) if accessor.get("normalized") else values

    def places(self, times: Any) -> Floats:
        """Return where the skeleton's nodes are at times (n,) in seconds: (n, count, 3), in the file's frame."""
        count = len(self._parents)
        pose = Local(np.zeros((len(times), count, 4)), np.zeros((len(times), count, 3)))
        for number in range(count):
            node = self._nodes[number]
            pose.rotations[:, number] = self._at(times, (number, "rotation"), node.get("rotation", turn.IDENTITY))
            pose.translations[:, number] = self._at(times, (number, "translation"), node.get("translation", (0.0, 0.0, 0.0)))
        return compose(self._parents, pose)[1][:, 1:]

    def _at(self, times: Any, key: tuple[int, str], rest: Any) -> Floats:
        """Interpolate one curve as glTF's LINEAR does; where there is none, the node rests."""
        if key not in self._curves:
            return np.tile(np.asarray(rest, dtype=np.float64), (len(times), 1))
        line, values = self._curves[key]
        after = np.clip(np.searchsorted(line, times, side="right"), 1, max(len(line) - 1, 1))
        before, after = after - 1, np.minimum(after, len(line) - 1)
        width = np.where(line[after] > line[before], line[after] - line[before], 1.0)
        share = np.clip((times.astype(np.float64) - line[before]) / width, 0.0, 1.0)
        if key[1] == "rotation":
            return turn.slerp(values[before], values[after], share)
        return np.asarray(values[before] + share[:, None] * (values[after] - values[before]))
