# SPDX-License-Identifier: Apache-2.0
"""What the containers have in common: streams, the words for what is wrong with them, and the findings made of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Findings, Limits

VIDEO, AUDIO = "video", "audio"


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream as its container states and we counted it; what does not apply is 0.

    Attributes
    ----------
    kind
        ``video`` or ``audio``.
    codec
        Our name for it.
    seconds
        Its length.
    frames
        Pictures, or of sound the samples per channel.
    """

    kind: str
    codec: str
    seconds: float
    frames: int = 0
    width: int = 0
    height: int = 0
    rate: int = 0
    channels: int = 0


def broken(name: str, problem: str, at: int | None = None) -> Refusal:
    """Say that a container is broken, and at which byte."""
    return Refusal("media.broken", at=None if at is None else f"byte {at}", name=name, problem=problem)


def cut(name: str, last: float, total: float | None) -> Refusal:
    """Say that a file is cut short, naming the last sound second and, where it is stated, how long it should be."""
    at = f"second {last:.3f}"
    if total is None:
        return Refusal("media.cut", at=at, name=name, last=f"{last:.3f}")
    return Refusal("media.truncated", at=at, name=name, last=f"{last:.3f}", total=f"{total:.3f}")


def findings(name: str, streams: Iterable[Stream], limits: Limits, doubts: Iterable[Doubt] = (), *, others: Iterable[str] = ()) -> Findings:
    """Choose the streams that are used, bound them, and tell what is left out.

    Raises
    ------
    Refusal
        ``media.no-streams``, ``media.too-long``, ``media.too-large-picture``.
    """
    known = list(streams)
    video = next((one for one in known if one.kind == VIDEO), None)
    audio = next((one for one in known if one.kind == AUDIO), None)
    if video is None and audio is None:
        raise Refusal("media.no-streams", name=name)
    used = [one for one in (video, audio) if one]
    for one in used:
        _bounded(name, one, limits)
    left = [*(one.kind for one in known if one not in used), *others]
    told = [*doubts, *([Doubt("media.streams-unused", None, {"count": len(left), "kinds": ", ".join(sorted(set(left)))})] if left else [])]
    return Findings(_counts(video, audio), (), tuple(told), "film" if video else "sound")


def _bounded(name: str, stream: Stream, limits: Limits) -> None:
    """Refuse what is longer or larger than is taken."""
    if stream.seconds > limits.sound_seconds:
        raise Refusal("media.too-long", name=name, seconds=round(stream.seconds), limit=limits.sound_seconds)
    if stream.width * stream.height > limits.frame_pixels:
        raise Refusal("media.too-large-picture", name=name, width=stream.width, height=stream.height, limit=limits.frame_pixels)


def _counts(video: Stream | None, audio: Stream | None) -> dict[str, int]:
    """Give the counts that the decoded streams are compared with."""
    counts = {"duration_ms": round(1000 * max(one.seconds for one in (video, audio) if one))}
    if video:
        counts |= {"width": video.width, "height": video.height, "frames": video.frames}
    if audio:
        counts |= {"sample_rate": audio.rate, "channels": audio.channels}
        if audio.frames:
            counts["samples"] = audio.frames
    return counts
