# SPDX-License-Identifier: Apache-2.0
"""Make the access copy and the waveform of a recording, and state its level."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import sound
from digitize.errors import Doubt
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Derive from the recording in `source`; at most `rate` frames per second and `channels` channels.

    Raises
    ------
    Refusal
        `sound.unreadable`.
    """
    source = inputs["source"]
    original = sound.read(source / read_facts(source, "intake.json")["main"])
    progress(0.3, "access copy")
    copy = sound.access(original, int(params["rate"]), int(params["channels"]))
    sound.write(copy, out / "sound.wav")
    progress(0.7, "waveform")
    (out / "waveform.svg").write_text(sound.waveform(original), encoding="utf-8")
    channels = original.samples.shape[1]
    reduced = copy.rate < original.rate or copy.samples.shape[1] < channels or original.bits > 16
    doubt = Doubt("sound.reduced", None, {"rate": copy.rate, "channels": copy.samples.shape[1]})
    facts = {
        "kind": "sound",
        "duration": original.seconds,
        "rate": original.rate,
        "channels": channels,
        "bits": original.bits,
        **sound.level(original),
        "renditions": [
            {"role": "sound", "media_type": "audio/wav", "path": "sound.wav", "rate": copy.rate, "channels": copy.samples.shape[1]},
            {"role": "waveform", "media_type": "image/svg+xml", "path": "waveform.svg"},
        ],
        "doubts": [doubt.as_json()] if reduced else [],
    }
    write_facts(out, facts)
    return facts
