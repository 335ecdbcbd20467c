# SPDX-License-Identifier: Apache-2.0
"""The pictures of a film as they were decoded: hashes, times, rate.

Source: ffmpeg-formats, "framemd5".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HASHES = "framemd5.txt"
_MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Frames:
    """Pictures in order.

    Attributes
    ----------
    base
        Seconds of a unit of time.
    times, last
        (n,) when each comes, and how long the last one stays, in units.
    digest
        SHA-256 over the pictures' MD5.
    width, height, pixel
        Of a picture as it is decoded, and how wide a pixel is for its height.
    changed
        The first picture that has more or fewer bytes than the one before; None where all are alike.
    """

    base: Fraction
    times: NDArray[np.int64]
    last: int
    digest: str
    width: int
    height: int
    pixel: Fraction
    changed: int | None = None

    @property
    def count(self) -> int:
        """Give how many there are."""
        return len(self.times)

    @property
    def seconds(self) -> float:
        """Give the time from the first picture to the end of the last."""
        return float((int(self.times[-1]) + self.last - int(self.times[0])) * self.base)

    def second(self, number: int) -> float:
        """Give when a picture comes, from the first on."""
        return round(float((int(self.times[min(number, self.count - 1)]) - int(self.times[0])) * self.base), 3)

    def rate(self) -> tuple[Fraction, bool]:
        """Give pictures per second, and whether they come at uneven distances (beyond the rounding of their times)."""
        if self.count < 2:
            return (1 / (self.base * self.last) if self.last else Fraction(0)), False
        steps = np.diff(self.times)
        span = (int(self.times[-1]) - int(self.times[0])) * self.base
        rate = Fraction(self.count - 1) / span if span > 0 else Fraction(0)
        variable = int(steps.max()) - int(steps.min()) > 1
        # Containers that count milliseconds blur a rate: the one in use that lies within that blur is meant.
        blurred = self.base >= _MILLISECOND and not variable
        return (_in_use(rate, 2 / self.count) if blurred else rate.limit_denominator(100_100)), variable


def _in_use(rate: Fraction, blur: float) -> Fraction:
    """Take the rate that is in use nearby."""
    known = [Fraction(base * scale, over) for base in (24, 25, 30, 48, 50, 60, 12, 15, 10) for scale, over in ((1, 1), (1000, 1001))]
    nearest = min(known, key=lambda one: abs(one - rate))
    return nearest if abs(nearest - rate) <= nearest * Fraction(min(blur, 0.001)).limit_denominator(10**6) else rate.limit_denominator(1001)


def read_hashes(path: Path) -> Frames | None:
    """Read a list of hashes; None where there is no picture in it."""
    head: dict[str, str] = {}
    times, last, digest = list[int](), 0, hashlib.sha256()
    size: str | None = None
    changed: int | None = None
    with path.open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith("#"):
                name, _, value = line[1:].partition(":")
                head[name.strip()] = value.strip()
                continue
            fields = [field.strip() for field in line.split(",")]
            times.append(int(fields[2]))
            last = int(fields[3])
            if size != fields[4]:
                changed = changed if size is None or changed is not None else len(times) - 1
                size = fields[4]
            digest.update(fields[5].encode() + b"\n")
    if not times:
        return None
    width, height = (int(side) for side in head["dimensions 0"].split("x"))
    over, under = (int(part) for part in head.get("sar 0", "1/1").split("/"))
    pixel = Fraction(over, under) if over > 0 and under > 0 else Fraction(1)
    return Frames(Fraction(head["tb 0"]), np.array(times, dtype=np.int64), last, digest.hexdigest(), width, height, pixel, changed)
