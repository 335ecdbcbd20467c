# SPDX-License-Identifier: Apache-2.0
"""The smallest sound and film files, byte by byte, without any encoder."""

from __future__ import annotations

import struct

from digitize.preflight.media.flac import crc8, crc16
from digitize.preflight.media.ogg import crc32

# FLAC ------------------------------------------------------------------------------------------------------------------------------


def flac_frame(number: int, value: int = 100) -> bytes:
    """Write a frame of 192 equal samples, one channel, 16 bits (RFC 9639 §9)."""
    head = bytes([0xFF, 0xF8, 0x10, 0x08, number])
    head += bytes([crc8(head)])
    body = head + b"\0" + struct.pack(">h", value)
    return body + crc16(body).to_bytes(2, "big")


def flac(frames: int = 4, *, stated: int | None = None, rate: int = 8000) -> bytes:
    """Write a FLAC; the stated number of samples may lie."""
    samples = frames * 192 if stated is None else stated
    info = struct.pack(">HH", 192, 192) + bytes(6) + (rate << 44 | 15 << 36 | samples).to_bytes(8, "big") + bytes(16)
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info + b"".join(map(flac_frame, range(frames)))


# MP3 -------------------------------------------------------------------------------------------------------------------------------

MP3_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)  # 128 kbit/s, 44.1 kHz, one channel


def mp3(frames: int = 4, *, tag: bytes = b"", stated: int | None = None) -> bytes:
    """Write frames of silence, first the one that promises how many follow."""
    first = MP3_FRAME[:21] + b"Xing" + struct.pack(">II", 1, frames if stated is None else stated) + MP3_FRAME[33:]
    return tag + first + MP3_FRAME * frames


def id3(length: int = 20) -> bytes:
    """Write a tag of zeros."""
    return b"ID3\4\0\0" + bytes([length >> 21 & 127, length >> 14 & 127, length >> 7 & 127, length & 127]) + bytes(length)


# Ogg -------------------------------------------------------------------------------------------------------------------------------

OPUS_HEAD = b"OpusHead\1\1" + struct.pack("<HIHB", 312, 48_000, 0, 0)


def page(body: bytes, sequence: int, position: int, flags: int = 0, serial: int = 7) -> bytes:
    """Write one page (RFC 3533 §6)."""
    sizes = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS" + struct.pack("<BBQIII", 0, flags, position, serial, sequence, 0) + bytes([len(sizes)]) + sizes
    return head[:22] + crc32(head + body).to_bytes(4, "little") + head[26:] + body


def ogg(pages: int = 3, *, last: bool = True, head: bytes = OPUS_HEAD) -> bytes:
    """Write an Opus stream of seconds."""
    found = page(head, 0, 0, 2) + page(b"OpusTags" + bytes(8), 1, 0)
    for number in range(pages):
        found += page(bytes(40), number + 2, 312 + 48_000 * (number + 1), 4 if last and number == pages - 1 else 0)
    return found


# AIFF ------------------------------------------------------------------------------------------------------------------------------


def extended(rate: int) -> bytes:
    """Write a rate as an 80-bit number."""
    power = rate.bit_length() - 1
    return struct.pack(">HQ", 16383 + power, rate << (63 - power))


def aiff(frames: int = 800, *, rate: bytes | None = None, channels: int = 1, kind: bytes = b"", there: int | None = None) -> bytes:
    """Write silence of 16 bits at 8 kHz."""
    common = struct.pack(">HIH", channels, frames, 16) + (extended(8000) if rate is None else rate) + (kind and kind + b"\0\0")
    data = bytes(8 + 2 * channels * (frames if there is None else there))
    chunks = b"COMM" + struct.pack(">I", len(common)) + common + b"SSND" + struct.pack(">I", 8 + 2 * channels * frames) + data
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + (b"AIFC" if kind else b"AIFF") + chunks


# MP4 -------------------------------------------------------------------------------------------------------------------------------


