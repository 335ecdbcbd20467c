# SPDX-License-Identifier: Apache-2.0
"""A ladder of streams: each rung one file cut by byte ranges, one master playlist, all in one plain zip.

Source: RFC 8216 (HLS); RFC 8216bis §4.4.6.2.1 (CODECS); RFC 6381 §3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from digitize import bundle
from digitize.av import command
from digitize.film.access import Rung
from digitize.preflight.media.boxes import Index
from digitize.preflight.media.fragments import Fragments
from digitize.preflight.media.mp4 import Track, read_track

INDEX = "master.m3u8"
_AUDIO = "audio"
_AAC = "mp4a.40.2"
_HEAD = 1 << 16
_MICROSECONDS = 4_000_000
_BOXES = 40_000_000


@dataclass(frozen=True, slots=True)
class Stream:
    """One media playlist: bits per second of its largest part, and of all."""

    peak: int
    mean: int


def write(rungs: list[Rung], files: list[Path], *, sound: bool, rate: Fraction, scratch: Path, out: Path) -> int:
    """Cut every rung, write the master playlist and the zip; return how many members it has.

    Parameters
    ----------
    files
        An MP4 of each rung; the first has the sound, where there is one.
    """
    folder = scratch / "hls"
    folder.mkdir()
    heard = _cut(files[0], "a:0", folder / f"{_AUDIO}.m3u8") if sound else None
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if heard:
        lines.append(f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{_AUDIO}",NAME="{_AUDIO}",DEFAULT=YES,AUTOSELECT=YES,URI="{_AUDIO}.m3u8"')
    for rung, file in zip(rungs, files, strict=True):
        seen = _cut(file, "v:0", folder / f"{rung.name}.m3u8")
        lines += [_variant(rung, seen, heard, _codec(folder / f"{rung.name}.m4s"), rate), f"{rung.name}.m3u8"]
    (folder / INDEX).write_text("\n".join(lines) + "\n", encoding="ascii")
    return bundle.write(folder, out)


def _cut(file: Path, stream: str, playlist: Path) -> Stream:
    """Cut one stream of an MP4 without encoding it again: at its key pictures, sound every four seconds."""
    part = playlist.with_suffix(".m4s")
    how = {"frag_duration": _MICROSECONDS} if stream.startswith("a") else {}
    flags = "+empty_moov+default_base_moof+skip_trailer" + ("" if how else "+frag_keyframe")
    source = command.source(file, "mp4")[stream]
    command.run(command.output(source, to=part, f="mp4", c="copy", movflags=flags, **how, **command.EXACT))
    head, parts = fragments(part)
    playlist.write_text(_playlist(part.name, head, parts), encoding="ascii")
    rates = [size * 8 / seconds for _, size, seconds in parts if seconds > 0]
    total = sum(seconds for _, _, seconds in parts)
    return Stream(round(max(rates, default=0)), round(sum(size for _, size, _ in parts) * 8 / max(total, 1e-3)))


def fragments(path: Path) -> tuple[int, list[tuple[int, int, float]]]:
    """Walk a fragmented MP4 of one track: bytes of its head, and of each fragment the first byte, bytes and seconds."""
    parts: list[tuple[int, int, float]] = []
    known: tuple[Track, Fragments] | None = None
    at, head, start, seconds = 0, 0, 0, 0.0
    size = path.stat().st_size
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            first = file.read(16)
            length, kind = int.from_bytes(first[:4], "big"), first[4:8]
            if length == 1:
                length = int.from_bytes(first[8:], "big")
            inside = None
            if kind in {b"moov", b"moof"}:
                file.seek(at + 8)
                inside = Index(file.read(length - 8), at + 8, path.name, _BOXES)
            if kind == b"moov" and inside:
                known, head = _track_of(inside, path.name), at + length
            elif kind == b"moof" and inside and known:
                before = known[1].units(known[0].number)
                known[1].take(inside, at, size)
                start, seconds = at, (known[1].units(known[0].number) - before) / known[0].scale
            elif kind == b"mdat" and known:
                parts.append((start, at + length - start, seconds))
            at += length
    return head, parts


def _track_of(index: Index, name: str) -> tuple[Track, Fragments]:
    """Read the one track that the head describes."""
    trak = index.find("trak")
    assert trak is not None
    track = read_track(index, trak, name)
    found = Fragments([track], name, _BOXES)
    if extends := index.find("mvex"):
        found.defaults(index, extends)
    return track, found


def _playlist(name: str, head: int, parts: list[tuple[int, int, float]]) -> str:
    """Write the media playlist of one file."""
    longest = max((round(seconds) for _, _, seconds in parts), default=1)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(longest, 1)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    lines += ["#EXT-X-INDEPENDENT-SEGMENTS", f'#EXT-X-MAP:URI="{name}",BYTERANGE="{head}@0"']
    for start, size, seconds in parts:
        lines += [f"#EXTINF:{seconds:.6f},", f"#EXT-X-BYTERANGE:{size}@{start}", name]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _variant(rung: Rung, seen: Stream, heard: Stream | None, codec: str, rate: Fraction) -> str:
    """Describe one rung in the master playlist."""
    peak, mean = (seen.peak + heard.peak, seen.mean + heard.mean) if heard else (seen.peak, seen.mean)
    codecs = f"{codec},{_AAC}" if heard else codec
    told = f"BANDWIDTH={peak},AVERAGE-BANDWIDTH={mean},RESOLUTION={rung.width}x{rung.height},FRAME-RATE={float(rate):.3f}"
    return f'#EXT-X-STREAM-INF:{told},CODECS="{codecs}"' + (f',AUDIO="{_AUDIO}"' if heard else "")


def _codec(file: Path) -> str:
    """Name profile and level from the decoder's configuration."""
    with file.open("rb") as source:
        head = source.read(_HEAD)
    at = head.index(b"avcC") + 5
    return f"avc1.{head[at : at + 3].hex().upper()}"
