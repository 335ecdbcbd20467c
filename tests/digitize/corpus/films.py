# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile sound, film and captions; and odd but sound ones."""

from __future__ import annotations

import struct

from tests.digitize.corpus.case import Case, bad, wav
from tests.digitize.corpus.media_made import (
    EBML,
    MP3_FRAME,
    aiff,
    avi,
    block,
    box,
    element,
    flac,
    flac_frame,
    full,
    id3,
    matroska,
    mp3,
    mp4,
    ogg,
    page,
    table,
    track,
    visual,
)

_FLAC, _MP3, _OGG, _AIFF, _MP4, _MKV, _AVI = flac(), mp3(), ogg(), aiff(), mp4(), matroska(), avi()
_HUGE = 0xFFFFFFFF
_LIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
_WAV = wav(8000)
_VTT = b"WEBVTT\n\n00:00.000 --> 00:00.500\nx\n"


def _encoding(kind: int) -> bytes:
    """Say that a track's blocks are encrypted or compressed."""
    return element(0x6D80, element(0x6240, element(kind, element(0x4254, b"\0"))))


def _fragmented(*, track_number: int = 1, count: int = 3, there: int | None = None) -> bytes:
    """Write a film whose pictures lie in one fragment."""
    empty = {name: table(name.encode()) for name in ("stts", "stsc", "stco")}
    trex = full(b"trex", struct.pack(">IIIII", 1, 1, 100, 100, 0))
    head = mp4(samples=0, stsz=full(b"stsz", bytes(8)), more=box(b"mvex", trex), **empty)[:-8]
    size = 8 + 8 + 16 + 20
    traf = box(b"traf", full(b"tfhd", struct.pack(">I", track_number)), full(b"trun", struct.pack(">Ii", count, size + 8), flags=1))
    moof = box(b"moof", traf)
    return head + moof + box(b"mdat", bytes(count * 100 if there is None and count < 100 else there or 0), length=8 + min(count, 100) * 100)


def _at(data: bytes, mark: bytes, before: int = 4) -> str:
    """Say where a box begins."""
    return f"byte {data.index(mark) - before}"


def _with(name: str, code: str, at: str | None, captions: bytes, file: str = "a.zh.vtt", **more: bytes) -> Case:
    """Give a recording of a second with captions, as a folder."""
    return Case(name, {"a.wav": _WAV, file: captions, **{key.replace("__", "."): data for key, data in more.items()}}, "", code, at)


