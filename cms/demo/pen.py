# SPDX-License-Identifier: Apache-2.0
"""A brush for drawing motifs: strokes of changing width along smooth curves, placed, turned and mirrored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Stroke = Sequence[tuple[float, float, float]]
"""Points (x, y, half width) that a stroke passes through."""

Outline = Sequence[tuple[float, float]]


def curve(points: NDArray[np.float64], pieces: int = 10, *, closed: bool = False) -> NDArray[np.float64]:
    """Pass a Catmull-Rom curve through (k, d) points, with `pieces` samples from one to the next."""
    if closed:
        padded = np.concatenate([points[-1:], points, points[:2]])
    else:
        padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0.0, 1.0, pieces, endpoint=False)[None, :, None]
    a, b, c, d = (padded[k : len(padded) - 3 + k, None, :] for k in range(4))
    inner = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = inner.reshape(-1, points.shape[1])
    return flat if closed else np.concatenate([flat, points[-1:]])


@dataclass(frozen=True)
class Pen:
    """A place to draw from: a bitmap, a similarity from drawing units to its pixels, a value and a widening.

    Attributes
    ----------
    image : PIL image of mode L
    frame : (3, 3) float64, drawing units to pixels
    value : what is drawn, 0 to 255
    grow : added to every half width, in drawing units of the outermost frame
    """

    image: Image.Image
    frame: NDArray[np.float64]
    value: int = 255
    grow: float = 0.0
    unit: float = 1.0

    def placed(self, x: float, y: float, *, scale: float = 1.0, turn: float = 0.0, mirror: bool = False) -> Pen:
        """Move the origin to (x, y), then scale, turn (degrees) and mirror left to right what is drawn."""
        cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        side = -1.0 if mirror else 1.0
        local = np.array([[cos * side, -sin, x], [sin * side, cos, y], [0.0, 0.0, 1.0]])
        return replace(self, frame=self.frame @ local)

    def ink(self, value: int, grow: float = 0.0) -> Pen:
        """Draw with another value, and with every width grown by `grow`."""
        return replace(self, value=value, grow=grow)

    @property
    def scale(self) -> float:
        """Pixels per drawing unit."""
        return float(math.hypot(self.frame[0, 0], self.frame[1, 0]))

    def _pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points[:, :2] @ self.frame[:2, :2].T + self.frame[:2, 2])

    def _radius(self, half: float) -> float:
        return max(half * self.scale + self.grow * self.unit, 0.3)

    def brush(self, stroke: Stroke, *, pieces: int = 12, closed: bool = False) -> None:
        """Draw a smooth stroke through (x, y, half width) points."""
        path = curve(np.asarray(stroke, np.float64), pieces, closed=closed)
        self._sweep(np.concatenate([path, path[:1]]) if closed else path)

    def line(self, points: Outline, half: float) -> None:
        """Draw straight pieces of one half width."""
        self._sweep(np.array([(x, y, half) for x, y in points]))

    def _sweep(self, path: NDArray[np.float64]) -> None:
        draw = ImageDraw.Draw(self.image)
        spots = self._pixels(path)
        radii = [self._radius(max(float(half), 0.0)) for half in path[:, 2]]
        for (x, y), r in zip(spots, radii, strict=True):
            draw.ellipse((x - r, y - r, x + r, y + r), fill=self.value)
        for k in range(len(spots) - 1):
            self._bridge(draw, spots[k], spots[k + 1], radii[k], radii[k + 1])

    def _bridge(self, draw: ImageDraw.ImageDraw, p: NDArray[np.float64], q: NDArray[np.float64], a: float, b: float) -> None:
        along = q - p
        length = float(np.hypot(along[0], along[1]))
        if length < 1e-6:
            return
        across = np.array([-along[1], along[0]]) / length
        corners = (p + across * a, q + across * b, q - across * b, p - across * a)
        draw.polygon([(float(x), float(y)) for x, y in corners], fill=self.value)

    def polygon(self, outline: Outline) -> None:
        """Fill a polygon."""
        spots = self._pixels(np.asarray(outline, np.float64))
        draw = ImageDraw.Draw(self.image)
        draw.polygon([(float(x), float(y)) for x, y in spots], fill=self.value)
        if self.grow:
            self._sweep(np.array([(x, y, 0.0) for x, y in [*outline, outline[0]]]))

    def shape(self, outline: Outline, *, pieces: int = 12) -> None:
        """Fill the smooth closed curve through the points."""
        path = curve(np.asarray(outline, np.float64), pieces, closed=True)
        self.polygon([(float(x), float(y)) for x, y in path])

    def disc(self, x: float, y: float, half: float) -> None:
        """Fill a disc."""
        self._sweep(np.array([(x, y, half)]))

    def ring(self, x: float, y: float, radius: float, half: float, *, start: float = 0.0, end: float = 360.0) -> None:
        """Draw an arc of one half width; angles in degrees, counter-clockwise in drawing units."""
        steps = max(8, int(abs(end - start) * radius * self.scale / 400.0))
        angles = np.radians(np.linspace(start, end, steps + 1))
        self._sweep(np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles), np.full(steps + 1, half)], axis=1))

    def spiral(self, x: float, y: float, outer: float, turns: float, half: float, *, start: float = 0.0, hand: int = 1) -> None:
        """Draw a round spiral inwards from radius `outer`; `hand` is 1 or -1."""
        t = np.linspace(0.0, 1.0, int(24 * turns) + 2)
        angle = math.radians(start) + hand * t * turns * 2 * math.pi
        radius = outer * (1 - 0.92 * t)
        widths = half * (1 - 0.35 * t)
        self._sweep(np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle), widths], axis=1))

    def meander(self, x: float, y: float, size: float, half: float, *, hand: int = 1) -> None:
        """Draw a square spiral (leiwen) in a cell of side `size` whose centre is (x, y); `hand` -1 mirrors it."""
        reach, pitch = size / 2 - half, 3.8 * half
        left, bottom, right, top = -reach, -reach, reach, reach
        path = [(left, bottom)]
        while right - left > pitch / 2:
            path += [(right, bottom), (right, top), (left, top)]
            bottom, right, top = bottom + pitch, right - pitch, top - pitch
            path.append((left, bottom))
            left += pitch
        self.line([(x + hand * px, y + py) for px, py in path], half)


def canvas(width: int, height: int, *, units: tuple[float, float, float, float], value: int = 0) -> Pen:
    """Start a bitmap whose drawing units run from (left, bottom) to (right, top), y upwards.

    Parameters
    ----------
    width, height : pixels
    units : left, bottom, right, top
    value : the ground's value
    """
    left, bottom, right, top = units
    sx, sy = width / (right - left), height / (top - bottom)
    frame = np.array([[sx, 0.0, -left * sx], [0.0, -sy, top * sy], [0.0, 0.0, 1.0]])
    return Pen(Image.new("L", (width, height), value), frame, unit=sx)


def field(pen: Pen, width: int | None = None, height: int | None = None) -> NDArray[np.float32]:
    """Read the bitmap as float32 in [0, 1], reduced to (height, width) by area where asked."""
    image = pen.image
    if width is not None and height is not None:
        image = image.resize((width, height), Image.Resampling.BOX)
    return np.asarray(image, np.float32) / np.float32(255.0)
