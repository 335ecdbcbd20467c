# SPDX-License-Identifier: Apache-2.0
"""All photographs of a set on one sheet, numbered, each framed in the colour of its verdict."""

from math import ceil
from typing import Any

from digitize.photos.verdict import AGAIN, KEEP, LEAVE

_FRAME = {KEEP: (46, 125, 80), AGAIN: (190, 40, 30), LEAVE: (140, 140, 140)}
_WIDEST, _CELL, _EDGE = 4096, 200, 4
_PAPER = (250, 249, 246)


class Sheet:
    """A contact sheet that is filled one photograph after the other."""

    def __init__(self, count: int) -> None:
        from PIL import Image

        self._columns = max(1, min(ceil((count * 1.5) ** 0.5), count))
        self._cell = max(24, min(_CELL, _WIDEST // self._columns))
        rows = ceil(count / self._columns)
        self.picture = Image.new("RGB", (self._columns * self._cell, rows * self._cell), _PAPER)

    def add(self, number: int, photo: Any, verdict: str) -> None:
        """Lay one photograph (any size) at its place, counted from 0."""
        from PIL import Image, ImageDraw, ImageFont

        room = self._cell - 2 * _EDGE
        small = photo.copy()
        small.thumbnail((room, room), Image.Resampling.LANCZOS, reducing_gap=None)
        left, top = (number % self._columns) * self._cell, (number // self._columns) * self._cell
        x, y = left + (self._cell - small.width) // 2, top + (self._cell - small.height) // 2
        draw = ImageDraw.Draw(self.picture)
        draw.rectangle((x - 3, y - 3, x + small.width + 2, y + small.height + 2), fill=_FRAME[verdict])
        self.picture.paste(small, (x, y))
        if self._cell >= 48:
            font = ImageFont.load_default(max(10, self._cell // 12))
            box = draw.textbbox((x + 2, y + 1), str(number + 1), font=font)
            draw.rectangle((x, y, box[2] + 2, box[3] + 2), fill=_FRAME[verdict])
            draw.text((x + 2, y + 1), str(number + 1), font=font, fill=(255, 255, 255))
