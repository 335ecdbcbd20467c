# SPDX-License-Identifier: Apache-2.0
"""PCM sound: read, brought to an access copy, drawn as a waveform, its level stated.

Source: IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991 (RIFF WAVE).
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Singles

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


@dataclass(frozen=True)
class Sound:
    """Samples (frames, channels) as float32 from -1 to 1, frames per second, bits of the original."""

    samples: Singles
    rate: int
    bits: int

    @property
    def seconds(self) -> float:
        """Return the duration in seconds."""
        return len(self.samples) / self.rate


def read(path: Path) -> Sound:
    """Read a WAV of 8 to 32 bits, whole numbers or floating.

    Raises
    ------
    Refusal
        `sound.unreadable`.
    """
    try:
        return _read(path.read_bytes())
    except (struct.error, ValueError, KeyError, ZeroDivisionError) as error:
        raise Refusal("sound.unreadable", at=path.name, name=path.name) from error


def _read(data: bytes) -> Sound:
    """Find the format and the data chunk, and decode."""
    chunks, at = dict[bytes, bytes](), 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        chunks.setdefault(name, data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if kind == _EXTENSIBLE:
        kind = struct.unpack_from("<H", chunks[b"fmt "], 24)[0]
    if kind not in (_PCM, _FLOAT) or block != channels * ((bits + 7) // 8) or rate == 0:
        raise ValueError(kind)
    body = chunks[b"data"]
    return Sound(_decoded(body[: len(body) // block * block], kind, bits).reshape(-1, channels), rate, bits)


def _decoded(body: bytes, kind: int, bits: int) -> Singles:
    """Turn the bytes of samples into float32 from -1 to 1."""
    if kind == _FLOAT:
        return np.nan_to_num(np.frombuffer(body, dtype=f"<f{bits // 8}").astype(np.float32)).clip(-1, 1)
    if bits == 8:
        return ((np.frombuffer(body, dtype=np.uint8).astype(np.float32) - 128) / 128).astype(np.float32)
    if bits == 24:
        triples = np.frombuffer(body, dtype=np.uint8).reshape(-1, 3)
        wide = np.zeros((len(triples), 4), dtype=np.uint8)
        wide[:, 1:] = triples
        return (wide.view("<i4").ravel() / np.float32(2**31)).astype(np.float32)
    whole: NDArray[Any] = np.frombuffer(body, dtype=f"<i{bits // 8}")
    return (whole / np.float32(2 ** (bits - 1))).astype(np.float32)


def access(sound: Sound, rate: int, channels: int) -> Sound:
    """Bring sound to at most `rate` frames per second and `channels` channels; what fits stays as it is."""
    samples = sound.samples
    if samples.shape[1] > channels:
        samples = samples.mean(axis=1, keepdims=True)
    if sound.rate <= rate:
        return Sound(samples, sound.rate, 16)
    from scipy.signal import resample_poly

    common = gcd(sound.rate, rate)
    reduced = resample_poly(samples.astype(np.float64), rate // common, sound.rate // common, axis=0)
    return Sound(reduced.clip(-1, 1).astype(np.float32), rate, 16)


def write(sound: Sound, path: Path) -> None:
    """Write 16-bit WAV."""
    body = np.rint(sound.samples.astype(np.float64) * 32768.0).clip(-32768, 32767).astype("<i2").tobytes()
    channels = sound.samples.shape[1]
    form = struct.pack("<HHIIHH", _PCM, channels, sound.rate, sound.rate * channels * 2, channels * 2, 16)
    head = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(body))
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(head) + len(body)) + b"WAVE" + head + body)


def level(sound: Sound) -> dict[str, float | None]:
    """Return peak and RMS in dB of full scale; None for silence."""
    peak = float(np.abs(sound.samples).max(initial=0.0))
    power = float(np.mean(sound.samples.astype(np.float64) ** 2)) if sound.samples.size else 0.0
    return {"peak_dbfs": _decibel(peak), "rms_dbfs": _decibel(power**0.5)}


def _decibel(amplitude: float) -> float | None:
    """Return an amplitude in dB of full scale."""
    return round(float(20 * np.log10(amplitude)), 2) if amplitude > 0 else None


def peaks(sound: Sound, columns: int) -> NDArray[np.float64]:
    """Return lowest and highest sample of `columns` equal stretches: (columns, 2)."""
    mono = sound.samples.mean(axis=1)
    edges = np.linspace(0, len(mono), columns + 1).astype(np.int64)
    spans = [mono[start : max(end, start + 1)] for start, end in pairwise(edges)]
    return np.array([[span.min(initial=0.0), span.max(initial=0.0)] for span in spans], dtype=np.float64)


def waveform(sound: Sound, columns: int = 600, height: int = 120) -> str:
    """Draw the waveform as an SVG that takes the colour of its surroundings."""
    return drawing(peaks(sound, columns), height)


def drawing(extremes: NDArray[np.float64], height: int = 120) -> str:
    """Draw lowest and highest samples (columns, 2) as an SVG."""
    middle, columns = height / 2, len(extremes)
    scale = (middle - 1) / max(float(np.abs(extremes).max(initial=0.0)), 1e-6)
    strokes = "".join(
        f"M{x + 0.5:g} {middle - high * scale - 0.5:.1f}V{middle - low * scale + 0.5:.1f}" for x, (low, high) in enumerate(extremes)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns} {height}" preserveAspectRatio="none" role="img">'
        f'<path d="{strokes}" fill="none" stroke="currentColor" stroke-width="1"/></svg>\n'
    )
