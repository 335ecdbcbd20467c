# SPDX-License-Identifier: Apache-2.0
"""Four characters in clerical manner, drawn as strokes of our own on a 10 by 10 square: 車馬出行, chariots and horses set out."""

from __future__ import annotations

from cms.demo.pen import Stroke
from cms.demo.relics.han import Figure


def _level(left: float, right: float, y: float) -> Stroke:
    return ((left, y, 0.42), ((left + right) / 2, y + 0.12, 0.34), (right, y, 0.42))


def _wave(left: float, right: float, y: float) -> Stroke:
    """Draw the long level stroke with its silkworm head and swallow tail."""
    return (
        (left, y - 0.1, 0.55),
        (left + 1.2, y + 0.15, 0.40),
        ((left + right) / 2, y + 0.25, 0.36),
        (right - 1.6, y, 0.50),
        (right - 0.6, y - 0.05, 0.70),
        (right + 0.3, y + 0.55, 0.15),
    )


def _post(x: float, top: float, bottom: float) -> Stroke:
    return ((x, top, 0.38), (x, (top + bottom) / 2, 0.34), (x, bottom, 0.42))


_CHE = (
    _level(1.8, 8.2, 8.7), _level(2.4, 7.6, 7.1), _post(2.3, 7.2, 3.4), _post(7.7, 7.2, 3.4), _level(2.4, 7.6, 5.3), _level(2.4, 7.6, 3.5), _wave(0.5, 9.3, 1.8), _post(5.0, 9.8, 0.1),
)  # fmt: skip
_MA = (
    _post(2.3, 9.2, 3.9), _level(2.3, 8.0, 9.2), _level(2.4, 7.4, 7.5), _level(2.4, 7.4, 5.8), _post(5.0, 9.2, 4.1), _level(2.3, 8.5, 4.0),
    ((8.6, 4.0, 0.42), (8.7, 2.2, 0.42), (8.2, 0.8, 0.52), (6.9, 0.7, 0.18)),
    *(((x, 2.6, 0.25), (x - lean, 1.0, 0.55)) for x, lean in ((1.5, 0.5), (3.2, 0.2), (4.9, 0.0), (6.5, -0.2))),
)  # fmt: skip
_CHU = (
    _post(5.0, 9.7, 1.0), _post(2.1, 8.3, 5.4), _level(2.1, 7.9, 5.3), _post(7.9, 8.3, 5.4), _post(1.1, 4.0, 1.1), _level(1.1, 8.9, 1.0), _post(8.9, 4.0, 1.1),
)  # fmt: skip
_XING = (
    ((3.7, 9.4, 0.5), (2.6, 8.2, 0.36), (1.0, 7.3, 0.18)), ((3.9, 6.8, 0.5), (2.6, 5.4, 0.36), (0.6, 4.3, 0.18)), _post(2.6, 5.3, 0.4), _level(5.1, 8.9, 8.3), _wave(4.7, 9.3, 5.4),
    ((7.3, 5.3, 0.40), (7.3, 2.4, 0.36), (7.2, 1.2, 0.5), (5.9, 0.7, 0.2)),
)  # fmt: skip

TEXT = "車馬出行"
CHARACTERS = tuple(Figure(strokes=strokes) for strokes in (_CHE, _MA, _CHU, _XING))