_FLACS = (
    bad("flac-cut-in-a-frame", "media.truncated", "second 0.072", "a.flac", _FLAC[:-5]),
    bad("flac-cut-between-frames", "media.truncated", "second 0.072", "a.flac", _FLAC[: -len(flac_frame(0))]),
    bad("flac-promises-more", "media.truncated", "second 0.096", "a.flac", flac(stated=0xF_FFFF_FFFF)),
    bad("flac-cut-without-a-promise", "media.cut", "second 0.072", "a.flac", flac(stated=0)[:-5]),
    bad("flac-header-cut", "media.cut", "second 0.000", "a.flac", _FLAC[:20]),
    bad("flac-without-frames", "media.truncated", "second 0.000", "a.flac", _FLAC[:42]),
    bad("flac-no-streaminfo", "media.broken", "byte 4", "a.flac", b"fLaC\x81" + _FLAC[5:]),
    bad("flac-rate-zero", "media.broken", "byte 4", "a.flac", flac(rate=0)),
    bad("flac-changed-byte", "media.checksum", "byte 42", "a.flac", _FLAC[:50] + b"\xaa" + _FLAC[51:]),
    bad("flac-noise-after-header", "media.truncated", "second 0.000", "a.flac", _FLAC[:42] + bytes(range(256)) * 4),
)
_MP3S = (
    bad("mp3-cut", "media.truncated", "second 0.078", "a.mp3", _MP3[:-7]),
    bad("mp3-promises-more", "media.truncated", "second 0.104", "a.mp3", mp3(stated=1_000_000)),
    bad("mp3-hole", "media.broken", f"byte {len(MP3_FRAME) * 2}", "a.mp3", MP3_FRAME * 2 + bytes(3) + MP3_FRAME * 2),
    bad("mp3-tag-beyond-the-end", "media.cut", "second 0.000", "a.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + _MP3),
    bad("mp3-tag-size-wrong", "media.broken", "byte 0", "a.mp3", b"ID3\4\0\0\xff\0\0\0" + _MP3),
    bad("mp3-only-a-tag", "media.cut", "second 0.000", "a.mp3", id3()),
    bad("mp3-many-tags", "media.broken", "byte 160", "a.mp3", id3(0) * 20 + _MP3),
    bad("mp3-noise-after-tag", "media.broken", "byte 35", "a.mp3", id3() + bytes(5) + b"noise" * 20),
)
_OGGS = (
    bad("ogg-cut", "media.cut", "second 2.000", "a.opus", _OGG[:-9]),
    bad("ogg-cut-between-pages", "media.cut", "second 3.000", "a.opus", ogg(last=False)),
    bad("ogg-changed-byte", "media.checksum", _at(_OGG, b"OpusTags", 28), "a.opus", _OGG.replace(b"OpusTags", b"0pusTags")),
    bad("ogg-page-missing", "media.broken", "byte 47", "a.opus", page(b"OpusHead\1\1" + bytes(9), 0, 0, 2) + page(b"", 2, 0)),
    bad("ogg-two-recordings", "media.broken", f"byte {len(_OGG)}", "a.opus", _OGG + _OGG),
    bad("ogg-unknown-codec", "media.codec", "byte 0", "a.ogg", page(b"CELT    " + bytes(40), 0, 0, 2)),
    bad("ogg-no-channels", "media.broken", "byte 0", "a.opus", ogg(head=b"OpusHead\1\0" + bytes(9))),
    bad(
        "ogg-backwards",
        "media.broken",
        "byte 75",
        "a.opus",
        page(b"OpusHead\1\1" + bytes(9), 0, 900, 2) + page(b"", 1, 900) + page(b"", 2, 5),
    ),
    bad("ogg-of-a-thousand-years", "media.too-long", None, "a.opus", ogg(0) + page(b"", 2, 1 << 60, 4)),
    bad("ogg-noise-between", "media.broken", f"byte {len(_OGG)}", "a.opus", _OGG + b"noise"),
)
_AIFFS = (
    bad("aiff-cut", "media.truncated", "second 0.050", "a.aiff", _AIFF[:-800]),
    bad("aiff-promises-more", "media.truncated", "second 0.100", "a.aiff", _AIFF.replace(struct.pack(">I", 800), b"\xff" * 4)),
    bad("aiff-rate-zero", "media.broken", "byte 12", "a.aiff", aiff(rate=bytes(10))),
    bad("aiff-rate-infinite", "media.broken", "byte 12", "a.aiff", aiff(rate=b"\x7f\xff" + b"\xff" * 8)),
    bad("aiff-compressed", "media.codec", "byte 12", "a.aifc", aiff(kind=b"MAC3")),
    bad("aiff-no-sound", "media.broken", None, "a.aiff", b"FORM\0\0\0\4AIFF"),
    bad("aiff-many-parts", "media.broken", "byte 8012", "a.aiff", b"FORM\0\1\0\0AIFF" + (b"COMT" + bytes(4)) * 2000),
)
_MP4S = (
    bad("mp4-cut", "media.truncated", "second 0.900", "a.mp4", _MP4[:-5]),
    bad("mp4-cut-in-half", "media.truncated", "second 0.400", "a.mp4", _MP4[:-550]),
    bad("mp4-without-index", "media.index-missing", "second 0.000", "a.mp4", _MP4[:20] + box(b"mdat", bytes(1000))),
    bad("mp4-cut-before-index", "media.index-missing", "second 0.000", "a.mov", box(b"mdat", bytes(100), length=5000)),
    bad("mp4-four-billion-samples", "media.broken", _at(_MP4, b"stsz"), "a.mp4", mp4(stsz=full(b"stsz", struct.pack(">II", 0, _HUGE)))),
    bad("mp4-table-too-short", "media.broken", _at(_MP4, b"stts"), "a.mp4", mp4(stts=table(b"stts", (10, 100), count=1 << 30))),
    bad("mp4-times-contradict-sizes", "media.broken", _at(_MP4, b"stts"), "a.mp4", mp4(stts=table(b"stts", (_HUGE, 100)))),
    bad("mp4-chunks-contradict-sizes", "media.broken", _at(_MP4, b"stsc"), "a.mp4", mp4(stsc=table(b"stsc", (1, 7, 1)))),
    bad("mp4-chunks-out-of-order", "media.broken", "byte 398", "a.mp4", mp4(stsc=table(b"stsc", (2, 5, 1), (1, 5, 1)))),
    bad("mp4-samples-in-the-index", "media.broken", "byte 244", "a.mp4", mp4(stco=table(b"stco", (8,)))),
    bad("mp4-offset-past-the-end", "media.truncated", "second 0.000", "a.mp4", mp4(stco=table(b"stco", (_HUGE,)))),
    bad("mp4-offset-past-any-file", "media.broken", "byte 426", "a.mp4", mp4(stco=full(b"co64", struct.pack(">IQ", 1, 1 << 63)))),
    bad("mp4-one-sample-for-a-century", "media.too-long", None, "a.mp4", mp4(stts=table(b"stts", (9, 100), (1, _HUGE)))),
    bad("mp4-box-longer-than-its-parent", "media.broken", "byte 446", "a.mp4", mp4(more=box(b"udta", b"x", length=1 << 20))),
    bad("mp4-box-of-three-bytes", "media.broken", "byte 446", "a.mp4", mp4(more=box(b"udta", length=3))),
    bad("mp4-many-boxes", "media.broken", "byte 1600438", "a.mp4", mp4(more=box(b"free") * 300_000)),
    bad("mp4-data-elsewhere", "media.outside", "byte 232", "a.mov", mp4(dref=0)),
    bad("mp4-encrypted", "media.encrypted", "byte 268", "a.mp4", mp4(entry=visual(b"encv"))),
    bad("mp4-protected", "media.encrypted", "byte 20", "a.mp4", mp4(more=box(b"pssh", bytes(20)))),
    bad("mp4-unknown-codec", "media.codec", "byte 268", "a.mp4", mp4(entry=visual(b"evil"))),
    bad("mp4-compressed-index", "media.codec", "byte 20", "a.mov", mp4(more=box(b"cmov", bytes(50)))),
    bad("mp4-sixty-thousand-wide", "media.too-large-picture", None, "a.mp4", mp4(entry=visual(width=65_000, height=65_000))),
    bad("mp4-without-tracks", "media.no-streams", None, "a.mp4", _MP4[:20] + box(b"moov", box(b"mvhd", bytes(100)))),
    bad("mp4-noise-after-first-box", "media.broken", "byte 20", "a.mp4", _MP4[:20] + bytes(range(200))),
    bad("mp4-fragment-of-no-track", "media.broken", "byte 470", "a.mp4", _fragmented(track_number=9)),
    bad("mp4-fragment-of-billions", "media.broken", "byte 494", "a.mp4", _fragmented(count=_HUGE)),
    bad("mp4-fragment-past-the-end", "media.cut", "second 0.200", "a.mp4", _fragmented(count=4, there=250)),
    bad("mp4-is-a-playlist", "input.not-the-format", None, "a.mp4", _LIST),
    bad("mp4-is-a-concat-list", "input.not-the-format", None, "a.mp4", b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
)
_MKVS = (
    bad("mkv-cut", "media.truncated", "second 2.000", "a.mkv", _MKV[:-5]),
    bad("mkv-cut-between-clusters", "media.truncated", "second 1.500", "a.mkv", matroska(clusters=2, segment=5000)),
    bad("mkv-cut-of-unknown-size", "media.truncated", "second 1.500", "a.mkv", matroska(clusters=2, segment=-1)),
    bad("mkv-no-segment", "media.cut", "second 0.000", "a.mkv", EBML),
    bad("mkv-other-document", "media.codec", "byte 0", "a.mkv", matroska(head=element(0x1A45DFA3, element(0x4282, b"evil")))),
    bad("mkv-header-of-unknown-size", "media.broken", "byte 0", "a.mkv", matroska(head=element(0x1A45DFA3, size=-1))),
    bad(
        "mkv-tracks-of-unknown-size", "media.broken", "byte 26", "a.mkv", EBML + element(0x18538067, element(0x1654AE6B, track(), size=-1))
    ),
    bad(
        "mkv-block-longer-than-its-cluster",
        "media.broken",
        "byte 337",
        "a.mkv",
        matroska(extra=element(0x1F43B675, block(0), size=9) + bytes(30)),
    ),
    bad("mkv-block-of-no-track", "media.broken", "byte 337", "a.mkv", matroska(extra=element(0x1F43B675, block(0, 9)))),
    bad("mkv-empty-block", "media.broken", "byte 337", "a.mkv", matroska(extra=element(0x1F43B675, element(0xA3)))),
    bad("mkv-noise", "media.broken", "byte 329", "a.mkv", matroska(extra=bytes(20))),
    bad("mkv-encrypted", "media.encrypted", "byte 122", "a.mkv", matroska(tracks=track(1, 1, b"V_VP9", _encoding(0x5035)))),
    bad("mkv-compressed", "media.codec", "byte 122", "a.mkv", matroska(tracks=track(1, 1, b"V_VP9", _encoding(0x5034)))),
    bad("mkv-unknown-codec", "media.codec", "byte 66", "a.mkv", matroska(tracks=track(1, 1, b"V_EVIL"))),
    bad("mkv-of-a-thousand-years", "media.truncated", "second 2.500", "a.mkv", matroska(duration=1e15)),
    bad("mkv-endless", "media.too-long", None, "a.mkv", matroska(extra=element(0x1F43B675, element(0xE7, b"\x7f" * 8), block(0)))),
    bad("mkv-many-tracks", "media.broken", "byte 2882", "a.mkv", matroska(tracks=b"".join(track(n % 127, 17) for n in range(65)) * 70)),
)
_AVIS = (
    bad("avi-cut", "media.truncated", "second 0.400", "a.avi", _AVI[:-20]),
    bad("avi-part-too-long", "media.broken", "byte 160", "a.avi", _AVI.replace(b"00dc2\0\0\0", b"00dc\xff\xff\xff\x7f", 1)),
    bad("avi-unknown-codec", "media.codec", "byte 100", "a.avi", avi(coded=b"EVIL")),
    bad("avi-no-time", "media.broken", "byte 36", "a.avi", avi(scale=0)),
    bad("avi-without-streams", "media.no-streams", None, "a.avi", b"RIFF\4\0\0\0AVI "),
    bad("avi-two-billion-wide", "media.too-large-picture", None, "a.avi", avi(width=0x7FFFFFFF)),
)
_CAPTIONS = (
    _with("vtt-wrong-magic", "captions.invalid", "line 1", b"WEBVT\n"),
    _with("vtt-binary", "captions.invalid", "line 4", b"WEBVTT\n\n00:00.000 --> 00:00.500\n\0\n"),
    _with("vtt-time-backwards", "captions.invalid", "line 3", b"WEBVTT\n\n00:00.500 --> 00:00.100\nx\n"),
    _with("vtt-not-utf-8", "captions.invalid", "line 4", b"WEBVTT\n\n00:00.000 --> 00:00.500\n\xff\n"),
    _with("vtt-empty", "input.empty", None, b""),
    _with("vtt-beyond-the-end", "captions.beyond-end", "line 3", b"WEBVTT\n\n00:00.000 --> 09:00:00.000\nx\n"),
    _with("vtt-too-many", "captions.too-many", None, b"WEBVTT\n\n" + b"00:00.000 --> 00:00.500\nx\n\n" * 20_001),
    _with("srt-noise", "captions.invalid", "line 1", b"noise\n", "a.srt"),
    _with("vtt-twice-one-language", "captions.same-language", "b.zh.vtt", _VTT, "a.zh.vtt", b__zh__vtt=_VTT),
)
FILMS: tuple[Case, ...] = (*_FLACS, *_MP3S, *_OGGS, *_AIFFS, *_MP4S, *_MKVS, *_AVIS, *_CAPTIONS)


def _good(name: str, main: str, data: bytes, doubts: tuple[str, ...] = (), **counts: int) -> Case:
    return Case(name, {main: data}, main, None, None, counts, doubts)


SOUND_FILMS: tuple[Case, ...] = (
    _good("flac", "a.flac", _FLAC, samples=768, sample_rate=8000, channels=1, duration_ms=96),
    _good("flac-of-unknown-length", "a.flac", flac(stated=0), samples=768),
    _good("flac-with-a-tag", "a.flac", _FLAC + b"TAG" + bytes(125), ("input.bytes-after-end",), samples=768),
    _good("mp3", "a.mp3", _MP3, sample_rate=44_100, channels=1, duration_ms=104),
    _good("mp3-without-a-promise", "a.mp3", MP3_FRAME * 4, duration_ms=104),
    _good("mp3-between-tags", "a.mp3", id3(300) + _MP3 + b"TAG" + bytes(125), duration_ms=104),
    _good("ogg", "a.opus", _OGG, samples=144_000, channels=1, duration_ms=3000),
    _good("aiff", "a.aiff", _AIFF, samples=800, sample_rate=8000),
    _good(
        "aifc-of-floats", "a.aifc", aiff(400, kind=b"fl32", there=800).replace(struct.pack(">I", 808), struct.pack(">I", 1608)), samples=400
    ),
    _good("mp4", "a.mp4", _MP4, frames=10, width=64, height=48, duration_ms=1000),
    _good("mp4-as-mov", "a.mov", _MP4, frames=10),
    _good("mp4-in-fragments", "a.mp4", _fragmented(), frames=3, duration_ms=300),
    _good("mkv", "a.mkv", _MKV, frames=6, width=64, height=48, duration_ms=3000),
    _good("webm-of-unknown-sizes", "a.webm", matroska(segment=-1), frames=6),
    _good("mkv-longer-than-it-says", "a.mkv", matroska(duration=500.0), ("media.duration-differs",), frames=6),
    _good("avi", "a.avi", _AVI, frames=5, width=64, height=48, duration_ms=500),
    Case("wav-with-captions", {"a.wav": _WAV, "a.zh.vtt": _VTT}, "", None, None, {"frames": 8000, "captions": 1}),
)
