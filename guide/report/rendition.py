# SPDX-License-Identifier: Apache-2.0
"""Everything that was measured of one derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guide import figures
from guide.report import said

Labelled = tuple[str, str, Callable[[Any], str]]
DISTANCES = ("mean", "rms", "p999", "max")


@dataclass(frozen=True)
class Distance:
    """One line of the table of distances: in the unit, in mm, in 1e-4 of the diagonal, and in either direction."""

    name: str
    length: str
    mm: str
    relative: str
    forward: str
    backward: str


@dataclass(frozen=True)
class Detail:
    """What one derivative is and how far it lies from the original, beyond what the main table says.

    Parameters
    ----------
    unit
        Of the column of lengths; empty where nothing declares one.
    """

    name: str
    role: str
    url: str
    distances: tuple[Distance, ...]
    directions: bool
    unit: str
    values: tuple[tuple[str, str], ...]
    sha256: str


def distances(measured: Mapping[str, Any]) -> tuple[Distance, ...]:
    """Write the four distances of a measurement; none where no distance was measured."""
    names = {"mean": _("Mean"), "rms": _("Root mean square"), "p999": _("99.9th percentile"), "max": _("Largest (Hausdorff)")}
    mm, shares = measured.get("mm") or {}, measured.get("per_10000_of_diagonal") or {}
    one, other = measured.get("forward") or {}, measured.get("backward") or {}
    return tuple(
        Distance(
            names[key], _plain(measured[key]), _plain(mm.get(key)), _plain(shares.get(key)), _plain(one.get(key)), _plain(other.get(key))
        )
        for key in DISTANCES
        if measured.get(key) is not None
    )


def _plain(value: float | None) -> str:
    """Write a distance in its own unit to three figures."""
    return "–" if value is None else figures.bare(value, 3)


def _of_surface(unit: str | None) -> tuple[Labelled, ...]:
    """Label what only surfaces have."""
    per = f" / {unit}" if unit else ""
    return (
        ("normal_deviation.mean", _("Deviation of the normals, mean"), said.degrees),
        ("normal_deviation.p999", _("Deviation of the normals, 99.9th percentile"), said.degrees),
        ("atlas.texel_density.median", _("Texels per unit of length, median"), lambda value: f"{said.number(value)}{per}"),
        ("atlas.texel_density.p5", _("Texels per unit of length, 5th percentile"), lambda value: f"{said.number(value)}{per}"),
        ("atlas.uv_coverage", _("Texture in use"), said.share),
        ("atlas.uv_overlap", _("Texture used more than once (UV overlap)"), said.share),
        ("shape.watertight", _("Watertight"), said.truth),
        ("shape.manifold", _("Manifold"), said.truth),
        ("shape.components", _("Parts"), figures.whole),
        ("shape.boundary_edges", _("Open edges"), figures.whole),
        ("shape.empty_triangles", _("Triangles without area"), figures.whole),
    )


def _of_colour() -> tuple[Labelled, ...]:
    """Label the differences of colour and picture."""
    return (
        ("colour_psnr", _("Colour, signal-to-noise ratio (PSNR)"), figures.decibel),
        ("colour_mae", _("Colour, mean difference (MAE)"), lambda value: f"{said.number(float(value))} / 255"),
        ("colour_off", _("Share off by more than 30/255"), said.share),
        ("delta_e_mean", _("Colour difference ΔE (CIEDE2000), mean"), said.number),
        ("delta_e_p99", _("Colour difference ΔE, 99th percentile"), said.number),
        ("delta_e_max", _("Colour difference ΔE, largest"), said.number),
        ("psnr", _("Picture, signal-to-noise ratio (PSNR)"), figures.decibel),
        ("psnr_luma", _("Picture, PSNR of brightness"), figures.decibel),
        ("psnr_worst", _("Picture, PSNR of the worst frame"), figures.decibel),
        ("ssim", _("Picture, structural similarity (SSIM)"), lambda value: f"{value:.5g}"),
        ("compared_with", _("Compared with"), _compared),
        ("tiles", _("Tiles looked at"), figures.whole),
    )


def _of_time() -> tuple[Labelled, ...]:
    """Label what recordings and movements differ by."""
    return (
        ("exact", _("Without loss"), lambda value: _("yes, it decodes to the very same") if value else _("no")),
        ("snr_db", _("Sound, signal-to-noise ratio"), figures.decibel),
        ("loudness_difference_lu", _("Difference of loudness"), lambda value: f"{value:+.2f} LU"),
        ("lag_samples", _("Shift"), lambda value: _("{count} samples").format(count=figures.whole(value))),
        ("duration_difference", _("Difference of length"), lambda value: f"{value:+.3f} s"),
        ("max_joint_error", _("Joint farthest off"), said.number),
        ("mean_joint_error", _("Joints off by, mean"), said.number),
        ("keys", _("Keys kept"), figures.whole),
        ("keys_without_reduction", _("Keys without reduction"), figures.whole),
        ("samples", _("Samples on each surface"), figures.whole),
        ("vertices_asked", _("Vertices asked for the largest"), figures.whole),
        ("method", _("Method"), str),
    )


def _of_file() -> tuple[Labelled, ...]:
    """Label what a file is by itself."""
    return (
        ("of", _("Painted on"), str),
        ("scale.high_per_10000_of_diagonal", _("Upper end of its colours"), lambda value: f"{figures.significant(value)} × 10⁻⁴"),
        ("scale.beyond", _("Share beyond that"), said.share),
        ("triangles", _("Triangles"), figures.whole),
        ("vertices", _("Vertices"), figures.whole),
        ("points", _("Points"), figures.whole),
        ("splats", _("Splats"), figures.whole),
        ("cameras", _("Cameras"), said.counted),
        ("pages", _("Pages"), figures.whole),
        ("width", _("Width"), said.pixels),
        ("height", _("Height"), said.pixels),
        ("levels", _("Sizes"), said.counted),
        ("sizes", _("Sizes"), said.sizes),
        ("textures", _("Textures"), said.textures),
        ("device_bytes.textures", _("Textures in graphics memory"), said.bytes_of),
        ("device_bytes.uncompressed", _("The same as ordinary pictures"), said.bytes_of),
        ("codec", _("Codec"), str),
        ("sound_codec", _("Codec of the sound"), str),
        ("rate", _("Sampling rate"), said.hertz),
        ("channels", _("Channels"), figures.whole),
        ("loudness", _("Loudness"), said.loudness),
        ("language", _("Language"), str),
        ("media_type", _("Media type"), str),
        ("bytes", pgettext("file", "Size"), said.bytes_of),
        ("gzip_bytes", _("Size as sent (gzip)"), said.bytes_of),
        ("step", _("Made by the step"), str),
    )


def _compared(value: Any) -> str:
    """Say what a film was compared with."""
    return {"the original": _("the original"), "the original, deinterlaced": _("the original, deinterlaced")}.get(str(value), str(value))


def _at(found: Mapping[str, Any], path: str) -> Any:
    """Follow a path of members; None where one is missing."""
    value: Any = found
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def values(one: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Write what is known of a derivative: the measurement first, then its error, then the file itself; each name once."""
    measured, error = one.get("measured") or {}, one.get("error") or {}
    known = {**one, **error, **measured}
    if known.get("psnr") is not None:
        known.pop("colour_psnr")  # the same of a film, said once
    labelled = (*_of_surface(measured.get("unit")), *_of_colour(), *_of_time(), *_of_file())
    return tuple((label, write(value)) for path, label, write in labelled if (value := _at(known, path)) is not None)


def detail(one: Mapping[str, Any], name: str, url: str) -> Detail:
    """Tell everything of one derivative.

    Parameters
    ----------
    one
        Its member of the report's `renditions`.
    """
    measured = one.get("measured") or one.get("error") or {}
    return Detail(
        name=name,
        role=str(one["role"]),
        url=url,
        distances=distances(measured),
        directions=bool(measured.get("forward")),
        unit=str(measured.get("unit") or ""),
        values=values(one),
        sha256=str(one.get("sha256", "")),
    )


def summary(error: Mapping[str, Any]) -> str:
    """Say in a few words how far a picture, a recording or a document lies from the original; empty where nothing was measured."""
    if error.get("exact"):
        return _("without loss")
    told = (
        ("delta_e_mean", "ΔE {}", said.number),
        ("colour_psnr", "{}", figures.decibel),
        ("ssim", "SSIM {}", lambda value: f"{value:.4g}"),
        ("snr_db", "SNR {}", figures.decibel),
        ("loudness_difference_lu", "{} LU", lambda value: f"{value:+.2f}"),
    )
    return " · ".join(text.format(write(error[key])) for key, text, write in told if error.get(key) is not None)
