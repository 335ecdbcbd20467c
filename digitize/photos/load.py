# SPDX-License-Identifier: Apache-2.0
"""Open a photograph small enough to measure, and say what it measures."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Refusal
from digitize.mesh import Bytes, Singles
from digitize.photos.camera import camera
from digitize.photos.features import SIDE, Features, features
from digitize.photos.focus import focus
from digitize.photos.light import light
from digitize.photos.likeness import perceptual_hash, reduced

WORK = 1600  # pixels of the longer side on which sharpness and exposure are measured
SMALL = 64  # a side, for comparing whole pictures
_FORMATS = ["JPEG", "PNG", "WEBP", "TIFF"]


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph: facts for the report, its hash, its features, and it reduced (SMALL, SMALL)."""

    facts: dict[str, Any]
    hash: int
    features: Features
    small: Singles


def measure(path: Path, name: str) -> Photo:
    """Decode and measure one photograph.

    Raises
    ------
    Refusal
        ``image.undecodable``.
    """
    picture, facts = opened(path, name)
    pixels: Bytes = np.asarray(picture)
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    sharp, exposure = focus(grey), light(pixels)
    mark = perceptual_hash(grey)
    found = {"laplacian": sharp.laplacian, "blur_px": sharp.blur, **asdict(exposure), "phash": f"{mark:016x}"}
    little = np.asarray(reduced_to(picture, SIDE).convert("L"), dtype=np.float32)
    return Photo({"name": name, "bytes": path.stat().st_size, **facts, **found}, mark, features(little), reduced(grey, SMALL))


def opened(path: Path, name: str, side: int = WORK) -> tuple[Any, dict[str, Any]]:
    """Decode a photograph upright as 8-bit RGB, its longer side at most `side` pixels; say its full size and camera."""
    from PIL import Image

    formats = [*_FORMATS, "HEIF"] if _knows_heif() else _FORMATS
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # the pre-flight has bounded it
    try:
        with Image.open(path, formats=formats) as file:
            size, told = file.size, _camera(file)
            file.draft("RGB", (2 * side, 2 * side))
            file.load()
            upright = _upright(file)
        lies = (upright.width > upright.height) == (size[0] > size[1])
        width, height = size if lies else size[::-1]
        return reduced_to(_plain(upright), side), {"width": width, "height": height, "camera": told}
    except Exception as error:  # whatever a codec raises, it is the file’s fault
        raise Refusal("image.undecodable", at=name, name=name) from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _camera(file: Any) -> dict[str, Any]:
    """Read what the camera wrote; where that is broken, it says nothing, which the verdict on the set then names."""
    try:
        return camera(file.getexif())
    except Exception:  # noqa: BLE001 - Pillow raises many things on broken tags, and the picture is sound without them
        return {}


def _upright(file: Any) -> Any:
    """Turn a picture as its EXIF says; Pillow's own way writes the EXIF anew, which broken tags prevent."""
    from PIL import Image

    turns = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}
    try:
        turn = turns.get(file.getexif().get(274, 1))
    except Exception:  # noqa: BLE001 - as above
        turn = None
    return file.transpose(Image.Transpose[turn]) if turn else file.copy()


def _knows_heif() -> bool:
    """Let Pillow read HEIF where the library is installed."""
    try:
        import pi_heif  # type: ignore[import-untyped]
    except ImportError:
        return False
    pi_heif.register_heif_opener(thumbnails=False)
    return True


def _plain(picture: Any) -> Any:
    """Bring any mode to 8-bit RGB; what is transparent is laid on grey."""
    from PIL import Image

    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Image.new("RGBA", whole.size, (128, 128, 128, 255))
        picture = Image.alpha_composite(ground, whole)
    return picture.convert("RGB")


def reduced_to(picture: Any, side: int) -> Any:
    """Scale a picture down so that its longer side is at most `side`."""
    from PIL import Image

    if max(picture.size) <= side:
        return picture
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=None)
    return small
