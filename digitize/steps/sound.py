# SPDX-License-Identifier: Apache-2.0
"""Hear a recording whole: its length, levels and loudness, the hash of its samples, its waveform."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from digitize import sound
from digitize.av import command, facts, waveform
from digitize.av.describe import Described, Samples, describe
from digitize.av.listen import Heard, curve, listen
from digitize.errors import Doubt, Refusal
from digitize.preflight.media.flac import stated_md5
from digitize.steps import read_facts, write_facts

_NO_HASH = "0" * 32


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Hear the recording in `source`; a film gives its sound.

    Raises
    ------
    Refusal
        ``media.undecodable``, ``media.frames-lost``, ``media.checksum``, ``sound.unreadable``.
    StepFailure
        ``media.no-ffmpeg`` where there is none and the file is no WAV.
    """
    del params
    intake = read_facts(inputs["source"], "intake.json")
    path, form = inputs["source"] / intake["main"], intake["format"]
    found = _plain(path, out) if command.found() is None and form == "wav" else _heard(path, form, intake["counts"], out, progress)
    said = {"kind": "sound", "format": form, **found}
    write_facts(out, said)
    return said


def _heard(path: Path, form: str, counts: Mapping[str, int], out: Path, progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Hear through ffmpeg."""
    command.needed(path.name, form)
    audio = audio_of(path, describe(path, form))
    progress(0.1, "listening")
    heard = listen(path, form, audio)
    doubts = facts.counted(
        path.name, stated=counts.get("samples", counts.get("frames") if form == "wav" else None), got=heard.frames, errors=heard.errors
    )
    if form == "flac":
        _check_own_hash(path, heard)
    progress(0.7, "loudness")
    return {
        "duration": round(heard.seconds, 6),
        **facts.sound_facts(path, form, audio, heard),
        "stream": asdict(audio),
        "tools": {"ffmpeg": command.version()},
        "renditions": waveform.write(heard, out),
        "doubts": [doubt.as_json() for doubt in doubts],
    }


def audio_of(path: Path, described: Described) -> Samples:
    """Give the recording's samples.

    Raises
    ------
    Refusal
        ``media.undecodable``.
    """
    if described.audio is None:
        raise Refusal("media.undecodable", name=path.name, problem="it has no sound")
    return described.audio


def _check_own_hash(path: Path, heard: Heard) -> None:
    """Compare the samples with the hash that a FLAC carries of them."""
    bits, stated = stated_md5(path)
    if stated != _NO_HASH and bits == {"s16le": 16, "s24le": 24}.get(heard.form) and stated != heard.md5:
        raise Refusal("media.checksum", at="STREAMINFO", name=path.name)


def _plain(path: Path, out: Path) -> dict[str, Any]:
    """Hear a WAV without ffmpeg."""
    original = sound.read(path)
    np.save(out / waveform.CURVE, curve(original.samples.mean(axis=1).astype(np.float64), original.rate).astype(np.float32))
    (out / "waveform.svg").write_text(sound.waveform(original), encoding="utf-8")
    return {
        "duration": original.seconds,
        "codec": "pcm",
        "rate": original.rate,
        "channels": original.samples.shape[1],
        "bits": original.bits,
        **sound.level(original),
        "renditions": [{"role": "waveform", "media_type": "image/svg+xml", "path": "waveform.svg"}],
        "doubts": [Doubt("media.no-encoder", None, {"form": "FLAC", "role": "preservation"}).as_json()],
    }
