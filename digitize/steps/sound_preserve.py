# SPDX-License-Identifier: Apache-2.0
"""Make the preservation copy of a recording, and prove that it loses nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.av import command, copies, facts
from digitize.av.describe import Samples
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write Matroska with FLAC (or PCM where FLAC would lose bits) from `source`; decode it and compare with what `listen` heard.

    Raises
    ------
    StepFailure
        ``media.not-exact``.
    """
    del params
    intake, before = read_facts(inputs["source"], "intake.json"), read_facts(inputs["listen"])
    said: dict[str, Any] = {"renditions": []}
    if "stream" in before:
        samples, name = Samples(**before["stream"]), "preservation.mka"
        source = command.source(inputs["source"] / intake["main"], intake["format"])[str(samples.index)]
        chosen = copies.lossless(samples, before["channels"])
        command.run(command.output(source, to=out / name, f="matroska", **chosen, **command.EXACT))
        progress(0.5, "comparing")
        copies.checked(out / name, samples, before["pcm"])
        one = {"role": "preservation", "media_type": "audio/matroska", "path": name, "codec": chosen["acodec"], "pcm": before["pcm"]}
        said = {"renditions": [one], "errors": {"preservation": facts.exact()}}
    write_facts(out, said)
    return said
