# SPDX-License-Identifier: Apache-2.0
"""Make the preservation copy of a film, and prove that it loses nothing."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.av import command, copies, facts
from digitize.av.describe import Samples, describe
from digitize.errors import StepFailure
from digitize.film.frames import read_hashes
from digitize.film.look import hashes
from digitize.steps import read_facts, write_facts

_NAME = "preservation.mkv"
# FFV1 version 3 with a checksum of every slice (RFC 9043 §4.9.3); every picture stands by itself.
_FFV1 = {"vcodec": "ffv1", "level": 3, "coder": 1, "context": 1, "g": 1, "slices": 16, "slicecrc": 1}


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write Matroska with FFV1 and FLAC from `source`; decode it and compare every picture and sample with what `look` saw.

    Raises
    ------
    StepFailure
        ``media.not-exact``.
    """
    del params
    intake, before = read_facts(inputs["source"], "intake.json"), read_facts(inputs["look"])
    source = command.source(inputs["source"] / intake["main"], intake["format"])
    streams, options = [source[str(before["picture"]["index"])]], {**_FFV1, "threads": command.THREADS, "pix_fmt": before["pixel_form"]}
    samples = Samples(**before["stream"]) if "stream" in before else None
    if samples:
        streams.append(source[str(samples.index)])
        options |= copies.lossless(samples, before["sound"]["channels"])
    command.run(command.output(*streams, to=out / _NAME, f="matroska", **options, **command.EXACT, **command.passed()))
    progress(0.5, "comparing")
    _same_pictures(out / _NAME, before)
    if samples:
        copies.checked(out / _NAME, samples, before["sound"]["pcm"])
    one = {"role": "preservation", "media_type": "video/matroska", "path": _NAME, "codec": "ffv1", "frames_digest": before["frames_digest"]}
    said = {"renditions": [{**one, "sound_codec": options.get("acodec")}], "errors": {"preservation": facts.exact()}}
    write_facts(out, said)
    return said


def _same_pictures(copy: Path, before: Mapping[str, Any]) -> None:
    """Decode the copy's pictures; their hashes and number must be the original's."""
    video = describe(copy, "matroska").video
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch, "hashes.txt")
        if video:
            command.run(hashes(command.source(copy, "matroska")[str(video.index)], before["pixel_form"], listed))
        frames = read_hashes(listed) if listed.exists() else None
    if frames is None or (frames.digest, frames.count) != (before["frames_digest"], before["frames"]):
        raise StepFailure("media.not-exact", stream="pictures")
