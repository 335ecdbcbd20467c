# SPDX-License-Identifier: Apache-2.0
"""Sound and film whose checksums and lengths agree but whose content is odd: taken or refused, never anything else, never for long."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.preflight import Intake
from tests.digitize.corpus.media_made import (
    EBML,
    OPUS_HEAD,
    aiff,
    avi,
    box,
    element,
    extended,
    flac,
    flac_frame,
    full,
    matroska,
    mp3,
    mp4,
    page,
    table,
    track,
)
from tests.digitize.test_preflight_fuzz import answer

numbers = st.sampled_from([0, 1, 2, 3, 5, 100, 255, 256, 1000, 65_535, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1])
short = st.binary(max_size=60)
fuzz = settings(max_examples=120, deadline=None)


def fine(data: bytes, name: str) -> None:
    assert isinstance(answer({name: data}, name), Intake | Refusal)


rows = st.lists(st.tuples(numbers, numbers), max_size=4)


@fuzz
@given(
    stts=rows,
    stsc=st.lists(st.tuples(numbers, numbers, numbers), max_size=4),
    stco=st.lists(numbers, max_size=4),
    size=numbers,
    count=numbers,
)
def test_tables_of_an_mp4(stts: list[tuple[int, int]], stsc: list[tuple[int, int, int]], stco: list[int], size: int, count: int):
    tables = {"stts": table(b"stts", *stts), "stsc": table(b"stsc", *stsc), "stco": table(b"stco", *((one,) for one in stco))}
    fine(mp4(**tables, stsz=full(b"stsz", struct.pack(">II", size, count))), "a.mp4")


KINDS = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"tkhd", b"mdhd", b"hdlr", b"dinf", b"dref", b"mvex", b"trex", b"moof", b"traf", b"tfhd", b"trun", b"mdat", b"stz2"]  # fmt: skip
boxes = st.recursive(
    st.tuples(st.sampled_from(KINDS), short).map(lambda one: box(one[0], one[1])),
    lambda inner: st.tuples(st.sampled_from(KINDS), st.lists(inner, max_size=5)).map(lambda one: box(one[0], *one[1])),
    max_leaves=25,
)


@fuzz
@given(parts=st.lists(boxes, max_size=6), sound=st.booleans())
def test_trees_of_boxes(parts: list[bytes], sound: bool):
    first = mp4(samples=2) if sound else box(b"ftyp", b"isom")
    fine(first + b"".join(parts), "a.mp4")


@fuzz
@given(
    flags=st.integers(0, 0xFFFFFF), rest=st.lists(numbers, max_size=12), head=st.lists(numbers, max_size=8), trun=st.integers(0, 0xFFFFFF)
)
def test_runs_of_a_fragment(flags: int, rest: list[int], head: list[int], trun: int):
    words = lambda values: b"".join(struct.pack(">I", one) for one in values)  # noqa: E731
    empty = {name: table(name.encode()) for name in ("stts", "stsc", "stco")}
    start = mp4(samples=0, stsz=full(b"stsz", bytes(8)), more=box(b"mvex", full(b"trex", bytes(20))), **empty)[:-8]
    traf = box(b"traf", full(b"tfhd", words([1, *head]), flags=flags), full(b"trun", words(rest), flags=trun))
    fine(start + box(b"moof", traf) + box(b"mdat", bytes(50)), "a.mp4")


IDS = [0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xD7, 0x83, 0x86, 0xE0, 0xB0, 0xE1, 0xB5, 0x6D80, 0x6240, 0x5034, 0xE7, 0xA3, 0xA0, 0xA1, 0xEC, 0xBF, 0x4489, 0x2AD7B1, 0x18538067]  # fmt: skip
sizes = st.sampled_from([None, None, None, -1, 0, 1, 100, 1 << 20])
elements = st.recursive(
    st.tuples(st.sampled_from(IDS), short, sizes).map(lambda one: element(one[0], one[1], size=one[2])),
    lambda inner: st.tuples(st.sampled_from(IDS), st.lists(inner, max_size=5), sizes).map(
        lambda one: element(one[0], *one[1], size=one[2])
    ),
    max_leaves=25,
)


@fuzz
@given(parts=st.lists(elements, max_size=6), sound=st.booleans(), size=sizes)
def test_trees_of_elements(parts: list[bytes], sound: bool, size: int | None):
    data = (
        matroska(extra=b"".join(parts), segment=size)
        if sound
        else EBML + element(0x18538067, element(0x1654AE6B, track()), *parts, size=size)
    )
    fine(data, "a.mkv")


@fuzz
@given(
    pages=st.lists(
        st.tuples(short, st.integers(0, 4), st.sampled_from([0, 1, 312, 48_000, 1 << 40, (1 << 64) - 1]), st.integers(0, 7), st.integers(6, 8)),
        max_size=8,
    ),
    head=st.one_of(st.just(OPUS_HEAD), st.sampled_from([b"\x01vorbis", b"\x7fFLAC", b"\x80theora", b"Speex   "]).flatmap(lambda magic: short.map(lambda body: magic + body + bytes(60)))),
)  # fmt: skip
def test_pages_of_an_ogg(pages: list[tuple[bytes, int, int, int, int]], head: bytes):
    fine(page(head, 0, 0, 2) + b"".join(page(*one) for one in pages), "a.ogg")


@fuzz
@given(order=st.lists(st.integers(0, 127), max_size=8), stated=numbers, between=short)
def test_frames_of_a_flac(order: list[int], stated: int, between: bytes):
    fine(flac(2, stated=stated) + between + b"".join(map(flac_frame, order)), "a.flac")


@fuzz
@given(frames=st.lists(st.binary(min_size=4, max_size=4), max_size=6), stated=numbers, tag=short)
def test_frames_of_an_mp3(frames: list[bytes], stated: int, tag: bytes):
    fine(mp3(2, stated=stated, tag=b"ID3" + tag) + b"".join(b"\xff" + one + bytes(300) for one in frames), "a.mp3")


@fuzz
@given(
    frames=numbers,
    channels=st.integers(0, 65_535),
    rate=st.one_of(st.binary(min_size=10, max_size=10), st.integers(1, 1 << 40).map(extended)),
)
def test_forms_of_an_aiff(frames: int, channels: int, rate: bytes):
    there = min(frames * max(channels, 1), 2000) // max(channels, 1)
    data = aiff(1, rate=rate, channels=channels, there=there)
    fine(data[:22] + struct.pack(">I", frames) + data[26:], "a.aiff")


@fuzz
@given(width=numbers, scale=numbers, coded=st.binary(min_size=4, max_size=4), place=st.floats(0, 1, exclude_max=True), value=numbers)
def test_lists_of_an_avi(width: int, scale: int, coded: bytes, place: float, value: int):
    data = avi(width=width & 0x7FFFFFFF, scale=scale, coded=coded)
    at = int(place * (len(data) - 4))
    fine(data, "a.avi")
    fine(data[:at] + struct.pack("<I", value) + data[at + 4 :], "a.avi")
