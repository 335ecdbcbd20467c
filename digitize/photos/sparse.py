# SPDX-License-Identifier: Apache-2.0
"""Where the cameras stood, and a sparse cloud of what they saw: structure from motion by pycolmap, which is an optional extra.

Source: Schönberger and Frahm, "Structure-from-Motion Revisited", CVPR 2016.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize.mesh import Bytes, Floats, Integers

EXTRA = "pycolmap"
_FULL_FRAME = 36.0  # mm: what a 35 mm equivalent speaks of
_SEED = 1
LEAST = 3  # photographs in a model


@dataclass(frozen=True, slots=True)
class View:
    """One photograph as it is given to the reconstruction: a file of its own, its name, its camera's facts."""

    file: str
    name: str
    size: tuple[int, int]
    camera: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """A reconstruction.

    Attributes
    ----------
    points : (n, 3) in a frame and a unit of its own.
    colours : (n, 3) uint8 sRGB.
    cameras : one object for each placed photograph: name, centre (3,), rotation (x, y, z, w) from the model to the camera, intrinsics.
    seen_by : (n,) by how many photographs each point is seen.
    error : mean reprojection error in pixels of the pictures used.
    models : how many separate models the photographs gave; this is the largest.
    """

    points: Floats
    colours: Bytes
    cameras: tuple[dict[str, Any], ...]
    seen_by: Integers
    error: float
    models: int

    def scaled(self, factor: float) -> "Model":
        """Return the model in another unit of length."""
        cameras = tuple({**camera, "centre": [factor * part for part in camera["centre"]]} for camera in self.cameras)
        return replace(self, points=factor * self.points, cameras=cameras)


def available() -> bool:
    """Tell whether pycolmap is installed."""
    return importlib.util.find_spec(EXTRA) is not None


def reconstruct(
    views: Sequence[View], pairs: Sequence[tuple[int, int]] | None, folder: Path, features: int, progress: Callable[[float, str], None]
) -> Model | None:
    """Reconstruct from the pictures in a folder, in one thread and with a fixed seed, so that it is the same each time.

    Parameters
    ----------
    pairs : which views to match; None for all.

    Returns
    -------
    The largest model, or None where there is none.
    """
    import pycolmap  # type: ignore[import-not-found,import-untyped]

    database, cpu = folder / "views.db", pycolmap.Device.cpu
    pycolmap.set_random_seed(_SEED)
    for cameras in _by_camera(views):
        reading = {"camera_model": "SIMPLE_RADIAL", **_focal(cameras[0])}
        extraction = pycolmap.FeatureExtractionOptions(num_threads=1, use_gpu=False)
        extraction.sift.max_num_features = features
        pycolmap.extract_features(
            database, folder, [view.file for view in cameras], pycolmap.CameraMode.SINGLE,
            pycolmap.ImageReaderOptions(**reading), extraction, cpu,
        )  # fmt: skip
    progress(0.3, "matching")
    matching = pycolmap.FeatureMatchingOptions(num_threads=1, use_gpu=False)
    if pairs is None:
        pycolmap.match_exhaustive(database, matching, device=cpu)
    else:
        listed = folder / "pairs.txt"
        listed.write_text("".join(f"{views[i].file} {views[j].file}\n" for i, j in pairs))
        pycolmap.match_image_pairs(database, matching, pycolmap.ImportedPairingOptions(match_list_path=listed), device=cpu)
    progress(0.6, "mapping")
    (folder / "models").mkdir()
    options = pycolmap.IncrementalPipelineOptions(num_threads=1, random_seed=_SEED, min_model_size=LEAST)
    options.mapper.num_threads, options.mapper.random_seed, options.triangulation.random_seed = 1, _SEED, _SEED
    found = pycolmap.incremental_mapping(database, folder, folder / "models", options)
    return _model(list(found.values()), {view.file: view.name for view in views}) if found else None


def _by_camera(views: Sequence[View]) -> list[list[View]]:
    """Group views that one camera took with one lens setting: they share their intrinsics."""
    groups: dict[tuple[object, ...], list[View]] = {}
    for view in views:
        key = (view.size, *(view.camera.get(name) for name in ("make", "model", "lens", "focal_mm")))
        groups.setdefault(key, []).append(view)
    return list(groups.values())


def _focal(view: View) -> dict[str, str]:
    """State the focal length in pixels where the camera says it; the reconstruction refines it."""
    told = view.camera.get("focal_35mm")
    if not told:
        return {}
    width, height = view.size
    return {"camera_params": f"{told / _FULL_FRAME * max(width, height):.6f},{width / 2},{height / 2},0"}


def _model(found: list[Any], names: Mapping[str, str]) -> Model:
    """Copy the largest model out of the library."""
    best = max(found, key=lambda one: (one.num_reg_images(), one.num_points3D()))
    numbers = sorted(best.points3D)
    points = np.array([best.points3D[number].xyz for number in numbers], dtype=np.float64).reshape(-1, 3)
    colours = np.array([best.points3D[number].color for number in numbers], dtype=np.uint8).reshape(-1, 3)
    images = sorted((best.images[number] for number in best.reg_image_ids()), key=lambda image: str(image.name))
    cameras = tuple(_camera(image, names[image.name]) for image in images)
    seen_by = np.array([best.points3D[number].track.length() for number in numbers], dtype=np.int32)
    return Model(points, colours, cameras, seen_by, float(best.compute_mean_reprojection_error()), len(found))


def _camera(image: Any, name: str) -> dict[str, Any]:
    """Describe where one photograph was taken and how its camera draws."""
    pose, camera = image.cam_from_world(), image.camera
    return {
        "name": name,
        "centre": [float(part) for part in image.projection_center()],
        "rotation": [float(part) for part in pose.rotation.quat],
        "width": int(camera.width),
        "height": int(camera.height),
        "model": str(camera.model_name),
        "params": [float(part) for part in camera.params],
        "points": int(image.num_points3D),
    }
