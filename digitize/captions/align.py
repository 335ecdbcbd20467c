# SPDX-License-Identifier: Apache-2.0
"""Whether captions stand where there is sound: how much of their time has some, and by how much they would fit better moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.captions.check import merged
from digitize.captions.model import Captions
from digitize.errors import Doubt

Singles = NDArray[np.float32]
PER_SECOND = 100
_LOOK = 60.0  # s
_SMOOTH = 15  # hundredths: shorter than a syllable's pause
_RANGE = 10.0  # dB between quiet and loud below which there is nothing to tell apart
_SHIFT, _GAIN, _SURE, _CUES = 0.5, 0.15, 0.3, 3


@dataclass(frozen=True, slots=True)
class Alignment:
    """What was measured.

    Attributes
    ----------
    share
        Of the captions' time, how much has sound above the floor.
    correlation
        Of captions and sound (-1 to 1), as they are.
    offset
        Seconds by which the captions, moved, would correlate best; `better` and `best` are share and correlation then.
    floor
        The level between quiet and loud, in dB of full scale.
    """

    share: float
    correlation: float
    offset: float
    better: float
    best: float
    floor: float

    def as_json(self) -> dict[str, float]:
        """Give the figures, rounded."""
        return {
            "share": round(self.share, 4),
            "correlation": round(self.correlation, 4),
            "offset": round(self.offset, 2),
            "share_moved": round(self.better, 4),
            "correlation_moved": round(self.best, 4),
            "floor_dbfs": round(self.floor, 1),
        }


def align(captions: Captions, curve: Singles) -> Alignment | None:
    """Compare captions with a curve (n, 3) of a recording, of which the last column is the mean square of every hundredth of a second.

    Returns
    -------
    None where the sound is even, so that nothing can be told from it.
    """
    active, floor = _active(curve[:, 2].astype(np.float64))
    if active is None:
        return None
    shown = np.zeros(len(active))
    for start, end in merged(captions.cues):
        shown[start * PER_SECOND // 1000 : -(-end * PER_SECOND // 1000)] = 1
    if not shown.any() or shown.all():
        return None
    most = min(round(_LOOK * PER_SECOND), len(active) - 1)
    found = _correlations(shown, active, most)
    # Of equal ones the nearest: a recording that repeats itself fits many times.
    best = int(np.lexsort((np.abs(np.arange(-most, most + 1)), -np.round(found, 6)))[0])
    offset = best - most
    return Alignment(
        _share(shown, active, 0), float(found[most]), offset / PER_SECOND, _share(shown, active, offset), float(found[best]), floor
    )


def _active(power: NDArray[np.float64]) -> tuple[NDArray[np.float64] | None, float]:
    """Tell loud from quiet by a level between them; None where they hardly differ."""
    if len(power) < PER_SECOND:
        return None, 0.0
    window = np.ones(_SMOOTH)
    smooth = np.convolve(power, window / _SMOOTH, mode="same")
    quiet, loud = (float(one) for one in np.percentile(_level(smooth), [5, 95]))
    if loud - quiet < _RANGE:
        return None, 0.0
    floor = quiet + 0.5 * (loud - quiet)
    # Gaps as short as the window are filled, and the ends stay where they are: widened, then narrowed by as much.
    wide = np.convolve((_level(power) > floor).astype(np.float64), window, mode="same") > 0.5
    return (np.convolve(np.pad(~wide, _SMOOTH // 2, mode="edge"), window, mode="valid") < 0.5).astype(np.float64), floor


def _level(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give levels in dB of full scale, no lower than any recording has."""
    level: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-9))
    return level


def _correlations(shown: NDArray[np.float64], active: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Correlate over moves of -`most` to `most` hundredths: (2 most + 1,)."""
    one, two = shown - shown.mean(), active - active.mean()
    size = 1 << (2 * len(one) - 1).bit_length()
    product = np.fft.irfft(np.conj(np.fft.rfft(one, size)) * np.fft.rfft(two, size), size)
    scale = max(float(np.sqrt((one**2).sum() * (two**2).sum())), 1e-9)
    near: NDArray[np.float64] = np.concatenate([product[len(product) - most :], product[: most + 1]]) / scale
    return near


def _share(shown: NDArray[np.float64], active: NDArray[np.float64], move: int) -> float:
    """Give how much of the captions' time has sound, moved by so many hundredths."""
    places = np.flatnonzero(shown) + move
    inside = places[(places >= 0) & (places < len(active))]
    return float(active[inside].sum() / len(places))


def doubts(captions: Captions, found: Alignment | None) -> list[Doubt]:
    """Say where captions seem to be early or late, or to belong elsewhere."""
    if found is None or len(captions.cues) < _CUES:
        return []
    if abs(found.offset) >= _SHIFT and found.best >= _SURE and found.best - found.correlation >= _GAIN:
        shares = {"share": f"{found.share:.0%}", "better": f"{found.better:.0%}"}
        return [Doubt("captions.shifted", None, {"name": captions.name, "offset": f"{found.offset:+.2f}", **shares})]
    if found.share < _SURE and found.best < _SURE:
        return [Doubt("captions.over-silence", None, {"name": captions.name, "share": f"{found.share:.0%}"})]
    return []
