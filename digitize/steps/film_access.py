# SPDX-License-Identifier: Apache-2.0
"""Encode a film for access, cut the ladder for streaming, and measure what the access copy loses."""

import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from digitize import bundle
from digitize.av import compare, facts
from digitize.av.describe import Samples
from digitize.av.loudness import loudness
from digitize.errors import Doubt
from digitize.film import hls
from digitize.film.access import Original, Rung, encode, encoder, ladder
from digitize.preflight.media import inspect_mp4
from digitize.preflight.model import Limits
from digitize.steps import read_facts, write_facts

_NAME, _LADDER = "film.mp4", "hls.zip"


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write H.264 and AAC in MP4 (`film`) and its ladder (`hls`), and compare the MP4 with the original in `source`.

    Parameters
    ----------
    params : `sizes`, shorter sides of the ladder in pixels, the largest is the MP4's; `first`, `others`: `crf` and `preset`; `kbits` of AAC.
    """
    intake, before = read_facts(inputs["source"], "intake.json"), read_facts(inputs["look"])
    said: dict[str, Any] = {"renditions": [], "errors": {}, "doubts": []}
    if encoder() is None:
        said["doubts"] = [Doubt("media.no-encoder", None, {"form": "H.264", "role": "film, hls"}).as_json()]
    else:
        samples = Samples(**before["stream"]) if "stream" in before else None
        path = inputs["source"] / intake["main"]
        original = Original(path, intake["format"], before["picture"]["index"], samples.index if samples else None, before["interlaced"])
        rungs = ladder(before["width"], before["height"], Fraction(before["pixel_aspect"]), list(params["sizes"]))
        progress(0.0, "encoding")
        said["renditions"] = _made(original, rungs, Fraction(before["frame_rate"]), params, out)
        progress(0.6, "measuring")
        said["errors"] = {"film": _measured(original, samples, before, out / _NAME)}
        said["doubts"] = _doubts(before, out)
    write_facts(out, said)
    return said


def _made(original: Original, rungs: list[Rung], rate: Fraction, params: Mapping[str, Any], out: Path) -> list[dict[str, Any]]:
    """Encode every rung and make the ladder of them."""
    with tempfile.TemporaryDirectory() as scratch:
        files = [out / _NAME, *(Path(scratch, f"{rung.name}.mp4") for rung in rungs[1:])]
        encode(original, rungs, to=files, params=params)
        sound = original.audio is not None
        hls.write(rungs, files, sound=sound, rate=rate, scratch=Path(scratch), out=out / _LADDER)
    first = {"role": "film", "media_type": "video/mp4", "path": _NAME, "width": rungs[0].width, "height": rungs[0].height, "codec": "h264"}
    sizes = [{"name": rung.name, "width": rung.width, "height": rung.height} for rung in rungs]
    return [
        {**first, "sound_codec": "aac" if sound else None, "encoder": encoder()},
        {"role": "hls", "media_type": bundle.MEDIA_TYPE, "path": _LADDER, "index": hls.INDEX, "sizes": sizes},
    ]


def _measured(original: Original, samples: Samples | None, before: Mapping[str, Any], copy: Path) -> dict[str, Any]:
    """Compare the copy with the original: pictures at the original's size, sound at the copy's rate."""
    figures = compare.pictures(
        original.path, original.form, original.video, copy, width=before["width"], height=before["height"], deinterlace=original.interlaced
    )
    told = {**facts.picture_error(figures), "compared_with": "the original, deinterlaced" if original.interlaced else "the original"}
    if samples:
        heard = compare.sounds(original.path, original.form, samples, copy, "mp4", rate=48_000, channels=2)
        told |= {
            name: value
            for name, value in facts.sound_error(heard, before["loudness"], loudness(copy, "mp4", 1)).items()
            if name not in told
        }
    return told


def _doubts(before: Mapping[str, Any], out: Path) -> list[dict[str, Any]]:
    """Count the copy's pictures by its own index: none may be missing."""
    got = inspect_mp4(out, _NAME, Limits()).counts["frames"]
    return [] if got == before["frames"] else [Doubt("media.frames-differ", _NAME, {"stated": before["frames"], "got": got}).as_json()]
