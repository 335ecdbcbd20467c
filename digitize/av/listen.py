# SPDX-License-Identifier: Apache-2.0
"""Hear a recording once, from end to end: its samples' hash, their number, levels, and the curve of its waveform."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.av import command
from digitize.av.describe import Samples
from digitize.errors import Refusal, StepFailure

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]
PER_SECOND = 100
_CUT_TO_24 = np.int32(~0xFF)


@dataclass(frozen=True, slots=True)
class Form:
    """How samples come through the pipe: ffmpeg's name, numpy's, the value of full scale, whether only 24 bits of it count."""

    name: str
    dtype: str
    full: float
    cut: bool = False

    @property
    def shown(self) -> str:
        """Name the form in which samples are hashed."""
        return "s24le" if self.cut else self.name

    def hashed(self, samples: NDArray[Any]) -> bytes:
        """Give the bytes that are hashed: of 24 bits those three, as FLAC's own hash has them."""
        return samples.view(np.uint8).reshape(-1, 4)[:, 1:].tobytes() if self.cut else samples.tobytes()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard.

    Attributes
    ----------
    md5
        Of the samples as little-endian `form`, channels interleaved.
    frames
        Samples per channel.
    curve
        (n, 3): lowest, highest and mean square of the mean of all channels, of every hundredth of a second.
    peak, power
        Largest amplitude, and mean square over all channels.
    errors
        What ffmpeg complained of in decoding.
    """

    md5: str
    form: str
    frames: int
    rate: int
    channels: int
    curve: Doubles
    peak: float
    power: float
    errors: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Give the length."""
        return self.frames / self.rate


def form_of(samples: Samples) -> Form:
    """Choose the form that loses nothing; lossy codecs, whose floating samples are their decoder's affair, come at 24 bits."""
    if samples.lossy or 16 < samples.bits <= 24:
        return Form("s32le", "<i4", 2.0**31, cut=True)
    if samples.bits == 0:
        return Form("f64le", "<f8", 1.0) if samples.form == "dbl" else Form("f32le", "<f4", 1.0)
    return Form("s16le", "<i2", 2.0**15) if samples.bits <= 16 else Form("s32le", "<i4", 2.0**31)


def channels_of(layout: str) -> int:
    """Count the channels of a layout as ffmpeg writes it.

    Source: ffmpeg-utils, "Channel Layout".
    """
    name = layout.partition("(")[0].strip()
    known = {"mono": 1, "stereo": 2, "quad": 4, "hexagonal": 6, "octagonal": 8, "downmix": 2, "cube": 8, "hexadecagonal": 16}
    if name in known:
        return known[name]
    if name.endswith(" channels"):
        return int(name.split()[0])
    digits = name.split(".")
    return sum(int(one) for one in digits) if all(one.isdigit() for one in digits) else 0


def listen(path: Path, form: str, samples: Samples) -> Heard:
    """Decode a recording whole.

    Raises
    ------
    Refusal
        ``media.undecodable`` where no sample comes.
    StepFailure
        ``media.ffmpeg-failed``.
    """
    way, channels = form_of(samples), channels_of(samples.layout)
    if not channels:
        raise Refusal("media.undecodable", name=path.name, problem=f"its channels are unknown ({samples.layout})")
    node = command.output(command.source(path, form)[str(samples.index)], to="-", f=way.name, acodec=f"pcm_{way.name}")
    taken = _Taken(way, samples.rate, channels)
    try:
        with command.piped(node) as piped:
            for block in blocks(piped, way, channels, samples.rate):
                taken.take(block)
            errors = tuple(line for line in piped.end().splitlines() if line.strip())
    except StepFailure as failure:
        raise command.refused(path.name, failure) from failure
    if not taken.frames:
        raise Refusal("media.undecodable", name=path.name, problem=command.problem("\n".join(errors)))
    return taken.heard(errors)


def blocks(piped: command.Piped, way: Form, channels: int, rate: int) -> Iterator[NDArray[Any]]:
    """Yield whole seconds of samples as they come, (frames, channels) of the pipe's own type."""
    width = np.dtype(way.dtype).itemsize * channels
    for data in piped.blocks(width * rate):
        samples = np.frombuffer(data[: len(data) // width * width], dtype=way.dtype).reshape(-1, channels)
        yield samples & _CUT_TO_24 if way.cut else samples


class _Taken:
    """What has been heard so far."""

    def __init__(self, way: Form, rate: int, channels: int) -> None:
        self._way, self._rate, self._channels = way, rate, channels
        self._digest = hashlib.md5(usedforsecurity=False)
        self._curve: list[Doubles] = []
        self._peak = self._sum = 0.0
        self.frames = 0

    def take(self, samples: NDArray[Any]) -> None:
        """Hear one second, or the last part of one."""
        self._digest.update(self._way.hashed(np.ascontiguousarray(samples)))
        self.frames += len(samples)
        loud = np.nan_to_num(samples.astype(np.float64) / self._way.full)
        self._peak = max(self._peak, float(np.abs(loud).max(initial=0.0)))
        self._sum += float((loud**2).sum())
        self._curve.append(curve(loud.mean(axis=1), self._rate))

    def heard(self, errors: tuple[str, ...]) -> Heard:
        """Give everything."""
        power = self._sum / (self.frames * self._channels)
        whole = np.concatenate(self._curve)
        return Heard(self._digest.hexdigest(), self._way.shown, self.frames, self._rate, self._channels, whole, self._peak, power, errors)


def curve(mono: Doubles, rate: int) -> Doubles:
    """Give lowest, highest and mean square of every hundredth of a second: (n, 3)."""
    edges = np.arange(0, len(mono), max(rate // PER_SECOND, 1))
    if not len(edges):
        return np.zeros((0, 3))
    counts = np.diff(np.append(edges, len(mono)))
    squares = np.add.reduceat(mono**2, edges) / counts
    return np.stack([np.minimum.reduceat(mono, edges), np.maximum.reduceat(mono, edges), squares], axis=1)


def decibel(amplitude: float, digits: int = 2) -> float | None:
    """Return an amplitude in dB of full scale; silence has none."""
    return round(float(20 * np.log10(amplitude)), digits) if amplitude > 0 else None
