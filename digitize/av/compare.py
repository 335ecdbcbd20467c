# SPDX-License-Identifier: Apache-2.0
"""How far an access copy lies from its original: sound sample by sample, pictures one by one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.av import command
from digitize.av.describe import Samples
from digitize.av.listen import Form, blocks

_FORM = Form("f32le", "<f4", 1.0)
_LOOK = 0.1  # s: how far the copy may be late or early


@dataclass(frozen=True, slots=True)
class SoundError:
    """The copy against the original: signal to noise (dB), lag (samples), difference in length (s); `snr` None where they are equal or silent."""

    snr: float | None
    lag: int
    seconds: float


def sounds(original: Path, form: str, samples: Samples, copy: Path, copy_form: str, *, rate: int, channels: int) -> SoundError:
    """Compare the samples of both, the original brought to the copy's rate and channels."""
    one = _pipe(original, form, samples.index, rate, channels)
    two = _pipe(copy, copy_form, "a:0", rate, channels)
    with command.piped(one) as left, command.piped(two) as right:
        error = _compared(left, right, rate, channels)
        left.end()
        right.end()
    return error


def _pipe(path: Path, form: str, index: int | str, rate: int, channels: int) -> Any:
    return command.output(command.source(path, form)[str(index)], to="-", f=_FORM.name, acodec=f"pcm_{_FORM.name}", ar=rate, ac=channels)


def _compared(left: command.Piped, right: command.Piped, rate: int, channels: int) -> SoundError:
    """Go through both second by second; the lag of the loudest of the first ten is taken out."""
    ones, twos = blocks(left, _FORM, channels, rate), blocks(right, _FORM, channels, rate)
    first = [_joined(it, 10) for it in (ones, twos)]
    lag = _lag(first[0].mean(axis=1), first[1].mean(axis=1), round(rate * _LOOK)) if all(map(len, first)) else 0
    held = [first[0][max(-lag, 0) :], first[1][max(lag, 0) :]]
    totals = [len(first[0]), len(first[1])]
    signal = noise = 0.0
    while True:
        count = min(len(held[0]), len(held[1]))
        a, b = (part[:count].astype(np.float64) for part in held)
        signal, noise = signal + float((a**2).sum()), noise + float(((a - b) ** 2).sum())
        held = [part[count:] for part in held]
        more = [next(it, None) for it in (ones, twos)]
        if all(one is None for one in more):
            break
        for place, one in enumerate(more):
            if one is not None:
                totals[place] += len(one)
                held[place] = np.concatenate([held[place], one]) if more[1 - place] is not None else one[:0]
    snr = round(10 * math.log10(signal / noise), 2) if signal > 0 and noise > 0 else None
    return SoundError(snr, lag, round((totals[1] - totals[0]) / rate, 6))


def _joined(it: Any, seconds: int) -> NDArray[Any]:
    parts = [part for part in (next(it, None) for _ in range(seconds)) if part is not None]
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _lag(a: NDArray[Any], b: NDArray[Any], most: int) -> int:
    """Find by how many samples the second is late, by correlation."""
    size = 1 << (len(a) + len(b) - 1).bit_length()
    product = np.fft.irfft(np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size), size)
    near = np.concatenate([product[-most:], product[: most + 1]])
    return int(np.argmax(near)) - most if near.max() > 0 else 0


def pictures(original: Path, form: str, index: int, copy: Path, *, width: int, height: int, deinterlace: bool) -> dict[str, float | None]:
    """Compare the pictures of an MP4 copy with the original's, in pairs as they come, at the original's size, 8 bits, 4:2:0.

    Returns
    -------
    ``psnr`` (dB, None where equal), ``psnr_luma``, ``psnr_worst`` (of one picture), ``ssim`` (1 where equal).

    Source: ffmpeg's ``psnr`` and ``ssim``; Wang et al., "Image Quality Assessment", IEEE TIP 13/4, 2004.
    """
    one, two = command.source(original, form)[str(index)], command.source(copy, "mp4")["v:0"]
    if deinterlace:
        one = one.filter("bwdif", mode="send_frame")
    left, right = (_paired(stream, width, height).split() for stream in (one, two))
    psnr = command.builder().filter([right[0], left[0]], "psnr")
    ssim = command.builder().filter([right[1], left[1]], "ssim")
    said = command.run([command.output(psnr, to="-", f="null"), command.output(ssim, to="-", f="null")], level="info")
    found = {
        "psnr": _after(said, "PSNR", "average"),
        "psnr_luma": _after(said, "PSNR", "y"),
        "psnr_worst": _after(said, "PSNR", "min"),
        "ssim": _after(said, "SSIM", "All"),
    }
    return {name: None if value is None or not math.isfinite(value) else round(value, 4) for name, value in found.items()}


def _paired(stream: Any, width: int, height: int) -> Any:
    """Bring pictures to one size and form, and number them instead of timing them."""
    sized = stream.filter("scale", width, height, flags="bicubic+accurate_rnd+full_chroma_int", out_range="tv").filter("format", "yuv420p")
    return sized.filter("settb", "1/25").filter("setpts", "N").filter("setsar", "1")


def _after(said: str, filter_name: str, figure: str) -> float | None:
    line = next((line for line in reversed(said.splitlines()) if f" {filter_name} " in line), "")
    match = re.search(rf"\b{figure}:(\S+)", line)
    return float(match[1]) if match else None
