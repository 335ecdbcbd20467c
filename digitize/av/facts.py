# SPDX-License-Identifier: Apache-2.0
"""What both recipes say of sound: facts of the original, doubts, and the error of a copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from digitize.av import command
from digitize.av.compare import SoundError
from digitize.av.describe import Samples
from digitize.av.listen import Heard, decibel
from digitize.av.loudness import loudness
from digitize.errors import Doubt, Refusal

_NOT_MEASURED = dict.fromkeys(("mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr"))


def sound_facts(path: Path, form: str, samples: Samples, heard: Heard) -> dict[str, Any]:
    """Describe a recording as it was heard."""
    return {
        "codec": samples.codec,
        "rate": heard.rate,
        "channels": heard.channels,
        "layout": samples.layout,
        "bits": samples.bits or None,
        "sample_form": samples.form,
        "peak_dbfs": decibel(heard.peak),
        "rms_dbfs": decibel(heard.power**0.5),
        "loudness": loudness(path, form, samples.index),
        "pcm": {"md5": heard.md5, "form": heard.form, "frames": heard.frames},
    }


def counted(name: str, *, stated: int | None, got: int, errors: Iterable[str]) -> list[Doubt]:
    """Compare what was decoded with what the pre-flight counted.

    Raises
    ------
    Refusal
        ``media.frames-lost`` where there is less, and the decoder says why.
    """
    said = list(errors)
    if stated is not None and got < stated and said:
        raise Refusal("media.frames-lost", name=name, stated=stated, got=got, problem=command.problem("\n".join(said)))
    doubts = [Doubt("media.frames-differ", None, {"stated": stated, "got": got})] if stated is not None and got != stated else []
    if said:
        doubts.append(Doubt("media.decoding-errors", None, {"count": len(said), "problem": command.problem(said[0])}))
    return doubts


def sound_error(error: SoundError, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """State how far a copy's sound lies from the original's."""
    one, two = before["integrated_lufs"], after["integrated_lufs"]
    return {
        **_NOT_MEASURED,
        "snr_db": error.snr,
        "lag_samples": error.lag,
        "duration_difference": error.seconds,
        "loudness_difference_lu": None if one is None or two is None else round(two - one, 2),
    }


def picture_error(figures: Mapping[str, float | None]) -> dict[str, Any]:
    """State how far a copy's pictures lie from the original's."""
    return {**_NOT_MEASURED, "colour_psnr": figures["psnr"], **figures}


def exact() -> dict[str, Any]:
    """State that a copy decodes to the very same."""
    return {**_NOT_MEASURED, "exact": True}
