# SPDX-License-Identifier: Apache-2.0
"""Choose the sharpest of several pictures, and keep it as WebP."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 80
_FLAT = 8.0


def picks(count: int, among: int) -> list[int]:
    """Give numbers of pictures spread over a film, and the first, which there always is."""
    return sorted({0, *(min(max(count - 1, 0), (2 * n + 1) * count // (2 * among)) for n in range(among))})


def sharpness(grey: NDArray[np.float64]) -> float:
    """Return the variance of the Laplacian of a picture (h, w); one that is nearly of one tone has none.

    Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    """
    if grey.std() < _FLAT or min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle).var())


def choose(choice: Sequence[tuple[Path, float]]) -> tuple[Image, float]:
    """Give the sharpest picture, and its second; the first of equals."""
    from PIL import Image

    opened = [(Image.open(path).convert("RGB"), second) for path, second in choice]
    scores = [sharpness(np.asarray(image.convert("L"), dtype=np.float64)) for image, _ in opened]
    return opened[int(np.argmax(scores))]


def write(choice: Sequence[tuple[Path, float]], pixel: Fraction, out: Path) -> dict[str, Any]:
    """Write the poster with square pixels; return its rendition."""
    image, second = choose(choice)
    if pixel != 1:
        image = image.resize((max(round(image.width * pixel), 1), image.height))
    image.save(out / "poster.webp", quality=QUALITY, method=6)
    fact = {"role": "thumbnail", "media_type": "image/webp", "path": "poster.webp", "width": image.width, "height": image.height}
    return {**fact, "second": second}
