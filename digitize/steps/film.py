# SPDX-License-Identifier: Apache-2.0
"""Look through a film and hear it: its facts, its cuts, its poster, its waveform."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from digitize.av import command, facts, waveform
from digitize.av.describe import Picture, Samples, describe
from digitize.av.listen import listen
from digitize.errors import Doubt, Refusal
from digitize.film import poster
from digitize.film.frames import HASHES
from digitize.film.look import Seen, look
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Decode the film in `source` once.

    Parameters
    ----------
    params : `pictures` to choose the poster from, `side` of it in pixels.

    Raises
    ------
    Refusal
        ``media.undecodable``, ``media.frames-lost``.
    StepFailure
        ``media.no-ffmpeg``.
    """
    intake = read_facts(inputs["source"], "intake.json")
    path, form, counts = inputs["source"] / intake["main"], intake["format"], intake["counts"]
    command.needed(path.name, form)
    described = describe(path, form)
    if described.video is None:
        raise Refusal("media.undecodable", name=path.name, problem="it has no pictures")
    progress(0.0, "looking")
    with tempfile.TemporaryDirectory() as scratch:
        picks = poster.picks(counts["frames"], int(params["pictures"]))
        seen = look(path, form, described.video, out=out, scratch=Path(scratch), picks=picks, side=int(params["side"]))
        renditions = [poster.write(seen.choice, seen.frames.pixel, out)]
    doubts = facts.counted(path.name, stated=counts["frames"], got=seen.frames.count, errors=seen.errors)
    if described.video.hdr:
        doubts.append(Doubt("film.hdr", None, {"transfer": described.video.hdr}))
    renditions.append({"role": "framemd5", "media_type": "text/plain", "path": HASHES})
    said = {"kind": "film", "format": form, **_seen(described.video, seen)}
    if described.audio:
        progress(0.6, "listening")
        heard = _heard(path, form, described.audio, out)
        renditions, doubts = renditions + heard.pop("renditions"), doubts + heard.pop("doubts")
        said |= heard
    said |= {"tools": {"ffmpeg": command.version()}, "renditions": renditions, "doubts": [doubt.as_json() for doubt in doubts]}
    write_facts(out, said)
    return said


def _seen(picture: Picture, seen: Seen) -> dict[str, Any]:
    """State the facts of the pictures."""
    rate, variable = seen.frames.rate()
    return {
        "duration": round(seen.frames.seconds, 6),
        "width": seen.frames.width,
        "height": seen.frames.height,
        "pixel_aspect": str(seen.frames.pixel),
        "frames": seen.frames.count,
        "frame_rate": f"{rate.numerator}/{rate.denominator}",
        "frame_rate_variable": variable,
        "interlaced": seen.interlaced,
        "codec": picture.codec,
        "profile": picture.profile,
        "pixel_form": picture.form,
        "colour": list(picture.colour),
        "shots": [0.0, *(second for second in seen.cuts if second > 0)],
        "frames_digest": seen.frames.digest,
        "picture": asdict(picture),
    }


def _heard(path: Path, form: str, audio: Samples, out: Path) -> dict[str, Any]:
    """Hear the film's sound: its facts, its waveform, its doubts."""
    heard = listen(path, form, audio)
    doubts = facts.counted(path.name, stated=None, got=heard.frames, errors=heard.errors)
    told = facts.sound_facts(path, form, audio, heard)
    said = {"sound": {**told, "duration": round(heard.seconds, 6)}, "loudness": told["loudness"], "stream": asdict(audio)}
    return {**said, "renditions": waveform.write(heard, out), "doubts": doubts}
