# SPDX-License-Identifier: Apache-2.0
"""Make the copies of a recording for listening, and measure what they lose."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import sound
from digitize.av import command, compare, copies, facts
from digitize.av.describe import Samples
from digitize.av.loudness import loudness
from digitize.errors import Doubt
from digitize.steps import read_facts, write_facts
from digitize.steps.timing import Stopwatch


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write AAC in MP4 (`sound`) and Opus in WebM (`sound-opus`); without ffmpeg the WAV of at most `rate` and `channels`.

    Parameters
    ----------
    params : `kbits`, of stereo by codec; `rate` and `channels` of the WAV.
    """
    intake, before = read_facts(inputs["source"], "intake.json"), read_facts(inputs["listen"])
    path = inputs["source"] / intake["main"]
    if "stream" in before:
        said = _encoded(path, intake["format"], before, dict(params["kbits"]), out, progress)
    else:
        said = _plain(path, int(params["rate"]), int(params["channels"]), out)
    timings = said.pop("timings", {})
    write_facts(out, said)
    return {**said, "timings": timings}


def _encoded(  # noqa: PLR0917 - a step's own parts
    path: Path, form: str, before: Mapping[str, Any], kbits: dict[str, int], out: Path, progress: Callable[[float, str], None]
) -> dict[str, Any]:
    """Encode and measure every copy for which there is an encoder."""
    samples = Samples(**before["stream"])
    said: dict[str, Any] = {"renditions": [], "errors": {}, "doubts": []}
    watch = Stopwatch()
    wanted = copies.listening(samples, before["channels"], kbits)
    for number, copy in enumerate(wanted):
        if copy.encoder not in command.encoders():
            said["doubts"].append(Doubt("media.no-encoder", None, {"form": copy.encoder, "role": copy.role}).as_json())
            continue
        progress(number / len(wanted), copy.role)
        with watch.of(copy.role):
            copies.encode(path, form, samples, copy, out)
            error = compare.sounds(path, form, samples, out / copy.name, copy.form, rate=copy.rate, channels=copy.channels)
            after = loudness(out / copy.name, copy.form, 0)
        said["errors"][copy.role] = facts.sound_error(error, before["loudness"], after)
        fact = {"role": copy.role, "media_type": copy.media_type, "path": copy.name, "codec": copy.encoder.removeprefix("lib")}
        said["renditions"].append({**fact, "rate": copy.rate, "channels": copy.channels, "loudness": after})
    return said | {"timings": watch.seconds}


def _plain(path: Path, rate: int, channels: int, out: Path) -> dict[str, Any]:
    """Write the access copy of a WAV without ffmpeg."""
    original = sound.read(path)
    copy = sound.access(original, rate, channels)
    sound.write(copy, out / "sound.wav")
    kept = copy.samples.shape[1]
    reduced = copy.rate < original.rate or kept < original.samples.shape[1] or original.bits > 16
    return {
        "renditions": [{"role": "sound", "media_type": "audio/wav", "path": "sound.wav", "rate": copy.rate, "channels": kept}],
        "doubts": [Doubt("sound.reduced", None, {"rate": copy.rate, "channels": kept}).as_json()] if reduced else [],
    }
