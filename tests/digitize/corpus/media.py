# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile pictures and sounds."""

from __future__ import annotations

import struct

from tests.digitize.corpus.case import Case, bad, jpeg, png, wav

_WAV = wav()
_PNG = png()
_JPEG = jpeg()


def _jpeg_sized(width: int, height: int) -> bytes:
    """Change the size in a picture's frame header."""
    at = _JPEG.index(b"\xff\xc0")
    return _JPEG[: at + 5] + struct.pack(">HH", height, width) + _JPEG[at + 9 :]


MEDIA: tuple[Case, ...] = (
    bad("png-empty", "input.empty", None, "a.png", b""),
    bad("png-30000", "image.too-many-pixels", None, "a.png", png(30_000, 30_000)),
    bad("png-four-billion-wide", "image.too-many-pixels", None, "a.png", png(0xFFFFFFFF, 1)),
    bad("png-without-pixels", "image.broken", None, "a.png", png(0, 5)),
    bad("png-cut", "image.cut", "row 0", "a.png", _PNG[:45]),
    bad("png-without-end", "image.cut", "row 2", "a.png", _PNG[:-12]),
    bad("png-wrong-checksum", "image.broken", "byte 33", "a.png", png(flip=42)),
    bad("png-wrong-header", "image.broken", "byte 8", "a.png", png(flip=18)),
    bad("png-is-a-jpeg", "input.wrong-extension", None, "a.png", _JPEG),
    bad("jpeg-cut", "image.cut", "row 8", "a.jpg", _JPEG[:-2]),
    bad("jpeg-header-cut", "image.truncated", "byte 20", "a.jpg", _JPEG[:60]),
    bad("jpeg-65535", "image.too-many-pixels", None, "a.jpg", _jpeg_sized(65_535, 65_535)),
    bad("jpeg-without-height", "image.broken", None, "a.jpg", _jpeg_sized(8, 0)),
    bad("jpeg-only-beginning", "image.truncated", "byte 2", "a.jpg", b"\xff\xd8\xff\xe0"),
    bad("wav-cut", "media.truncated", "second 0.005", "a.wav", _WAV[:-44]),
    bad("wav-data-too-long", "media.truncated", "second 0.008", "a.wav", _WAV[:40] + b"\xfe\xff\xff\x7f" + _WAV[44:]),
    bad("wav-riff-too-long", "wav.truncated", f"byte {len(_WAV)}", "a.wav", _WAV[:4] + b"\xff\xff\xff\x7f" + _WAV[8:]),
    bad("wav-adpcm", "wav.not-pcm", "byte 12", "a.wav", _WAV[:20] + b"\x02\0" + _WAV[22:]),
    bad("wav-float-of-16-bits", "wav.broken", "byte 12", "a.wav", _WAV[:20] + b"\x03\0" + _WAV[22:]),
    bad("wav-large-without-sizes", "wav.broken", "byte 12", "a.wav", b"RF64" + _WAV[4:]),
    bad("wav-zero-channels", "wav.broken", "byte 12", "a.wav", _WAV[:22] + b"\0\0" + _WAV[24:]),
    bad("wav-sizes-contradict", "wav.broken", "byte 12", "a.wav", _WAV[:32] + b"\x07\0" + _WAV[34:]),
    bad("wav-without-sound", "wav.broken", None, "a.wav", b"RIFF\x1c\0\0\0WAVE" + _WAV[12:36]),
    bad("wav-silent-of-nothing", "wav.broken", "byte 36", "a.wav", wav(0)),
    bad("unknown-format", "input.unknown-format", None, "a.abc", b"what is this"),
    bad("unknown-without-extension", "input.unknown-format", None, "thing", b"\x00\x01\x02"),
    bad("gif", "input.unknown-format", None, "a.gif", b"GIF89a" + bytes(20)),
    Case("not-there", {}, "gone.ply", "input.missing"),
)
