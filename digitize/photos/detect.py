# SPDX-License-Identifier: Apache-2.0
"""Printed markers in a photograph, found by OpenCV, which is part of the optional extra `photos`.

Source: Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial markers under occlusion", 2014.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digitize.mesh import Bytes, Floats

LIBRARY, EXTRA = "opencv-python-headless", "photos"


@dataclass(frozen=True, slots=True)
class Seen:
    """Markers of one picture.

    Attributes
    ----------
    corners : by number, (4, 2) x, y in pixels from the picture's top left corner; as printed: top left, top right, bottom right, bottom left.
    twice : numbers that it shows more than once, which are left out.
    """

    corners: Mapping[int, Floats]
    twice: tuple[int, ...]


def available() -> bool:
    """Tell whether OpenCV is installed."""
    return importlib.util.find_spec("cv2") is not None


def detector(dictionary: str) -> Callable[[Bytes], Seen]:
    """Make a function that finds the markers of a dictionary (a name of `markers.DICTIONARIES`) in grey pictures (h, w)."""
    import cv2  # type: ignore[import-not-found]
    import numpy as np

    cv2.setNumThreads(1)  # the same each time
    params = cv2.aruco.DetectorParameters()
    params.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    # On textured ground OpenCV's defaults group a marker with the clutter around it and lose it.
    params.minMarkerDistanceRate = 0.03
    number = getattr(cv2.aruco, f"DICT_{dictionary}")
    finder = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(number), params)

    def find(grey: Bytes) -> Seen:
        corners, numbers, _ = finder.detectMarkers(np.ascontiguousarray(grey))
        # OpenCV counts from the middle of the first pixel.
        places = [place.reshape(4, 2).astype(np.float64) + 0.5 for place in corners]
        return once([] if numbers is None else [int(one) for one in numbers.ravel()], places)

    return find


def once(numbers: Sequence[int], places: Sequence[Floats]) -> Seen:
    """Keep each marker once: of outlines (4, 2) within each other the outer one, of two at different places none."""
    import numpy as np

    found, twice = dict[int, Floats](), set[int]()
    for number, place in sorted(zip(numbers, places, strict=True), key=lambda one: (one[0], -float(np.ptp(one[1], axis=0).sum()))):
        outer = found.setdefault(number, place)
        if np.linalg.norm(outer.mean(axis=0) - place.mean(axis=0)) > np.ptp(outer, axis=0).max() / 4:
            twice.add(number)
    return Seen({number: place for number, place in found.items() if number not in twice}, tuple(sorted(twice)))