def box(kind: bytes, *parts: bytes, length: int | None = None) -> bytes:
    """Write a box; its length may lie."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body) if length is None else length, kind) + body


def full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """Write a box with version 0 and flags."""
    return box(kind, flags.to_bytes(4, "big"), *parts)


def table(kind: bytes, *rows: tuple[int, ...], count: int | None = None) -> bytes:
    """Write a counted table; the count may lie."""
    return full(kind, struct.pack(">I", len(rows) if count is None else count), *(struct.pack(f">{len(row)}I", *row) for row in rows))


def visual(coded: bytes = b"avc1", width: int = 64, height: int = 48) -> bytes:
    """Write the description of a picture."""
    return box(coded, bytes(24), struct.pack(">HH", width, height), bytes(50))


def mp4(
    *,
    samples: int = 10,
    size: int = 100,
    entry: bytes | None = None,
    stts: bytes | None = None,
    stsz: bytes | None = None,
    stsc: bytes | None = None,
    stco: bytes | None = None,
    dref: int = 1,
    more: bytes = b"",
    data: int | None = None,
) -> bytes:
    """Write a film of 10 pictures a second, its index before its data; any table may be replaced."""

    def whole(offset: int) -> bytes:
        described = full(b"stsd", struct.pack(">I", 1), entry if entry is not None else visual())
        tables = (
            stts if stts is not None else table(b"stts", (samples, 100)),
            stsz if stsz is not None else full(b"stsz", struct.pack(">II", size, samples)),
            stsc if stsc is not None else table(b"stsc", (1, samples, 1)),
            stco if stco is not None else table(b"stco", (offset,)),
        )
        inside = box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", flags=dref)))
        minf = box(b"minf", inside, box(b"stbl", described, *tables))
        mdhd = full(b"mdhd", struct.pack(">IIIHH", 0, 0, 1000, 0, 0) + bytes(4))
        mdia = box(b"mdia", mdhd, full(b"hdlr", bytes(4), b"vide", bytes(12)), minf)
        return box(b"moov", box(b"trak", full(b"tkhd", struct.pack(">III", 0, 0, 1) + bytes(68)), mdia), more)

    head = box(b"ftyp", b"isom", bytes(4), b"isom")
    offset = len(head) + len(whole(0)) + 8
    return head + whole(offset) + box(b"mdat", bytes(samples * size if data is None else data), length=8 + samples * size)


# Matroska --------------------------------------------------------------------------------------------------------------------------


def element(number: int, *parts: bytes, size: int | None = None) -> bytes:
    """Write an element with a size of four bytes, which may lie; -1 writes the one that is not known."""
    body = b"".join(parts)
    stated = len(body) if size is None else size
    coded = b"\x01\xff\xff\xff\xff\xff\xff\xff" if stated < 0 else (stated | 0x10000000).to_bytes(4, "big")
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + coded + body


def track(number: int = 1, kind: int = 1, codec: bytes = b"V_VP9", *more: bytes) -> bytes:
    """Describe a track of 64 by 48 pixels."""
    sized = element(0xE0, element(0xB0, bytes([64])), element(0xBA, bytes([48])))
    return element(0xAE, element(0xD7, bytes([number])), element(0x83, bytes([kind])), element(0x86, codec), sized, *more)


def block(at: int, number: int = 1, body: bytes = bytes(20)) -> bytes:
    """Write a block at a time within its cluster."""
    return element(0xA3, bytes([0x80 | number]), struct.pack(">hB", at, 0x80), body)


EBML = element(0x1A45DFA3, element(0x4282, b"webm"))


def matroska(
    *,
    clusters: int = 3,
    duration: float = 3000.0,
    tracks: bytes | None = None,
    head: bytes = EBML,
    segment: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """Write a film of one picture each half second, two in a cluster."""
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")), element(0x4489, struct.pack(">d", duration)))
    parts = [element(0x1F43B675, element(0xE7, (1000 * number).to_bytes(2, "big")), block(0), block(500)) for number in range(clusters)]
    return head + element(0x18538067, info, element(0x1654AE6B, tracks if tracks is not None else track()), *parts, extra, size=segment)


# AVI -------------------------------------------------------------------------------------------------------------------------------


def chunk(kind: bytes, body: bytes, length: int | None = None) -> bytes:
    """Write a chunk; its length may lie."""
    return kind + struct.pack("<I", len(body) if length is None else length) + body + bytes(len(body) % 2)


def avi(*, pictures: int = 5, coded: bytes = b"MJPG", width: int = 64, scale: int = 1, bodies: tuple[bytes, ...] = ()) -> bytes:
    """Write a film of 10 pictures a second."""
    head = struct.pack("<4s4sIIIIIIIIIIHHHH", b"vids", coded, 0, 0, 0, scale, 10, 0, pictures, 0, 0, 0, 0, 0, 0, 0)
    form = struct.pack("<IiiHH4sIiiII", 40, width, 48, 1, 24, coded, 0, 0, 0, 0, 0)
    headers = chunk(b"LIST", b"hdrl" + chunk(b"LIST", b"strl" + chunk(b"strh", head) + chunk(b"strf", form)))
    movi = chunk(b"LIST", b"movi" + b"".join(chunk(b"00dc", body) for body in bodies or (bytes(50),) * pictures))
    return chunk(b"RIFF", b"AVI " + headers + movi)
