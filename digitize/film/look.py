# SPDX-License-Identifier: Apache-2.0
"""Look through a film once: every picture's hash and time, its cuts, whether it is interlaced, and some pictures to choose from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from digitize.av import command
from digitize.av.describe import Picture
from digitize.errors import Refusal, StepFailure
from digitize.film.frames import HASHES, Frames, read_hashes

_CUTS, _CHOICE = "cuts.txt", "choice-%03d.png"
_THRESHOLD = 10.0
_CLEAR = 10
_IDET = re.compile(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: pictures, seconds of cuts, whether each picture holds two moments, files to choose from with their second, errors."""

    frames: Frames
    cuts: tuple[float, ...]
    interlaced: bool
    choice: tuple[tuple[Path, float], ...]
    errors: tuple[str, ...]


def look(path: Path, form: str, picture: Picture, *, out: Path, scratch: Path, picks: list[int], side: int) -> Seen:
    """Decode every picture once.

    Parameters
    ----------
    out
        Where the list of hashes is left.
    scratch
        Where what is read back is written.
    picks, side
        Which pictures (by number, in order) are chosen from, and their longer side in pixels.

    Raises
    ------
    Refusal
        ``media.undecodable`` where no picture comes, ``film.size-changes`` where they are not all of one size.
    """
    try:
        said = command.run(_outputs(path, form, picture, out=out, scratch=scratch, picks=picks, side=side), level="level+info")
    except StepFailure as failure:
        raise command.refused(path.name, failure) from failure
    frames = read_hashes(out / HASHES)
    if frames is None:
        raise Refusal("media.undecodable", name=path.name, problem=command.problem(said))
    if frames.changed is not None:
        raise Refusal("film.size-changes", at=f"second {frames.second(frames.changed):.3f}", name=path.name)
    files = [scratch / (_CHOICE % (number + 1)) for number in range(len(picks))]
    choice = tuple((file, frames.second(pick)) for file, pick in zip(files, picks, strict=True) if file.exists())
    interlaced = _two_moments(said) if picture.interlaced is None else picture.interlaced
    first = float(int(frames.times[0]) * frames.base)
    return Seen(frames, _seconds(scratch / _CUTS, first), interlaced, choice, command.complaints(said))


def _outputs(path: Path, form: str, picture: Picture, *, out: Path, scratch: Path, picks: list[int], side: int) -> list[object]:
    """Build the command: one decoder, three uses of every picture."""
    parts = command.source(path, form)[str(picture.index)].filter_multi_output("split", 3)
    cuts = parts[1].filter("scdet", threshold=_THRESHOLD).filter("metadata", mode="print", key="lavfi.scd.time", file=str(scratch / _CUTS))
    some = parts[2].filter("select", "+".join(f"eq(n,{pick})" for pick in picks))
    some = some.filter(
        "scale",
        w=f"min({side},iw)",
        h=f"min({side},ih)",
        force_original_aspect_ratio="decrease",
        flags="bicubic+accurate_rnd+full_chroma_int",
    )
    passed = command.passed()
    return [
        hashes(parts[0], picture.form, out / HASHES),
        command.output(cuts.filter("idet"), to="-", f="null", **passed),
        command.output(some, to=scratch / _CHOICE, f="image2", vcodec="png", pix_fmt="rgb24", **passed),
    ]


def hashes(stream: object, form: str, to: Path) -> object:
    """Write the MD5 of every picture, in a form of pixels, with its time."""
    return command.output(
        stream, to=to, f="framemd5", vcodec="rawvideo", pix_fmt=form, fflags="+bitexact", noautoscale=None, **command.passed()
    )


def _two_moments(said: str) -> bool:
    """Tell interlaced pictures by ffmpeg's ``idet``: nearly all of one order; what is synthetic shows both."""
    fields = _IDET.findall(said)
    top, bottom, whole = (int(one) for one in fields[-1]) if fields else (0, 0, 0)
    return max(top, bottom) > whole and max(top, bottom) > _CLEAR * min(top, bottom)


def _seconds(path: Path, first: float) -> tuple[float, ...]:
    """Read the seconds, from the first picture on, at which the scene changes."""
    if not path.exists():
        return ()
    found = re.findall(r"lavfi\.scd\.time=(\S+)", path.read_text(encoding="utf-8"))
    return tuple(round(float(one) - first, 3) for one in found)
